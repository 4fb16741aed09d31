package plan

import (
	"cmp"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// onlyNo ends the reason of somebody who waits, and of whom a no was sent.
const onlyNo = "; only the no they have given since is sent"

// heldLook looks at somebody who is held. Whoever was loaded before and has said no since is no longer written to,
// whatever they wait for: of them the no is sent, and nothing else.
func (p *Planner) heldLook(k *record.Kind, shape *record.Mapper, row run.Row, decided *candidate) (*candidate, error) {
	s := decided.step
	s.Action, s.Reason = Held, p.held[k.Entity][s.Key]
	if k.Entity != "contacts" || !decided.standing.IsThere() || !p.Wants(k.Entity) ||
		!p.sample.has(k.Entity, s.Key, s.Key) {
		return decided, nil
	}
	base, err := p.baseOf(decided.standing)
	if err != nil {
		return nil, err
	}
	r, err := shape.Record(row)
	if err != nil {
		return nil, err
	}
	p.takePartNos(k, s.Key, r.Fields)
	p.tellBlanked(s, r.Fields, base)
	account.EndUnsaid(p.refusals.codes, r.Fields, base)
	if r.Fields, r.Account = p.refusals.newIn(r.Fields, base), ""; len(r.Fields) == 0 {
		return decided, nil
	}
	c := &candidate{step: s, record: r, standing: decided.standing, held: s.Reason}
	s.Action, s.Reason = "", ""
	return c, nil
}

// tellBlanked names somebody of whom the export has nothing but their key any more.
func (p *Planner) tellBlanked(s *Step, ours, base record.Fields) {
	if p.standIns.IsBlanked(ours, base) {
		p.Notices.Add(target.Notice{Kind: "blanked", Entity: s.entity, Key: s.Key, Text: "was loaded with an address or a " +
			"number, and the exports have neither, nor a name, any more; if they asked to be erased, erase them here and in " +
			"Freshsales, too: what was sent is still there"})
	}
}

// wait ends the comparison of somebody who is held: a no is sent, whatever else was found out waits.
func (p *Planner) wait(c *candidate) {
	s := c.step
	if s.Action != Update {
		s.Action, s.Reason, s.IsTouched, s.withheld, s.Changes = Held, c.held, false, nil, nil
		return
	}
	s.Reason, s.IsAsked = c.held+onlyNo, true
	p.refusals.passed++
}

// stillHeld says of a record of which something was sent although it is held that it is held.
func (p *Planner) stillHeld(st *Step, outcome, reason string) (string, string) {
	held := p.held[st.entity][st.Key]
	if held == "" || outcome != ledger.Updated && outcome != ledger.Pending {
		return outcome, reason
	}
	return Held, cmp.Or(st.Reason, held)
}

// Passed is how many are held and have said no since they were loaded.
func (p *Planner) Passed() int64 { return p.refusals.passed }

// tellPassed says how many those are.
func (p *Planner) tellPassed() {
	if p.refusals.passed == 0 {
		return
	}
	text := record.Plural(p.refusals.passed, "contact") + " of an earlier load said no since, held though they are: the " +
		"no is sent, and nothing else until an answer lets them go"
	p.Notices.Add(target.Notice{Kind: "held_said_no", Entity: "contacts",
		Text: text})
	p.Say(run.Warning, "contacts", "%s", text)
}
