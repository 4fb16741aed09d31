package send

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
)

// bulkSend sends one kind in batches: new records by their identity, known ones by id.
type bulkSend struct {
	*Sender
	k       *record.Kind
	e       freshsales.Entity
	ctx     context.Context
	shape   *record.Mapper
	reader  *reader
	workers *pool.ErrorPool
	failed  atomic.Bool
	size    *batchSize
	newest  int64 // the account's newest record of this kind before ours
}

// bulk sends contacts or accounts.
func (s *Sender) bulk(k *record.Kind, f *plan.File) error {
	b := &bulkSend{Sender: s, k: k, e: record.EntityOf(k), ctx: freshsales.WithPhase(s.calls, k.Entity),
		workers: pool.New().WithMaxGoroutines(s.Options.Workers).WithErrors().WithFirstError()}
	var err error
	if b.size, err = s.sizeOf(k.Entity); err != nil {
		return err
	}
	if err := b.start(f); err != nil {
		return err
	}
	feedErr := b.feed(f)
	failure := b.workers.Wait()
	b.reader.end(failure != nil || feedErr != nil && b.Sender.ctx.Err() == nil)
	if failure != nil {
		return failure
	}
	if feedErr != nil {
		return feedErr
	}
	return b.reader.err
}

func (b *bulkSend) start(f *plan.File) (err error) {
	in, err := f.Open(b.k)
	if err != nil {
		return err
	}
	columns := in.Desired.Columns()
	in.Close()
	if b.shape, err = record.NewMapper(b.k, columns, b.p.Clears[b.k.Entity], b.account); err != nil {
		return err
	}
	if b.newest, err = b.look.NewestBefore(b.k.Entity); err != nil {
		return err
	}
	if b.reader, err = newReader(b); err != nil {
		return err
	}
	return nil
}

// feed turns steps into batches; creates and updates are proved in different ways, so they travel
// apart.
func (b *bulkSend) feed(f *plan.File) error {
	creates, updates := &batch{}, &batch{}
	push := func(bt *batch, least int) (*batch, error) {
		if len(bt.writes) < least {
			return bt, nil
		}
		select {
		case <-b.reader.failed:
			return bt, b.reader.err
		case <-b.Sender.ctx.Done():
			return bt, b.Interrupted()
		default:
		}
		if b.failed.Load() {
			return bt, errStopped
		}
		b.workers.Go(func() error {
			if b.failed.Load() {
				return nil
			}
			err := b.sendBatch(bt)
			if err != nil {
				b.failed.Store(true)
			}
			return err
		})
		return &batch{}, nil
	}
	err := f.Each(b.k, func(row run.Row, st *plan.Step) error {
		var err error
		switch {
		case st.Action == plan.Create:
			fl, err := b.createWrite(row, st)
			if err != nil {
				return err
			}
			if isDone, err := b.fromBin(fl); isDone || err != nil {
				return err
			}
			creates.writes = append(creates.writes, fl)
			creates, err = push(creates, int(b.size.most.Load()))
			return err
		case st.Action == plan.Update:
			updates.writes = append(updates.writes, b.updateWrite(row, st))
			updates, err = push(updates, int(b.size.most.Load()))
			return err
		case st.IsTouched:
			return b.touch(b.k, row, st, b.shape)
		}
		return b.Sender.ctx.Err()
	})
	if err == nil {
		_, err = push(creates, 1)
	}
	if err == nil {
		_, err = push(updates, 1)
	}
	return err
}

func (b *bulkSend) createWrite(row run.Row, st *plan.Step) (*write, error) {
	r, err := b.shape.Record(row)
	if err != nil {
		return nil, err
	}
	account := r.Account
	if st.Send != nil {
		r.Fields = st.Send // the plan left something out that somebody has already
	}
	delete(r.Fields, record.AccountLink)
	fl := &write{key: r.Key, ident: record.IdentOf(b.k, r), name: strings.TrimSpace(record.AsText(r.Fields[b.k.Identity])),
		digest: r.Digest, fields: r.Fields.Canonical(), verb: ledger.VerbCreate}
	if b.k.Entity == "contacts" && b.Options.AccountsFirst && account != "" && b.linksTravel() {
		if st, err := b.Ledger.StateOf("accounts", account); err != nil {
			return nil, err
		} else if st.IsThere() {
			fl.link, fl.linkID = account, record.IdOf(st.TargetID)
		}
	}
	fl.payload = b.account.BulkPayload(b.k, withoutIdentity(b.k, r.Fields), fl.linkID, record.Ref(b.k.Entity, r.Key))
	return fl, nil
}

