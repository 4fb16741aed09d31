// Package send carries a plan out: intents durable before each call, outcomes after it, and what is
// in doubt resolved by looking. It must not decide what is sent; the plan does. Start at Sender.All:
// bulk.go for contacts and accounts, people.go for what hangs on contacts.
package send

import (
	"context"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// Sender carries out a plan.
type Sender struct {
	needs
	p       *plan.Planner
	account *account.Account
	look    *remote.Lookups
	ctx     context.Context // ends when the user wants to stop: no new work
	calls   context.Context // ends a grace later: what is in flight may finish
	watch   target.RefusalWatch
	sizes   map[string]*batchSize
	Counts  resultCounts
}

// grace is how long calls in flight may take after the user asked to stop.
const grace = 15 * time.Second

// New makes a sender whose calls outlive a first Ctrl-C by a grace.
func New(ctx context.Context, s *target.Act, p *plan.Planner, maxRefused float64) (*Sender, func()) {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(min(grace, p.Options.CallTimeout), cancel) })
	return &Sender{needs: needsOf(s), p: p, account: p.Account, look: p.Remote, ctx: ctx, calls: calls,
			watch: target.RefusalWatch{Most: maxRefused}, sizes: map[string]*batchSize{}},
		func() { stop(); cancel() }
}

// All sends every entity in the order of the mission.
func (s *Sender) All() error {
	first, second := "contacts", "accounts"
	if s.Options.AccountsFirst {
		first, second = second, first
	}
	for _, phase := range []func() error{
		func() error {
			return s.phase(first, func(f *plan.File) error { return s.bulk(record.KindOf(first), f) })
		},
		func() error { return s.p.RememberMembers(s.calls) },
		func() error {
			return s.phase(second, func(f *plan.File) error { return s.bulk(record.KindOf(second), f) })
		},
		func() error { return s.phase(record.AccountLinks, s.links) },
		func() error {
			return s.phase("deals", func(*plan.File) error { return s.people([]*record.Kind{record.KindOf("deals")}) })
		},
		s.putStagesBack,
		func() error { return s.people(activityKinds()) },
	} {
		err := phase()
		if sizes := s.rememberSizes(); err == nil {
			err = sizes
		}
		if err != nil {
			return s.Explain(err)
		}
		if s.ctx.Err() != nil {
			return s.Interrupted()
		}
	}
	return nil
}

func activityKinds() []*record.Kind {
	var list []*record.Kind
	for _, k := range record.Kinds {
		if k.PerContact && k.Entity != "deals" {
			list = append(list, k)
		}
	}
	return list
}

func (s *Sender) phase(entity string, send func(*plan.File) error) error {
	f := s.p.Files[entity]
	if f == nil {
		return nil
	}
	n := s.p.Counts[entity]
	due := n[plan.Create] + n[plan.Update]
	if due+f.Touched == 0 {
		return nil
	}
	if due > 0 {
		s.Options.Events.Send(run.Event{Stage: target.Stage, Kind: run.Started, Subject: entity,
			Text: record.Plural(due, "record") + " to send", Total: due, Unit: "rows"})
	}
	if err := send(f); err != nil {
		return err
	}
	if due > 0 {
		s.Options.Events.Send(run.Event{Stage: target.Stage, Kind: run.Finished, Subject: entity, Done: s.Counts.of(entity),
			Total: due, Unit: "rows"})
	}
	return nil
}

// write is one record between its intent and its outcome.
type write struct {
	key, targetID string
	name, ident   string // what a bulk item is known by, as written and as compared
	digest        []byte
	seq           int64
	calls         int64
	payload       freshsales.Attributes
	link          string // account it travels with, when accounts go first
	linkID        int64
	linkSeq       int64
	isNew         bool          // the contact of a link was made by this load
	fields        []byte        // what the intent says; dropped once it is durable
	sent          record.Fields // of an update: what it changes
	verb          string
	isSentAgain   bool   // without a value that somebody has already
	note          string // what its outcome should say
	isBinned      bool   // refused because of binned
	binned        string // the contact in the recycle bin that has its address
}

