// Package load brings a Freshsales account to the state the freshsales.* tables describe, and
// back. It owns the ledger, the plan and the order of work; it must not know SQL or Xtremepush,
// and it reads no HTTP status: load/freshsales says what an answer means.
package load

import (
	"context"
	"encoding/json"
	"errors"

	"ferry/internal/run"
)

// Result is what a load did.
type Result struct {
	Counts   map[string]map[string]int64 // outcomes of this act, by entity
	Planned  map[string]map[string]int64 // actions of its plan, by entity
	Estimate Estimate
	Calls    int64 // requests made
	Writes   int64 // of them, requests that write
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
	Estimate Estimate
	Calls    int64 // requests the plan made, all of them reads
	File     string
	Closed   error // why a load would be refused as things stand; nil: it would go ahead
}

// Plan says what a load would do, and writes nothing to the account.
func Plan(ctx context.Context, dir run.Dir, o Options) (PlanResult, error) {
	s, err := openSession(dir, o)
	if err != nil {
		return PlanResult{}, err
	}
	defer s.close()
	p, err := planFor(ctx, s, false)
	if err != nil {
		return PlanResult{}, err
	}
	defer p.closeLives()
	e := p.estimate()
	notices, closed := p.account.acknowledge(e, s.o)
	s.notices.add(notices...)
	if err := s.writeSideTables(e); err != nil {
		return PlanResult{}, err
	}
	return PlanResult{Counts: p.counts, Estimate: e, Calls: s.calls.total(), File: dir.Loaded(s.o.Target.Name, PlanTable),
		Closed: errors.Join(p.account.lacking, closed)}, nil
}

// planFor looks at the account and compares everything. Writes says that a load will follow, so that
// before-images are kept.
func planFor(ctx context.Context, s *session, writes bool) (*planner, error) {
	if _, err := s.dir.Done("transform", "ferry transform"); err != nil {
		return nil, err
	}
	a, err := preflight(ctx, s.client, s.dir, s.o)
	if err != nil {
		return nil, s.explain(err)
	}
	if err := a.checkOwner(s, writes); err != nil {
		return nil, err
	}
	notices, err := provision(ctx, s.client, s.dir, a, s.o, writes)
	s.notices.add(notices...)
	if err != nil {
		return nil, s.explain(err)
	}
	if err := checkEmpty(ctx, s, a, writes); err != nil {
		return nil, err
	}
	p := newPlanner(ctx, s, a, writes)
	if err := p.all(); err != nil {
		p.closeLives()
		return nil, s.explain(err)
	}
	return p, nil
}

// Run sends what is not there yet. Whatever stops it, running it again finishes the job.
func Run(ctx context.Context, dir run.Dir, o Options) (result Result, err error) {
	s, err := openSession(dir, o)
	if err != nil {
		return result, err
	}
	defer s.close()
	wanted, err := readPlanFile(o.PlanFile)
	if err != nil {
		return result, err
	}
	p, err := planFor(ctx, s, true)
	if err != nil {
		return result, err
	}
	defer p.closeLives()
	if err := p.isStill(wanted); err != nil {
		return result, err
	}
	e := p.estimate()
	notices, err := p.account.acknowledge(e, s.o)
	if err != nil {
		return result, err
	}
	s.notices.add(notices...)
	return carryOut(ctx, s, p, e)
}

// carryOut sends a plan and writes the tables of the load, however far it came.
func carryOut(ctx context.Context, s *session, p *planner, e Estimate) (Result, error) {
	if err := p.moved.apply(s.ledger); err != nil {
		return Result{}, err
	}
	if err := p.rememberSweeps(); err != nil {
		return Result{}, err
	}
	if err := countBefore(s, p.account); err != nil {
		return Result{}, err
	}
	if err := p.remote.rememberNewestDeal(p.counts["deals"][actCreate]); err != nil {
		return Result{}, err
	}
	snd, cancel := newSender(ctx, p)
	defer cancel()
	err := snd.all()
	if tables := finishTables(s, p, e); err == nil {
		err = tables
	}
	r := Result{Counts: snd.counts.n, Planned: p.counts, Estimate: e, Calls: s.calls.total(), Writes: s.calls.writes(), Notices: len(s.notices.all)}
	return r, err
}

func finishTables(s *session, p *planner, e Estimate) error {
	if err := p.writeOutcomes(); err != nil {
		return err
	}
	return s.writeSideTables(e)
}

// countBefore writes how many records the account had before the first load of this target; later
// runs carry these figures over.
func countBefore(s *session, a *account) error {
	text, err := s.ledger.meta("counts before")
	if err != nil {
		return err
	}
	before := map[string]int64{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &before); err != nil {
			return s.ledger.damaged("the counts of the first load cannot be read")
		}
	}
	added := false
	for _, k := range kinds {
		if n := a.total(k.entity); n >= 0 {
			if _, known := before[k.entity]; !known {
				before[k.entity], added = n, true
			}
		}
	}
	if added {
		text, err := json.Marshal(before)
		if err != nil {
			return err
		}
		if err := s.ledger.setMeta("counts before", string(text)); err != nil {
			return err
		}
	}
	var rows []run.Row
	for _, k := range kinds {
		if n, known := before[k.entity]; known {
			rows = append(rows, run.Row{k.entity, "before", entityOf(k).AllView, n})
		}
	}
	return writeRows(s.dir.Loaded(s.o.Target.Name, CountsTable), countsSchema, rows)
}
