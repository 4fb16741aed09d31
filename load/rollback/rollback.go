package load

import (
	"context"
	"fmt"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// RollbackResult is what a rollback did.
type RollbackResult struct {
	Reversed, Kept, Failed int64
	Delete, Restore        int64 // records it would, or did set out to, delete or put back
	Estimate               Estimate
	Calls                  int64
}

// Rollback reads the ledger backwards: what we created is deleted (into the recycle bin where there
// is one), what we changed is put back from its before-image, and what somebody edited since is
// kept and listed. It writes to the same ledger, so it can be interrupted and run again.
func Rollback(ctx context.Context, dir run.Dir, o Options) (RollbackResult, error) {
	s, err := openSession(dir, o)
	if err != nil {
		return RollbackResult{}, err
	}
	defer s.close()
	a, err := preflight(ctx, s.client, s.dir, s.o)
	if err != nil {
		return RollbackResult{}, s.explain(err)
	}
	if err := a.checkOwner(s, false); err != nil {
		return RollbackResult{}, err
	}
	r := &rollback{session: s, account: a, remote: &lookups{s, a}, ctx: freshsales.WithPhase(ctx, "rollback"), movedByDeals: map[string]bool{}}
	if empty, err := s.ledger.isEmpty(); err != nil || empty {
		if err == nil {
			err = run.Problemf(o.Target.Ledger(), "this ledger knows of nothing that was loaded, so there is nothing to undo").
				WithTry("if it was lost, restore it from a backup: only the ledger knows what was there before")
		}
		return RollbackResult{}, err
	}
	if o.CostOnly {
		err := r.price()
		return r.result, err
	}
	out, err := run.CreateTable(dir.Loaded(o.Target.Name, RollbackTable), rollbackSchema)
	if err != nil {
		return RollbackResult{}, err
	}
	r.out = out
	err = forgetSweeps(s.ledger)
	if err == nil {
		err = s.explain(r.all())
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	r.result.Calls = s.calls.total()
	if err == nil {
		err = s.writeSideTables(r.result.Estimate)
	}
	return r.result, err
}

// rollback undoes entity by entity, children before parents.
type rollback struct {
	*session
	account      *account
	remote       *lookups
	ctx          context.Context
	out          *run.TableWriter
	result       RollbackResult
	movedByDeals map[string]bool // contacts whose stage a deal of ours may have moved
}

func (r *rollback) all() error {
	if err := r.settleOpen(); err != nil {
		return err
	}
	if err := r.price(); err != nil {
		return err
	}
	if err := r.noteDeals(); err != nil {
		return err
	}
	for _, entity := range undoOrder() {
		if !r.takes(entity) {
			continue
		}
		if err := r.entity(entity); err != nil {
			return err
		}
	}
	return r.orphans()
}

// takes says whether an entity is undone: what was asked for, and the deals of contacts.
func (r *rollback) takes(entity string) bool {
	return r.wants(entity) || entity == "deals" && r.wants("contacts")
}

// undoes says whether a record falls under this rollback.
func (r *rollback) undoes(st *standing) bool {
	if st.targetID == "" || st.state == stateDeleted || st.state == stateRestored || st.state == stateGone {
		return false
	}
	return r.o.OnlyRun == "" || st.born == r.o.OnlyRun || st.run == r.o.OnlyRun
}

// isOurs says that the record itself, not a change of it, is what is undone.
func (r *rollback) isOurs(st *standing) bool {
	return st.origin == originCreated && (r.o.OnlyRun == "" || st.born == r.o.OnlyRun)
}

// price says what the rollback costs before it spends it.
func (r *rollback) price() error {
	e := Estimate{}
	r.calls.each(e.add) // what it took to look at the account is part of it
	for _, entity := range planOrder() {
		if entity == accountLinks || !r.takes(entity) || !entityOf(kindOf(entity)).HasUpdate {
			continue
		}
		var ours, theirs int64
		if err := r.each(entity, func(st *standing) error {
			switch {
			case !r.undoes(st):
			case r.isOurs(st):
				ours++
			default:
				theirs++
			}
			return nil
		}); err != nil {
			return err
		}
		k := kindOf(entity)
		if name := entityOf(k).Name; ours+theirs > 0 {
			e.add("rollback", name+" read", ours+theirs)
			e.add("rollback", name+" update", theirs)
			if entityOf(k).HasBulk {
				e.add("rollback", name+" bulk_destroy", batches(ours))
			} else {
				e.add("rollback", name+" delete", ours)
			}
			r.result.Delete += ours
			r.result.Restore += theirs
		}
	}
	if hour := r.client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	r.result.Estimate = e
	hours := ""
	if e.Hours > 0 {
		hours = fmt.Sprintf(", %.1f hours at this account's quota", e.Hours)
	}
	r.say(run.Note, "rollback", "at most %s%s", plural(e.Total, "call"), hours)
	return nil
}

// each streams the records of an entity.
func (r *rollback) each(entity string, do func(*standing) error) error {
	rows, err := r.ledger.standings(context.Background(), entity)
	if err != nil {
		return err
	}
	defer rows.Close()
	return rows.rest(do)
}

// noteDeals remembers which contacts have deals of ours: the account moves their stage by itself.
func (r *rollback) noteDeals() error {
	return r.each("deals", func(st *standing) error {
		text, err := r.ledger.fieldsOf(max(st.good, st.open))
		if err != nil {
			return err
		}
		f, err := parseFields(text)
		if contact := asText(f[contactLink]); contact != "" {
			r.movedByDeals[contact] = true
		}
		return err
	})
}

// entity undoes one kind, a chunk at a time.
func (r *rollback) entity(entity string) error {
	var chunk []*standing
	flush := func() error {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		err := r.chunk(entity, chunk)
		chunk = chunk[:0]
		return err
	}
	err := r.each(entity, func(st *standing) error {
		if entity == accountLinks && st.state == stateDeleted {
			return nil // it went with its contact
		}
		if st.state == stateDeleted || st.state == stateRestored {
			return r.row(st, "reversed", "", "")
		}
		if !r.undoes(st) {
			return nil
		}
		if chunk = append(chunk, st); len(chunk) < chunkSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (r *rollback) row(st *standing, result, field, reason string) error {
	if field == "" {
		switch result {
		case "reversed":
			r.result.Reversed++
		case "kept":
			r.result.Kept++
		case "failed":
			r.result.Failed++
		}
	}
	return r.out.Write(run.Row{st.entity, st.key, orNull(st.targetID), result, orNull(field), orNull(reason)})
}

// chunk looks at some records and undoes what nobody touched since.
func (r *rollback) chunk(entity string, list []*standing) error {
	if entity == accountLinks {
		return r.unlink(list)
	}
	k := kindOf(entity)
	undos := make([]*undo, len(list))
	err := r.parallel(len(list), func(i int) (err error) {
		undos[i], err = r.look(k, list[i])
		return err
	})
	if err != nil {
		return err
	}
	var deletes, restores []*undo
	for _, u := range undos {
		switch {
		case u.live == nil && u.reason == "":
			result, reason := gone, "it was no longer there"
			if u.isDeleted {
				result, reason = reversed, ""
			}
			if err := r.done(u, result, "", reason); err != nil {
				return err
			}
		case u.reason != "":
			if err := r.done(u, failed, "", u.reason); err != nil {
				return err
			}
		case r.isOurs(u.st) && len(u.kept) > 0:
			if err := r.keep(u); err != nil {
				return err
			}
		case r.isOurs(u.st):
			deletes = append(deletes, u)
		default:
			restores = append(restores, u)
		}
	}
	if err := r.deleteAll(k, deletes); err != nil {
		return err
	}
	return r.restoreAll(k, restores)
}

// keep leaves a record that somebody edited, and says which fields.
func (r *rollback) keep(u *undo) error {
	if err := r.row(u.st, "kept", "", fmt.Sprintf("edited in Freshsales since: %s", plural(int64(len(u.kept)), "field"))); err != nil {
		return err
	}
	return r.keptFields(u)
}

func (r *rollback) keptFields(u *undo) error {
	for _, c := range u.kept {
		if err := r.row(u.st, "kept", c.Field, "a person changed it after we wrote it"); err != nil {
			return err
		}
	}
	return nil
}

// done records what came of one record.
func (r *rollback) done(u *undo, result, field, reason string) error {
	o := outcome{intent: u.st.open, run: r.runID(), entity: u.st.entity, key: u.st.key, outcome: result, reason: reason, targetID: u.st.targetID, at: r.now()}
	err := r.ledger.do(func(t *ledgerTx) error {
		if err := t.settle(o); err != nil || result == failed {
			return err
		}
		return t.wentWith(u.st.entity, u.st.key)
	})
	if err != nil {
		return err
	}
	if result == gone {
		result = "reversed"
	}
	return r.row(u.st, result, field, reason)
}
