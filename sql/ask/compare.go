package ask

import (
	"context"
	"slices"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
)

// Comparison is what a change of rules did to the tables, and what a load would do otherwise.
type Comparison struct {
	Models []ModelDiff
	Load   []LoadDiff
	Stops  []string // checks that say stop after it: nothing can be loaded
}

// CompareRows compares the tables of two runs, those below the reports whose files differ, or those that are named
// and what hangs on them; what a load would do otherwise is of all of them. The comparison happens inside the fence
// of a folder of its own, over links to both.
func CompareRows(ctx context.Context, scratch, before, after run.Dir, names []string,
	o engine.Options) (all Comparison, err error) {
	p, err := model.Parse(o.Room())
	if err != nil {
		return all, err
	}
	models, err := compared(p, names, before, after)
	if err != nil {
		return all, err
	}
	e, err := engine.Start(ctx, scratch, o)
	if err != nil {
		return all, err
	}
	defer e.Close()
	c := comparison{e}
	for _, m := range models {
		d, ok, err := c.compareModel(ctx, m, before, after)
		if err != nil {
			return all, err
		}
		if ok {
			all.Models = append(all.Models, d)
		}
	}
	if all.Load, err = c.compareLoad(ctx, p, before, after); err != nil {
		return all, err
	}
	all.Stops, err = c.stopping(ctx, after)
	return all, err
}

// compared are the tables to compare: those below the reports, or those that are named and what hangs on them; a check
// that is switched off and a table whose file is gone, too.
func compared(p *model.Project, names []string, sides ...run.Dir) ([]*model.Model, error) {
	all := append(slices.Clone(p.Models), p.Off...)
	known := map[string]bool{}
	for _, m := range all {
		known[m.Qualified()] = true
	}
	for _, dir := range sides {
		for _, f := range engine.TableFiles(dir) {
			if !known[f.Table()] && f.Schema != model.SettingsSchema && !slices.Contains(model.EngineTables, f.Table()) {
				known[f.Table()] = true
				all = append(all, &model.Model{Source: model.Source{Floor: model.FloorOf(f.Schema), Name: f.Name}})
			}
		}
	}
	wanted := map[string]bool{}
	for _, n := range names {
		if _, err := model.Named(p.Sources(), n); err != nil && !known[n] {
			return nil, err
		}
		wanted[n] = true
	}
	var some []*model.Model
	for _, m := range all {
		isReport := m.Floor.Schema == model.ReportsSchema
		hangs := slices.ContainsFunc(m.Reads, func(r model.Read) bool { return wanted[r.Qualified()] })
		if len(names) == 0 && !isReport || hangs && !isReport || wanted[m.Qualified()] {
			wanted[m.Qualified()] = true
			if !m.View {
				some = append(some, m)
			}
		}
	}
	return some, nil
}
