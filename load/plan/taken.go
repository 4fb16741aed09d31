package plan

import (
	"context"
	"fmt"

	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
)

// What to do with a mobile number that another contact of the account has: contacts.shared_mobile.
const (
	moveMobile = "work_number" // to the work number, if that is free
	HoldMobile = "hold"        // the person waits
)

// MobileWaits ends the sentence that says whose number it is.
const MobileWaits = "; so it waits, as is set for numbers that two people share"

// findByExternalID looks whether a contact of the account carries our external id under other
// addresses. With a Ref or our profile id it is ours; otherwise somebody else gave it that id, which
// is a conflict of this one record.
func (p *Planner) findByExternalID(ctx context.Context, k *record.Kind, scan *remote.Scan, c *candidate) error {
	if k.Entity != "contacts" {
		return nil
	}
	id := scan.HolderOfExternalID(record.AsText(c.record.Fields["external_id"]))
	if id == "" || c.found == id {
		return nil
	}
	if other, err := p.Ledger.ByTarget(k.Entity, id); err != nil || other != nil {
		return err // one of ours; the account tells us if it minds
	}
	if c.found != "" {
		c.withhold("external_id", "the contact "+id+" in Freshsales has this external id already")
		return nil
	}
	if err := p.read(ctx, k, c, id); err != nil || c.theirs == nil {
		return err
	}
	if p.policy("contacts", "external_id") == record.TakeOurs {
		c.found = id
		return nil
	}
	if c.carriesOurMark(k) {
		return p.staleLedger()
	}
	c.theirs = nil
	c.taken = "the contact " + id +
		" in Freshsales has our external id but other addresses: decide whether it is the same person, and " +
		"merge or change it there"
	return nil
}

// carriesOurMark says that a record of the account holds what only ferry writes.
func (c *candidate) carriesOurMark(k *record.Kind) bool {
	own := record.AsText(c.record.Fields["cf_xtremepush_id"])
	return own != "" && record.AsText(c.theirs["cf_xtremepush_id"]) == own ||
		record.AsText(c.theirs[record.RefField]) == record.Ref(k.Entity, c.record.Key)
}

// checkMobile withholds or moves a mobile number that another contact of the account has; numbers are
// unique there, and the person goes without.
func (p *Planner) checkMobile(k *record.Kind, scan *remote.Scan, c *candidate) error {
	if k.Entity != "contacts" {
		return nil
	}
	number := record.AsText(c.record.Fields["mobile_number"])
	id := scan.HolderOfMobile(number)
	own := c.found
	if own == "" {
		own = c.standing.IdIfThere()
	}
	if number == "" || id == "" || id == own {
		return nil
	}
	if other, err := p.Ledger.ByTarget(k.Entity, id); err != nil || other != nil && !p.isLeftBehind(other) {
		return err
	}
	reason := fmt.Sprintf("the contact %s in Freshsales has this number already", id)
	switch p.SharedMobile {
	case HoldMobile:
		c.step.Action, c.step.Reason = Held, reason+MobileWaits
	case moveMobile:
		if record.MoveMobile(c.record.Fields) {
			reason += "; moved to the work number"
		}
	}
	c.withhold("mobile_number", reason)
	return nil
}

// checkOthers withholds a new address or external id of a contact of ours that another contact of the account has: the
// account would refuse all that is sent of the person for it, a no among it.
func (p *Planner) checkOthers(k *record.Kind, scan *remote.Scan, there map[string]remote.ScanRow, c *candidate) error {
	holders := map[string]string{}
	if c.hasNewAddress(k) {
		holders["email"] = there[record.IdentOf(k, c.record)].Id
	}
	if id := record.AsText(c.record.Fields["external_id"]); id != record.AsText(c.base["external_id"]) {
		holders["external_id"] = scan.HolderOfExternalID(id) // of contacts only
	}
	for _, field := range []string{"email", "external_id"} {
		id := holders[field]
		if id == "" || id == c.standing.TargetID {
			continue
		}
		other, err := p.Ledger.ByTarget(k.Entity, id)
		if err != nil {
			return err
		}
		if other != nil && !p.isLeftBehind(other) {
			continue // one of ours, which may be given another itself; the account tells us if it minds
		}
		c.isAsked = true
		c.withhold(field, fmt.Sprintf("the contact %s in Freshsales has this already: merge the two there, and the next "+
			"load sends it", id))
	}
	return nil
}

// hasNewAddress says that a contact of ours gets an address we have not written to it.
func (c *candidate) hasNewAddress(k *record.Kind) bool {
	address, has := c.record.Fields["email"]
	return has && k.Entity == "contacts" && !record.IsEmpty(address) && !record.Same("email", address, c.base["email"])
}

// isLeftBehind says that the person of a record became part of another: it stays in Freshsales, for somebody to merge.
func (p *Planner) isLeftBehind(st *ledger.RecordState) bool {
	return st.State == ledger.StateMerged || p.Moved.behind[st.TargetID]
}

// withhold leaves one field of a row out and lists it.
func (c *candidate) withhold(field, reason string) {
	c.step.withheld = append(c.step.withheld, record.Withheld{Field: field, Value: record.AsText(c.record.Fields[field]),
		Reason: reason})
	delete(c.record.Fields, field)
	c.isChanged = true
}

// isLeft says that a candidate needs no comparison: what was found in the account decided it.
func (c *candidate) isLeft() bool {
	if c.taken != "" {
		c.step.Action, c.step.Reason = Conflict, c.taken
	}
	return c.taken != "" || c.step.Action == Held
}

// readSharedMobile reads the setting that says what becomes of a mobile number somebody has.
func (p *Planner) readSharedMobile() (err error) {
	p.SharedMobile, err = record.Option(p.Dir, "contacts.shared_mobile", moveMobile)
	return err
}
