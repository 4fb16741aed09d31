// Package engine turns models into checked tables: the fence around a run's folder, rehearsal, building side by side,
// what need not be built again, memory, checks and sums. It owns DuckDB; it must not know what Xtremepush, Freshsales
// or Excel look like, nor how a text is read: that is model. Start at Run below, then schedule.go, incremental.go and
// build.go.
package engine

import (
	"context"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
)

const stage = "transform"

// Options is all that a transformation needs to know.
type Options struct {
	Shipped   fs.FS  // the floors
	Rehearsed bool   // the shipped files have been rehearsed by tests
	Macros    string // words that all models share, written in SQL
	Analyst   fs.FS  // laid over the shipped files; nil: none
	Landed    []run.Schema
	Loaded    []run.Schema
	Fields    []model.EntityFields   // empty: column names of freshsales.* are not checked
	Given     map[string]model.Given // tables that are built elsewhere, by name
	Decisions string                 // folder
	Scope     map[string]string
	// Program is the digest of the program, asked for when something is built: words in Go are part of every rule; ""
	// builds everything.
	Program     func() string
	RunInfo     map[string]string // version and whatever else SQL may know of the run
	Target      string
	Floors      []int    // empty: all; {7}: reports again, after a load
	Only        []string // tables to build, with what they need; empty: all
	Everything  bool     // build all again, whatever stands there
	MemoryLimit string
	Threads     int
	Now         func() time.Time
	Events      run.Events
}

// Room is what of the options decides what the tables hold.
func (o Options) Room() model.Room {
	return model.Room{Shipped: o.Shipped, Analyst: o.Analyst, Macros: o.Macros, Landed: o.Landed, Loaded: o.Loaded,
		Fields: o.Fields, Given: o.Given, Decisions: o.Decisions, Scope: o.Scope}
}

// Result is what was built.
type Result struct {
	Models    int
	Reused    int     // of them, taken as an earlier build made them
	Built     []Built `json:"-"`
	Checks    []CheckResult
	Equations []Equation // only those that are off
}

// Time is the clock handed down, in UTC.
func (o Options) Time() time.Time {
	if o.Now != nil {
		return o.Now().UTC()
	}
	return time.Time{}
}

func (o Options) Info(dir run.Dir) map[string]string {
	info := map[string]string{"run_id": dir.ID(), "run_at": o.Time().Format(time.RFC3339), "target": o.Target}
	for k, v := range o.RunInfo {
		info[k] = v
	}
	return info
}

// Run builds every model and marks the run, unless a sum is off: such a run is not finished.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	started := o.Time()
	if err := mayBuild(dir, o); err != nil {
		return Result{}, err
	}
	p, err := model.Parse(o.Room())
	if err != nil {
		return Result{}, err
	}
	if p, err = p.Limited(o.Only); err != nil {
		return Result{}, err
	}
	warn(p, o.Events)
	if err := dir.Unmark(o.stage()); err != nil {
		return Result{}, err
	}
	if err := dir.DropLeftTemps(builds); err != nil {
		return Result{}, err
	}
	e, err := start(ctx, dir, builds, o)
	if err != nil {
		return Result{}, err
	}
	defer e.Close()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(ownMemory)) // the rest of what is allowed is DuckDB's
	r, err := e.run(ctx, p, o)
	if err != nil {
		return r, stopped(ctx, err, e.progress.stopped())
	}
	if len(r.Equations) > 0 || len(o.Only) > 0 {
		return r, nil
	}
	mark, err := e.mark(ctx, p, o)
	if err != nil {
		return r, stopped(ctx, err, "")
	}
	mark.Started, mark.Ended = started, o.Time()
	if !o.reportsOnly() {
		if err := dropGone(p, dir); err != nil {
			return r, err
		}
	}
	return r, dir.Mark(o.stage(), mark)
}

// mayBuild refuses what would tear a run apart.
func mayBuild(dir run.Dir, o Options) error {
	if _, err := dir.Done("extract", "ferry extract"); err != nil {
		return err
	}
	if o.reportsOnly() {
		_, err := dir.Done(stage, "ferry transform")
		return err
	}
	targets, err := dir.LoadedTo()
	if err != nil {
		return err
	}
	if len(targets) > 0 {
		return run.Problemf(dir.Root(),
			"this run has been loaded into %s, and its tables explain that load; they are not built again", targets[0]).
			WithTry("ferry transform   (it starts a new run on the same landed files)")
	}
	return nil
}

