package load

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// peopleSend sends what hangs on contacts, contact by contact: a load that stops leaves whole
// people. There is no upsert for these, so a create whose answer was lost is settled by looking.
type peopleSend struct {
	*sender
	kinds  []*kind
	shapes map[string]*shape
	ctx    context.Context
	work   chan *person
	doubts doubtBook
}

// person is a part of one contact's records, in the order they are sent.
type person struct {
	contact string
	items   []*item
}

// item is one record with its step.
type item struct {
	k    *kind
	row  run.Row
	step *step
}

// personSize bounds how many records are under way for one contact at a time.
const personSize = 20

func (s *sender) people(list []*kind) error {
	ps := &peopleSend{sender: s, shapes: map[string]*shape{}, ctx: s.calls, work: make(chan *person)}
	due := false
	for _, k := range list {
		f := s.p.files[k.entity]
		if f == nil {
			continue
		}
		ps.kinds = append(ps.kinds, k)
		due = due || s.p.counts[k.entity][actCreate]+s.p.counts[k.entity][actUpdate]+s.p.counts[k.entity][actUnchanged]+s.p.counts[k.entity][actConflict] > 0
	}
	if !due {
		return nil
	}
	return ps.all()
}

func (ps *peopleSend) all() error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	stopped := make(chan struct{})
	for range ps.o.Workers {
		wg.Go(func() {
			for p := range ps.work {
				if err := ps.send(p); err != nil {
					mu.Lock()
					if first == nil {
						first = err
						close(stopped)
					}
					mu.Unlock()
				}
			}
		})
	}
	err := ps.feed(stopped)
	close(ps.work)
	wg.Wait()
	if first != nil {
		return first
	}
	if err != nil {
		return err
	}
	return ps.settleDoubts()
}

// feed merges the plans of all kinds by contact.
func (ps *peopleSend) feed(stopped <-chan struct{}) error {
	var heads []*head
	for _, k := range ps.kinds {
		h, err := ps.open(k)
		if err != nil {
			return err
		}
		defer h.in.Close()
		heads = append(heads, h)
	}
	p := &person{}
	push := func() error {
		if len(p.items) == 0 {
			return nil
		}
		select {
		case ps.work <- p:
		case <-stopped:
			return nil
		case <-ps.sender.ctx.Done():
			return ps.interrupted()
		}
		p = &person{}
		return nil
	}
	for {
		h := lowest(heads)
		if h == nil {
			return push()
		}
		select {
		case <-stopped:
			return nil
		default:
		}
		if h.contact != p.contact || len(p.items) >= personSize {
			if err := push(); err != nil {
				return err
			}
			p.contact = h.contact
		}
		if err := ps.take(p, h); err != nil {
			return err
		}
		if err := h.advance(); err != nil {
			return err
		}
	}
}

func (ps *peopleSend) take(p *person, h *head) error {
	switch {
	case h.step.action == actCreate || h.step.action == actUpdate:
		p.items = append(p.items, &item{h.k, h.row, h.step})
	case h.step.isTouched:
		return ps.touch(h.k, h.row, h.step, ps.shapes[h.k.entity])
	}
	return nil
}

// head is the next row of one kind.
type head struct {
	k       *kind
	in      *planStream
	at      int
	row     run.Row
	step    *step
	contact string
	end     bool
}

func (ps *peopleSend) open(k *kind) (*head, error) {
	in, err := ps.p.files[k.entity].open(k)
	if err != nil {
		return nil, err
	}
	h := &head{k: k, in: in, at: in.desired.Column("contact_key")}
	if ps.shapes[k.entity], err = newShape(k, in.desired.Columns(), ps.p.clears[k.entity], ps.account); err == nil {
		err = h.advance()
	}
	if err != nil {
		in.Close()
	}
	return h, err
}

func (h *head) advance() (err error) {
	if h.row, h.step, err = h.in.Next(); errors.Is(err, io.EOF) {
		h.end = true
		return nil
	}
	h.contact = textAt(h.row, h.at)
	return err
}

func lowest(heads []*head) *head {
	var first *head
	for _, h := range heads {
		if !h.end && (first == nil || h.contact < first.contact) {
			first = h
		}
	}
	return first
}

// childFlight is one record of a contact between its intent and its outcome.
type childFlight struct {
	flight
	k         *kind
	row       run.Row
	record    *record
	contactID int64
	accountID int64
	isOpen    bool // an earlier process intended it: look before sending
	since     time.Time
	update    freshsales.Attributes
}

// send carries out one person's steps: parents resolved, intents durable, calls, outcomes durable.
func (ps *peopleSend) send(p *person) error {
	var list, look []*childFlight
	for _, it := range p.items {
		f, err := ps.prepare(p, it)
		if err != nil {
			return err
		}
		switch {
		case f == nil:
		case f.isOpen:
			look = append(look, f)
		default:
			list = append(list, f)
		}
	}
	for _, f := range look {
		f.since = ps.started // the call may have left just before that process ended
		ps.doubts.add(f)
	}
	return ps.sendAll(list)
}