// withoutIdentity leaves out what a bulk item says beside its data.
func withoutIdentity(k *record.Kind, f record.Fields) record.Fields {
	out := record.Fields{}
	for name, v := range f {
		if name != k.Identity {
			out[name] = v
		}
	}
	return out
}

func (b *bulkSend) updateWrite(row run.Row, st *plan.Step) *write {
	digest, _ := b.shape.DigestOf(row, nil)
	if st.IsAsked {
		digest = nil
	}
	return &write{key: st.Key, targetID: st.TargetID, digest: digest, fields: st.Base.Canonical(), sent: st.Send,
		verb:    ledger.VerbUpdate,
		payload: b.account.BulkPayload(b.k, st.Send, 0, "")}
}

// sendBatch makes the intents durable, hands the batch over and sees to its proof.
func (b *bulkSend) sendBatch(bt *batch) error {
	if most := int(b.size.most.Load()); most > 0 && len(bt.writes) > most {
		for _, some := range chunks(bt.writes, most) {
			if err := b.sendBatch(&batch{writes: append([]*write(nil), some...)}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := b.intend(bt); err != nil {
		return err
	}
	if err := b.handOver(bt); err != nil {
		if freshsales.OutcomeOf(err) != freshsales.Refused {
			return err
		}
		return b.findPoison(bt, freshsales.MessagesOf(err))
	}
	return nil
}

func (b *bulkSend) intend(bt *batch) error {
	return b.Ledger.Do(func(t *ledger.Tx) error {
		now := b.Now()
		for _, f := range bt.writes {
			i := &ledger.Intent{Run: b.RunID(), Entity: b.k.Entity, Key: f.key, Verb: f.verb, TargetID: f.targetID,
				Fields: f.fields, At: now}
			if err := t.Intend(i); err != nil {
				return err
			}
			f.seq, f.fields = i.Seq, nil
			if f.link == "" {
				continue
			}
			l := &ledger.Intent{Run: b.RunID(), Entity: record.AccountLinks, Key: f.key, Verb: ledger.VerbCreate,
				Fields: record.Fields{record.AccountLink: f.link}.Canonical(), At: now}
			if err := t.Intend(l); err != nil {
				return err
			}
			f.linkSeq = l.Seq
		}
		return nil
	})
}

// handOver makes one bulk call for some flights and passes them on to be proved.
func (b *bulkSend) handOver(bt *batch) error {
	if err := b.post(bt); err != nil {
		return err
	}
	if bt.writes[0].verb == ledger.VerbCreate {
		return b.reader.add(bt)
	}
	return b.proveUpdates(bt)
}

// post makes one bulk call.
func (b *bulkSend) post(bt *batch) error {
	items := make([]freshsales.Item, len(bt.writes))
	for i, f := range bt.writes {
		items[i] = freshsales.Item{ID: record.IdOf(f.targetID), Key: f.name, Data: f.payload}
	}
	if err := b.Client.Jobs().Enter(b.ctx); err != nil {
		return err
	}
	job, err := b.Client.BulkUpsert(b.ctx, b.e, items)
	if hold := b.JobHold.Get(); err == nil && hold > 0 {
		b.Options.Clock.AfterFunc(hold, func() { b.Client.Jobs().Leave(true) })
	} else {
		b.Client.Jobs().Leave(err == nil)
	}
	for _, f := range bt.writes {
		f.calls++
	}
	if err != nil {
		return err
	}
	bt.job, bt.answered, bt.size = job, b.Now(), len(bt.writes)
	return nil
}

// linksTravel says whether bulk calls carry account links, as far as we found out.
func (b *bulkSend) linksTravel() bool {
	verdict, err := b.Ledger.Meta("bulk_links")
	return err == nil && verdict != "ignored"
}
