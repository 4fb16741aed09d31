package load

import (
	"context"
	"strings"
	"sync"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// bulkSend sends one kind in batches: new records by their identity, known ones by id.
type bulkSend struct {
	*sender
	k       *kind
	e       freshsales.Entity
	ctx     context.Context
	shape   *shape
	reader  *reader
	work    chan *batch
	wg      sync.WaitGroup
	mu      sync.Mutex
	err     error
	stopped chan struct{}
}

// bulk sends contacts or accounts.
func (s *sender) bulk(k *kind, f *planFile) error {
	b := &bulkSend{sender: s, k: k, e: entityOf(k), ctx: freshsales.WithPhase(s.calls, k.entity),
		work: make(chan *batch), stopped: make(chan struct{})}
	if err := b.start(f); err != nil {
		return err
	}
	feedErr := b.feed(f)
	close(b.work)
	b.wg.Wait()
	b.reader.end(b.failure() != nil || feedErr != nil && b.sender.ctx.Err() == nil)
	if err := b.failure(); err != nil {
		return err
	}
	if feedErr != nil {
		return feedErr
	}
	return b.reader.err
}

func (b *bulkSend) start(f *planFile) (err error) {
	in, err := f.open(b.k)
	if err != nil {
		return err
	}
	columns := in.desired.Columns()
	in.Close()
	if b.shape, err = newShape(b.k, columns, b.p.clears[b.k.entity], b.account); err != nil {
		return err
	}
	if b.reader, err = newReader(b); err != nil {
		return err
	}
	for range b.o.Workers {
		b.wg.Go(func() {
			for bt := range b.work {
				if b.failure() == nil {
					b.fail(b.sendBatch(bt))
				}
			}
		})
	}
	return nil
}

func (b *bulkSend) fail(err error) {
	if err == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
		close(b.stopped)
	}
}

func (b *bulkSend) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// feed turns steps into batches; creates and updates are proved in different ways, so they travel
// apart.
func (b *bulkSend) feed(f *planFile) error {
	creates, updates := &batch{}, &batch{}
	push := func(bt *batch, least int) (*batch, error) {
		if len(bt.flights) < least {
			return bt, nil
		}
		select {
		case b.work <- bt:
			return &batch{}, nil
		case <-b.stopped:
			return bt, b.failure()
		case <-b.reader.failed:
			return bt, b.reader.err
		case <-b.sender.ctx.Done():
			return bt, b.interrupted()
		}
	}
	err := f.each(b.k, func(row run.Row, st *step) error {
		var err error
		switch {
		case st.action == actCreate:
			fl, err := b.createFlight(row)
			if err != nil {
				return err
			}
			creates.flights = append(creates.flights, fl)
			creates, err = push(creates, b.o.batchSize)
			return err
		case st.action == actUpdate:
			updates.flights = append(updates.flights, b.updateFlight(row, st))
			updates, err = push(updates, b.o.batchSize)
			return err
		case st.isTouched:
			return b.touch(b.k, row, st, b.shape)
		}
		return b.sender.ctx.Err()
	})
	if err == nil {
		_, err = push(creates, 1)
	}
	if err == nil {
		_, err = push(updates, 1)
	}
	return err
}

func (b *bulkSend) createFlight(row run.Row) (*flight, error) {
	r, err := b.shape.record(row)
	if err != nil {
		return nil, err
	}
	account := r.account
	delete(r.fields, accountLink)
	fl := &flight{key: r.key, ident: identOf(b.k, r), name: strings.TrimSpace(asText(r.fields[b.k.identity])), digest: r.digest, fields: r.fields.canonical(), verb: verbCreate}
	if b.k.entity == "contacts" && b.o.AccountsFirst && account != "" && b.linksTravel() {
		if st, err := b.ledger.standing("accounts", account); err != nil {
			return nil, err
		} else if st.isThere() {
			fl.link, fl.linkID = account, idOf(st.targetID)
		}
	}
	fl.payload = b.account.payload(b.k, withoutIdentity(b.k, r.fields), 0, fl.linkID, Ref(b.k.entity, r.key))
	return fl, nil
}

// withoutIdentity leaves out what a bulk item says beside its data.
func withoutIdentity(k *kind, f fields) fields {
	out := fields{}
	for name, v := range f {
		if name != k.identity {
			out[name] = v
		}
	}
	return out
}

func (b *bulkSend) updateFlight(row run.Row, st *step) *flight {
	digest, _ := b.shape.digestOf(row, nil)
	if st.isAsked {
		digest = nil
	}
	return &flight{key: st.key, targetID: st.targetID, digest: digest, fields: st.base.canonical(), verb: verbUpdate,
		payload: b.account.payload(b.k, st.send, 0, 0, "")}
}

// sendBatch makes the intents durable, hands the batch over and sees to its proof.
func (b *bulkSend) sendBatch(bt *batch) error {
	if err := b.intend(bt); err != nil {
		return err
	}
	if err := b.handOver(bt); err != nil {
		if freshsales.MeaningOf(err) != freshsales.Refused {
			return err
		}
		return b.findPoison(bt, freshsales.WordsOf(err))
	}
	return nil
}

func (b *bulkSend) intend(bt *batch) error {
	return b.ledger.do(func(t *ledgerTx) error {
		now := b.now()
		for _, f := range bt.flights {
			i := &intent{run: b.runID(), entity: b.k.entity, key: f.key, verb: f.verb, targetID: f.targetID, fields: f.fields, at: now}
			if err := t.intend(i); err != nil {
				return err
			}
			f.seq, f.fields = i.seq, nil
			if f.link == "" {
				continue
			}
			l := &intent{run: b.runID(), entity: accountLinks, key: f.key, verb: verbCreate, fields: fields{accountLink: f.link}.canonical(), at: now}
			if err := t.intend(l); err != nil {
				return err
			}
			f.linkSeq = l.seq
		}
		return nil
	})
}

// handOver makes one bulk call for some flights and passes them on to be proved.
func (b *bulkSend) handOver(bt *batch) error {
	items := make([]freshsales.Item, len(bt.flights))
	for i, f := range bt.flights {
		items[i] = freshsales.Item{ID: idOf(f.targetID), Key: f.name, Data: f.payload}
	}
	if err := b.client.Jobs().Enter(b.ctx); err != nil {
		return err
	}
	job, err := b.client.BulkUpsert(b.ctx, b.e, items)
	if hold := b.jobHold.get(); err == nil && hold > 0 {
		b.o.Clock.AfterFunc(hold, func() { b.client.Jobs().Leave(true) })
	} else {
		b.client.Jobs().Leave(err == nil)
	}
	for _, f := range bt.flights {
		f.calls++
	}
	if err != nil {
		return err
	}
	bt.job, bt.answered = job, b.now()
	if bt.flights[0].verb == verbCreate {
		return b.reader.add(bt)
	}
	return b.proveUpdates(bt)
}

// linksTravel says whether bulk calls carry account links, as far as we found out.
func (b *bulkSend) linksTravel() bool {
	verdict, err := b.ledger.meta("bulk_links")
	return err == nil && verdict != "ignored"
}
