package plan

import (
	"cmp"
	"fmt"
	"maps"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// goneContact is a contact that the exports or the rules no longer give, or that is left to merge.
type goneContact struct {
	standing *ledger.RecordState
	isMerged bool            // left behind by a merge
	refused  map[string]bool // channels
}

// sayToVanished plans that a no which is said of somebody who is not sent any more, because the export does not have
// them or an answer leaves them out, reaches the contacts that an earlier load made of them. They are known by their
// profiles and by what was written of them: their id, their address, their number.
func (p *Planner) sayToVanished(k *record.Kind) error {
	gone := p.vanishedContacts
	p.vanishedContacts = nil
	if !p.Wants(k.Entity) || p.Options.Sample > 0 || len(p.unsent) == 0 {
		return nil
	}
	contacts, err := p.goneContacts(gone)
	if err != nil {
		return err
	}
	before := p.leftCalls
	for _, c := range contacts {
		base, err := p.baseOf(c.standing)
		if err != nil {
			return err
		}
		c.refuse(p.unsent.Of(base))
		if len(c.refused) == 0 {
			continue
		}
		notice := target.Notice{Kind: "vanished_said_no", Entity: k.Entity, Key: c.standing.Key, Text: fmt.Sprintf(
			"the contact %s, whom the exports or the rules no longer give, has said no: the no is sent", c.standing.TargetID)}
		said := account.Refusing(p.refusals.codes, c.refused, base)
		if err := p.sayTo(k, c.standing, base, said, notice, c.isMerged); err != nil {
			return err
		}
	}
	if n := p.leftCalls - before; n > 0 {
		p.Say(run.Warning, k.Entity, "%s of an earlier load, which the exports or the rules no longer give, said no: "+
			"the no is sent", record.Plural(n, "contact"))
	}
	return nil
}

func (c *goneContact) refuse(channels []string) {
	for _, channel := range channels {
		c.refused[channel] = true
	}
}

// goneContacts are the contacts that a no of somebody who is not sent may be meant for: those nobody wants any more,
// and those left to merge.
func (p *Planner) goneContacts(gone []*ledger.RecordState) ([]*goneContact, error) {
	var list []*goneContact
	of := map[string][]*goneContact{} // by the contact that their profiles are in
	add := func(key string, st *ledger.RecordState, isMerged bool) {
		c := &goneContact{st, isMerged, map[string]bool{}}
		list, of[key] = append(list, c), append(of[key], c)
	}
	for _, st := range gone {
		add(st.Key, st, false)
	}
	for _, key := range record.SortedKeys(p.left) {
		for _, st := range p.left[key] {
			add(key, st, true)
		}
	}
	return list, p.eachRefusing(func(contact string, channels []string) {
		for _, c := range of[contact] {
			c.refuse(channels)
		}
	})
}

// eachRefusing walks the profiles known from earlier loads of which nothing is sent and who refused channels, with the
// contact each is part of.
func (p *Planner) eachRefusing(each func(contact string, channels []string)) error {
	rows, err := p.Ledger.MemberRows(p.ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var profile, contact string
		if err := rows.Scan(&profile, &contact); err != nil {
			return err
		}
		if channels := p.unsent.OfProfile(profile); len(channels) > 0 {
			each(cmp.Or(p.Moved.went[contact], contact), channels)
		}
	}
	return rows.Err()
}

// findPartNos finds who was part of a contact in an earlier load, is not sent any more, and has said no: it is a no of
// the person of that contact, whoever else of them is still sent.
func (p *Planner) findPartNos() (err error) {
	p.partNos = map[string]map[string]bool{}
	if p.unsent, err = account.ReadUnsent(p.Dir); err != nil || len(p.unsent) == 0 {
		return err
	}
	return p.eachRefusing(func(contact string, channels []string) {
		if p.partNos[contact] == nil {
			p.partNos[contact] = map[string]bool{}
		}
		for _, channel := range channels {
			p.partNos[contact][channel] = true
		}
	})
}

// isPartNoNew says whether such a no was not written to a contact yet.
func (p *Planner) isPartNoNew(k *record.Kind, key string, st *ledger.RecordState) (bool, error) {
	if k.Entity != "contacts" || p.partNos[key] == nil || !st.IsThere() {
		return false, nil
	}
	base, err := p.baseOf(st)
	return len(p.refusals.newIn(account.Refusing(p.refusals.codes, p.partNos[key], base), base)) > 0, err
}

// takePartNos writes those of a contact into what is wanted of it, and says whether there are any.
func (p *Planner) takePartNos(k *record.Kind, key string, wanted record.Fields) bool {
	if k.Entity != "contacts" || p.partNos[key] == nil {
		return false
	}
	p.Notices.Add(target.Notice{Kind: "vanished_said_no", Entity: k.Entity, Key: key, Text: "a part of this person, " +
		"which the exports or the rules no longer give, has said no: it is what their contact says"})
	maps.Copy(wanted, account.Refusing(p.refusals.codes, p.partNos[key], wanted))
	return true
}
