// Package rollback undoes what the ledger says was done: what ferry created is deleted, what it
// changed is put back, what somebody edited since is kept and listed. Start at Run; compare.go says
// what counts as somebody's edit.
package rollback

import (
	"context"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// Options is what a rollback needs to know besides the target.
type Options struct {
	target.Options
	OnlyRun  string // undo this run only; empty: all
	CostOnly bool   // say what it would cost and do nothing
}

// Result is what a rollback did.
type Result struct {
	Reversed, Kept, Failed int64
	Absent                 int64 // creates in doubt of which nothing was found
	Delete, Restore        int64 // records it would, or did set out to, delete or put back
	Estimate               target.Estimate
	Calls                  int64
}

// Run reads the ledger backwards: what we created is deleted (into the recycle bin where there
// is one), what we changed is put back from its before-image, and what somebody edited since is
// kept and listed. It writes to the same ledger, so it can be interrupted and run again.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	s, err := target.Open(dir, o.Options)
	if err != nil {
		return Result{}, err
	}
	defer s.Close()
	if err := isKnown(s, o.OnlyRun); err != nil {
		return Result{}, err
	}
	a, err := readAccount(ctx, s)
	if err != nil {
		return Result{}, s.Explain(err)
	}
	if err := a.CheckOwner(s.Ledger, s.Options, false); err != nil {
		return Result{}, err
	}
	look := &remote.Lookups{Client: s.Client, Ledger: s.Ledger, Worker: s, Temp: s.Temp, Account: a}
	r := &undoing{needs: needsOf(s), onlyRun: o.OnlyRun, account: a, remote: look,
		ctx:          freshsales.WithPhase(ctx, "rollback"),
		movedByDeals: map[string]bool{}, given: map[string]*givenValues{},
		lists: map[string]*listing{}, settled: map[string]bool{}}
	if r.codes, err = account.ReadConsentCodes(o.Target); err != nil {
		return Result{}, err
	}
	if o.CostOnly {
		err := r.price()
		return r.result, err
	}
	out, err := run.CreateTable(dir.Loaded(o.Target.Name, record.RollbackTable), record.RollbackSchema)
	if err != nil {
		return Result{}, err
	}
	r.out = out
	err = remote.ForgetCompared(s.Ledger)
	if err == nil {
		err = s.Explain(r.all())
		r.tellRefusals()
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	r.result.Calls = s.Calls.Total()
	if err == nil {
		err = s.WriteSideTables(r.result.Estimate)
	}
	return r.result, err
}

// isKnown refuses to undo what the ledger does not know, before the account is asked anything.
func isKnown(s *target.Act, onlyRun string) error {
	empty, err := s.Ledger.IsEmpty()
	if err != nil {
		return err
	}
	if empty {
		return run.Problemf(s.Options.Target.Ledger(),
			"this ledger knows of nothing that was loaded, so there is nothing to undo").
			WithTry("if it was lost, restore it from a backup: only the ledger knows what was there before")
	}
	if onlyRun == "" {
		return nil
	}
	wrote, err := s.Ledger.Runs()
	if err != nil || slices.Contains(wrote, onlyRun) {
		return err
	}
	return run.Problemf("--run "+onlyRun, "this run wrote nothing to target %s; the runs that did: %s",
		s.Options.Target.Name, strings.Join(wrote, ", ")).WithExit(run.ExitUsage).
		WithTry("ferry rollback --target %s --run %s", s.Options.Target.Name, wrote[len(wrote)-1])
}

// readAccount reads what the account has of the entities that the ledger knows.
func readAccount(ctx context.Context, s *target.Act) (*account.Account, error) {
	w := account.Want{Rows: map[string]int64{}}
	for _, entity := range record.Entities() {
		n, err := s.Ledger.Count(entity, `target_id <> '' or open <> 0`)
		if err != nil {
			return nil, err
		}
		if n > 0 && (s.Wants(entity) || entity == "deals" && s.Wants("contacts")) {
			w.Rows[entity] = n
		}
	}
	return account.Read(freshsales.WithPhase(ctx, "preflight"), s.Client, w)
}

// undoing undoes entity by entity, children before parents.
type undoing struct {
	needs
	account      *account.Account
	codes        map[string]account.Codes // what the account calls yes and no
	remote       *remote.Lookups
	onlyRun      string // what one run did is undone; empty: everything
	ctx          context.Context
	out          *run.TableWriter
	result       Result
	movedByDeals map[string]bool         // contacts whose stage a deal of ours may have moved
	given        map[string]*givenValues // by entity: what the account gave to records of ours
	refusals     int64                   // contacts whose no was kept
	hasChildren  bool                    // something of ours hung on contacts, and may have touched them

	lists   map[string]*listing      // by entity: the list that spares a read for each record
	settled map[string]bool          // records of a list that stay, by entity and number
	shown   map[string]record.Fields // of a chunk that can only be listed with its contacts, by number
}

func (r *undoing) all() error {
	if err := r.resolveOpen(); err != nil {
		return err
	}
	if err := r.price(); err != nil {
		return err
	}
	r.Say(run.Note, "rollback", "about %s%s", record.Plural(r.result.Estimate.Total, "call"),
		r.result.Estimate.HoursText())
	r.Expect(r.result.Estimate.Total)
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
func (r *undoing) takes(entity string) bool {
	return r.Wants(entity) || entity == "deals" && r.Wants("contacts")
}

// undoes says whether a record falls under this rollback. One of earlier runs does not for which the run was undone
// before, nor one that the run only compared: an administrator's new field makes a run compare everything.
func (r *undoing) undoes(st *ledger.RecordState) (bool, error) {
	if st.TargetID == "" || st.State == ledger.StateDeleted || st.State == ledger.StateRestored ||
		st.State == ledger.StateGone {
		return false, nil
	}
	if r.onlyRun == "" || st.Born == r.onlyRun {
		return true, nil
	}
	wrote, isUndone, err := r.Ledger.LastWrite(st)
	return wrote == r.onlyRun && !isUndone, err
}

// isOurs says that the record itself, not a change of it, is what is undone.
func (r *undoing) isOurs(st *ledger.RecordState) bool {
	return st.Origin == ledger.OriginCreated && (r.onlyRun == "" || st.Born == r.onlyRun)
}

// each streams the records of an entity.
func (r *undoing) each(entity string, do func(*ledger.RecordState) error) error {
	rows, err := r.Ledger.States(context.Background(), entity)
	if err != nil {
		return err
	}
	defer rows.Close()
	return rows.Rest(do)
}

// noteDeals remembers which contacts have deals of ours: the account moves their stage by itself.
func (r *undoing) noteDeals() error {
	for _, k := range record.Kinds {
		if k.PerContact {
			n, err := r.Ledger.Count(k.Entity, `target_id <> ''`)
			if err != nil {
				return err
			}
			r.hasChildren = r.hasChildren || n > 0
		}
	}
	return r.each("deals", func(st *ledger.RecordState) error {
		text, err := r.Ledger.FieldsOf(max(st.Good, st.Open))
		if err != nil {
			return err
		}
		f, err := record.ParseFields(text)
		if contact := record.AsText(f[record.ContactLink]); contact != "" {
			r.movedByDeals[contact] = true
		}
		return err
	})
}

// entity undoes one kind, a chunk at a time.
func (r *undoing) entity(entity string) error {
	if l := r.lists[entity]; l != nil {
		if err := r.fromList(l); err != nil {
			return err
		}
	}
	var chunk []*ledger.RecordState
	flush := func() error {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		err := r.chunk(entity, chunk)
		chunk = chunk[:0]
		return err
	}
	err := r.each(entity, func(st *ledger.RecordState) error {
		if entity == record.AccountLinks && st.State == ledger.StateDeleted {
			return nil // it went with its contact
		}
		if r.isSettled(st) {
			return nil
		}
		if st.State == ledger.StateDeleted || st.State == ledger.StateRestored {
			return r.out.Write(run.Row{st.Entity, st.Key, record.OrNull(st.TargetID), "reversed", nil, "by an earlier rollback"})
		}
		if st.State == ledger.StateGone && st.TargetID == "" {
			return r.row(st, "absent", "",
				"the answer to its creation was lost and no such record was found; should it turn up, it is ferry's")
		}
		if undoes, err := r.undoes(st); err != nil || !undoes {
			return err
		}
		if chunk = append(chunk, st); len(chunk) < target.ChunkSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// chunk looks at some records and undoes what nobody touched since.
func (r *undoing) chunk(entity string, list []*ledger.RecordState) error {
	if entity == record.AccountLinks {
		return r.unlink(list)
	}
	k := record.KindOf(entity)
	if e := record.EntityOf(k); e.HasUpdate && !e.HasRead {
		if err := r.below(k, list); err != nil {
			return err
		}
	}
	undos := make([]*undo, len(list))
	err := r.Parallel(len(list), func(i int) (err error) {
		undos[i], err = r.look(k, list[i])
		return err
	})
	if err != nil {
		return err
	}
	if err := r.findEdits(k, undos); err != nil {
		return err
	}
	var deletes, restores []*undo
	for _, u := range undos {
		switch {
		case u.live == nil && u.reason == "":
			result, reason := ledger.Gone, "it was no longer there"
			if u.isDeleted {
				result, reason = ledger.Reversed, ""
			}
			if err := r.done(u, result, "", reason); err != nil {
				return err
			}
		case u.reason != "":
			if err := r.done(u, ledger.Failed, "", u.reason); err != nil {
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
