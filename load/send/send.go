package load

import (
	"context"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// sender carries out a plan.
type sender struct {
	*session
	p       *planner
	account *account
	look    *lookups
	ctx     context.Context // ends when the user wants to stop: no new work
	calls   context.Context // ends a grace later: what is in flight may finish
	watch   refusalWatch
	counts  resultCounts
}

// grace is how long calls in flight may take after the user asked to stop.
const grace = 15 * time.Second

// newSender makes a sender whose calls outlive a first Ctrl-C by a grace.
func newSender(ctx context.Context, p *planner) (*sender, func()) {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(min(grace, p.o.CallTimeout), cancel) })
	return &sender{session: p.session, p: p, account: p.account, look: p.remote, ctx: ctx, calls: calls, watch: refusalWatch{most: p.o.MaxRefused}},
		func() { stop(); cancel() }
}

// all sends every entity in the order of the mission.
func (s *sender) all() error {
	first, second := "contacts", "accounts"
	if s.o.AccountsFirst {
		first, second = second, first
	}
	for _, phase := range []func() error{
		func() error { return s.phase(first, func(f *planFile) error { return s.bulk(kindOf(first), f) }) },
		func() error { return rememberMembers(s.calls, s.session) },
		func() error { return s.phase(second, func(f *planFile) error { return s.bulk(kindOf(second), f) }) },
		func() error { return s.phase(accountLinks, s.links) },
		func() error {
			return s.phase("deals", func(*planFile) error { return s.people([]*kind{kindOf("deals")}) })
		},
		s.putStagesBack,
		func() error { return s.people(activityKinds()) },
	} {
		if err := phase(); err != nil {
			return s.explain(err)
		}
		if s.ctx.Err() != nil {
			return s.interrupted()
		}
	}
	return nil
}

func activityKinds() []*kind {
	var list []*kind
	for _, k := range kinds {
		if k.perContact && k.entity != "deals" {
			list = append(list, k)
		}
	}
	return list
}

func (s *sender) phase(entity string, send func(*planFile) error) error {
	f := s.p.files[entity]
	if f == nil {
		return nil
	}
	n := s.p.counts[entity]
	due := n[actCreate] + n[actUpdate]
	if due+f.touched == 0 {
		return nil
	}
	if due > 0 {
		s.o.Events.Send(run.Event{Stage: stage, Kind: run.Started, Subject: entity, Text: plural(due, "record") + " to send", Total: due, Unit: "rows"})
	}
	if err := send(f); err != nil {
		return err
	}
	if due > 0 {
		s.o.Events.Send(run.Event{Stage: stage, Kind: run.Finished, Subject: entity, Done: s.counts.of(entity), Total: due, Unit: "rows"})
	}
	return nil
}

// flight is one record between its intent and its outcome.
type flight struct {
	key, targetID string
	name, ident   string // what a bulk item is known by, as written and as compared
	digest        []byte
	seq           int64
	calls         int64
	payload       freshsales.Attributes
	link          string // account it travels with, when accounts go first
	linkID        int64
	linkSeq       int64
	isOurs        bool   // the contact of a link was created by us
	fields        []byte // what the intent says; dropped once it is durable
	verb          string
}

// batch is up to 100 records that share a call.
type batch struct {
	flights  []*flight
	job      freshsales.Job
	answered time.Time
	isSeen   bool  // the view shows some of it
	doubt    doubt // of created records the view does not show
}

// settled makes outcomes of some flights durable and counts them.
func (s *sender) settled(entity string, list []*flight, result func(*flight) outcome) error {
	if len(list) == 0 {
		return nil
	}
	now := s.now()
	var outcomes []outcome
	for _, f := range list {
		o := result(f)
		o.intent, o.run, o.entity, o.key, o.at, o.calls = f.seq, s.runID(), entity, f.key, now, f.calls
		outcomes = append(outcomes, o)
	}
	err := s.ledger.do(func(t *ledgerTx) error {
		for _, o := range outcomes {
			if err := t.settle(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		s.counts.add(entity, o.outcome)
		if err := s.watch.saw(o.outcome == refused); err != nil {
			return err
		}
	}
	done := s.counts.of(entity)
	s.o.Events.Send(run.Event{Stage: stage, Kind: run.Progress, Subject: entity, Done: done,
		Total: s.p.counts[entity][actCreate] + s.p.counts[entity][actUpdate], Unit: "rows"})
	return nil
}

// touch records rows that need no call but are not the rows we knew.
func (s *sender) touch(k *kind, row run.Row, st *step, shape *shape) error {
	digest, _ := shape.digestOf(row, nil)
	if st.isAsked {
		digest = nil
	}
	result, err := s.finishedBefore(k, st)
	if err != nil {
		return err
	}
	i := &intent{run: s.runID(), entity: k.entity, key: st.key, verb: verbKeep, targetID: st.targetID, fields: st.base.canonical(), at: s.now()}
	return s.ledger.do(func(t *ledgerTx) error {
		if err := t.intend(i); err != nil {
			return err
		}
		return t.settle(outcome{intent: i.seq, run: i.run, entity: k.entity, key: st.key, outcome: result, reason: st.reason,
			targetID: st.targetID, at: i.at, digest: digest})
	})
}

// finishedBefore is what came of a record that needs no call: what its plan says, unless an earlier
// process of this run made the call and could not note its outcome any more.
func (s *sender) finishedBefore(k *kind, st *step) (string, error) {
	known, err := s.ledger.standing(k.entity, st.key)
	if err != nil || known == nil || known.open == 0 || st.action != actUnchanged {
		return st.action, err
	}
	i, err := s.ledger.intentAt(known.open)
	if err == nil && i.run == s.runID() && i.verb == verbUpdate {
		return updated, nil
	}
	return st.action, err
}

// refusalWatch stops a load that Freshsales refuses: a bad rule must not spend the day's calls.
type refusalWatch struct {
	most float64
	mu   sync.Mutex
	last [200]bool
	seen int
	bad  int
}

const fewestToJudge = 50

func (w *refusalWatch) saw(isRefused bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.seen % len(w.last)
	if w.seen >= len(w.last) && w.last[at] {
		w.bad--
	}
	w.last[at] = isRefused
	w.seen++
	if isRefused {
		w.bad++
	}
	if n := min(w.seen, len(w.last)); n >= fewestToJudge && float64(w.bad) > w.most*float64(n) {
		return run.Problemf("load", "Freshsales refused %d of the last %d records, so the load stopped before it spent more calls", w.bad, n).
			WithTry("look at the refusals (ferry report), repair the rule or the account, then: ferry transform && ferry load")
	}
	return nil
}

// resultCounts counts outcomes of this act, by entity.
type resultCounts struct {
	mu sync.Mutex
	n  map[string]map[string]int64
}

func (c *resultCounts) add(entity, outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]map[string]int64{}
	}
	if c.n[entity] == nil {
		c.n[entity] = map[string]int64{}
	}
	c.n[entity][outcome]++
}

func (c *resultCounts) of(entity string) (total int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.n[entity] {
		total += n
	}
	return total
}
