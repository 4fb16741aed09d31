package load

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

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
