package send

import (
	"context"
	"sort"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
)

// inDoubt holds creates whose outcome is not known.
type inDoubt struct {
	mu  sync.Mutex
	all []*childWrite
}

func (b *inDoubt) add(f *childWrite) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, f)
}

func (b *inDoubt) take() []*childWrite {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.all
	b.all = nil
	sort.Slice(list, func(i, j int) bool { return list[i].contactID < list[j].contactID })
	return list
}

// mostRounds is how often unknown outcomes are settled and sent again before a load gives up.
const mostRounds = 20

// resolveDoubts looks for the records whose creation is in doubt, and sends those that are not there.
// Absence counts only when settle_after has passed since the call could last have left: since it
// ended, or, for a call of a process that died, since we started.
func (ps *peopleSend) resolveDoubts() error {
	for range mostRounds {
		list := ps.doubts.take()
		if len(list) == 0 {
			return nil
		}
		again, err := ps.resolveRound(list)
		if err != nil {
			return err
		}
		if err := ps.Parallel(len(again), func(i int) error { return ps.sendAll(again[i]) }); err != nil {
			return err
		}
		if ps.Sender.ctx.Err() != nil {
			return ps.Interrupted()
		}
	}
	return run.Problemf("target "+ps.Options.Target.Name,
		"the outcome of some calls is still not known after %d rounds of looking", mostRounds).
		WithTry("%s   (when Freshsales answers reliably again; nothing is sent twice)", ps.Options.Command)
}

// resolveRound waits, looks, records what is there, and gives back what is not, by contact.
func (ps *peopleSend) resolveRound(list []*childWrite) ([][]*childWrite, error) {
	var last time.Time
	for _, f := range list {
		if f.since.After(last) {
			last = f.since
		}
	}
	if wait := last.Add(ps.Options.SettleAfter).Sub(ps.Now()); wait > 0 {
		ps.Say(run.Note, list[0].k.Entity, "%s with unknown outcome: looking for them in %s",
			record.Plural(int64(len(list)), "call"), wait.Round(time.Second))
		stop, cancel := context.WithCancel(ps.ctx)
		defer context.AfterFunc(ps.Sender.ctx, cancel)()
		defer cancel()
		if err := freshsales.Sleep(stop, ps.Options.Clock, wait); err != nil {
			return nil, ps.Interrupted()
		}
	}
	var mu sync.Mutex
	var again [][]*childWrite
	groups := byContact(list)
	return again, ps.Parallel(len(groups), func(i int) error {
		absent, err := ps.lookFor(groups[i])
		mu.Lock()
		defer mu.Unlock()
		if len(absent) > 0 {
			again = append(again, absent)
		}
		return err
	})
}

// byContact groups flights that one look can settle.
func byContact(list []*childWrite) [][]*childWrite {
	var groups [][]*childWrite
	at := map[string]int{}
	for _, f := range list {
		key := f.k.Entity + record.IdText(f.contactID)
		if f.k.Entity == "sales_activities" {
			key = f.k.Entity // one list tells of all
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// lookFor settles the doubts about one contact's records of one kind.
func (ps *peopleSend) lookFor(group []*childWrite) (absent []*childWrite, err error) {
	look := make([]*remote.Sought, len(group))
	for i, f := range group {
		look[i] = &remote.Sought{K: f.k, Key: f.key, ContactID: f.contactID, Seq: f.seq, Fields: f.record.Fields}
	}
	there, err := ps.look.RefsOf(freshsales.WithPhase(ps.ctx, group[0].k.Entity), look)
	if err != nil {
		return nil, err
	}
	for _, f := range group {
		f.calls++
		id, ok := there[record.Ref(f.k.Entity, f.key)]
		if !ok {
			absent = append(absent, f)
			continue
		}
		// It may hold what an earlier run wanted; then the next plan compares it.
		digest := f.digest
		if i, err := ps.Ledger.IntentAt(f.seq); err != nil {
			return nil, err
		} else if string(i.Fields) != string(f.record.Fields.Canonical()) {
			digest = nil
		}
		err := ps.resolved(f.k.Entity, []*write{&f.write}, func(*write) ledger.Outcome {
			return ledger.Outcome{Outcome: ledger.Created, TargetID: id, Digest: digest}
		})
		if err != nil {
			return nil, err
		}
	}
	return absent, nil
}
