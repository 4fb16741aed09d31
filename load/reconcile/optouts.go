package reconcile

import (
	"fmt"
	"strings"

	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
)

// isOptOut says that a record carries a refusal, which is read back always.
func (rc *reconciler) isOptOut(f record.Fields) bool {
	for name, v := range f {
		if strings.HasPrefix(name, "cf_") && strings.HasSuffix(name, "_opt_out") && record.AsText(v) == "true" ||
			rc.refusals[name][record.AsText(v)] {
			return true
		}
	}
	return false
}

// learnRefusals takes the codes that mean no from what the administrator's test contacts showed.
func (rc *reconciler) learnRefusals() error {
	known, err := account.ReadConsentCodes(rc.Options.Target)
	rc.refusals = map[string]map[string]bool{}
	for channel, c := range known {
		if !c.IsKnown() {
			continue // its refusals are the opt-outs of our own
		}
		rc.refusals[account.ConsentFields[channel]] = map[string]bool{fmt.Sprint(c.Unsubscribed): true,
			fmt.Sprint(c.NotSubscribed): true}
	}
	return err
}

// isNewOptOut says that a refusal was written since all refusals were last read back and right.
func (rc *reconciler) isNewOptOut(s ledger.SentRecord) bool {
	return s.Good > rc.provenTo && rc.isOptOut(s.Fields)
}

// optOutsProven is the meta name of the newest intent up to which every refusal was read back.
const optOutsProven = "optouts_proven"

// learnOptOuts counts the refusals that are still to be read back, and those that were.
func (rc *reconciler) learnOptOuts() error {
	text, err := rc.Ledger.Meta(optOutsProven)
	if err != nil {
		return err
	}
	rc.provenTo = record.IdOf(text)
	all, err := rc.Ledger.CountRefusals(rc.refusals, 0)
	if err != nil {
		return err
	}
	if rc.optOuts, err = rc.Ledger.CountRefusals(rc.refusals, rc.provenTo); err != nil {
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
	newest, err := rc.Ledger.NewestGood("contacts")
	if err != nil {
		return err
	}
	return rc.Ledger.SetMeta(optOutsProven, record.IdText(newest))
}
