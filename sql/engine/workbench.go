package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Workbench builds a few tables in memory from a few given rows, one example after the other in one DuckDB: lists are
// read and texts inspected once.
type Workbench struct {
	*Engine
	project *model.Project
	options Options
	types   map[string][]model.Column // of tables that examples gave
	undo    []string                  // statements that take the last example back
	lists   map[string]string         // sources of lists that the last example replaced
	used    bool                      // an example was built before
	kinds   map[string]string         // of all tables there can be
	made    madeTables
}

// OpenWorkbench starts a workbench inside a run folder of its own, knowing what a rehearsal found out; nil: there was
// none.
func OpenWorkbench(ctx context.Context, dir run.Dir, o Options, r *Rehearsed) (*Workbench, error) {
	if r == nil {
		p, err := model.Parse(o.Room())
		if err != nil {
			return nil, err
		}
		r = &Rehearsed{project: p}
	}
	p, types := r.project, map[string][]model.Column{}
	e, err := startOn(ctx, dir, p, o)
	if err != nil {
		return nil, err
	}
	maps.Copy(e.known, r.known)
	maps.Copy(types, r.types)
	return &Workbench{Engine: e, project: p, options: o, types: types,
		lists: map[string]string{}, kinds: p.Tables(o.Room()), made: noneMade()}, nil
}

// Names are the tables that rules, lists and the program make, built here or not.
func (w *Workbench) Names() []string { return model.SortedKeys(w.kinds) }

// Clear takes the last example back; the first may stand on tables that are in the folder already.
func (w *Workbench) Clear(ctx context.Context) error {
	if !w.used {
		w.used = true
		return nil
	}
	for _, statement := range w.undo {
		if err := w.exec(ctx, statement); err != nil {
			return err
		}
	}
	for table, source := range w.lists {
		schema, table, _ := strings.Cut(table, ".")
		if err := w.setView(ctx, schema, table, source); err != nil {
			return err
		}
	}
	w.undo, w.lists, w.made.now = nil, map[string]string{}, map[string]string{}
	return errors.Join(os.RemoveAll(w.dir.LandedRoot()), os.RemoveAll(w.dir.LoadedRoot(w.options.Target)))
}

// Land reads the landed and loaded tables of the folder anew, and takes note of which tables will be given.
func (w *Workbench) Land(ctx context.Context, given map[string]bool) error {
	w.given = given
	return w.outside(ctx, w.options)
}

// Given are rows of one table with some of its columns; nil is null.
type Given struct {
	Columns []string
	Rows    [][]*string
}

// Give lays tables over what would have been built: a list loses its rows to the given ones, a model is not built but
// given, with the types it would have had. about puts a complaint to the table it is about.
func (w *Workbench) Give(ctx context.Context, tables map[string]Given,
	about func(table string, err error) error) error {
	for _, table := range model.SortedKeys(tables) {
		if w.kinds[table] == "" && !slices.Contains(model.EngineTables, table) {
			return about(table, fmt.Errorf("there is no table %s.%s", table,
				run.DidYouMean(table, w.Names())))
		}
	}
	if err := w.learnTypes(ctx, model.SortedKeys(tables)); err != nil {
		return err
	}
	for _, table := range model.SortedKeys(tables) {
		schema, short, _ := strings.Cut(table, ".")
		if schema == model.SettingsSchema {
			w.lists[table] = w.sources[table]
		} else {
			w.undo = append(w.undo, "drop view if exists "+schema+"."+model.Quote(short))
		}
		if err := w.give(ctx, table, tables[table], w.types[table]); err != nil {
			if d, ok := readDuckError(err); ok {
				err = errors.New(firstLine(d.Message))
			}
			return about(table, err)
		}
	}
	return w.makeMacros(ctx)
}

// learnTypes finds the columns that given tables would have if they were built.
func (w *Workbench) learnTypes(ctx context.Context, tables []string) error {
	var unknown []string
	for _, table := range tables {
		if schema, _, _ := strings.Cut(table, "."); schema == model.SettingsSchema {
			w.types[table] = w.known[table]
		} else if w.types[table] == nil {
			unknown = append(unknown, table)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	isUnknown := func(m *model.Model) bool { return slices.Contains(unknown, m.Qualified()) }
	few := w.project.Only(w.project.Closure(isUnknown, nil))
	return w.rehearsing(ctx, few, few.Models, w.options, func() error {
		for _, u := range unknown {
			schema, table, _ := strings.Cut(u, ".")
			if err := w.learn(ctx, schema, table); err != nil {
				return err
			}
			w.types[u] = w.known[u]
		}
		return nil
	})
}

func (w *Workbench) give(ctx context.Context, qualified string, t Given, types []model.Column) error {
	schema, table, _ := strings.Cut(qualified, ".")
	for _, c := range t.Columns {
		if slices.Index(model.Names(types), c) < 0 {
			return fmt.Errorf("unknown column %q.%s", c, run.DidYouMean(c, model.Names(types)))
		}
	}
	var columns []string
	for _, c := range types {
		value := "null"
		if slices.Index(t.Columns, c.Name) >= 0 {
			value = model.Quote(c.Name)
		}
		columns = append(columns, fmt.Sprintf("%s::%s as %s", value, c.Kind, model.Quote(c.Name)))
	}
	source := fmt.Sprintf("(select %s from %s)", strings.Join(columns, ", "), model.Values(t.Columns, t.Rows))
	if qualified == "settings.options" {
		// Options are given one by one; those the story does not name keep their value.
		source = fmt.Sprintf("(select * from %s where name not in (select name from %s) union all by name select * from %s)",
			w.sources[qualified], model.Values(t.Columns, t.Rows), source)
	}
	return w.setView(ctx, schema, table, source)
}

// Build builds what some tables need and is not given. With findings, all checks are gathered too.
func (w *Workbench) Build(ctx context.Context, wanted func(*model.Model) bool, findings bool) error {
	few := w.project.Only(w.project.Closure(func(m *model.Model) bool {
		return wanted(m) || findings && m.Floor.Schema == model.ChecksSchema
	}, w.given))
	lower, upper := w.options.split(few)
	for _, m := range lower {
		if err := w.build(ctx, m); err != nil {
			return err
		}
	}
	if findings || len(upper) > 0 {
		if err := w.makeChecks(ctx, few, w.options); err != nil {
			return err
		}
		w.undo = append(w.undo, "drop view if exists checks.findings", "drop view if exists checks.rules")
	}
	for _, m := range upper {
		if err := w.build(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
