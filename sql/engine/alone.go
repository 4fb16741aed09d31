package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// byOneThread builds a model that found no room, in a DuckDB of its own with one thread: each thread holds a share of
// every sort and group, so one needs the least there is. The other DuckDB is idle meanwhile and let go of all it could.
func (e *Engine) byOneThread(ctx context.Context, m *model.Model, o Options) error {
	o.Events.Send(run.Event{Stage: stage, Kind: run.Note, Subject: m.Qualified(),
		Text: "does not fit into memory; it is built by one thread in a DuckDB of its own, which takes longer"})
	o.Threads = 1
	one, err := start(ctx, e.dir, builds, o)
	if err != nil {
		return err
	}
	defer one.Close()
	one.memory, one.words = e.memory, e.words
	e.mutex.Lock()
	sources := maps.Clone(e.sources)
	one.known, one.counts = maps.Clone(e.known), maps.Clone(e.counts)
	e.mutex.Unlock()
	delete(sources, m.Qualified())
	if err := errors.Join(one.exec(ctx, e.words), one.see(ctx, sources)); err != nil {
		return err
	}
	err = one.build(ctx, m, o)
	if steps, left := m.InSteps(); foundNoRoom(err) && m.Parts == 0 && len(steps) > 0 {
		o.Events.Send(run.Event{Stage: stage, Kind: run.Note, Subject: m.Qualified(),
			Text: fmt.Sprintf("does not fit into memory by one thread either; its %d steps are built one by one", len(steps))})
		err = one.inSteps(ctx, m, steps, left, o)
	}
	if err == nil {
		e.count(m, one.counts[m.Qualified()])
		err = e.viewBuilt(ctx, m.Floor.Schema, m.Name)
	}
	return err
}

// see makes tables readable by name, each after those it stands on.
func (e *Engine) see(ctx context.Context, sources map[string]string) error {
	for len(sources) > 0 {
		var failed error
		left := map[string]string{}
		for _, q := range model.SortedKeys(sources) {
			schema, table, _ := strings.Cut(q, ".")
			if err := e.setView(ctx, schema, table, sources[q]); err != nil {
				failed, left[q] = err, sources[q]
			}
		}
		if len(left) == len(sources) {
			return failed
		}
		sources = left
	}
	return nil
}

// inSteps builds a model step by step, each a table that may lie on the disk: one at a time needs memory to work in.
func (e *Engine) inSteps(ctx context.Context, m *model.Model, steps []model.Step, left *model.Model, o Options) error {
	for _, s := range steps {
		if err := e.exec(ctx, fmt.Sprintf("create or replace table main.%s as %s", model.Quote(s.Name), s.Text)); err != nil {
			return e.ExplainRun(m, err)
		}
	}
	return e.build(ctx, left, o)
}
