package plan

import (
	"cmp"
	"fmt"
	"strings"

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
	if !p.Wants(k.Entity) || p.Options.Sample > 0 {
		return nil
	}
	refused := map[string][]string{} // channels, by what names the person
	if err := record.ReadIfThere(p.Dir.Model("mapping", "unsent_refusals"), func(columns []run.Column, row run.Row) error {
		channel := record.TextAt(row, record.ColumnAt(columns, "channel"))
		for column, names := range vanishedBy {
			value := record.TextAt(row, record.ColumnAt(columns, column))
			for _, name := range names {
				if ident := vanishedIdent(name, value); ident != "" {
					refused[ident] = append(refused[ident], channel)
				}
			}
		}
		return nil
	}); err != nil || len(refused) == 0 {
		return err // of most exports there is no such refusal, and nobody need be looked at
	}
	contacts, err := p.goneContacts(gone, refused)
	if err != nil {
		return err
	}
	before := p.leftCalls
	for _, c := range contacts {
		base, err := p.baseOf(c.standing)
		if err != nil {
			return err
		}
		for _, field := range []string{"external_id", "cf_xtremepush_id", "email", "mobile_number"} {
			c.refuse(refused[vanishedIdent(field+" ", record.AsText(base[field]))])
		}
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

// vanishedBy are the names by which a contact is known that a column of a refusal speaks of: its own profiles, by their
// keys, and fields that were written of it.
var vanishedBy = map[string][]string{"user_id": {"u:", "external_id ", "cf_xtremepush_id "},
	"profile_id": {"", "external_id ", "cf_xtremepush_id "}, "email": {"e:", "email "},
	"mobile_number": {"m:", "mobile_number "}}

func vanishedIdent(name, value string) string {
	if value == "" {
		return ""
	}
	return name + strings.ToLower(value)
}

func (c *goneContact) refuse(channels []string) {
	for _, channel := range channels {
		c.refused[channel] = true
	}
}

// goneContacts are the contacts that a no of somebody who is not sent may be meant for: those nobody wants any more,
// and those left to merge.
func (p *Planner) goneContacts(gone []*ledger.RecordState, refused map[string][]string) ([]*goneContact, error) {
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
	rows, err := p.Ledger.MemberRows(p.ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var profile, contact string
		if err := rows.Scan(&profile, &contact); err != nil {
			return nil, err
		}
		for _, c := range of[cmp.Or(p.Moved.went[contact], contact)] {
			c.refuse(refused[strings.ToLower(profile)])
		}
	}
	return list, rows.Err()
}
