package send

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
)

// peopleSend sends what hangs on contacts, contact by contact: a load that stops leaves whole
// people. There is no upsert for these, so a create whose answer was lost is settled by looking.
type peopleSend struct {
	*Sender
	kinds  []*record.Kind
	shapes map[string]*record.Mapper
	ctx    context.Context
	doubts inDoubt
	gone   sync.Map // by number: contacts of which a record was refused, and whether they were deleted
}

// person is a part of one contact's records, in the order they are sent.
type person struct {
	contact string
	items   []*item
}

// item is one record with its step.
type item struct {
	k    *record.Kind
	row  run.Row
	step *plan.Step
}

// personSize bounds how many records are under way for one contact at a time.
const personSize = 20

func (s *Sender) people(list []*record.Kind) error {
	ps := &peopleSend{Sender: s, shapes: map[string]*record.Mapper{}, ctx: s.calls}
	due := false
	for _, k := range list {
		f := s.p.Files[k.Entity]
		if f == nil {
			continue
		}
		ps.kinds = append(ps.kinds, k)
		due = due || s.p.Counts[k.Entity][plan.Create]+s.p.Counts[k.Entity][plan.Update]+f.Touched > 0
	}
	if !due {
		return nil
	}
	return ps.all()
}

func (ps *peopleSend) all() error {
	workers := pool.New().WithMaxGoroutines(ps.Options.Workers).WithErrors().WithFirstError()
	var failed atomic.Bool
	err := ps.feed(func(p *person) error {
		if ps.Sender.ctx.Err() != nil {
			return ps.Interrupted()
		}
		if failed.Load() {
			return errStopped
		}
		workers.Go(func() error {
			err := ps.send(p)
			if err != nil {
				failed.Store(true)
			}
			return err
		})
		return nil
	})
	if first := workers.Wait(); first != nil {
		return first
	}
	if err != nil {
		return err
	}
	return ps.resolveDoubts()
}

// errStopped ends the feeding of workers of which one has failed; its error is the one that counts.
var errStopped = errors.New("load: a worker has stopped")

// feed merges the plans of all kinds by contact and hands them over person by person.
func (ps *peopleSend) feed(hand func(*person) error) error {
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
		full := p
		p = &person{}
		return hand(full)
	}
	for {
		h := lowest(heads)
		if h == nil {
			return push()
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
	case h.step.Action == plan.Create || h.step.Action == plan.Update:
		p.items = append(p.items, &item{h.k, h.row, h.step})
	case h.step.IsTouched:
		return ps.touch(h.k, h.row, h.step, ps.shapes[h.k.Entity])
	}
	return nil
}

// head is the next row of one kind.
type head struct {
	k       *record.Kind
	in      *plan.Stream
	at      int
	row     run.Row
	step    *plan.Step
	contact string
	end     bool
}

func (ps *peopleSend) open(k *record.Kind) (*head, error) {
	in, err := ps.p.Files[k.Entity].Open(k)
	if err != nil {
		return nil, err
	}
	h := &head{k: k, in: in, at: in.Desired.Column("contact_key")}
	if ps.shapes[k.Entity], err = record.NewMapper(k, in.Desired.Columns(), ps.p.Clears[k.Entity],
		ps.account); err == nil {
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
	h.contact = record.TextAt(h.row, h.at)
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
	var list, look []*childWrite
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
		f.since = ps.Started // the call may have left just before that process ended
		ps.doubts.add(f)
	}
	return ps.sendAll(list)
}

func (ps *peopleSend) sendAll(list []*childWrite) error {
	if len(list) == 0 || ps.Sender.ctx.Err() != nil {
		return nil
	}
	if err := ps.intendAll(list); err != nil {
		return err
	}
	var results []childResult
	var failure error
	for i, f := range list {
		if failure = ps.Sender.ctx.Err(); failure != nil {
			results = append(results, notCalled(list[i:])...)
			break
		}
		if isGone, _ := ps.gone.Load(f.contactID); isGone == true {
			results = append(results, childResult{f, &ledger.Outcome{Outcome: ledger.Refused,
				Reason: record.ContactDeleted, TargetID: f.targetID, Digest: f.digest}})
			continue
		}
		r, err := ps.one(f)
		if err == nil && r != nil && r.Outcome == ledger.Refused {
			err = ps.lookForContact(f, r)
		}
		if err != nil {
			failure = err
			rest := list[i+1:]
			if didNothing(err) {
				rest = list[i:]
			}
			results = append(results, notCalled(rest)...)
			break
		}
		if r != nil {
			results = append(results, childResult{f, r})
		}
	}
	if err := ps.outcomes(results); err != nil {
		return err
	}
	return failure
}

// notCalled closes the intents of records for which no call was made, so that nobody looks for them.
func notCalled(list []*childWrite) []childResult {
	var results []childResult
	for _, f := range list {
		results = append(results, childResult{f, &ledger.Outcome{Outcome: ledger.Pending, Reason: "not sent yet",
			TargetID: f.targetID}})
	}
	return results
}

// didNothing says that a call certainly changed nothing: the key was refused, or nobody was reached.
func didNothing(err error) bool {
	switch freshsales.OutcomeOf(err) {
	case freshsales.BadKey, freshsales.Forbidden, freshsales.NotSent, freshsales.Later, freshsales.Unsupported:
		return true
	}
	return false
}
