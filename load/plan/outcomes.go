package plan

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// WriteOutcomes joins the plan with the ledger: what came of every planned record in this run, by
// this act or an earlier one that was interrupted.
func (p *Planner) WriteOutcomes() error {
	out, err := run.CreateTable(p.Dir.Loaded(p.Options.Target.Name, record.OutcomesTable), record.OutcomesSchema)
	if err != nil {
		return err
	}
	for _, entity := range record.PlanOrder() {
		f := p.Files[entity]
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

func (p *Planner) entityOutcomes(entity string, f *File, out *run.TableWriter) error {
	in, err := run.OpenTable(f.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	known, err := p.knownOf(entity)
	if err != nil {
		return err
	}
	defer known.close()
	var chunk []*Step
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
	l      memory
	entity string
	inKeys *ledger.StateStream
}

func (p *Planner) knownOf(entity string) (*knownRows, error) {
	k := &knownRows{l: p.Ledger, entity: entity}
	if kind := record.KindOf(entity); kind != nil && kind.PerContact {
		return k, nil
	}
	var err error
	k.inKeys, err = p.Ledger.States(context.Background(), entity)
	return k, err
}

func (k *knownRows) of(chunk []*Step) ([]*ledger.RecordState, error) {
	found := make([]*ledger.RecordState, len(chunk))
	if k.inKeys != nil {
		for i, st := range chunk {
			var err error
			if found[i], err = k.inKeys.UpTo(st.Key, func(*ledger.RecordState) error { return nil }); err != nil {
				return nil, err
			}
		}
		return found, nil
	}
	keys := make([]string, len(chunk))
	for i, st := range chunk {
		keys[i] = st.Key
	}
	known, err := k.l.StatesOf(k.entity, keys)
	for i, st := range chunk {
		found[i] = known[st.Key]
	}
	return found, err
}

func (k *knownRows) close() {
	if k.inKeys != nil {
		_ = k.inKeys.Close()
	}
}

func (p *Planner) outcomeRow(st *Step, now *ledger.RecordState) run.Row {
	outcome, reason, id := st.Action, st.Reason, st.TargetID
	var calls int64
	at := p.Started
	switch {
	case now != nil && now.Run == p.RunID() && ledger.IsOfLoad(now.Outcome) && now.Open == 0:
		outcome, reason, id, calls, at = now.Outcome, now.Reason, now.TargetID, now.Calls, record.TimeOf(now.At)
	case now != nil && now.State == ledger.StateRefused && st.Action == Pending:
		outcome, reason = ledger.Refused, now.Reason
	case st.Action == Create || st.Action == Update:
		outcome, reason = ledger.Pending, "not sent yet"
		if now != nil && now.Reason != "" {
			reason = now.Reason
		}
		if now == nil && st.entity != "contacts" && st.entity != "accounts" {
			outcome, reason = ledger.Blocked, "what it belongs to is not in Freshsales"
		}
	}
	outcome, reason = p.stillHeld(st, outcome, reason)
	if (outcome == ledger.Updated || outcome == ledger.Conflict) && len(st.withheld) > 0 && reason == "" {
		reason = st.withheld[0].Reason
	}
	return run.Row{st.entity, st.Key, outcome, record.OrNull(reason), record.OrNull(id), calls, at.UTC()}
}

// ReadPlanFile reads the plan that is to be applied exactly; nil when none was given.
func ReadPlanFile(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	wanted := map[string]string{}
	err := run.ReadTable(filepath.Clean(path), func(columns []run.Column, row run.Row) error {
		if len(columns) != len(record.PlanSchema.Columns) {
			return run.Problemf(path, "this is not a plan ferry wrote").WithTry("ferry plan").WithExit(run.ExitUsage)
		}
		wanted[planID(row)] = planText(row)
		return nil
	})
	var p *run.Problem
	if err != nil && !(errors.As(err, &p) && p.Exit == run.ExitUsage) {
		if p != nil {
			return nil, run.Problemf(path, "this is not a plan ferry wrote: %s", p.What).WithTry("ferry plan").
				WithExit(run.ExitUsage)
		}
		return nil, run.Problemf(path, "the plan cannot be read: %v", record.PathCause(err)).WithTry("ferry plan").
			WithExit(run.ExitUsage)
	}
	return wanted, err
}

func planID(row run.Row) string { return record.TextAt(row, 0) + "\x00" + record.TextAt(row, 1) }

func planText(row run.Row) string {
	return run.DigestText(record.TextAt(row, 2), record.TextAt(row, 4), record.TextAt(row, 5), record.TextAt(row, 6))[:16]
}

// IsStill refuses to go on when the world is not the one a given plan file was made for.
func (p *Planner) IsStill(file string, wanted map[string]string) error {
	if wanted == nil {
		return nil
	}
	changed, first := 0, ""
	note := func(id string) {
		if changed++; first == "" {
			first = id
		}
	}
	err := run.ReadTable(p.Dir.Loaded(p.Options.Target.Name, record.PlanTable), func(_ []run.Column, row run.Row) error {
		id := planID(row)
		if wanted[id] != planText(row) {
			note(record.TextAt(row, 0))
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
	return run.Problemf(file,
		"the world changed since this plan was made: %d of its records would be treated differently now", changed).
		WithTry("ferry plan   (and look at it again)").WithExit(run.ExitStop)
}
