package load

import (
	"fmt"
	"strings"
)

// isOptOut says that a record carries a refusal, which is read back always.
func (rc *reconciler) isOptOut(f fields) bool {
	for name, v := range f {
		if strings.HasPrefix(name, "cf_") && strings.HasSuffix(name, "_opt_out") && asText(v) == "true" || rc.refusals[name][asText(v)] {
			return true
		}
	}
	return false
}

// learnRefusals takes the codes that mean no from what the administrator's test contacts showed.
func (rc *reconciler) learnRefusals() error {
	known, err := ReadConsentCodes(rc.o.Target)
	rc.refusals = map[string]map[string]bool{}
	for channel, c := range known {
		rc.refusals[consentFields[channel]] = map[string]bool{fmt.Sprint(c.Unsubscribed): true, fmt.Sprint(c.NotSubscribed): true}
	}
	return err
}

// isNewOptOut says that a refusal was written since all refusals were last read back and right.
func (rc *reconciler) isNewOptOut(s sentRecord) bool {
	return s.good > rc.provenTo && rc.isOptOut(s.fields)
}

// optOutsProven is the meta name of the newest intent up to which every refusal was read back.
const optOutsProven = "optouts_proven"

// learnOptOuts counts the refusals that are still to be read back, and those that were.
func (rc *reconciler) learnOptOuts() error {
	text, err := rc.ledger.meta(optOutsProven)
	if err != nil {
		return err
	}
	rc.provenTo = idOf(text)
	all, err := rc.ledger.countRefusals(rc.refusals, 0)
	if err != nil {
		return err
	}
	if rc.optOuts, err = rc.ledger.countRefusals(rc.refusals, rc.provenTo); err != nil {
		return err
	}
	if t := rc.tallies["contacts"]; t != nil {
		t.OptOutsBefore = all - rc.optOuts
	}
	return nil
}

// rememberOptOuts notes that every refusal written so far was read back and is right.
func (rc *reconciler) rememberOptOuts() error {
	t := rc.tallies["contacts"]
	if t == nil || rc.depth == DepthCounts || t.OptOutsWrong > 0 || t.OptOuts == 0 {
		return nil
	}
	newest, err := rc.ledger.newestGood("contacts")
	if err != nil {
		return err
	}
	return rc.ledger.setMeta(optOutsProven, idText(newest))
}
