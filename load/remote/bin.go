package remote

import (
	"context"
	"strings"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// Bin is who lies in the account's recycle bin, by e-mail address. An account may keep their addresses taken;
// whether this one does is not known before one of them is sent (API.md 3.7).
type Bin struct {
	byEmail map[string]string // numbers
	verdict string
}

// What is known of an account's recycle bin.
const (
	binHolds   = "holds"   // an address in it is refused
	binIsFree  = "is free" // an address in it is taken like any other
	binVerdict = "recycle bin"
)

// mostBinPages bounds memory and calls: of a larger bin nothing is foreseen.
const mostBinPages = 50

// ReadBin lists the recycle bin's contacts, unless the account is known not to mind them or listing them takes
// more calls than it can save.
func (s *Lookups) ReadBin(ctx context.Context, most int64) (*Bin, error) {
	b := &Bin{byEmail: map[string]string{}}
	var err error
	if b.verdict, err = s.Ledger.Meta(binVerdict); err != nil || b.verdict == binIsFree {
		return b, err
	}
	view := s.Account.Bin("contacts")
	for page := 1; view != 0; page++ {
		got, err := s.Client.ViewPage(ctx, freshsales.Contacts, view, FirstPages(page))
		switch freshsales.OutcomeOf(err) {
		case freshsales.Done:
		case freshsales.Gone, freshsales.Forbidden, freshsales.Refused, freshsales.Unsupported:
			return b, nil
		default:
			return nil, s.Explain(err)
		}
		for _, row := range got.Rows {
			for _, e := range append(row.Emails, row.Email) {
				if e = strings.ToLower(strings.TrimSpace(e)); e != "" {
					b.byEmail[e] = record.IdText(row.ID)
				}
			}
		}
		pages := (got.Total + freshsales.MaxBatch - 1) / freshsales.MaxBatch
		if int64(page) >= pages || pages > min(mostBinPages, max(most, 1)) {
			return b, nil
		}
	}
	return b, nil
}

// Holder is the contact in the bin that has an address; "" for none.
func (b *Bin) Holder(email string) string {
	if b == nil {
		return ""
	}
	return b.byEmail[strings.ToLower(strings.TrimSpace(email))]
}

// Minds says whether the account refuses an address that lies in its bin, and whether that is known.
func (b *Bin) Minds() (does, isKnown bool) { return b.verdict == binHolds, b.verdict != "" }

// LearnBin remembers whether the account minded.
func (s *Lookups) LearnBin(b *Bin, minds bool) error {
	if b.verdict = binIsFree; minds {
		b.verdict = binHolds
	}
	return s.Ledger.SetMeta(binVerdict, b.verdict)
}

// InBin is what a person is told whose address lies in the bin.
func InBin(id string) string {
	which := "no living contact has this address, so it sits in the recycle bin of Freshsales"
	if id != "" {
		which = "the contact " + id + " with this address sits in the recycle bin of Freshsales"
	}
	return which + ": restore that contact, or delete it for ever, there; then: ferry load --retry"
}
