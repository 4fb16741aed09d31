package load

import (
	"context"
	"sort"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// doubtBook holds creates whose outcome is not known.
type doubtBook struct {
	mu  sync.Mutex
	all []*childFlight
}

func (b *doubtBook) add(f *childFlight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, f)
}

func (b *doubtBook) take() []*childFlight {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.all
	b.all = nil
	sort.Slice(list, func(i, j int) bool { return list[i].contactID < list[j].contactID })
	return list
}

// mostRounds is how often unknown outcomes are settled and sent again before a load gives up.
const mostRounds = 20

// settleDoubts looks for the records whose creation is in doubt, and sends those that are not there.
// Absence counts only when settle_after has passed since the call could last have left: since it
// ended, or, for a call of a process that died, since we started.
func (ps *peopleSend) settleDoubts() error {
	for range mostRounds {
		list := ps.doubts.take()
		if len(list) == 0 {
			return nil
		}
		again, err := ps.settleRound(list)
		if err != nil {
			return err
		}
		if err := ps.parallel(len(again), func(i int) error { return ps.sendAll(again[i]) }); err != nil {
			return err
		}
		if ps.sender.ctx.Err() != nil {
			return ps.interrupted()
		}
	}
	return run.Problemf("target "+ps.o.Target.Name, "the outcome of some calls is still not known after %d rounds of looking", mostRounds).
		WithTry("%s   (when Freshsales answers reliably again; nothing is sent twice)", ps.o.Command)
}

// settleRound waits, looks, records what is there, and gives back what is not, by contact.
func (ps *peopleSend) settleRound(list []*childFlight) ([][]*childFlight, error) {
	var last time.Time
	for _, f := range list {
		if f.since.After(last) {
			last = f.since
		}
	}
	if wait := last.Add(ps.o.SettleAfter).Sub(ps.now()); wait > 0 {
		ps.say(run.Note, list[0].k.entity, "%s with unknown outcome: looking for them in %s", plural(int64(len(list)), "call"), wait.Round(time.Second))
		stop, cancel := context.WithCancel(ps.ctx)
		defer context.AfterFunc(ps.sender.ctx, cancel)()
		defer cancel()
		if err := freshsales.Sleep(stop, ps.o.Clock, wait); err != nil {
			return nil, ps.interrupted()
		}
	}
	var mu sync.Mutex
	var again [][]*childFlight
	groups := byContact(list)
	return again, ps.parallel(len(groups), func(i int) error {
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
func byContact(list []*childFlight) [][]*childFlight {
	var groups [][]*childFlight
	at := map[string]int{}
	for _, f := range list {
		key := f.k.entity + idText(f.contactID)
		if f.k.entity == "sales_activities" {
			key = f.k.entity // one list tells of all
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
func (ps *peopleSend) lookFor(group []*childFlight) (absent []*childFlight, err error) {
	look := make([]*sought, len(group))
	for i, f := range group {
		look[i] = &sought{k: f.k, key: f.key, contactID: f.contactID, seq: f.seq, fields: f.record.fields}
	}
	there, err := ps.look.refsOf(freshsales.WithPhase(ps.ctx, group[0].k.entity), look)
	if err != nil {
		return nil, err
	}
	for _, f := range group {
		f.calls++
		id, ok := there[Ref(f.k.entity, f.key)]
		if !ok {
			absent = append(absent, f)
			continue
		}
		// It may hold what an earlier run wanted; then the next plan compares it.
		digest := f.digest
		if i, err := ps.ledger.intentAt(f.seq); err != nil {
			return nil, err
		} else if string(i.fields) != string(f.record.fields.canonical()) {
			digest = nil
		}
		err := ps.settled(f.k.entity, []*flight{&f.flight}, func(*flight) outcome {
			return outcome{outcome: created, targetID: id, digest: digest}
		})
		if err != nil {
			return nil, err
		}
	}
	return absent, nil
}
