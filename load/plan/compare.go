package load

import "ferry/internal/run"

// compare turns what was learned into an action.
func (p *planner) compare(k *kind, c *candidate) error {
	s, id := c.step, c.standing.idIfThere()
	switch {
	case id == "" && c.found == "" && p.isTwin(k, c.record):
		s.action, s.reason = actConflict, "another row has the same "+k.identity+"; Freshsales would take both for one"
		return nil
	case id == "" && c.found == "":
		s.action = actCreate
		return nil
	case c.found != "":
		other, err := p.ledger.byTarget(k.entity, c.found)
		if err != nil {
			return err
		}
		if other != nil && other.key != s.key {
			s.action, s.reason = actConflict, "another record of ours already has this "+k.identity+" in Freshsales"
			return nil
		}
		if other == nil && p.isSentByUs(k, c) {
			return p.staleLedger()
		}
		s.targetID = c.found
	}
	if c.theirs == nil {
		if id != "" {
			s.action, s.reason = actConflict, "somebody deleted it in Freshsales; it is not made again"
			return nil
		}
		s.targetID, s.action = "", actCreate
		return nil
	}
	m := merge(c.record.fields, c.base, c.theirs, func(f string) string { return p.policy(k.entity, f) }, p.sameLink)
	p.conclude(c, m)
	return nil
}

// isSentByUs says that a contact carries our key though the ledger knows of none, or that it is gone.
// One that we put back may have had its key before us.
func (p *planner) isSentByUs(k *kind, c *candidate) bool {
	key := asText(c.record.fields["external_id"])
	return (c.standing == nil || c.standing.state != stateRestored) && k.entity == "contacts" && key != "" && c.theirs != nil && asText(c.theirs["external_id"]) == key
}

// staleLedger refuses to go on with a ledger that does not know what was sent: an older copy, or one
// of two that loaded the account. What hangs on contacts would be sent again.
func (p *planner) staleLedger() error {
	return run.Problemf(p.o.Target.Ledger(), "the account carries contacts with our keys that this ledger does not know: it is older than the last load, or they were loaded from elsewhere; loading now would send what belongs to them again").
		WithTry("let the ledger learn what is there: ferry load --target %s --adopt", p.o.Target.Name).WithExit(run.ExitStop)
}

// conclude turns a three-way comparison into a step.
func (p *planner) conclude(c *candidate, m merged) {
	s := c.step
	s.changes, s.withheld = m.changes, append(s.withheld, m.withheld...)
	s.send, s.base, s.isTouched, s.isAsked = m.send, m.base, true, m.isAsked
	switch {
	case len(m.send) > 0:
		s.action = actUpdate
	case len(m.withheld) > 0:
		s.action, s.reason = actConflict, m.withheld[0].Reason
	default:
		s.action = actUnchanged
	}
}

// keepImages makes before-images durable, in a load, before anything is written.
func (p *planner) keepImages(k *kind, ask []*candidate) error {
	if !p.writes {
		return nil
	}
	return p.ledger.do(func(t *ledgerTx) error {
		for _, c := range ask {
			switch {
			case c.theirs == nil || c.step.action == actConflict && c.found == "":
			case c.found != "" && c.step.targetID != "":
				if err := t.find(p.runID(), k.entity, c.step.key, c.found, c.theirs.canonical(), p.now()); err != nil {
					return err
				}
			case c.step.action == actUpdate:
				if err := t.image(p.runID(), k.entity, c.step.key, c.step.targetID, c.theirs.canonical(), p.now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
