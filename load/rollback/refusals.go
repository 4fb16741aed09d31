package rollback

import (
	"maps"
	"slices"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/record"
)

// keepRefusals takes out of what puts a contact back whatever would end a no that the undone run brought: an older yes
// of ours would stand there, while the person has said no since. What stood there before we first wrote is put back: it
// is the account's own word.
func (u *undo) keepRefusals(codes map[string]account.Codes) {
	if !u.isEarlier || u.st.Entity != "contacts" {
		return
	}
	for _, c := range account.Consents {
		ended := c.Ended(codes, u.live, u.send)
		if ended == "" {
			continue
		}
		u.refused = append(u.refused, ended)
		maps.DeleteFunc(u.send, func(field string, _ any) bool {
			return slices.Contains(c.Answer(), field)
		})
	}
}

// tellRefusals says how many a no was kept of.
func (r *undoing) tellRefusals() {
	if r.refusals > 0 {
		r.Say(run.Warning, "contacts", "%s said no in what is undone: their no is kept, the rest is put back",
			record.Plural(r.refusals, "contact"))
	}
}
