package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// base makes what every model may stand on: landed, loaded and settings tables.
func (e *Engine) base(ctx context.Context, p *model.Project, o Options) error {
	if err := e.outside(ctx, o); err != nil {
		return err
	}
	if err := e.makeSettings(ctx, p, o); err != nil {
		return err
	}
	return e.makeMacros(ctx)
}

// outside makes what other stages wrote readable.
func (e *Engine) outside(ctx context.Context, o Options) error {
	for _, s := range o.Landed {
		files := filepath.Join(e.dir.Landed(s.Name), "*.parquet")
		switch s.Name {
		case "_rejects":
			files = e.dir.Rejects()
		case "_sources":
			files = e.dir.Sources()
		}
		if err := e.viewOrEmpty(ctx, model.LandedSchema, s, files); err != nil {
			return err
		}
	}
	for _, s := range o.Loaded {
		if err := e.viewOrEmpty(ctx, model.LoadedSchema, s, e.dir.Loaded(o.Target, s.Name)); err != nil {
			return err
		}
	}
	return nil
}

// viewOrEmpty makes a view over Parquet files; columns they lack are null, and without files the
// table is there with no rows.
func (e *Engine) viewOrEmpty(ctx context.Context, schema string, s run.Schema, pattern string) error {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	var have []model.Column
	source := ""
	if len(files) > 0 {
		source = parquetParts(pattern)
		if have, err = e.ColumnsOf(ctx, source); err != nil {
			return &run.Problem{Where: pattern, What: "these files cannot be read as a table: " + plain(err), Err: err,
				Try: "ferry extract"}
		}
	}
	var columns []string
	var known []model.Column
	for _, c := range s.Columns {
		known = append(known, model.Column{Name: c.Name, Kind: string(c.Type)})
		if slices.Contains(model.Names(have), c.Name) {
			columns = append(columns, model.Quote(c.Name))
		} else {
			columns = append(columns, fmt.Sprintf("null::%s as %s", c.Type, model.Quote(c.Name)))
		}
	}
	e.known[schema+"."+s.Name] = known
	query := "select " + strings.Join(columns, ", ")
	if source == "" {
		return e.setView(ctx, schema, s.Name, "("+query+" where false)")
	}
	return e.setView(ctx, schema, s.Name, "("+query+" from "+source+")")
}

// parquetParts is a table in several files that need not all have the same columns.
func parquetParts(pattern string) string {
	return "read_parquet(" + model.Literal(Absolute(pattern)) + ", union_by_name = true)"
}

// makeSettings turns lists, scope, facts of the run and decisions into settings.* tables.
func (e *Engine) makeSettings(ctx context.Context, p *model.Project, o Options) error {
	var lines [][]string
	for _, s := range p.Settings {
		theirs, err := s.ListLines()
		if err != nil {
			return err
		}
		lines = append(lines, theirs...)
		columns, rows, err := model.ReadCSV(strings.NewReader(s.Text))
		if err != nil {
			return s.Problem(0, "this list cannot be read: %s", err)
		}
		if err := e.makeTable(ctx, run.Texts(s.Name, columns...), rows); err != nil {
			return err
		}
	}
	decisions, fieldMap, err := model.ReadDecisions(o.Decisions)
	if err != nil {
		return err
	}
	for _, t := range []struct {
		schema run.Schema
		rows   [][]string
	}{
		{run.Texts("scope", "name", "value"), model.Pairs(o.Scope)},
		{run.Texts("run", "name", "value"), model.Pairs(o.Info(e.dir))},
		{model.ListLineSchema, lines},
		{model.DecisionSchema, decisions},
		{model.FieldMapSchema, fieldMap},
	} {
		if err := e.makeTable(ctx, t.schema, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// makeTable writes a settings table and makes it readable by name.
func (e *Engine) makeTable(ctx context.Context, s run.Schema, rows [][]string) error {
	path := e.dir.Model(model.SettingsSchema, s.Name)
	w, err := run.CreateTable(path, s)
	if err != nil {
		return err
	}
	for _, r := range rows {
		row := make(run.Row, len(r))
		for i, v := range r {
			if v != "" {
				row[i] = v
			}
		}
		if err := w.Write(row); err != nil {
			w.Abort()
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	var known []model.Column
	for _, c := range s.Columns {
		known = append(known, model.Column{Name: c.Name, Kind: string(c.Type)})
	}
	e.known[model.SettingsSchema+"."+s.Name] = known
	return e.viewBuilt(ctx, model.SettingsSchema, s.Name)
}
