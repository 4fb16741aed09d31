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

// refusalKeeper keeps a plan from ending a refusal that nothing later ends: one that somebody gave in Freshsales, or one
// that was loaded before and is missing from exports that are older, shorter or read by other rules.
type refusalKeeper struct {
	codes map[string]account.Codes
	dir   run.Dir
	yes   *account.YesDays // read once a no might end
	kept  int64            // people whose no was kept

	passed int64 // people who are held, and whose no is sent
}

// isNo says whether a value of a field is a refusal.
func (r *refusalKeeper) isNo(field string, value any) bool {
	return slices.ContainsFunc(account.Consents, func(of account.Consent) bool {
		return (field == of.Status || field == of.Flag) && of.IsRefusal(r.codes, field, value)
	})
}

// newIn are the refusals among what we want that we have not written yet, and what they rest on. Who was subscribed and
// is not known to be is subscribed no more.
func (r *refusalKeeper) newIn(wanted, base record.Fields) record.Fields {
	said := record.Fields{}
	for field, value := range wanted {
		if r.isNo(field, value) && !r.isNo(field, base[field]) {
			said[field] = value
		}
	}
	for _, of := range account.Consents {
		codes := r.codes[of.Channel]
		if v := wanted[of.Status]; !record.IsEmpty(v) && codes.IsKnown() && !record.Same(of.Status, v, codes.Subscribed) &&
			record.Same(of.Status, base[of.Status], codes.Subscribed) {
			said[of.Status] = v
		}
	}
	for _, ground := range account.ConsentGrounds {
		v, has := wanted[ground]
		if _, had := base[ground]; (has || had) && len(said) > 0 {
			said[ground] = v
		}
	}
	return said
}

// keep takes back what would end a refusal.
func (r *refusalKeeper) keep(m *record.Merged, c *candidate) error {
	waiting := len(m.Withheld)
	for _, of := range account.Consents {
		if flag := c.record.Fields[of.Flag]; r.isNo(of.Status, m.Send[of.Status]) && r.isNo(of.Flag, flag) &&
			!r.isNo(of.Flag, c.theirs[of.Flag]) {
			m.Add(of.Flag, c.theirs[of.Flag], flag) // a no that is new is said in both places
		}
		field := of.Ended(r.codes, c.theirs, m.Send)
		if field == "" {
			continue
		}
		reason := noThere
		if of.IsRefusal(r.codes, field, c.base[field]) {
			isAnswered, err := r.isAnswered(of, c)
			if err != nil {
				return err
			}
			if reason = noBefore; isAnswered {
				continue
			}
		}
		m.Withhold(field, reason, c.base)
		for _, also := range of.Answer() {
			m.TakeBack(also, c.base)
		}
	}
	if len(m.Withheld) > waiting {
		r.kept++
	}
	return nil
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

// isAnswered says whether what we want to write now rests on a day later than that of the refusal: one of the same
// channel. Where what was written does not tell whether no was said or nothing was known, the same day does too.
func (r *refusalKeeper) isAnswered(of account.Consent, c *candidate) (_ bool, err error) {
	if r.yes == nil {
		if r.yes, err = account.ReadYesDays(r.dir); err != nil {
			return false, err
		}
	}
	ours := record.AsText(c.record.Fields[account.ConsentDay])
	now, dated := r.yes.Of(c.record.Key, of.Channel, ours)
	before, wasDated := record.Instant(record.AsText(c.base[account.ConsentDay]))
	if !wasDated {
		before = record.TimeOf(c.standing.At) // no later than when it was loaded
	}
	isLater := dated && now.After(before)
	if of.Status == "" || of.IsRefusal(r.codes, of.Status, c.base[of.Status]) {
		return isLater, nil
	}
	if r.codes[of.Channel].IsKnown() {
		return true, nil // the account tells no from not known: nothing was known
	}
	now, dated = record.Instant(ours)
	return isLater || dated == wasDated && now.Equal(before), nil
}
