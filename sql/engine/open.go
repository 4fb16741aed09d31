package engine

import (
	"context"
	"ferry/internal/run"
	"fmt"
	"strings"
)

// open makes every table a run already has readable, and forgives those it has not.
func (e *engine) open(ctx context.Context, p *project, o Options) error {
	if err := e.outside(ctx, o); err != nil {
		return err
	}
	for _, t := range engineTables {
		schema, table, _ := strings.Cut(t, ".")
		e.openBuilt(ctx, schema, table)
	}
	for _, s := range p.settings {
		e.openBuilt(ctx, settingsSchema, s.name)
	}
	if err := e.makeMacros(ctx); err != nil { // after the settings, which some words look into
		return err
	}
	for _, m := range p.models {
		if m.view {
			_ = e.setView(ctx, m.floor.schema, m.name, "("+m.selectText()+")")
		} else {
			e.openBuilt(ctx, m.floor.schema, m.name)
		}
	}
	return nil
}

func (e *engine) openBuilt(ctx context.Context, schema, table string) {
	if e.viewBuilt(ctx, schema, table) == nil {
		_ = e.learn(ctx, schema, table)
	}
}

// learn remembers the columns of a table, for suggestions.
func (e *engine) learn(ctx context.Context, schema, table string) error {
	var columns []column
	err := e.rows(ctx, "describe "+schema+"."+name(table), func(v []any) error {
		columns = append(columns, column{fmt.Sprint(v[0]), strings.ToLower(fmt.Sprint(v[1]))})
		return nil
	})
	e.known[schema+"."+table] = columns
	return err
}

// openQuery opens a run for one SELECT.
func openQuery(ctx context.Context, dir run.Dir, query string, o Options) (*engine, *model, error) {
	m := &model{source: source{text: query}, tokens: scan(query)}
	if len(m.tokens) == 0 {
		return nil, nil, run.Problemf("", "the query is empty").WithTry(`ferry sql query "select * from staging.profiles"`).
			WithExit(run.ExitUsage)
	}
	m.reads = readsOf(m.tokens)
	if err := m.checkCalls(true); err != nil {
		return nil, nil, asQuery(ctx, err)
	}
	p, err := readProject(o.Room())
	if err != nil {
		return nil, nil, err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return nil, nil, err
	}
	if err := e.open(ctx, p, o); err != nil {
		e.close()
		return nil, nil, err
	}
	return e, m, nil
}
