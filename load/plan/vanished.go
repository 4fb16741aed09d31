package plan

import (
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// goneContact is a contact of an earlier load that the exports or the rules no longer give.
type goneContact struct {
	standing *ledger.RecordState
	base     record.Fields
	refused  map[string]bool // channels
}

// sayToVanished plans that a no which is said of somebody who is not sent any more, because the export does not have
// them or an answer leaves them out, reaches the contact that an earlier load made of them. They are known by their
// profiles and by what was written of them: their id, their address, their number.
func (p *Planner) sayToVanished(k *record.Kind) error {
	gone := p.vanishedContacts
	p.vanishedContacts = nil
	if len(gone) == 0 || !p.Wants(k.Entity) || p.Options.Sample > 0 {
		return nil
	}
	var contacts []*goneContact
	known := map[string][]*goneContact{}
	err := record.ReadIfThere(p.Dir.Model("mapping", "unsent_refusals"), func(columns []run.Column, row run.Row) error {
		if contacts == nil { // of most exports there is no such refusal, and nobody need be looked at
			var err error
			if contacts, err = p.knowVanished(gone, known); err != nil {
				return err
			}
		}
		channel := record.TextAt(row, record.ColumnAt(columns, "channel"))
		for column, names := range vanishedBy {
			value := record.TextAt(row, record.ColumnAt(columns, column))
			for _, name := range names {
				for _, c := range known[vanishedIdent(name, value)] {
					c.refused[channel] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	before := p.leftCalls
	for _, c := range contacts {
		if len(c.refused) == 0 {
			continue
		}
		notice := target.Notice{Kind: "vanished_said_no", Entity: k.Entity, Key: c.standing.Key, Text: fmt.Sprintf(
			"the contact %s, whom the exports or the rules no longer give, has said no: the no is sent", c.standing.TargetID)}
		if err := p.sayTo(k, c.standing, p.refusals.of(c.refused, c.base), notice, false); err != nil {
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

func (p *Planner) knowVanished(gone []*ledger.RecordState, known map[string][]*goneContact) ([]*goneContact, error) {
	var list []*goneContact
	byKey := map[string]*goneContact{}
	know := func(ident string, c *goneContact) {
		if ident != "" {
			known[ident] = append(known[ident], c)
		}
	}
	for _, st := range gone {
		base, err := p.baseOf(st)
		if err != nil {
			return nil, err
		}
		c := &goneContact{st, base, map[string]bool{}}
		list, byKey[st.Key] = append(list, c), c
		for _, field := range []string{"external_id", "cf_xtremepush_id", "email", "mobile_number"} {
			know(vanishedIdent(field+" ", record.AsText(base[field])), c)
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
		if c := byKey[contact]; c != nil {
			know(strings.ToLower(profile), c)
		}
	}
	return list, rows.Err()
}

// of are the refusals of some channels, in those fields that were written of a contact. A channel that nobody
// understood is every channel.
func (r *refusalKeeper) of(channels map[string]bool, base record.Fields) record.Fields {
	said := record.Fields{}
	for _, of := range account.Consents {
		if !channels[of.Channel] && !channels["?"] {
			continue
		}
		if _, has := base[of.Status]; has && r.codes[of.Channel].IsKnown() {
			said[of.Status] = r.codes[of.Channel].Unsubscribed
		}
		if _, has := base[of.Flag]; has {
			said[of.Flag] = of.Refusing()
		}
	}
	return said
}
