package load

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"ferry/internal/run"
)

// writeOutcomes joins the plan with the ledger: what came of every planned record in this run, by
// this act or an earlier one that was interrupted.
func (p *planner) writeOutcomes() error {
	out, err := run.CreateTable(p.dir.Loaded(p.o.Target.Name, OutcomesTable), outcomesSchema)
	if err != nil {
		return err
	}
	for _, entity := range planOrder() {
		f := p.files[entity]
		if f == nil {
			continue
		}
		if err := p.entityOutcomes(entity, f, out); err != nil {
			out.Abort()
			return err
		}
	}
	return out.Close()
}

func (p *planner) entityOutcomes(entity string, f *planFile, out *run.TableWriter) error {
	in, err := run.OpenTable(f.path)
	if err != nil {
		return err
	}
	defer in.Close()
	known, err := p.knownOf(entity)
	if err != nil {
		return err
	}
	defer known.close()
	var chunk []*step
	for more := true; more; {
		row, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			more = false
		case err != nil:
			return err
		default:
			st, err := stepOf(row)
			if err != nil {
				return err
			}
			chunk = append(chunk, st)
		}
		if more && len(chunk) < 500 {
			continue
		}
		now, err := known.of(chunk)
		if err != nil {
			return err
		}
		for i, st := range chunk {
			if err := out.Write(p.outcomeRow(st, now[i])); err != nil {
				return err
			}
		}
		chunk = chunk[:0]
	}
	return nil
}

// knownRows finds the ledger's records of a plan's steps: beside each other where the plan is in
// key order, by key where it goes contact by contact.
type knownRows struct {
	l      *ledger
	entity string
	inKeys *standings
}

func (p *planner) knownOf(entity string) (*knownRows, error) {
	k := &knownRows{l: p.ledger, entity: entity}
	if kind := kindOf(entity); kind != nil && kind.perContact {
		return k, nil
	}
	var err error
	k.inKeys, err = p.ledger.standings(context.Background(), entity)
	return k, err
}

func (k *knownRows) of(chunk []*step) ([]*standing, error) {
	found := make([]*standing, len(chunk))
	if k.inKeys != nil {
		for i, st := range chunk {
			var err error
			if found[i], err = k.inKeys.upTo(st.key, func(*standing) error { return nil }); err != nil {
				return nil, err
			}
		}
		return found, nil
	}
	keys := make([]string, len(chunk))
	for i, st := range chunk {
		keys[i] = st.key
	}
	known, err := k.l.standingOf(k.entity, keys)
	for i, st := range chunk {
		found[i] = known[st.key]
	}
	return found, err
}

func (k *knownRows) close() {
	if k.inKeys != nil {
		_ = k.inKeys.Close()
	}
}

func (p *planner) outcomeRow(st *step, now *standing) run.Row {
	outcome, reason, id := st.action, st.reason, st.targetID
	var calls int64
	at := p.started
	switch {
	case now != nil && now.run == p.runID() && isOfLoad(now.outcome) && now.open == 0:
		outcome, reason, id, calls, at = now.outcome, now.reason, now.targetID, now.calls, timeOf(now.at)
	case now != nil && now.state == stateRefused && st.action == actPending:
		outcome, reason = refused, now.reason
	case st.action == actCreate || st.action == actUpdate:
		outcome, reason = pending, "not sent yet"
		if now != nil && now.reason != "" {
			reason = now.reason
		}
		if now == nil && st.entity != "contacts" && st.entity != "accounts" {
			outcome, reason = blocked, "what it belongs to is not in Freshsales"
		}
	}
	if (outcome == updated || outcome == conflict) && len(st.withheld) > 0 && reason == "" {
		reason = st.withheld[0].Reason
	}
	return run.Row{st.entity, st.key, outcome, orNull(reason), orNull(id), calls, at.UTC()}
}

// readPlanFile reads the plan that is to be applied exactly; nil when none was given.
func readPlanFile(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	wanted := map[string]string{}
	err := run.ReadTable(filepath.Clean(path), func(columns []run.Column, row run.Row) error {
		if len(columns) != len(planSchema.Columns) {
			return run.Problemf(path, "this is not a plan ferry wrote").WithTry("ferry plan").WithExit(run.ExitUsage)
		}
		wanted[planID(row)] = planText(row)
		return nil
	})
	var p *run.Problem
	if err != nil && !(errors.As(err, &p) && p.Exit == run.ExitUsage) {
		if p != nil {
			return nil, run.Problemf(path, "this is not a plan ferry wrote: %s", p.What).WithTry("ferry plan").WithExit(run.ExitUsage)
		}
		return nil, run.Problemf(path, "the plan cannot be read: %v", pathCause(err)).WithTry("ferry plan").WithExit(run.ExitUsage)
	}
	return wanted, err
}

func planID(row run.Row) string { return textAt(row, 0) + "\x00" + textAt(row, 1) }

func planText(row run.Row) string {
	return run.DigestText(textAt(row, 2), textAt(row, 4), textAt(row, 5), textAt(row, 6))[:16]
}

// isStill refuses to go on when the world is not the one a given plan was made for.
func (p *planner) isStill(wanted map[string]string) error {
	if wanted == nil {
		return nil
	}
	changed, first := 0, ""
	note := func(id string) {
		if changed++; first == "" {
			first = id
		}
	}
	err := run.ReadTable(p.dir.Loaded(p.o.Target.Name, PlanTable), func(_ []run.Column, row run.Row) error {
		id := planID(row)
		if wanted[id] != planText(row) {
			note(textAt(row, 0))
		}
		delete(wanted, id)
		return nil
	})
	if err != nil {
		return err
	}
	for id := range wanted {
		note(id)
	}
	if changed == 0 {
		return nil
	}
	return run.Problemf(p.o.PlanFile, "the world changed since this plan was made: %d of its records would be treated differently now", changed).
		WithTry("ferry plan   (and look at it again)").WithExit(run.ExitStop)
}
