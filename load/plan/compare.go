package plan

import (
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// compare turns what was learned into an action.
func (p *Planner) compare(k *record.Kind, c *candidate) error {
	s, id := c.step, c.standing.IdIfThere()
	p.lookAgain[k.Entity] = p.lookAgain[k.Entity] || c.isAsked
	switch {
	case c.isLeft():
		p.lookAgain[k.Entity] = true
		return nil
	case id == "" && c.found == "" && p.isDuplicate(k, c.record):
		s.Action, s.Reason = Conflict, "another row has the same "+k.Identity+"; Freshsales would take both for one"
		return nil
	case id == "" && c.found == "":
		s.Action = Create
		if c.isChanged {
			s.Send = c.record.Fields
		}
		p.lookInBin(k, c)
		p.lookForRequired(k, c)
		return nil
	case c.found != "":
		other, err := p.Ledger.ByTarget(k.Entity, c.found)
		if err != nil {
			return err
		}
		if other != nil && other.Key != s.Key {
			s.Action, s.Reason = Conflict, claimedBefore+k.Identity+" in Freshsales"
			return nil
		}
		if s.Reason, err = p.isAnothers(k, c); s.Reason != "" || err != nil {
			s.Action, p.lookAgain[k.Entity] = Conflict, true
			return err
		}
		if other == nil && p.isSentByUs(k, c) {
			return p.staleLedger()
		}
		s.TargetID = c.found
	}
	if c.theirs == nil {
		if id != "" {
			s.Action, s.Reason, s.TargetID = Conflict, record.DeletedThere, "" // what hangs on it is not sent either
			return nil
		}
		s.TargetID, s.Action = "", Create
		return nil
	}
	p.countEmptied(k, c)
	if k.Entity == "contacts" && c.held == "" {
		p.tellBlanked(s, c.record.Fields, c.base)
		p.standIns.LeaveNames(c.record.Fields, c.theirs)
		account.EndUnsaid(p.refusals.codes, c.record.Fields, c.base)
		account.EndOutdated(c.record.Fields, c.base)
	}
	if isFound := c.found != "" || c.standing.Origin == ledger.OriginFound; isFound && k.Entity == "accounts" &&
		identOfName(k, record.AsText(c.theirs["name"])) == record.IdentOf(k, c.record) {
		c.record.Fields["name"] = c.theirs["name"] // how a company of theirs is written is theirs to say
	}
	m := record.Merge(c.record.Fields, c.base, c.theirs,
		func(f string) string {
			if k.Entity == "contacts" && p.refusals.isNo(f, c.record.Fields[f]) {
				return record.TakeOurs // a no is written over whatever somebody made of an older answer
			}
			return p.policy(k.Entity, f)
		}, p.sameLink)
	if k.Entity == "contacts" {
		if err := p.refusals.keep(&m, c); err != nil {
			return err
		}
	}
	p.conclude(c, m)
	return nil
}

// lookInBin leaves out a new person whose address lies in a recycle bin that is known to keep it; where that is
// not known, the first of them finds out.
func (p *Planner) lookInBin(k *record.Kind, c *candidate) {
	if k.Entity != "contacts" {
		return
	}
	id := p.Bin.Holder(record.IdentOf(k, c.record))
	if id == "" {
		return
	}
	if minds, _ := p.Bin.Minds(); minds {
		c.step.Action, c.step.Reason, c.step.Send = Conflict, remote.InBin(id), nil
		p.lookAgain[k.Entity] = true
		return
	}
	p.binned++
}

// lookForRequired counts new records without a field that the account requires of them.
func (p *Planner) lookForRequired(k *record.Kind, c *candidate) {
	if c.step.Action != Create {
		return
	}
	for _, name := range p.Account.Required(k.Entity) {
		if v, has := c.record.Fields[name]; !has || record.IsEmpty(v) {
			p.without[[2]string{k.Entity, name}]++
		}
	}
}

// tellRequired says before anything is sent what may be refused for want of a value.
func (p *Planner) tellRequired() {
	for what, n := range p.without {
		p.Notices.Add(target.Notice{Kind: "required_field", Entity: what[0], Key: what[1], Text: fmt.Sprintf(
			"the account requires this field, and %s to be made %s none: they may be refused; give them a value by a rule, or let "+
				"an administrator make the field optional for the load", record.Plural(n, "record"),
			map[bool]string{true: "has", false: "have"}[n == 1])})
	}
}

// countEmptied counts the records with a value of ours that no row gives any more, because it is gone from the exports
// or an answer leaves it out: nothing is known of it, so it stays.
func (p *Planner) countEmptied(k *record.Kind, c *candidate) {
	for name, value := range c.base {
		_, is := c.record.Fields[name]
		if !is && c.held == "" && !record.IsEmpty(value) && record.Same(name, value, c.theirs[name]) &&
			name != account.MergedIDs && !strings.HasPrefix(name, "@") && !slices.Contains(account.ConsentGrounds, name) &&
			!slices.ContainsFunc(c.step.withheld, func(w record.Withheld) bool { return w.Field == name }) {
			p.emptied[[2]string{k.Entity, name}]++
		}
	}
}

func (p *Planner) tellEmptied() {
	for what, n := range p.emptied {
		text := record.Plural(n, "record") + " of an earlier load had a value here, and the exports or the answers give " +
			"none any more: it stays in Freshsales; if it should go, list the field among those that an empty value clears"
		p.Notices.Add(target.Notice{Kind: "emptied", Entity: what[0], Key: what[1], Text: text})
	}
}

// isSentByUs says that a contact carries our key though the ledger knows of none, or that it is gone.
// One that we put back may have had its key before us.
func (p *Planner) isSentByUs(k *record.Kind, c *candidate) bool {
	key := record.AsText(c.record.Fields["external_id"])
	return (c.standing == nil || c.standing.State != ledger.StateRestored) && k.Entity == "contacts" && c.theirs != nil &&
		(key != "" && record.AsText(c.theirs["external_id"]) == key || c.carriesOurMark(k))
}

// staleLedger refuses to go on with a ledger that does not know what was sent: an older copy, or one
// of two that loaded the account. What hangs on contacts would be sent again.
func (p *Planner) staleLedger() error {
	return run.Problemf(p.Options.Target.Ledger(),
		"the account carries contacts with our keys that this ledger does not know: it is older than the last load, or "+
			"they were loaded from elsewhere; loading now would send what belongs to them again").
		WithTry("let the ledger learn what is there: ferry load --target %s --adopt", p.Options.Target.Name).
		WithExit(run.ExitStop)
}

// conclude turns a three-way comparison into a step.
func (p *Planner) conclude(c *candidate, m record.Merged) {
	s := c.step
	s.Changes, s.withheld = m.Changes, append(s.withheld, m.Withheld...)
	s.Send, s.Base, s.IsTouched, s.IsAsked = m.Send, m.Base, true, m.IsAsked || c.isAsked
	switch {
	case len(m.Send) > 0:
		s.Action = Update
	case len(m.Withheld) > 0:
		s.Action, s.Reason = Conflict, m.Withheld[0].Reason
	default:
		s.Action = Unchanged
	}
}

// keepImages makes before-images durable, in a load, before anything is written.
func (p *Planner) keepImages(k *record.Kind, ask []*candidate) error {
	if !p.writes {
		return nil
	}
	return p.Ledger.Do(func(t *ledger.Tx) error {
		for _, c := range ask {
			switch {
			case c.theirs == nil || c.step.Action == Conflict && c.found == "":
			case c.found != "" && c.step.TargetID != "":
				if err := t.Find(p.RunID(), k.Entity, c.step.Key, c.found, c.theirs.Canonical(), p.Now()); err != nil {
					return err
				}
			case c.step.Action == Update:
				if err := t.Image(p.RunID(), k.Entity, c.step.Key, c.step.TargetID, c.theirs.Canonical(), p.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
