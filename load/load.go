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
	p, err := s.plan(ctx, false)
	if err != nil {
		return PlanResult{}, err
	}
	defer p.closeLives()
	e := p.estimate()
	notices, closed := s.account.acknowledge(e, s.o)
	s.notices.add(notices...)
	if err := s.writeSideTables(e); err != nil {
		return PlanResult{}, err
	}
	return PlanResult{Counts: p.counts, Estimate: e, Calls: s.calls.total(), File: dir.Loaded(s.o.Target.Name, PlanTable),
		Closed: errors.Join(s.account.lacking, closed)}, nil
}

// plan looks at the account and compares everything. Writes says that a load will follow, so that
// before-images are kept.
func (s *session) plan(ctx context.Context, writes bool) (*planner, error) {
	if _, err := s.dir.Done("transform", "ferry transform"); err != nil {
		return nil, err
	}
	var err error
	if s.account, err = preflight(ctx, s.client, s.dir, s.o); err != nil {
		return nil, s.explain(err)
	}
	if err := s.checkOwner(writes); err != nil {
		return nil, err
	}
	notices, err := provision(ctx, s.client, s.dir, s.account, s.o, writes)
	s.notices.add(notices...)
	if err != nil {
		return nil, s.explain(err)
	}
	if err := s.checkEmpty(ctx, writes); err != nil {
		return nil, err
	}
	p := newPlanner(ctx, s, writes)
	if err := p.all(); err != nil {
		p.closeLives()
		return nil, s.explain(err)
	}
	return p, nil
}

// checkOwner makes sure that the ledger is of this account.
func (s *session) checkOwner(writes bool) error {
	known, err := s.ledger.meta("fingerprint")
	if err != nil {
		return err
	}
	now := s.account.fingerprint()
	if known == "" && writes {
		return s.ledger.setMeta("fingerprint", now)
	}
	if known != "" && !sameAccount(known, now) {
		return run.Problemf(s.o.Target.Ledger(), "this ledger is about another Freshsales account than the one at the target's address").
			WithTry("give the other account a target of its own in ferry.yaml").WithExit(run.ExitStop)
	}
	return nil
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
	p, err := s.plan(ctx, true)
	if err != nil {
		return result, err
	}
	defer p.closeLives()
	if err := p.isStill(wanted); err != nil {
		return result, err
	}
	e := p.estimate()
	notices, err := s.account.acknowledge(e, s.o)
	if err != nil {
		return result, err
	}
	s.notices.add(notices...)
	return s.carryOut(ctx, p, e)
}

// carryOut sends a plan and writes the tables of the load, however far it came.
func (s *session) carryOut(ctx context.Context, p *planner, e Estimate) (Result, error) {
	if err := p.moved.apply(s.ledger); err != nil {
		return Result{}, err
	}
	if err := p.rememberSweeps(); err != nil {
		return Result{}, err
	}
	if err := s.countBefore(); err != nil {
		return Result{}, err
	}
	if err := s.rememberNewestDeal(p.counts["deals"][actCreate]); err != nil {
		return Result{}, err
	}
	snd, cancel := newSender(ctx, p)
	defer cancel()
	err := snd.all()
	if tables := s.finishTables(p, e); err == nil {
		err = tables
	}
	r := Result{Counts: snd.counts.n, Planned: p.counts, Estimate: e, Calls: s.calls.total(), Writes: s.calls.writes(), Notices: len(s.notices.all)}
	return r, err
}

func (s *session) finishTables(p *planner, e Estimate) error {
	if err := p.writeOutcomes(); err != nil {
		return err
	}
	return s.writeSideTables(e)
}

// writeSideTables writes what is not about single records.
func (s *session) writeSideTables(e Estimate) error {
	name := s.o.Target.Name
	if err := s.calls.write(s.dir.Loaded(name, CallsTable), e.Calls); err != nil {
		return err
	}
	s.notices.mu.Lock()
	defer s.notices.mu.Unlock()
	rows := make([]run.Row, len(s.notices.all))
	for i, n := range s.notices.all {
		rows[i] = run.Row{n.kind, orNull(n.entity), orNull(n.key), n.text}
	}
	return writeRows(s.dir.Loaded(name, NoticesTable), noticesSchema, rows)
}

// countBefore writes how many records the account had before the first load of this target; later
// runs carry these figures over.
func (s *session) countBefore() error {
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
		if n := s.account.total(k.entity); n >= 0 {
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
