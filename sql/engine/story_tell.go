package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"ferry/internal/run"
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
	p, err := readProject(o)
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
	known := t.project.tables(t.options)
	for _, table := range keysOf(s.Expect) {
		if _, ok := known[table]; !ok {
			return "", s.problem("expect", table, "there is no table %s.%s", table, run.DidYouMean(table, keysOf(known)))
		}
	}
	t.told, t.given = true, s.Given
	if err := t.giveFiles(s, t.options); err != nil {
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
	}, s.Given))
	lower, upper := few.split(t.options)
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
