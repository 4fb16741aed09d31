package plan

import (
	"cmp"
	"fmt"
	"slices"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// LeftNo is a no for a contact of which nothing else is sent: it was left behind when its person became part of
// another, and until somebody merges the two, Freshsales would write to it; or the exports no longer give its person.
type LeftNo struct {
	Key, TargetID string
	Send, Base    record.Fields // Send is empty where somebody has set the no there already
	IsMerged      bool          // left behind by a merge
}

// findLeft finds, by the contact they became part of, the records that are left behind in the account.
func (p *Planner) findLeft() error {
	p.left = p.Moved.others
	known, err := p.Ledger.LeftBehind()
	for of, list := range known {
		now := cmp.Or(p.Moved.went[of], of)
		for _, st := range list {
			if slices.Contains(p.Moved.back, st.Key) {
				continue
			}
			if p.Moved.swap[st.Key] {
				st.Key = p.Moved.take[st.Key].Key
			}
			p.left[now] = append(p.left[now], st)
		}
	}
	return err
}

// sayToLeft plans that a no which a person has said since reaches the contacts left behind of theirs.
func (p *Planner) sayToLeft(k *record.Kind, shape *record.Mapper, row run.Row, key string) error {
	if k.Entity != "contacts" || len(p.left[key]) == 0 || !p.Wants(k.Entity) || p.Options.Sample > 0 {
		return nil
	}
	r, err := shape.Record(row)
	if err != nil {
		return err
	}
	for _, st := range p.left[key] {
		notice := target.Notice{Kind: "left_said_no", Entity: k.Entity, Key: st.Key, Text: fmt.Sprintf("the contact %s, "+
			"which is left for you to merge, is of a person who has said no since: the no is sent to it, too", st.TargetID)}
		base, err := p.baseOf(st)
		if err != nil {
			return err
		}
		account.EndUnsaid(p.refusals.codes, r.Fields, base)
		if err := p.sayTo(k, st, base, r.Fields, notice, true); err != nil {
			return err
		}
	}
	return nil
}

// sayTo plans what a contact is told that it was not told before, by what was written of it.
func (p *Planner) sayTo(k *record.Kind, st *ledger.RecordState, base, wanted record.Fields, notice target.Notice,
	isMerged bool) error {
	said := p.refusals.newIn(wanted, base)
	if len(said) == 0 {
		return nil
	}
	live, err := p.Client.Get(freshsales.WithPhase(p.ctx, "plan"), freshsales.Contacts, record.IdOf(st.TargetID))
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Gone:
		return nil // somebody merged the two, or deleted it
	default:
		return p.Explain(err)
	}
	theirs := p.Account.Remote(k, live)
	m := record.Merge(said, base, theirs, func(string) string { return record.TakeOurs }, p.sameLink)
	p.LeftNos = append(p.LeftNos, LeftNo{st.Key, st.TargetID, m.Send, m.Base, isMerged})
	if len(m.Send) == 0 {
		return nil
	}
	p.leftCalls++
	p.Notices.Add(notice)
	if !p.writes {
		return nil
	}
	return p.Ledger.Do(func(t *ledger.Tx) error {
		return t.Image(p.RunID(), k.Entity, st.Key, st.TargetID, theirs.Canonical(), p.Now())
	})
}