// batch is up to 100 records that share a call.
type batch struct {
	writes   []*write
	job      freshsales.Job
	answered time.Time
	isSeen   bool  // the view shows some of it
	doubt    doubt // of created records the view does not show

	size      int  // records it was sent with
	shown     int  // of them, how many the view has shown
	isSecond  bool // what a job left out of another batch
	isRespelt bool // sent once more with its choices in the other form
	respeltAs bool // that form is text
}

// resolved makes outcomes of some flights durable and counts them.
func (s *Sender) resolved(entity string, list []*write, result func(*write) ledger.Outcome) error {
	if len(list) == 0 {
		return nil
	}
	now := s.Now()
	var outcomes []ledger.Outcome
	for _, f := range list {
		o := result(f)
		o.Intent, o.Run, o.Entity, o.Key, o.At, o.Calls = f.seq, s.RunID(), entity, f.key, now, f.calls
		outcomes = append(outcomes, o)
	}
	err := s.Ledger.Do(func(t *ledger.Tx) error {
		for _, o := range outcomes {
			if err := t.Resolve(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		s.Counts.add(entity, o.Outcome)
		if err := s.watch.Saw(o.Outcome == ledger.Refused); err != nil {
			return err
		}
	}
	done := s.Counts.of(entity)
	s.Options.Events.Send(run.Event{Stage: target.Stage, Kind: run.Progress, Subject: entity, Done: done,
		Total: s.p.Counts[entity][plan.Create] + s.p.Counts[entity][plan.Update], Unit: "rows", Left: s.TimeLeft()})
	return nil
}

// touch records rows that need no call but are not the rows we knew.
func (s *Sender) touch(k *record.Kind, row run.Row, st *plan.Step, shape *record.Mapper) error {
	digest, _ := shape.DigestOf(row, nil)
	if st.IsAsked {
		digest = nil
	}
	result, err := s.finishedBefore(k, st)
	if err != nil {
		return err
	}
	i := &ledger.Intent{Run: s.RunID(), Entity: k.Entity, Key: st.Key, Verb: ledger.VerbKeep, TargetID: st.TargetID,
		Fields: st.Base.Canonical(), At: s.Now()}
	return s.Ledger.Do(func(t *ledger.Tx) error {
		if err := t.Intend(i); err != nil {
			return err
		}
		return t.Resolve(ledger.Outcome{Intent: i.Seq, Run: i.Run, Entity: k.Entity, Key: st.Key, Outcome: result,
			Reason:   st.Reason,
			TargetID: st.TargetID, At: i.At, Digest: digest})
	})
}

// finishedBefore is what came of a record that needs no call: what its plan says, unless an earlier
// process of this run made the call and could not note its outcome any more.
func (s *Sender) finishedBefore(k *record.Kind, st *plan.Step) (string, error) {
	known, err := s.Ledger.StateOf(k.Entity, st.Key)
	if err != nil || known == nil || known.Open == 0 || st.Action != plan.Unchanged {
		return st.Action, err
	}
	i, err := s.Ledger.IntentAt(known.Open)
	if err == nil && i.Run == s.RunID() && i.Verb == ledger.VerbUpdate {
		return ledger.Updated, nil
	}
	return st.Action, err
}

// resultCounts counts outcomes of this act, by entity.
type resultCounts struct {
	mu sync.Mutex
	N  map[string]map[string]int64
}

func (c *resultCounts) add(entity, outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.N == nil {
		c.N = map[string]map[string]int64{}
	}
	if c.N[entity] == nil {
		c.N[entity] = map[string]int64{}
	}
	c.N[entity][outcome]++
}

func (c *resultCounts) of(entity string) (total int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.N[entity] {
		total += n
	}
	return total
}
