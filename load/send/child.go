package send

import (
	"context"
	"regexp"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
)

// childWrite is one record of a contact between its intent and its outcome.
type childWrite struct {
	write
	k         *record.Kind
	row       run.Row
	record    *record.Record
	contactID int64
	accountID int64
	isOpen    bool // an earlier process intended it: look before sending
	since     time.Time
	update    freshsales.Attributes
}

type childResult struct {
	f *childWrite
	o *ledger.Outcome
}

func (ps *peopleSend) outcomes(results []childResult) error {
	for len(results) > 0 {
		entity, n := results[0].f.k.Entity, 0
		var list []*write
		byFlight := map[*write]*ledger.Outcome{}
		for n < len(results) && results[n].f.k.Entity == entity {
			list = append(list, &results[n].f.write)
			byFlight[&results[n].f.write] = results[n].o
			n++
		}
		if err := ps.resolved(entity, list, func(f *write) ledger.Outcome { return *byFlight[f] }); err != nil {
			return err
		}
		results = results[n:]
	}
	return nil
}

// prepare resolves a record's parents; nil means that it is blocked and recorded as such.
func (ps *peopleSend) prepare(p *person, it *item) (*childWrite, error) {
	r, err := ps.shapes[it.k.Entity].Record(it.row)
	if err != nil {
		return nil, err
	}
	f := &childWrite{k: it.k, row: it.row, record: r}
	f.key, f.digest, f.targetID, f.verb = r.Key, r.Digest, it.step.TargetID, ledger.VerbCreate
	f.fields = r.Fields.Canonical()
	if contact, err := ps.parentID("contacts", r.Contact); err != nil {
		return nil, err
	} else if f.contactID = contact; contact == 0 && r.Contact != "" {
		return nil, nil
	}
	if f.accountID, err = ps.parentID("accounts", r.Account); err != nil {
		return nil, err
	}
	if it.step.Action == plan.Update {
		f.verb = ledger.VerbUpdate
		f.fields = it.step.Base.Canonical()
		contact, account := int64(0), int64(0)
		if _, moved := it.step.Send[record.ContactLink]; moved {
			contact = f.contactID
		}
		if _, moved := it.step.Send[record.AccountLink]; moved {
			account = f.accountID
		}
		f.update = ps.account.Change(it.k, it.step.Send, contact, account, record.Ref(it.k.Entity, r.Key))
		return f, nil
	}
	f.payload = ps.account.Payload(it.k, r.Fields, f.contactID, f.accountID, record.Ref(it.k.Entity, r.Key))
	st, err := ps.Ledger.StateOf(it.k.Entity, r.Key)
	if err != nil {
		return nil, err
	}
	if f.isOpen = st.IsUnderWay(); f.isOpen {
		f.seq = st.Open
	}
	return f, nil
}

func (ps *peopleSend) parentID(entity, key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	st, err := ps.Ledger.StateOf(entity, key)
	if err != nil || !st.IsThere() {
		return 0, err
	}
	return record.IdOf(st.TargetID), nil
}

func (ps *peopleSend) intendAll(list []*childWrite) error {
	return ps.Ledger.Do(func(t *ledger.Tx) error {
		for _, f := range list {
			i := &ledger.Intent{Run: ps.RunID(), Entity: f.k.Entity, Key: f.key, Verb: f.verb, TargetID: f.targetID,
				Fields: f.fields, At: ps.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			f.seq = i.Seq
		}
		return nil
	})
}

// one makes the call of one record. No outcome and no error means: it must be looked for.
func (ps *peopleSend) one(f *childWrite) (*ledger.Outcome, error) {
	ctx := freshsales.WithPhase(ps.ctx, f.k.Entity)
	e := record.EntityOf(f.k)
	f.calls++
	if f.verb == ledger.VerbUpdate {
		err := ps.inEitherForm(f, &f.update, func() error {
			_, err := ps.Client.Update(ctx, e, record.IdOf(f.targetID), f.update)
			return err
		})
		return ps.classify(f, f.targetID, ledger.Updated, err)
	}
	var r freshsales.Record
	err := ps.inEitherForm(f, &f.payload, func() (err error) {
		r, err = ps.create(ctx, e, f)
		return err
	})
	if freshsales.OutcomeOf(err) == freshsales.Unknown {
		f.since = ps.Now()
		ps.doubts.add(f)
		return nil, nil
	}
	return ps.classify(f, record.IdText(r.ID()), ledger.Created, err)
}

// inEitherForm makes a call, and makes it once more with the choices of drop-downs in the other form when it was
// refused for them.
func (ps *peopleSend) inEitherForm(f *childWrite, payload *freshsales.Attributes, call func() error) error {
	err := call()
	if freshsales.OutcomeOf(err) != freshsales.Refused {
		return err
	}
	other, isText := ps.inOtherForm(f.k, *payload, freshsales.MessagesOf(err))
	if other == nil {
		return err
	}
	*payload = other
	f.calls++
	again := call()
	switch freshsales.OutcomeOf(again) {
	case freshsales.Done:
		return ps.learnForm(f.k, account.Singly, isText)
	case freshsales.Refused:
		return err
	}
	return again
}

func (ps *peopleSend) classify(f *childWrite, id, result string, err error) (*ledger.Outcome, error) {
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		return &ledger.Outcome{Outcome: result, TargetID: id, Digest: f.digest}, nil
	case freshsales.Refused:
		return &ledger.Outcome{Outcome: ledger.Refused, Reason: freshsales.MessagesOf(err), TargetID: f.targetID,
			Digest: f.digest}, nil
	case freshsales.Gone:
		return &ledger.Outcome{Outcome: ledger.Refused, Reason: "it, or what it belongs to, is no longer in Freshsales",
			TargetID: f.targetID, Digest: f.digest}, nil
	}
	return nil, err
}

// saysGone recognises, in whatever words, that a record is refused for what it is to hang on.
var saysGone = regexp.MustCompile(`(?i)target|contact|not found|no longer|exist`)

// lookForContact looks, once, whether the contact of a record that was refused is still there: somebody may have
// deleted it since it was loaded. If so, nothing else that hangs on it is sent, and the next plan looks at it.
func (ps *peopleSend) lookForContact(f *childWrite, o *ledger.Outcome) error {
	if _, isKnown := ps.gone.Load(f.contactID); isKnown || f.contactID == 0 || !saysGone.MatchString(o.Reason) {
		return nil
	}
	_, err := ps.Client.Get(freshsales.WithPhase(ps.ctx, f.k.Entity), freshsales.Contacts, f.contactID)
	isGone := freshsales.OutcomeOf(err) == freshsales.Gone
	if ps.gone.Store(f.contactID, isGone); !isGone {
		return err
	}
	o.Reason = record.ContactDeleted
	return ps.Ledger.Do(func(t *ledger.Tx) error {
		return t.Resolve(ledger.Outcome{Run: ps.RunID(), Entity: "contacts", Key: f.record.Contact, Outcome: ledger.Conflict,
			Reason: record.DeletedThere, TargetID: record.IdText(f.contactID), At: ps.Now()})
	})
}

func (ps *peopleSend) create(ctx context.Context, e freshsales.Entity, f *childWrite) (freshsales.Record, error) {
	if e.Name != freshsales.Documents.Name {
		return ps.Client.Create(ctx, e, f.payload)
	}
	file, err := ps.file(f)
	if err != nil {
		return nil, err
	}
	return ps.Client.Upload(ctx, file)
}
