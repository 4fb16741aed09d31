package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"ferry/internal/run"
)

// base makes what every model may stand on: landed, loaded and settings tables.
func (e *engine) base(ctx context.Context, p *project, o Options) error {
	if err := e.outside(ctx, o); err != nil {
		return err
	}
	if err := e.makeSettings(ctx, p, o); err != nil {
		return err
	}
	return e.makeMacros(ctx)
}

// outside makes what other stages wrote readable.
func (e *engine) outside(ctx context.Context, o Options) error {
	for _, s := range o.Landed {
		files := filepath.Join(e.dir.Landed(s.Name), "*.parquet")
		switch s.Name {
		case "_rejects":
			files = e.dir.Rejects()
		case "_sources":
			files = e.dir.Sources()
		}
		if err := e.viewOrEmpty(ctx, landedSchema, s, files); err != nil {
			return err
		}
	}
	for _, s := range o.Loaded {
		if err := e.viewOrEmpty(ctx, loadedSchema, s, e.dir.Loaded(o.Target, s.Name)); err != nil {
			return err
		}
	}
	return nil
}

// viewOrEmpty makes a view over Parquet files; columns they lack are null, and without files the
// table is there with no rows.
func (e *engine) viewOrEmpty(ctx context.Context, schema string, s run.Schema, pattern string) error {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	source := ""
	if len(files) > 0 {
		source = parquetParts(pattern)
		err := e.rows(ctx, "describe select * from "+source, func(v []any) error {
			have[fmt.Sprint(v[0])] = true
			return nil
		})
		if err != nil {
			return &run.Problem{Where: pattern, What: "these files cannot be read as a table: " + plain(err), Err: err,
				Try: "ferry extract"}
		}
	}
	var columns []string
	var known []column
	for _, c := range s.Columns {
		known = append(known, column{c.Name, string(c.Type)})
		if have[c.Name] {
			columns = append(columns, name(c.Name))
		} else {
			columns = append(columns, fmt.Sprintf("null::%s as %s", c.Type, name(c.Name)))
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
	return "read_parquet(" + literal(absolute(pattern)) + ", union_by_name = true)"
}

// makeSettings turns lists, scope, facts of the run and decisions into settings.* tables.
func (e *engine) makeSettings(ctx context.Context, p *project, o Options) error {
	for _, s := range p.settings {
		columns, rows, err := readCSV(strings.NewReader(s.text))
		if err != nil {
			return s.problem(0, "this list cannot be read: %s", err)
		}
		if err := e.makeTable(ctx, run.Texts(s.name, columns...), rows); err != nil {
			return err
		}
	}
	decisions, fieldMap, err := readDecisions(o.Decisions)
	if err != nil {
		return err
	}
	for _, t := range []struct {
		schema run.Schema
		rows   [][]string
	}{
		{run.Texts("scope", "name", "value"), pairs(o.Scope)},
		{run.Texts("run", "name", "value"), pairs(o.runInfo(e.dir))},
		{decisionSchema, decisions},
		{fieldMapSchema, fieldMap},
	} {
		if err := e.makeTable(ctx, t.schema, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// makeTable writes a settings table and makes it readable by name.
func (e *engine) makeTable(ctx context.Context, s run.Schema, rows [][]string) error {
	path := e.dir.Model(settingsSchema, s.Name)
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
	var known []column
	for _, c := range s.Columns {
		known = append(known, column{c.Name, string(c.Type)})
	}
	e.known[settingsSchema+"."+s.Name] = known
	return e.viewBuilt(ctx, settingsSchema, s.Name)
}
