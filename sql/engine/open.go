package engine

import (
	"context"
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Open starts DuckDB inside the folder of a run and makes every table the run has readable.
func Open(ctx context.Context, dir run.Dir, o Options) (*Engine, error) {
	p, err := model.Parse(o.Room())
	if err != nil {
		return nil, err
	}
	e, err := Start(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	if err := e.open(ctx, p, o); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// open makes every table a run already has readable, and forgives those it has not.
func (e *Engine) open(ctx context.Context, p *model.Project, o Options) error {
	if err := e.outside(ctx, o); err != nil {
		return err
	}
	for _, t := range model.EngineTables {
		schema, table, _ := strings.Cut(t, ".")
		e.openBuilt(ctx, schema, table)
	}
	for _, s := range p.Settings {
		e.openBuilt(ctx, model.SettingsSchema, s.Name)
	}
	if err := e.makeMacros(ctx); err != nil { // after the settings, which some words look into
		return err
	}
	for _, m := range p.Models {
		if m.View {
			_ = e.setView(ctx, m.Floor.Schema, m.Name, "("+m.SelectText()+")")
		} else {
			e.openBuilt(ctx, m.Floor.Schema, m.Name)
		}
	}
	return nil
}

func (e *Engine) openBuilt(ctx context.Context, schema, table string) {
	if e.viewBuilt(ctx, schema, table) == nil {
		_ = e.learn(ctx, schema, table)
	}
}

// learn remembers the columns of a table, for suggestions.
func (e *Engine) learn(ctx context.Context, schema, table string) error {
	var columns []model.Column
	err := e.Rows(ctx, "describe "+schema+"."+model.Quote(table), func(v []any) error {
		columns = append(columns, model.Column{Name: fmt.Sprint(v[0]), Kind: strings.ToLower(fmt.Sprint(v[1]))})
		return nil
	})
	e.known[schema+"."+table] = columns
	return err
}
