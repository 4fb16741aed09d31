package sql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

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
	found, err := fs.Glob(files, path.Join(folder, "*"))
	if err != nil {
		return nil, err
	}
	tables := map[string]StoryTable{}
	for _, n := range found {
		where := "stories/" + n
		table, ok := strings.CutSuffix(path.Base(n), ".csv")
		if !ok {
			return nil, run.Problemf(where, "a story holds CSV files only").WithTry("move it out of the story")
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

// Tell runs a story in a run folder of its own and says what came out otherwise than expected, ""
// when nothing did. It builds only what the expected tables need.
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
	e.given = s.Given
	if err := e.giveFiles(s, o); err != nil {
		return "", err
	}
	if err := e.base(ctx, p, o); err != nil {
		return "", err
	}
	if err := e.giveTables(ctx, s, p, o); err != nil {
		return "", err
	}
	if err := e.buildFor(ctx, s, p, o); err != nil {
		return "", err
	}
	return e.compare(ctx, s)
}

// buildFor builds what the expected tables need and the story does not give.
func (e *engine) buildFor(ctx context.Context, s Story, p *project, o Options) error {
	_, findings := s.Expect["checks.findings"]
	_, rules := s.Expect["checks.rules"]
	need := p.closure(func(m *model) bool {
		_, wanted := s.Expect[m.qualified()]
		return wanted || (findings || rules) && m.floor.schema == checksSchema
	}, s.Given)
	few := p.only(need)
	lower, upper := few.split(o)
	for _, m := range lower {
		if err := e.buildInMemory(ctx, m, o); err != nil {
			return err
		}
	}
	if err := e.makeChecks(ctx, few, o); err != nil {
		return err
	}
	for _, m := range upper {
		if err := e.buildInMemory(ctx, m, o); err != nil {
			return err
		}
	}
	return nil
}

// buildInMemory builds a model as a table that nobody else reads: the rows of a story are few.
func (e *engine) buildInMemory(ctx context.Context, m *model, o Options) error {
	if err := e.inspect(ctx, m, o); err != nil {
		return err
	}
	if err := e.exec(ctx, fmt.Sprintf("create table %s as %s", m.table(), m.written("("+m.selectText()+")"))); err != nil {
		return e.explainRun(m, err)
	}
	return e.checkGrain(ctx, m)
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
		return nil, err
	}
	if stories == nil {
		return nil, nil
	}
	all, err := ReadStories(stories)
	if err != nil {
		return nil, err
	}
	var results []StoryResult
	for _, s := range all {
		if _, ok := s.Expect[only]; only != "" && !ok {
			continue
		}
		r := StoryResult{Name: s.Name}
		err := inScratch(o, func(dir run.Dir) error {
			r.Diff, r.Err = Tell(ctx, dir, s, o)
			return nil
		})
		if ctx.Err() != nil {
			return results, stopped(ctx, ctx.Err())
		}
		if err != nil {
			return results, err
		}
		results = append(results, r)
	}
	return results, nil
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
	now := o.now()
	if now.IsZero() {
		now = time.Unix(0, 0)
	}
	dir, err := run.OpenProject(folder).NewRun(now)
	if err != nil {
		return err
	}
	return work(dir)
}
