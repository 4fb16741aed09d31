package twin

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Harm is one damage that was done.
type Harm struct {
	Kind   string `json:"kind"`
	Entity string `json:"entity"` // as in Dump
	ID     int64  `json:"id"`
	Name   string `json:"name"`            // the record's identity, as Dump writes it
	Field  string `json:"field,omitempty"` // which attribute is wrong now, "" for whole records
}

// DamageKind is a damage by name, with what it does.
type DamageKind struct{ Name, Does string }

// DamageKinds lists every damage that Damage can do.
func DamageKinds() []DamageKind {
	out := make([]DamageKind, len(damages))
	for i, d := range damages {
		out[i] = DamageKind{d.name, d.does}
	}
	return out
}

// damage changes a document and says which attribute, or "" when this record has nothing to harm.
type damage struct {
	name, does string
	table      int
	change     func(t *Twin, d doc) string
	whole      string // lose, erase, copy or add instead of change
}

var damages = []damage{
	{name: "lost_contact", does: "a contact is in the recycle bin", table: tContacts, whole: "lose"},
	{name: "erased_contact", does: "a contact is gone for good", table: tContacts, whole: "erase"},
	{name: "duplicate_contact", does: "a contact is there twice", table: tContacts, whole: "copy"},
	{name: "extra_contact", does: "a contact nobody sent is there", table: tContacts, whole: "add"},
	{name: "truncated_text", does: "a long text lost its end", table: tContacts, change: truncateText},
	{name: "shifted_date", does: "a custom date is a day off", table: tContacts, change: shiftDate},
	{name: "swapped_owner", does: "a contact belongs to somebody else", table: tContacts,
		change: swapRef("owner_id", "owners")},
	{name: "dropped_link", does: "a contact lost its account", table: tContacts, change: drop("sales_accounts")},
	{name: "opt_out_flipped", does: "somebody who opted out is subscribed", table: tContacts, change: flipOptOut},
	{name: "wrong_choice", does: "a drop-down has another choice", table: tContacts, change: wrongChoice},
	{name: "lost_tag", does: "a tag is gone", table: tContacts, change: lostTag},
	{name: "extra_tag", does: "a tag was added", table: tContacts, change: extraTag},
	{name: "changed_number", does: "a custom number is ten times as high", table: tContacts, change: changeNumber},
	{name: "flipped_checkbox", does: "a custom checkbox is the other way", table: tContacts, change: flipCheckbox},
	{name: "emptied_field", does: "a custom field is empty", table: tContacts, change: emptyField},
	{name: "changed_email", does: "the primary address is another", table: tContacts, change: changeEmail},
	{name: "changed_phone", does: "the last digit of a mobile number is another", table: tContacts, change: changePhone},
	{name: "moved_stage", does: "a contact is at another lifecycle stage", table: tContacts,
		change: swapRef("lifecycle_stage_id", "lifecycle_stages")},
	{name: "mangled_text", does: "a name was read in the wrong encoding", table: tContacts, change: mangle},
	{name: "changed_case", does: "a name is in capitals", table: tContacts, change: shout},
	{name: "changed_external_id", does: "the external id is another", table: tContacts,
		change: suffix("external_id", "x")},
	{name: "renamed_account", does: "an account has another name", table: tAccounts, change: suffix("name", " Ltd")},
	{name: "lost_account", does: "an account is in the recycle bin", table: tAccounts, whole: "lose"},
	{name: "lost_task", does: "a task is gone", table: tTasks, whole: "erase"},
	{name: "duplicate_task", does: "a task is there twice", table: tTasks, whole: "copy"},
	{name: "moved_task", does: "a task hangs on another contact", table: tTasks, change: moveTarget},
	{name: "reopened_task", does: "a done task is open", table: tTasks, change: reopen},
	{name: "shifted_due_date", does: "a task is due an hour later", table: tTasks, change: shiftDue},
	{name: "truncated_description", does: "a task's description lost its end", table: tTasks,
		change: truncate("description")},
	{name: "lost_deal", does: "a deal is in the recycle bin", table: tDeals, whole: "lose"},
	{name: "changed_amount", does: "a deal's amount is another", table: tDeals, change: changeAmount},
	{name: "moved_deal", does: "a deal is at another stage", table: tDeals,
		change: swapRef("deal_stage_id", "deal_stages")},
	{name: "dropped_deal_contact", does: "a deal lost its contacts", table: tDeals, change: drop("contact_ids")},
	{name: "lost_note", does: "a note is gone", table: tNotes, whole: "erase"},
	{name: "changed_note", does: "a note says something else", table: tNotes, change: suffix("description", "!")},
}

// Damage does one damage to the first record from the nth on that can suffer it. Nothing tells of
// it: updated_at stays as it was.
func (t *Twin) Damage(kind string, nth int) (Harm, error) {
	i := slices.IndexFunc(damages, func(d damage) bool { return d.name == kind })
	if i < 0 {
		return Harm{}, fmt.Errorf("twin: there is no damage %q", kind)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone != nil {
		return Harm{}, t.gone
	}
	now := t.now()
	t.settle(now)
	lag := t.store.lag
	t.store.lag = 0
	defer func() { t.store.lag = lag }()
	tab := t.store.tables[damages[i].table]
	for step := range len(tab.records) {
		n := int32((nth + step) % len(tab.records))
		if tab.records[n].now.state != live {
			continue
		}
		if h, done := t.harm(&damages[i], tab, n, now); done {
			return h, t.store.log.commit()
		}
	}
	return Harm{}, fmt.Errorf("twin: no record can suffer %s", kind)
}

func (t *Twin) harm(w *damage, tab *table, n int32, now time.Time) (Harm, bool) {
	id := tab.id(n)
	d := maps.Clone(tab.doc(tab.records[n].now))
	h := Harm{Kind: w.name, Entity: tab.kind.name, ID: id, Name: text(t.identity(w.table, num(id)))}
	if h.Name == "" {
		h.Name = text(d["title"])
	}
	switch w.whole {
	case "lose":
		d["deleted_at"] = num(now.UnixMilli())
		tab.put(id, d, binned, now)
		return h, true
	case "erase":
		tab.put(id, doc{}, erased, now)
		return h, true
	case "copy":
		h.ID = tab.nextID()
		tab.put(h.ID, d, live, now)
		return h, true
	case "add":
		h.ID = tab.nextID()
		h.Name = fmt.Sprintf("stranger%d@example.com", h.ID)
		tab.put(h.ID, doc{
			"emails": []any{email(h.Name, true)}, "last_name": "Stranger", "created_at": d["created_at"],
			"updated_at": d["updated_at"],
		}, live, now)
		return h, true
	}
	if h.Field = w.change(t, d); h.Field == "" {
		return Harm{}, false
	}
	tab.put(id, d, live, now)
	return h, true
}
