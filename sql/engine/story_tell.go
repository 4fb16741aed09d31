package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"ferry/internal/run"

	"github.com/sourcegraph/conc/pool"
)

// teller tells stories one after the other in one DuckDB: lists are read and texts inspected once.
type teller struct {
	*engine
	project *project
	options Options
	types   map[string][]column // of tables that stories gave
	undo    []string            // statements that take the last story back
	lists   map[string]string   // sources of lists that the last story replaced
	told    bool                // a story was told before
}

func newTeller(ctx context.Context, dir run.Dir, o Options) (*teller, error) {
	p, err := readProject(o.Room())
	if err != nil {
		return nil, err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	if err := e.base(ctx, p, o); err != nil {
		e.close()
		return nil, err
	}
	return &teller{engine: e, project: p, options: o, types: map[string][]column{}, lists: map[string]string{}}, nil
}

// Tell runs a story in a run folder of its own and says what came out otherwise than expected, ""
// when nothing did. It builds only what the expected tables need.
func Tell(ctx context.Context, dir run.Dir, s Story, o Options) (string, error) {
	t, err := newTeller(ctx, dir, o)
	if err != nil {
		return "", err
	}
	defer t.close()
	return t.tell(ctx, s)
}

func (t *teller) tell(ctx context.Context, s Story) (string, error) {
	if t.told { // the first story may stand on tables that are in the folder already
		if err := t.forget(ctx); err != nil {
			return "", err
		}
	}
	known := t.project.tables(t.options.Room())
	for _, table := range keysOf(s.Expect) {
		if _, ok := known[table]; !ok {
			return "", s.problem("expect", table, "there is no table %s.%s", table, run.DidYouMean(table, keysOf(known)))
		}
	}
	t.told, t.given = true, s.gives()
	if err := s.giveFiles(t.dir, t.options.Room(), t.options.Target); err != nil {
		return "", err
	}
	if err := t.outside(ctx, t.options); err != nil {
		return "", err
	}
	if err := t.giveTables(ctx, s); err != nil {
		return "", err
	}
	if err := t.makeMacros(ctx); err != nil {
		return "", err
	}
	if err := t.buildFor(ctx, s); err != nil {
		return "", err
	}
	return t.compare(ctx, s)
}

// forget takes the last story back.
func (t *teller) forget(ctx context.Context) error {
	for _, statement := range t.undo {
		if err := t.exec(ctx, statement); err != nil {
			return err
		}
	}
	for table, source := range t.lists {
		schema, table, _ := strings.Cut(table, ".")
		if err := t.setView(ctx, schema, table, source); err != nil {
			return err
		}
	}
	t.undo, t.lists = nil, map[string]string{}
	return errors.Join(os.RemoveAll(t.dir.LandedRoot()), os.RemoveAll(t.dir.LoadedRoot(t.options.Target)))
}

// buildFor builds what the expected tables need and the story does not give.
func (t *teller) buildFor(ctx context.Context, s Story) error {
	_, findings := s.Expect["checks.findings"]
	_, rules := s.Expect["checks.rules"]
	few := t.project.only(t.project.closure(func(m *model) bool {
		_, wanted := s.Expect[m.qualified()]
		return wanted || (findings || rules) && m.floor.schema == checksSchema
	}, s.gives()))
	lower, upper := t.options.split(few)
	for _, m := range lower {
		if err := t.build(ctx, m); err != nil {
			return err
		}
	}
	if findings || rules || len(upper) > 0 {
		if err := t.makeChecks(ctx, few, t.options); err != nil {
			return err
		}
	}
	for _, m := range upper {
		if err := t.build(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// build makes a model a table that nobody else reads: the rows of a story are few.
func (t *teller) build(ctx context.Context, m *model) error {
	if !t.knows(m) {
		if err := t.inspect(ctx, m, t.options); err != nil {
			return err
		}
	}
	if err := t.exec(ctx, fmt.Sprintf("create table %s as %s", m.table(), t.written(m, "("+m.selectText()+")"))); err != nil {
		return t.explainRun(m, err)
	}
	t.undo = append(t.undo, "drop table "+m.table())
	return t.checkGrain(ctx, m)
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
	if err := Check(ctx, o, only); err != nil {
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
	p, err := readProject(o.Room())
	if err != nil {
		return nil, err
	}
	return tellAll(ctx, slices.DeleteFunc(all, func(s Story) bool { return !s.touches(p) }), o)
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
