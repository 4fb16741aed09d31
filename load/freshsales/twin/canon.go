package twin

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Entities that Dump, Digest and Seed know, by name.
const (
	EntityFields = "fields" // custom fields, as {"entity":"contacts", ...}
)

// canonTables are the tables of the canonical form, in the order they must be seeded in.
var canonTables = []int{tAccounts, tContacts, tDeals, tTasks, tAppointments, tNotes, tActivities, tCalls,
	tDocuments, tLists}

// Dump writes all live records in a canonical form: one JSON object a line, sorted, with no id and
// no time of the server's in it, and with references by name. Two accounts that hold the same
// give the same text. With names given (contacts, sales_accounts, …, fields), only those.
func (t *Twin) Dump(w io.Writer, only ...string) error {
	lines, err := t.canon(only)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// Digest is a digest of what Dump would write.
func (t *Twin) Digest(only ...string) (string, error) {
	lines, err := t.canon(only)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, line := range lines {
		h.Write(append(line, '\n'))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Counts is how many live records there are, by entity, and how many are in recycle bins, as
// "contacts deleted".
func (t *Twin) Counts() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle(t.now())
	out := map[string]int{}
	for _, table := range canonTables {
		tab := t.store.tables[table]
		out[tab.kind.name] = tab.held[live]
		if n := tab.held[binned]; n > 0 {
			out[tab.kind.name+" deleted"] = n
		}
	}
	return out
}

func (t *Twin) canon(only []string) ([][]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone != nil {
		return nil, t.gone
	}
	t.settle(t.now())
	if err := t.store.log.commit(); err != nil {
		t.gone = err
		return nil, err
	}
	wanted := func(name string) bool { return len(only) == 0 || slices.Contains(only, name) }
	var lines [][]byte
	if wanted(EntityFields) {
		lines = t.canonFields()
	}
	for _, table := range canonTables {
		tab := t.store.tables[table]
		if !wanted(tab.kind.name) {
			continue
		}
		for n := range tab.records {
			if tab.records[n].now.state != live {
				continue
			}
			record := t.canonical(table, tab.doc(tab.records[n].now))
			lines = append(lines, appendJSON(nil, object{{"entity", tab.kind.name}, {"record", record}}))
		}
	}
	slices.SortFunc(lines, bytes.Compare)
	return lines, nil
}

func (t *Twin) canonFields() [][]byte {
	var lines [][]byte
	for _, entity := range fieldEntities {
		for _, f := range t.account.Fields[entity] {
			choices := []string{}
			for _, c := range f.Choices {
				choices = append(choices, c.Value)
			}
			slices.Sort(choices)
			lines = append(lines, appendJSON(nil, object{{"entity", EntityFields}, {"record", doc{
				"entity": entity, "name": f.Name, "label": f.Label, "type": f.Type, "choices": choices,
				"required": f.Required, "unique": f.Unique,
			}}}))
		}
	}
	return lines
}

// notCanonical is what the server adds to a record.
var notCanonical = []string{
	"created_at", "updated_at", "creater_id", "updater_id", "deleted_at", "stage_updated_time", "completed_date",
	"_unique", "note_id",
}

// canonical is a record as Dump writes it.
func (t *Twin) canonical(table int, d doc) doc {
	out := doc{}
	for name, v := range d {
		if !slices.Contains(notCanonical, name) {
			out[name] = v
		}
	}
	k := t.store.tables[table].kind
	for i := range k.attrs {
		a := &k.attrs[i]
		v, has := out[a.name]
		if !has {
			continue
		}
		switch a.form {
		case aRef:
			delete(out, a.name)
			out[strings.TrimSuffix(a.name, "_id")] = t.nameOf(a.list, v)
		case aTime:
			ms, _ := number(v)
			out[a.name] = time.UnixMilli(ms).UTC().Format(time.RFC3339)
		case aTags:
			out[a.name] = sorted(v)
		}
	}
	for _, ref := range []struct {
		attribute, as string
		name          func(any) any
	}{
		{"deal_stage_id", "deal_stage", func(v any) any { return t.nameOf("deal_stages", v) }},
		{"deal_pipeline_id", "deal_pipeline", func(v any) any { return t.nameOf("deal_pipelines", v) }},
		{"sales_account_id", "sales_account", func(v any) any { return t.identity(tAccounts, v) }},
		{"parent_sales_account_id", "parent_sales_account", func(v any) any { return t.identity(tAccounts, v) }},
		{"contact_ids", "contacts", func(v any) any { return t.identities(v) }},
		{"sales_accounts", "sales_accounts", t.canonicalLinks},
	} {
		if v, has := out[ref.attribute]; has {
			delete(out, ref.attribute)
			out[ref.as] = ref.name(v)
		}
	}
	if class, has := out["target_type"]; has {
		table := targetTables[strings.ToLower(text(class))]
		out["target"] = t.identity(table, out["target_id"])
		delete(out, "target_id")
	}
	if list, has := out["attendees"].([]any); has {
		out["attendees"] = t.canonicalAttendees(list)
	}
	if table == tLists {
		out["contacts"] = t.identities(d["contacts"])
	}
	return out
}

// nameOf is an entry's name in a list of the account; owners go by their e-mail address.
func (t *Twin) nameOf(list string, v any) any {
	id, _ := number(v)
	it, known := t.account.item(list, id)
	switch {
	case !known:
		return fmt.Sprintf("(unknown %s)", list)
	case it.Email != "":
		return it.Email
	}
	return it.Name
}

// identity names a record by what is unique to it.
func (t *Twin) identity(table int, v any) any {
	id, _ := number(v)
	d, there := t.store.tables[table].get(id)
	if !there {
		return "(gone)"
	}
	if table != tContacts {
		return d["name"]
	}
	if all := emailsOf(d); len(all) > 0 {
		return strings.ToLower(all[0])
	}
	if external := text(d["external_id"]); external != "" {
		return external
	}
	return displayName(d)
}

func (t *Twin) identities(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, one := range list {
		out = append(out, text(t.identity(tContacts, one)))
	}
	slices.Sort(out)
	return out
}

func (t *Twin) canonicalLinks(v any) any {
	list, _ := v.([]any)
	out := []any{}
	for _, one := range list {
		m, _ := one.(map[string]any)
		out = append(out, map[string]any{"name": t.identity(tAccounts, m["id"]), "is_primary": m["is_primary"]})
	}
	slices.SortFunc(out, func(a, b any) int { return bytes.Compare(appendJSON(nil, a), appendJSON(nil, b)) })
	return out
}

// canonicalAttendees names who takes part: a contact by identity, a user by e-mail address.
func (t *Twin) canonicalAttendees(list []any) []any {
	out := []any{}
	for _, one := range list {
		m, _ := one.(map[string]any)
		who := t.nameOf("owners", m["attendee_id"])
		if m["attendee_type"] == "Contact" {
			who = t.identity(tContacts, m["attendee_id"])
		}
		out = append(out, map[string]any{"attendee_type": m["attendee_type"], "attendee": who})
	}
	return out
}

func sorted(v any) any {
	list, _ := v.([]any)
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	return out
}

// seedLine is one line of what Seed reads.
type seedLine struct {
	Entity string          `json:"entity"`
	Record json.RawMessage `json:"record"`
}
