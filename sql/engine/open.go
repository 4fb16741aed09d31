package engine

import (
	"context"
	"fmt"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Open starts DuckDB inside the folder of a run and makes every table the run has readable, also while somebody's file
// has a mistake: the run has its own copy of the files.
func Open(ctx context.Context, dir run.Dir, o Options) (*Engine, error) {
	p, err := model.Parse(o.Room())
	if err != nil {
		asRan := o.Room()
		asRan.Shipped, asRan.Analyst = os.DirFS(dir.SQL()), nil
		ran, ranErr := model.Parse(asRan)
		if ranErr != nil || len(ran.Models) == 0 {
			return nil, err
		}
		p = ran
		o.Events.Send(run.Event{Stage: "query", Kind: run.Warning,
			Text: "a file in your sql folder has a mistake (ferry sql test shows it); the tables are those of the run"})
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
		_ = e.viewBuilt(ctx, schema, table)
	}
	for _, s := range p.Settings {
		_ = e.viewBuilt(ctx, model.SettingsSchema, s.Name)
	}
	if err := e.makeMacros(ctx); err != nil { // after the settings, which some words look into
		return err
	}
	for _, m := range p.Models {
		if m.View {
			_ = e.setView(ctx, m.Floor.Schema, m.Name, "("+m.SelectText()+")")
		} else {
			_ = e.viewBuilt(ctx, m.Floor.Schema, m.Name)
		}
	}
	for _, f := range TableFiles(e.dir) { // of files that were renamed or deleted since
		if _, ok := e.sources[f.Table()]; !ok && p.Find(f.Schema, f.Name) == nil {
			_ = e.viewBuilt(ctx, f.Schema, f.Name)
		}
	}
	return e.learnAll(ctx)
}

// learnAll remembers the columns of every table, for suggestions.
func (e *Engine) learnAll(ctx context.Context) error {
	all, err := e.allColumns(ctx)
	for table, columns := range all {
		if e.known[table] == nil {
			e.known[table] = columns
		}
	}
	return err
}

// allColumns are the columns of every table that can be read.
func (e *Engine) allColumns(ctx context.Context) (map[string][]model.Column, error) {
	all := map[string][]model.Column{}
	err := e.Rows(ctx, "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "+
		"where not internal order by table_oid, column_index", func(v []any) error {
		table := fmt.Sprint(v[0])
		all[table] = append(all[table], model.Column{Name: fmt.Sprint(v[1]), Kind: strings.ToLower(fmt.Sprint(v[2]))})
		return nil
	})
	return all, err
}

// learn remembers the columns of a table, for suggestions.
func (e *Engine) learn(ctx context.Context, schema, table string) error {
	columns, err := e.ColumnsOf(ctx, schema+"."+model.Quote(table))
	for i := range columns {
		columns[i].Kind = strings.ToLower(columns[i].Kind)
	}
	e.known[schema+"."+table] = columns
	return err
}
