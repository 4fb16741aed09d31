// Package load is the face of the loader: it brings a Freshsales account to the state the
// freshsales.* tables describe, and back. Plan, Run, Reconcile, Rollback, Status and ConsentCodes
// are its acts; each lives in a room of its own below. It must not know SQL or Xtremepush, and it
// reads no HTTP status: load/freshsales says what an answer means. Start at Run.
package load

import (
	"context"
	"encoding/json"
	"errors"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/adopt"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/send"
	"ferry/load/target"
)

// Result is what a load did.
type Result struct {
	Counts   map[string]map[string]int64 // outcomes of this act, by entity
	Planned  map[string]map[string]int64 // actions of its plan, by entity
	Waiting  int64                       // of whom a no was sent, held though they are, or refused
	Estimate target.Estimate
	Calls    int64               // requests made
	Writes   int64               // of them, requests that write
	Beyond   []target.PhaseCalls // what it took more than planned, for answers that were lost or refused
	Notices  int
}

// Count sums an outcome over all entities.
func (r Result) Count(outcome string) (n int64) {
	for _, counts := range r.Counts {
		n += counts[outcome]
	}
	return n
}

// PlanResult is what a load would do.
type PlanResult struct {
	Counts   map[string]map[string]int64
	Estimate target.Estimate
	Undo     target.Estimate // what taking this load back would cost
	Calls    int64           // requests the plan made, all of them reads
	File     string
	Notices  []target.Notice // what a person should know before the first write
	Closed   error           // why a load would be refused as things stand; nil: it would go ahead
}

// Count sums an action over all entities.
func (r PlanResult) Count(action string) (n int64) {
	for _, counts := range r.Counts {
		n += counts[action]
	}
	return n
}

// Plan says what a load would do, and writes nothing to the account.
func Plan(ctx context.Context, dir run.Dir, o PlanOptions) (PlanResult, error) {
	if err := o.Check(); err != nil {
		return PlanResult{}, err
	}
	s, err := target.Open(dir, o.Options)
	if err != nil {
		return PlanResult{}, err
	}
	defer s.Close()
	p, err := planFor(ctx, s, RunOptions{PlanOptions: o}, false)
	if err != nil {
		return PlanResult{}, err
	}
	defer p.Close()
	e := p.Estimate()
	notices, closed := p.Account.Acknowledge(e, s.Options)
	s.Notices.Add(notices...)
	if err := s.WriteSideTables(e); err != nil {
		return PlanResult{}, err
	}
	return PlanResult{Counts: p.Counts, Estimate: e, Undo: p.UndoEstimate(), Calls: s.Calls.Total(),
		File:    dir.Loaded(s.Options.Target.Name, record.PlanTable),
		Notices: s.Notices.All,
		Closed:  errors.Join(p.Account.Lacking, closed)}, nil
}

// planFor looks at the account and compares everything. Writes says that a load will follow, so that
// before-images are kept.
func planFor(ctx context.Context, s *target.Act, o RunOptions, writes bool) (*plan.Planner, error) {
	if _, err := s.Dir.Done("transform", "ferry transform"); err != nil {
		return nil, err
	}
	a, err := account.Preflight(ctx, s.Client, s.Dir, s.Options)
	if err != nil {
		return nil, s.Explain(err)
	}
	if err := a.CheckOwner(s.Ledger, s.Options, writes); err != nil {
		return nil, err
	}
	isFirst, err := s.Ledger.IsEmpty()
	if err != nil {
		return nil, err
	}
	notices, err := account.Provision{Client: s.Client, Memory: s.Ledger, Dir: s.Dir, Options: s.Options, Writes: writes,
		IsDelta: !isFirst}.Run(ctx, a)
	s.Notices.Add(notices...)
	if err != nil {
		return nil, s.Explain(err)
	}
	if err := adopt.CheckEmpty(ctx, s, a, o.Adopt && writes); err != nil {
		return nil, err
	}
	p := plan.New(ctx, s, a, o.PlanOptions, writes)
	if err := p.All(); err != nil {
		p.Close()
		return nil, s.Explain(err)
	}
	return p, nil
}

