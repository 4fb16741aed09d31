package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
)

// Story is a rule in plain English: the rows it is given and the rows that must come of them.
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

// ReadStories reads every story folder in a file system: NAME/given/*.csv and NAME/expect/*.csv.
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
		if e.Type()&fs.ModeSymlink != 0 {
			return nil, isLink("stories/" + e.Name())
		}
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

// readStoryTables reads a folder of CSV files named schema.table.csv; a name without a schema is
// of the schema given.
func readStoryTables(files fs.FS, folder, schema string) (map[string]StoryTable, error) {
	found, err := fs.ReadDir(files, folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	tables := map[string]StoryTable{}
	for _, entry := range found {
		n := path.Join(folder, entry.Name())
		where := "stories/" + n
		if entry.Type()&fs.ModeSymlink != 0 {
			return nil, isLink(where)
		}
		if isBackup(entry.Name()) || strings.HasPrefix(entry.Name(), ".") {
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
		if why, line := notUTF8(content); why != "" {
			return nil, run.Problemf(fmt.Sprintf("%s:%d", where, line), "%s", why).WithTry("save it as CSV in UTF-8")
		}
		columns, rows, err := readCSV(bytes.NewReader(content))
		if err != nil {
			return nil, run.Problemf(where, "this list cannot be read: %s", err).WithTry("correct that line")
		}
		t := StoryTable{Columns: columns}
		for _, r := range rows {
			t.Rows = append(t.Rows, storyRow(r))
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

// StoryResult is what became of one story.
type StoryResult struct {
	Name string
	Diff string // what came out otherwise than expected
	Err  error  // why it could not be told
}

// OK is true when everything came out as told.
func (r StoryResult) OK() bool { return r.Diff == "" && r.Err == nil }

// Test rehearses every model on empty tables and then tells every story. With only, a table's
// name, it tells the stories that expect that table.
func Test(ctx context.Context, stories fs.FS, o Options, only string) ([]StoryResult, error) {
	if err := check(ctx, o, only); err != nil {
		return nil, stopped(ctx, err, "")
	}
	if stories == nil {
		return nil, nil
	}
	all, err := ReadStories(stories)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s Story) bool {
		_, ok := s.Expect[only]
		return only != "" && !ok
	})
	return tellAll(ctx, all, o)
}

// TestTouched tells the stories that stand on a file of the analyst's, whichever they are: ours say what was
// promised of the rules that were changed.
func TestTouched(ctx context.Context, stories fs.FS, o Options) ([]StoryResult, error) {
	all, err := ReadStories(stories)
	if err != nil {
		return nil, err
	}
	p, err := readProject(o)
	if err != nil {
		return nil, err
	}
	return tellAll(ctx, slices.DeleteFunc(all, func(s Story) bool { return !p.touches(s) }), o)
}

// touches says whether a story reads anything of the analyst's.
func (p *project) touches(s Story) bool {
	lists := map[string]bool{}
	for _, l := range p.settings {
		if _, given := s.Given[l.qualified()]; l.yours && !given {
			lists[l.qualified()] = true
		}
	}
	needed := p.closure(func(m *model) bool { _, ok := s.Expect[m.qualified()]; return ok }, s.Given)
	for _, m := range p.models {
		if needed[m.qualified()] && (m.yours || slices.ContainsFunc(m.reads, func(r read) bool { return lists[r.qualified()] })) {
			return true
		}
	}
	return false
}

func tellAll(ctx context.Context, all []Story, o Options) ([]StoryResult, error) {
	results := make([]StoryResult, len(all))
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for worker := range min(together, len(all)) {
		group.Go(func(ctx context.Context) error {
			return inScratch(o, func(dir run.Dir) error {
				t, err := newTeller(ctx, dir, o)
				if err != nil {
					return err
				}
				defer t.close()
				for i := worker; i < len(all); i += together {
					results[i].Name = all[i].Name
					results[i].Diff, results[i].Err = t.tell(ctx, all[i])
				}
				return ctx.Err()
			})
		})
	}
	return results, stopped(ctx, group.Wait(), "")
}

// check rehearses the models without a run.
func check(ctx context.Context, o Options, only string) error {
	p, err := readProject(o)
	if err != nil {
		return err
	}
	if only != "" {
		if _, err := named(p.sources(), only); err != nil {
			return err
		}
	}
	return inScratch(o, func(dir run.Dir) error {
		e, err := openEngine(ctx, dir, o)
		if err != nil {
			return err
		}
		defer e.close()
		if err := e.base(ctx, p, o); err != nil {
			return err
		}
		return e.rehearse(ctx, p, p.models, o)
	})
}

// inScratch gives a run folder that exists only as long as it is needed.
func inScratch(o Options, work func(run.Dir) error) error {
	folder, err := os.MkdirTemp("", "ferry-story-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	now := o.Time()
	if now.IsZero() {
		now = time.Unix(0, 0)
	}
	dir, err := run.OpenProject(folder).NewRun(now)
	if err != nil {
		return err
	}
	return work(dir)
}
