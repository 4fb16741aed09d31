package plan

import (
	"slices"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/record"
	"ferry/load/target"
)

// Why a yes is not written over a no.
const (
	noThere  = "said no in Freshsales: their no is kept"
	noBefore = "said no when they were loaded before, and no yes of a later day has come: their no is kept"
)

// consentFields are the fields of a contact that say of one channel whether a person may be written to.
type consentFields struct{ channel, status, flag, refusing string }

var consents = []consentFields{
	{"email", account.ConsentFields["email"], "cf_email_opt_out", "true"},
	{"sms", account.ConsentFields["sms"], "cf_sms_opt_out", "true"},
	{"whatsapp", account.ConsentFields["whatsapp"], "", ""},
	{"push", "", "cf_push_subscription", "false"},
}

// consentDay is the field with the day of what an answer rests on.
const consentDay = "cf_consent_updated"

// consentGrounds say what an answer rests on: they stay as they are while an answer does.
var consentGrounds = []string{consentDay, "cf_consent_source", "cf_consent_type"}

// refusalKeeper keeps a plan from ending a refusal that nothing later ends: one that somebody gave in Freshsales, or one
// that was loaded before and is missing from exports that are older, shorter or read by other rules.
type refusalKeeper struct {
	codes map[string]account.Codes
	kept  int64 // people whose no was kept
}

// keep takes back what would end a refusal.
func (r *refusalKeeper) keep(m *record.Merged, c *candidate) {
	waiting := len(m.Withheld)
	for _, of := range consents {
		field := r.ended(of, m, c.theirs)
		if field == "" {
			continue
		}
		reason := noThere
		if r.isRefusal(of, field, c.base[field]) {
			if reason = noBefore; r.isAnswered(of, c) {
				continue
			}
		}
		m.Withhold(field, reason, c.base)
		for _, also := range slices.Concat([]string{of.status, of.flag}, consentGrounds) {
			m.TakeBack(also, c.base)
		}
	}
	if len(m.Withheld) > waiting {
		r.kept++
	}
}

// tellRefusals says whose no was kept, and what may be wrong.
func (p *Planner) tellRefusals() {
	if p.refusals.kept == 0 {
		return
	}
	text := record.Plural(p.refusals.kept, "contact") + " said no before, and what is to be sent says yes, or nothing, " +
		"without a later day: their no is kept. If an older export was put in the place of a newer one, the newer one is needed"
	p.Notices.Add(target.Notice{Kind: "refusals_kept", Entity: "contacts", Text: text})
	p.Say(run.Warning, "contacts", "%s", text)
}

// ended is the field in which a refusal of a channel would end, "" for none.
func (r *refusalKeeper) ended(c consentFields, m *record.Merged, theirs record.Fields) string {
	for _, field := range []string{c.status, c.flag} {
		want, isSent := m.Send[field]
		if field != "" && isSent && r.isRefusal(c, field, theirs[field]) && !r.isRefusal(c, field, want) {
			return field
		}
	}
	return ""
}

// isRefusal says whether a value of a field of a channel means no.
func (r *refusalKeeper) isRefusal(c consentFields, field string, value any) bool {
	if record.IsEmpty(value) {
		return false
	}
	if field == c.flag {
		return record.AsText(value) == c.refusing
	}
	codes := r.codes[c.channel]
	return codes.IsKnown() && record.Same(field, value, codes.Unsubscribed)
}

// isAnswered says whether what we want to write now rests on a day later than that of the refusal. Where it cannot be
// told from what was written whether no was said or nothing was known, the same day does too.
func (r *refusalKeeper) isAnswered(of consentFields, c *candidate) bool {
	now, dated := record.Instant(record.AsText(c.record.Fields[consentDay]))
	before, wasDated := record.Instant(record.AsText(c.base[consentDay]))
	if !wasDated {
		before = record.TimeOf(c.standing.At) // no later than when it was loaded
	}
	isLater := dated && now.After(before)
	if of.status == "" || r.isRefusal(of, of.status, c.base[of.status]) {
		return isLater
	}
	if r.codes[of.channel].IsKnown() {
		return true // the account tells no from not known: nothing was known
	}
	return isLater || dated == wasDated && now.Equal(before)
}