// Run sends what is not there yet. Whatever stops it, running it again finishes the job.
func Run(ctx context.Context, dir run.Dir, o RunOptions) (result Result, err error) {
	if err := o.Check(); err != nil {
		return result, err
	}
	s, err := target.Open(dir, o.Options)
	if err != nil {
		return result, err
	}
	defer s.Close()
	wanted, err := plan.ReadPlanFile(o.PlanFile)
	if err != nil {
		return result, err
	}
	p, err := planFor(ctx, s, o, true)
	if err != nil {
		return result, err
	}
	defer p.Close()
	if err := p.IsStill(o.PlanFile, wanted); err != nil {
		return result, err
	}
	e := p.Estimate()
	notices, err := p.Account.Acknowledge(e, s.Options)
	if err != nil {
		return result, err
	}
	s.Notices.Add(notices...)
	return carryOut(ctx, s, p, e, o.MaxRefused)
}

// carryOut sends a plan and writes the tables of the load, however far it came.
func carryOut(ctx context.Context, s *target.Act, p *plan.Planner, e target.Estimate, maxRefused float64) (Result,
	error) {
	if err := p.Moved.Apply(s.Ledger); err != nil {
		return Result{}, err
	}
	if err := p.RememberCompared(); err != nil {
		return Result{}, err
	}
	if err := countBefore(s, p.Account); err != nil {
		return Result{}, err
	}
	if err := p.Remote.RememberNewest(); err != nil {
		return Result{}, err
	}
	limitation, err := p.Remote.RememberNewestDeal(p.Counts["deals"][plan.Create])
	if limitation != "" {
		s.Notices.Add(target.Notice{Kind: "limitation", Entity: "deals", Text: limitation})
	}
	if err != nil {
		return Result{}, err
	}
	s.Expect(e.Total)
	snd, cancel := send.New(ctx, s, p, maxRefused)
	defer cancel()
	refused, err := sayNoToLeft(ctx, s, p)
	if err == nil {
		err = snd.All()
	}
	if tables := finishTables(s, p, e); err == nil {
		err = tables
	}
	r := Result{Counts: snd.Counts.N, Planned: p.Counts, Waiting: p.Passed() + refused, Estimate: e,
		Calls: s.Calls.Total(), Writes: s.Calls.Writes(), Beyond: s.Calls.Beyond(e.Calls), Notices: len(s.Notices.All)}
	return r, err
}

func finishTables(s *target.Act, p *plan.Planner, e target.Estimate) error {
	if err := p.WriteOutcomes(); err != nil {
		return err
	}
	return s.WriteSideTables(e)
}

// countBefore writes how many records the account had before the first load of this target; later
// runs carry these figures over.
func countBefore(s *target.Act, a *account.Account) error {
	text, err := s.Ledger.Meta("counts before")
	if err != nil {
		return err
	}
	before := map[string]int64{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &before); err != nil {
			return s.Ledger.Damaged("the counts of the first load cannot be read")
		}
	}
	added := false
	for _, k := range record.Kinds {
		if n := a.Total(k.Entity); n >= 0 {
			if _, known := before[k.Entity]; !known {
				before[k.Entity], added = n, true
				before[record.NewestOf(k.Entity)] = a.Newest[k.Entity]
			}
		}
	}
	if added {
		text, err := json.Marshal(before)
		if err != nil {
			return err
		}
		if err := s.Ledger.SetMeta("counts before", string(text)); err != nil {
			return err
		}
	}
	var rows []run.Row
	for _, k := range record.Kinds {
		if n, known := before[k.Entity]; known {
			rows = append(rows, run.Row{k.Entity, "before", record.EntityOf(k).AllView, n})
		}
	}
	return record.WriteRows(s.Dir.Loaded(s.Options.Target.Name, record.CountsTable), record.CountsSchema, rows)
}
