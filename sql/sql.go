// Package sql runs the analysts' SELECTs in an embedded DuckDB: landed tables in, checked model
// tables out. It owns names, order, fencing and checking of models; it must not know what
// Xtremepush, Freshsales or Excel look like: column lists are handed to it.
package sql

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"ferry/internal/run"
)

const stage = "transform"

// EntityFields are the columns one Freshsales entity may have.
type EntityFields struct {
	Entity  string   // "contacts"
	Key     string   // "contact_key"; "" when it is not checked
	Columns []string // names of the API and of references; cf_… and custom_field need not be listed
}

// Options is all that a transformation needs to know.
type Options struct {
	Shipped     fs.FS // nil: the embedded files
	Analyst     fs.FS // nil: none
	Landed      []run.Schema
	Loaded      []run.Schema
	Fields      []EntityFields // empty: column names of freshsales.* are not checked
	Decisions   string         // folder
	Scope       map[string]string
	RunInfo     map[string]string // version and whatever else SQL may know of the run
	Target      string
	Floors      []int    // empty: all; {7}: reports again, after a load
	Only        []string // tables to build, with what they need; empty: all
	MemoryLimit string
	Threads     int
	Now         func() time.Time
	Events      run.Events
}

// Result is what was built.
type Result struct {
	Models    int
	Checks    []CheckResult
	Equations []Equation // only those that are off
}

func (o Options) shipped() fs.FS {
	if o.Shipped != nil {
		return o.Shipped
	}
	return shipped
}

func (o Options) now() time.Time {
	if o.Now != nil {
		return o.Now().UTC()
	}
	return time.Time{}
}

func (o Options) runInfo(dir run.Dir) map[string]string {
	info := map[string]string{"run_id": dir.ID(), "run_at": o.now().Format(time.RFC3339), "target": o.Target}
	for k, v := range o.RunInfo {
		info[k] = v
	}
	return info
}

// Run builds every model and marks the run.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	p, err := readProject(o)
	if err != nil {
		return Result{}, err
	}
	if p, err = p.limited(o.Only); err != nil {
		return Result{}, err
	}
	started := o.now()
	if len(o.Floors) == 0 {
		if err := dir.Unmark(stage); err != nil {
			return Result{}, err
		}
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return Result{}, err
	}
	defer e.close()
	if err := e.base(ctx, p, o); err != nil {
		return Result{}, err
	}
	r, err := e.buildAll(ctx, p, o)
	if err != nil {
		return r, err
	}
	if len(r.Equations) > 0 || len(o.Only) > 0 {
		return r, nil
	}
	return r, dir.Mark(stage, run.Stage{Started: started, Ended: o.now(), Facts: map[string]any{"models": r.Models}})
}

func (e *engine) buildAll(ctx context.Context, p *project, o Options) (Result, error) {
	var r Result
	checked := false
	for i, m := range p.models {
		if m.floor.schema == reportsSchema && !checked {
			if err := e.makeChecks(ctx, p); err != nil {
				return r, err
			}
			checked = true
		}
		if len(o.Floors) > 0 && !slices.Contains(o.Floors, m.floor.number) {
			if err := e.reuse(ctx, m); err != nil {
				return r, err
			}
			continue
		}
		o.Events.Send(run.Event{Stage: stage, Kind: run.Progress, Subject: m.qualified(), Done: int64(i), Total: int64(len(p.models)), Unit: "models"})
		if err := e.build(ctx, m); err != nil {
			return r, err
		}
		r.Models++
	}
	if !checked {
		if err := e.makeChecks(ctx, p); err != nil {
			return r, err
		}
	}
	var err error
	if r.Checks, err = e.checkResults(ctx); err != nil {
		return r, err
	}
	r.Equations, err = e.offEquations(ctx, p)
	return r, err
}

// reuse reads a model that an earlier pass built.
func (e *engine) reuse(ctx context.Context, m *model) error {
	if m.view {
		return e.exec(ctx, fmt.Sprintf("create or replace view %s as %s", e.tableName(m), m.selectText()))
	}
	if err := e.view(ctx, m.floor.schema, m.name); err != nil {
		return run.Problemf(e.dir.Model(m.floor.schema, m.name), "%s has not been built in this run", m.qualified()).WithTry("ferry transform")
	}
	return nil
}
