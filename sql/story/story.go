// Package story reads examples in plain English, the rows that are given and the rows that must come of them, and shows
// how others differ. It owns the folders of stories and how a row is written there; it must not know DuckDB or how
// anything is built: what tells a story is ask. Start at Story.
package story

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Story is a rule in plain English: the rows it is given and the rows that must come of them.
type Story struct {
	Name   string // the folder's name
	Given  map[string]Table
	Expect map[string]Table
}

// Table is rows of a table with some of its columns; nil is null.
type Table struct {
	Columns []string
	Rows    [][]*string
}

// Gives are the tables a story gives.
func (s Story) Gives() map[string]bool {
	all := map[string]bool{}
	for table := range s.Given {
		all[table] = true
	}
	return all
}

// emptyText stands for a text without letters, because an empty cell is null.
const emptyText = "<empty>"

// Read reads every story folder in a file system: NAME/given/*.csv and NAME/expect/*.csv.
func Read(files fs.FS) ([]Story, error) {
	entries, err := fs.ReadDir(files, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Story
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			return nil, isLink("stories/" + e.Name())
		}
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		s := Story{Name: e.Name()}
		if s.Given, err = readStoryTables(files, path.Join(e.Name(), "given"), model.LandedSchema); err != nil {
			return nil, err
		}
		if s.Expect, err = readStoryTables(files, path.Join(e.Name(), "expect"), ""); err != nil {
			return nil, err
		}
		if len(s.Expect) == 0 {
			return nil, run.Problemf("stories/"+e.Name(), "this story expects nothing").WithTry("add expect/SCHEMA.TABLE.csv")
		}
		all = append(all, s)
	}
	return all, nil
}

// readStoryTables reads a folder of CSV files named schema.table.csv; a name without a schema is
// of the schema given.
func readStoryTables(files fs.FS, folder, schema string) (map[string]Table, error) {
	found, err := fs.ReadDir(files, folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	tables := map[string]Table{}
	for _, entry := range found {
		n := path.Join(folder, entry.Name())
		where := "stories/" + n
		if entry.Type()&fs.ModeSymlink != 0 {
			return nil, isLink(where)
		}
		if model.IsBackup(entry.Name()) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		table, ok := strings.CutSuffix(path.Base(n), ".csv")
		if !ok {
			return nil, run.Problemf(where, "a story holds CSV files only").WithTry("move it out of the story")
		}
		if !strings.Contains(table, ".") {
			if schema == "" {
				return nil, run.Problemf(where, "what is expected is named schema.table.csv, like freshsales.contacts.csv").
					WithTry("rename it")
			}
			table = schema + "." + table
		}
		content, err := fs.ReadFile(files, n)
		if err != nil {
			return nil, err
		}
		if why, line := model.NotUTF8(content); why != "" {
			return nil, run.Problemf(fmt.Sprintf("%s:%d", where, line), "%s", why).WithTry("save it as CSV in UTF-8")
		}
		columns, rows, err := model.ReadCSV(bytes.NewReader(content))
		if err != nil {
			return nil, run.Problemf(where, "this list cannot be read: %s", err).WithTry("correct that line")
		}
		t := Table{Columns: columns}
		for _, r := range rows {
			t.Rows = append(t.Rows, Row(r))
		}
		tables[table] = t
	}
	return tables, nil
}

// isLink refuses a link, so that a rule or its example cannot be a file from elsewhere.
func isLink(where string) error {
	return run.Problemf(where, "this is a link; ferry reads real files only").WithTry("put the file itself here").
		WithExit(run.ExitUsage)
}

func Row(cells []string) []*string {
	row := make([]*string, len(cells))
	for i, c := range cells {
		switch c {
		case "":
		case emptyText:
			row[i] = new(string)
		default:
			row[i] = &c
		}
	}
	return row
}

// Touches says whether a story reads anything of the analyst's.
func (s Story) Touches(p *model.Project) bool {
	lists := map[string]bool{}
	for _, l := range p.Settings {
		if _, given := s.Given[l.Qualified()]; l.Yours && !given {
			lists[l.Qualified()] = true
		}
	}
	needed := p.Closure(func(m *model.Model) bool { _, ok := s.Expect[m.Qualified()]; return ok }, s.Gives())
	for _, m := range p.Models {
		readsTheirs := slices.ContainsFunc(m.Reads, func(r model.Read) bool { return lists[r.Qualified()] })
		if needed[m.Qualified()] && (m.Yours || readsTheirs) {
			return true
		}
	}
	return false
}
