package load

import (
	"context"
	"errors"
	"io"
	"sync"

	"ferry/internal/run"
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
		due = due || s.p.counts[k.entity][actCreate]+s.p.counts[k.entity][actUpdate]+f.touched > 0
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
