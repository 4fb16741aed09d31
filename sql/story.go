package sql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
)

// Story is a rule in plain English: the rows it is given and the rows it must make of them.
type Story struct {
	Name   string // the folder's name
	Given  map[string]StoryTable
	Expect map[string]StoryTable
}

// StoryTable is rows of a table with some of its columns; nil is null.
type StoryTable struct {
	Columns []string
	Rows    [][]*string
}

// emptyText stands for a text without letters, because an empty cell is null.
const emptyText = "<empty>"

// ReadStories reads every story folder in a file system.
func ReadStories(files fs.FS) ([]Story, error) {
	entries, err := fs.ReadDir(files, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Story
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		s := Story{Name: e.Name()}
		if s.Given, err = readStoryTables(files, path.Join(e.Name(), "given"), landedSchema); err != nil {
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

// readStoryTables reads a folder of CSV files named schema.table.csv; without a schema it is the
// one given.
func readStoryTables(files fs.FS, folder, schema string) (map[string]StoryTable, error) {
	names, err := fs.Glob(files, path.Join(folder, "*"))
	if err != nil {
		return nil, err
	}
	tables := map[string]StoryTable{}
	for _, n := range names {
		where := "stories/" + n
		table, ok := strings.CutSuffix(path.Base(n), ".csv")
		if !ok {
			return nil, run.Problemf(where, "a story holds CSV files only").WithTry("remove it")
		}
		if !strings.Contains(table, ".") {
			if schema == "" {
				return nil, run.Problemf(where, "what is expected is named schema.table.csv, like freshsales.contacts.csv").WithTry("rename it")
			}
			table = schema + "." + table
		}
		content, err := fs.ReadFile(files, n)
		if err != nil {
			return nil, err
		}
		columns, rows, err := readCSV(bytes.NewReader(content))
		if err != nil {
			return nil, run.Problemf(where, "this file cannot be read: %s", err).WithTry("look at the line")
		}
		t := StoryTable{Columns: columns}
		for _, r := range rows {
			t.Rows = append(t.Rows, storyRow(r))
		}
		tables[table] = t
	}
	return tables, nil
}

func storyRow(cells []string) []*string {
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

// Tell runs a story in a run folder of its own and gives what came out otherwise than expected,
// "" when nothing did.
func Tell(ctx context.Context, dir run.Dir, s Story, o Options) (string, error) {
	p, err := readProject(o)
	if err != nil {
		return "", err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return "", err
	}
	defer e.close()
	if err := e.giveLanded(s, o); err != nil {
		return "", err
	}
	if err := e.base(ctx, p, o); err != nil {
		return "", err
	}
	if err := e.give(ctx, s, p); err != nil {
		return "", err
	}
	if err := e.buildFor(ctx, s, p, o); err != nil {
		return "", err
	}
	return e.compare(ctx, s)
}

// giveLanded writes the story's landed tables where the stage would find them.
func (e *engine) giveLanded(s Story, o Options) error {
	for _, table := range keysOf(s.Given) {
		schema, tableName, _ := strings.Cut(table, ".")
		var known []run.Schema
		var path string
		switch schema {
		case landedSchema:
			known, path = o.Landed, e.landedFile(tableName)
		case loadedSchema:
			known, path = o.Loaded, e.dir.Loaded(o.Target, tableName)
		default:
			continue
		}
		i := slices.IndexFunc(known, func(k run.Schema) bool { return k.Name == tableName })
		if i < 0 {
			return run.Problemf("stories/"+s.Name, "there is no table %s.", table).WithTry("ferry sql list")
		}
		if err := writeGiven(path, known[i], s.Given[table]); err != nil {
			return fmt.Errorf("story %s, %s: %w", s.Name, table, err)
		}
	}
	return nil
}

func (e *engine) landedFile(table string) string {
	switch table {
	case "_rejects":
		return e.dir.Rejects()
	case "_sources":
		return e.dir.Sources()
	}
	return path.Join(e.dir.Landed(table), "given.parquet")
}

func writeGiven(path string, s run.Schema, t StoryTable) error {
	for _, c := range t.Columns {
		if indexOf(s.Names(), c) < 0 {
			return fmt.Errorf("unknown column %q.%s", c, didYouMean(c, s.Names()))
		}
	}
	w, err := run.CreateTable(path, s)
	if err != nil {
		return err
	}
	for _, r := range t.Rows {
		row := make(run.Row, len(s.Columns))
		for i, c := range s.Columns {
			if at := indexOf(t.Columns, c.Name); at >= 0 && r[at] != nil {
				if row[i], err = storyValue(c.Type, *r[at]); err != nil {
					w.Abort()
					return err
				}
			}
		}
		if err := w.Write(row); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

// give lays the story's other tables over what would have been built: a settings list loses its
// rows to the story's, a model is not built but given.
func (e *engine) give(ctx context.Context, s Story, p *project) error {
	for _, table := range keysOf(s.Given) {
		schema, tableName, _ := strings.Cut(table, ".")
		if schema == landedSchema || schema == loadedSchema {
			continue
		}
		if !isSchema(schema) {
			return run.Problemf("stories/"+s.Name, "there is no table %s", table).WithTry("ferry sql list")
		}
		t := s.Given[table]
		if err := e.giveTable(ctx, schema, tableName, t); err != nil {
			return fmt.Errorf("story %s, %s: %w", s.Name, table, err)
		}
	}
	return nil
}

func (e *engine) giveTable(ctx context.Context, schema, table string, t StoryTable) error {
	var rows []string
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r {
			if c == nil {
				cells = append(cells, "null::varchar")
			} else {
				cells = append(cells, literal(*c))
			}
		}
		rows = append(rows, "("+strings.Join(cells, ", ")+")")
	}
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, name(c))
	}
	given := "(values " + strings.Join(rows, ", ") + ") as given (" + strings.Join(columns, ", ") + ")"
	if len(rows) == 0 {
		given = "(select " + strings.Join(columns, "::varchar, null as ") + ") where false"
	}
	if schema == settingsSchema && table == "options" {
		// Options are given by name; those the story does not name keep their value.
		return e.exec(ctx, fmt.Sprintf(`create or replace view settings.options as
select * from read_parquet(%s) where name not in (select name from %s) union all by name select * from %s`,
			literal(absolute(e.dir.Model(schema, table))), given, given))
	}
	return e.exec(ctx, fmt.Sprintf("create or replace view %s.%s as select * from %s", schema, name(table), given))
}

// buildFor builds what the expected tables need and the story does not give.
func (e *engine) buildFor(ctx context.Context, s Story, p *project, o Options) error {
	_, findings := s.Expect["checks.findings"]
	_, rules := s.Expect["checks.rules"]
	allChecks := findings || rules
	need := p.closure(func(m *model) bool {
		_, wanted := s.Expect[m.qualified()]
		return wanted || allChecks && m.floor.schema == checksSchema
	}, s.Given)
	checked := false
	for _, m := range p.models {
		if m.floor.schema == reportsSchema && !checked {
			checked = true
			if err := e.makeChecks(ctx, p.only(need), o); err != nil {
				return err
			}
		}
		if !need[m.qualified()] {
			continue
		}
		if err := e.inspect(ctx, m, o); err != nil {
			return err
		}
		if err := e.build(ctx, m); err != nil {
			return err
		}
	}
	if !checked {
		return e.makeChecks(ctx, p.only(need), o)
	}
	return nil
}

// compare gives the difference between the expected and the actual rows of every expected table.
func (e *engine) compare(ctx context.Context, s Story) (string, error) {
	var out strings.Builder
	for _, table := range keysOf(s.Expect) {
		want := s.Expect[table]
		var columns []string
		for _, c := range want.Columns {
			columns = append(columns, name(c)+"::varchar")
		}
		var got [][]*string
		err := e.rows(ctx, "select "+strings.Join(columns, ", ")+" from "+table, func(v []any) error {
			row := make([]*string, len(v))
			for i, x := range v {
				if t, ok := x.(string); ok {
					row[i] = &t
				}
			}
			got = append(got, row)
			return nil
		})
		if err != nil {
			return "", run.Problemf("stories/"+s.Name+"/expect/"+table+".csv", "%s", plain(err)).WithTry("ferry sql query \"describe %s\"", table)
		}
		out.WriteString(diffRows(table, want.Columns, want.Rows, got))
	}
	return out.String(), nil
}

// diffRows prints missing and surplus rows; the order of rows does not count.
func diffRows(table string, columns []string, want, got [][]*string) string {
	count := map[string]int{}
	for _, r := range want {
		count[printRow(r)]--
	}
	for _, r := range got {
		count[printRow(r)]++
	}
	var lines []string
	for row, n := range count {
		for ; n < 0; n++ {
			lines = append(lines, "- "+row)
		}
		for ; n > 0; n-- {
			lines = append(lines, "+ "+row)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i][2:]+lines[i][:1] < lines[j][2:]+lines[j][:1] })
	return fmt.Sprintf("%s  (- expected, + built)\n  %s\n%s\n", table, strings.Join(columns, ","), strings.Join(lines, "\n"))
}

func printRow(r []*string) string {
	cells := make([]string, len(r))
	for i, c := range r {
		switch {
		case c == nil:
		case *c == "":
			cells[i] = emptyText
		case strings.ContainsAny(*c, ",\"\n"):
			cells[i] = `"` + strings.ReplaceAll(*c, `"`, `""`) + `"`
		default:
			cells[i] = *c
		}
	}
	return strings.Join(cells, ",")
}

func keysOf[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

// storyValue reads a cell as a value of a column's type.
func storyValue(t run.Type, s string) (any, error) {
	switch t {
	case run.Boolean:
		return strconv.ParseBool(s)
	case run.Bigint:
		return strconv.ParseInt(s, 10, 64)
	case run.Double:
		return strconv.ParseFloat(s, 64)
	case run.Date:
		return time.Parse(time.DateOnly, s)
	case run.Timestamptz:
		return time.Parse(time.RFC3339, s)
	case run.VarcharList:
		return strings.Split(s, "|"), nil
	default:
		return s, nil
	}
}