// stage is the mark a build leaves: tables of a run, or reports made again for one target.
func (o Options) stage() string {
	if o.reportsOnly() {
		return stage + " " + o.Target
	}
	return stage
}

func (o Options) reportsOnly() bool { return len(o.Floors) > 0 }

func (o Options) builds(m *model.Model) bool {
	return len(o.Floors) == 0 || slices.Contains(o.Floors, m.Floor.Number)
}

// onlyOurs is true when all that decides how the tables look was shipped: it has been rehearsed by our tests, so a run
// need not spend seconds on it. A list of the analyst's changes what tables hold, not their columns; only the one of
// fields does both.
func (o Options) onlyOurs(p *model.Project) bool {
	return o.Rehearsed && !slices.ContainsFunc(p.Sources(), func(s model.Source) bool {
		return s.Yours && (s.Floor.Schema != model.SettingsSchema || s.Name == "standard_fields")
	})
}

func (e *Engine) run(ctx context.Context, p *model.Project, o Options) (Result, error) {
	if err := e.base(ctx, p, o); err != nil {
		return Result{}, err
	}
	if err := e.remember(o); err != nil {
		return Result{}, err
	}
	lower, upper := o.split(p)
	for _, m := range p.Models {
		if !o.builds(m) {
			if err := e.reuse(ctx, m); err != nil {
				return Result{}, err
			}
		}
	}
	if o.reportsOnly() {
		if err := e.makeChecks(ctx, p, o); err != nil {
			return Result{}, err
		}
	}
	if !o.onlyOurs(p) {
		if err := e.rehearse(ctx, p, append(slices.Clone(lower), upper...), o); err != nil {
			return Result{}, err
		}
	}
	if !o.reportsOnly() {
		if err := keepFiles(p, e.dir); err != nil {
			return Result{}, err
		}
	}
	done := &progress{events: o.Events, total: len(lower) + len(upper)}
	e.progress = done
	if err := e.buildAll(ctx, lower, o, done); err != nil {
		return Result{}, err
	}
	if !o.reportsOnly() {
		if err := e.makeChecks(ctx, p, o); err != nil {
			return Result{}, err
		}
		if err := e.checkHolds(ctx, p, o); err != nil {
			return Result{}, err
		}
	}
	if err := e.buildAll(ctx, upper, o, done); err != nil {
		return Result{}, err
	}
	if err := e.writeOpenSQL(p); err != nil {
		return Result{}, err
	}
	r, err := e.result(ctx, p, done.done)
	r.Reused, r.Built = done.reused, e.memory.built
	return r, err
}

// split gives the models to build, those below the reports and the reports.
func (o Options) split(p *model.Project) (lower, upper []*model.Model) {
	for _, m := range p.Models {
		switch {
		case !o.builds(m):
		case m.Floor.Schema == model.ReportsSchema:
			upper = append(upper, m)
		default:
			lower = append(lower, m)
		}
	}
	return lower, upper
}

func (e *Engine) result(ctx context.Context, p *model.Project, models int) (Result, error) {
	r := Result{Models: models}
	var err error
	if r.Checks, err = e.checkResults(ctx); err != nil {
		return r, err
	}
	r.Equations, err = e.offEquations(ctx, p)
	return r, err
}

// reuse reads a model that an earlier pass built.
func (e *Engine) reuse(ctx context.Context, m *model.Model) error {
	if m.View {
		return e.setView(ctx, m.Floor.Schema, m.Name, "("+m.SelectText()+")")
	}
	if err := e.viewBuilt(ctx, m.Floor.Schema, m.Name); err != nil {
		return run.Problemf(e.dir.Model(m.Floor.Schema, m.Name), "%s has not been built in this run", m.Qualified()).
			WithTry("ferry transform")
	}
	return nil
}

// stopped says how to go on after an interruption.
func stopped(ctx context.Context, err error, where string) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &run.Problem{What: "stopped before all tables were built; the run is not marked." + where, Err: ctx.Err(),
		Try: "ferry transform   (it goes on from the tables that are done)", Exit: run.ExitInterrupted}
}

// warn says once in a run which of the analyst's files were copied from a version of ours that
// has changed since.
func warn(p *model.Project, events run.Events) {
	for _, s := range p.Sources() {
		if !s.Behind() {
			continue
		}
		events.Send(run.Event{Stage: stage, Kind: run.Warning, Subject: s.Qualified(),
			Text: fmt.Sprintf("sql/%s was copied from ours, and ours has changed since: ferry sql diff --text %s", s.Path,
				s.Qualified())})
	}
}