func (ps *peopleSend) sendAll(list []*childFlight) error {
	if len(list) == 0 || ps.sender.ctx.Err() != nil {
		return nil
	}
	if err := ps.intendAll(list); err != nil {
		return err
	}
	var results []childResult
	var failure error
	for _, f := range list {
		if failure = ps.sender.ctx.Err(); failure != nil {
			break
		}
		r, err := ps.one(f)
		if err != nil {
			failure = err
			break
		}
		if r != nil {
			results = append(results, childResult{f, r})
		}
	}
	// What was not called any more has an intent and no call; looking will tell.
	if err := ps.outcomes(results); err != nil {
		return err
	}
	return failure
}

type childResult struct {
	f *childFlight
	o *outcome
}

func (ps *peopleSend) outcomes(results []childResult) error {
	for len(results) > 0 {
		entity, n := results[0].f.k.entity, 0
		var list []*flight
		byFlight := map[*flight]*outcome{}
		for n < len(results) && results[n].f.k.entity == entity {
			list = append(list, &results[n].f.flight)
			byFlight[&results[n].f.flight] = results[n].o
			n++
		}
		if err := ps.settled(entity, list, func(f *flight) outcome { return *byFlight[f] }); err != nil {
			return err
		}
		results = results[n:]
	}
	return nil
}

// prepare resolves a record's parents; nil means that it is blocked and recorded as such.
func (ps *peopleSend) prepare(p *person, it *item) (*childFlight, error) {
	r, err := ps.shapes[it.k.entity].record(it.row)
	if err != nil {
		return nil, err
	}
	f := &childFlight{k: it.k, row: it.row, record: r}
	f.key, f.digest, f.targetID, f.verb = r.key, r.digest, it.step.targetID, verbCreate
	f.fields = r.fields.canonical()
	if contact, err := ps.parentID("contacts", r.contact); err != nil {
		return nil, err
	} else if f.contactID = contact; contact == 0 && r.contact != "" {
		return nil, nil
	}
	if f.accountID, err = ps.parentID("accounts", r.account); err != nil {
		return nil, err
	}
	if it.step.action == actUpdate {
		f.verb = verbUpdate
		f.fields = it.step.base.canonical()
		contact, account := int64(0), int64(0)
		if _, moved := it.step.send[contactLink]; moved {
			contact = f.contactID
		}
		if _, moved := it.step.send[accountLink]; moved {
			account = f.accountID
		}
		f.update = ps.account.payload(it.k, it.step.send, contact, account, Ref(it.k.entity, r.key))
		return f, nil
	}
	f.payload = ps.account.payload(it.k, r.fields, f.contactID, f.accountID, Ref(it.k.entity, r.key))
	st, err := ps.ledger.standing(it.k.entity, r.key)
	if err != nil {
		return nil, err
	}
	if f.isOpen = st.isUnderWay(); f.isOpen {
		f.seq = st.open
	}
	return f, nil
}

func (ps *peopleSend) parentID(entity, key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	st, err := ps.ledger.standing(entity, key)
	if err != nil || !st.isThere() {
		return 0, err
	}
	return idOf(st.targetID), nil
}

func (ps *peopleSend) intendAll(list []*childFlight) error {
	return ps.ledger.do(func(t *ledgerTx) error {
		for _, f := range list {
			i := &intent{run: ps.runID(), entity: f.k.entity, key: f.key, verb: f.verb, targetID: f.targetID, fields: f.fields, at: ps.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			f.seq = i.seq
		}
		return nil
	})
}

// one makes the call of one record. No outcome and no error means: it must be looked for.
func (ps *peopleSend) one(f *childFlight) (*outcome, error) {
	ctx := freshsales.WithPhase(ps.ctx, f.k.entity)
	e := entityOf(f.k)
	f.calls++
	if f.verb == verbUpdate {
		_, err := ps.client.Update(ctx, e, idOf(f.targetID), f.update)
		return ps.judge(f, f.targetID, updated, err)
	}
	r, err := ps.create(ctx, e, f)
	if freshsales.MeaningOf(err) == freshsales.Unknown {
		f.since = ps.now()
		ps.doubts.add(f)
		return nil, nil
	}
	return ps.judge(f, idText(r.ID()), created, err)
}

func (ps *peopleSend) judge(f *childFlight, id, result string, err error) (*outcome, error) {
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
		return &outcome{outcome: result, targetID: id, digest: f.digest}, nil
	case freshsales.Refused:
		return &outcome{outcome: refused, reason: freshsales.WordsOf(err), targetID: f.targetID, digest: f.digest}, nil
	case freshsales.Gone:
		return &outcome{outcome: refused, reason: "it, or what it belongs to, is no longer in Freshsales", targetID: f.targetID, digest: f.digest}, nil
	}
	return nil, err
}

func (ps *peopleSend) create(ctx context.Context, e freshsales.Entity, f *childFlight) (freshsales.Record, error) {
	if e.Name != freshsales.Documents.Name {
		return ps.client.Create(ctx, e, f.payload)
	}
	file, err := ps.file(f)
	if err != nil {
		return nil, err
	}
	return ps.client.Upload(ctx, file)
}
