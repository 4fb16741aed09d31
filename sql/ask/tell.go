package ask

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
	"ferry/sql/story"
)

// teller tells stories one after the other on one workbench.
type teller struct {
	*engine.Workbench
	room model.Room
	into run.Dir
	of   string // the target of loaded tables
}

func newTeller(ctx context.Context, dir run.Dir, o engine.Options, r *engine.Rehearsed) (*teller, error) {
	w, err := engine.OpenWorkbench(ctx, dir, o, r)
	if err != nil {
		return nil, err
	}
	return &teller{Workbench: w, room: o.Room(), into: dir, of: o.Target}, nil
}

// Tell runs a story in a run folder of its own and says what came out otherwise than expected, ""
// when nothing did. It builds only what the expected tables need.
func Tell(ctx context.Context, dir run.Dir, s story.Story, o engine.Options) (string, error) {
	t, err := newTeller(ctx, dir, o, nil)
	if err != nil {
		return "", err
	}
	defer t.Close()
	return t.tell(ctx, s)
}

func (t *teller) tell(ctx context.Context, s story.Story) (string, error) {
	if err := t.build(ctx, s); err != nil {
		return "", err
	}
	return t.compare(ctx, s)
}

// build builds what a story expects from what it gives.
func (t *teller) build(ctx context.Context, s story.Story) error {
	if err := t.Clear(ctx); err != nil {
		return err
	}
	for _, table := range model.SortedKeys(s.Expect) {
		if !slices.Contains(t.Names(), table) {
			return s.Problem("expect", table, "there is no table %s.%s", table, run.DidYouMean(table, t.Names()))
		}
	}
	if err := s.Land(t.into, t.room, t.of); err != nil {
		return err
	}
	if err := t.Land(ctx, s.Gives()); err != nil {
		return err
	}
	given := map[string]engine.Given{}
	for table, rows := range s.Given {
		if schema, _, _ := strings.Cut(table, "."); schema != model.LandedSchema && schema != model.LoadedSchema {
			given[table] = engine.Given(rows)
		}
	}
	err := t.Give(ctx, given, func(table string, err error) error { return s.Problem("given", table, "%s", err) })
	if err != nil {
		return err
	}
	_, findings := s.Expect["checks.findings"]
	_, rules := s.Expect["checks.rules"]
	isExpected := func(m *model.Model) bool { _, ok := s.Expect[m.Qualified()]; return ok }
	return t.Build(ctx, isExpected, findings || rules)
}

// Accept tells a story and gives it back expecting what came out.
func Accept(ctx context.Context, s story.Story, o engine.Options) (story.Story, error) {
	accepted := story.Story{Name: s.Name, Given: s.Given, Expect: map[string]story.Table{}}
	err := engine.InScratch(o, func(dir run.Dir) error {
		t, err := newTeller(ctx, dir, o, nil)
		if err != nil {
			return err
		}
		defer t.Close()
		if err := t.build(ctx, s); err != nil {
			return err
		}
		for table, want := range s.Expect {
			got, err := t.actual(ctx, s, table, want.Columns)
			if err != nil {
				return err
			}
			accepted.Expect[table] = want.Accepted(got)
		}
		return nil
	})
	return accepted, err
}

// compare gives the difference between the expected and the actual rows of every expected table.
func (t *teller) compare(ctx context.Context, s story.Story) (string, error) {
	var out strings.Builder
	for _, table := range model.SortedKeys(s.Expect) {
		want := s.Expect[table]
		got, err := t.actual(ctx, s, table, want.Columns)
		if err != nil {
			return "", err
		}
		out.WriteString(story.Diff(table, want.Columns, want.Rows, got))
	}
	return out.String(), nil
}

// actual reads some columns of a table as text.
func (t *teller) actual(ctx context.Context, s story.Story, table string, columns []string) ([][]*string, error) {
	known := t.Known(table)
	if known == nil {
		return nil, s.Problem("expect", table, "there is no table %s.%s", table, run.DidYouMean(table, t.Tables()))
	}
	var casts []string
	for _, c := range columns {
		if slices.Index(model.Names(known), c) < 0 {
			return nil, s.Problem("expect", table, "%s has no column %q.%s", table, c, run.DidYouMean(c, model.Names(known)))
		}
		casts = append(casts, model.Quote(c)+"::varchar")
	}
	var got [][]*string
	err := t.Rows(ctx, "select "+strings.Join(casts, ", ")+" from "+table, func(v []any) error {
		row := make([]*string, len(v))
		for i, x := range v {
			if text, ok := x.(string); ok {
				row[i] = &text
			}
		}
		got = append(got, row)
		return nil
	})
	return got, err
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
func Test(ctx context.Context, stories fs.FS, o engine.Options, only string) ([]StoryResult, error) {
	table := only
	if !strings.Contains(only, ".") {
		table = "" // a story
	}
	rehearsed, err := engine.Rehearse(ctx, o, table)
	if err != nil {
		return nil, stopped(ctx, err)
	}
	if stories == nil {
		return nil, nil
	}
	all, err := story.Read(stories)
	if err != nil {
		return nil, err
	}
	return tellAll(ctx, slices.DeleteFunc(all, func(s story.Story) bool { return !isAbout(s, only) }), o, rehearsed)
}

// isAbout says whether a story is the one of this name, or expects the table of this name.
func isAbout(s story.Story, only string) bool {
	_, ok := s.Expect[only]
	return only == "" || ok || s.Name == only
}

// TestTouched tells the stories that stand on a file of the analyst's, whichever they are: ours say what was
// promised of the rules that were changed. Only is a table that they expect, or the one story itself; "" is all.
func TestTouched(ctx context.Context, stories fs.FS, o engine.Options, only string) ([]StoryResult, error) {
	all, err := story.Read(stories)
	if err != nil {
		return nil, err
	}
	p, err := model.Parse(o.Room())
	if err != nil {
		return nil, err
	}
	return tellAll(ctx, slices.DeleteFunc(all, func(s story.Story) bool {
		return !isAbout(s, only) || s.Name != only && !s.Touches(p)
	}), o, nil)
}

func tellAll(ctx context.Context, all []story.Story, o engine.Options, r *engine.Rehearsed) ([]StoryResult, error) {
	results := make([]StoryResult, len(all))
	told := atomic.Int64{}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for worker := range min(engine.Together, len(all)) {
		group.Go(func(ctx context.Context) error {
			return engine.InScratch(o, func(dir run.Dir) error {
				t, err := newTeller(ctx, dir, o, r)
				if err != nil {
					return err
				}
				defer t.Close()
				for i := worker; i < len(all); i += engine.Together {
					results[i].Name = all[i].Name
					results[i].Diff, results[i].Err = t.tell(ctx, all[i])
					o.Events.Send(run.Event{Stage: "sql", Kind: run.Progress, Subject: "stories", Done: told.Add(1),
						Total: int64(len(all)), Unit: "stories"})
				}
				return ctx.Err()
			})
		})
	}
	return results, stopped(ctx, group.Wait())
}

// stopped says what an interruption left.
func stopped(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &run.Problem{What: "stopped before all stories were told; nothing was changed", Err: ctx.Err(),
		Try: "ferry sql test", Exit: run.ExitInterrupted}
}
