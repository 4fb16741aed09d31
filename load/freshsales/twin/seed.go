package twin

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Seed adds records to an account, as if they had been there before: nothing is counted, no
// lifecycle moves, views show them at once. It reads what Dump writes, in any order: references may be
// names (owner, lifecycle_stage, sales_account, target) or ids (owner_id, …), and created_at is
// honoured.
func (t *Twin) Seed(r io.Reader) error {
	byEntity := map[string][]json.RawMessage{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var line seedLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("twin: seed line %d: %w", n, err)
		}
		byEntity[line.Entity] = append(byEntity[line.Entity], line.Record)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("twin: seed: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone != nil {
		return t.gone
	}
	now := t.now()
	t.settle(now)
	lag := t.store.lag
	t.store.lag = 0
	defer func() { t.store.lag = lag }()
	if err := t.seedAll(byEntity, now); err != nil {
		return errors.Join(err, t.store.log.commit())
	}
	return t.store.log.commit()
}

func (t *Twin) seedAll(byEntity map[string][]json.RawMessage, now time.Time) error {
	if err := t.seedFields(byEntity[EntityFields]); err != nil {
		return err
	}
	delete(byEntity, EntityFields)
	q := &request{now: now}
	if len(t.account.Owners) > 0 {
		q.user = t.account.Owners[0].ID
	}
	for _, table := range canonTables {
		k := t.store.tables[table].kind
		for i, line := range byEntity[k.name] {
			in, err := decode(line)
			if err != nil {
				return fmt.Errorf("twin: seed %s %d: %w", k.name, i+1, err)
			}
			if wrong := t.seedOne(table, q, in); len(wrong) > 0 {
				return fmt.Errorf("twin: seed %s %d: %s", k.name, i+1, strings.Join(wrong, "; "))
			}
		}
		delete(byEntity, k.name)
	}
	for name := range byEntity {
		return fmt.Errorf("twin: seed: there is no entity %q", name)
	}
	return nil
}

func (t *Twin) seedFields(lines []json.RawMessage) error {
	for i, line := range lines {
		var f struct {
			Field
			Entity  string   `json:"entity"`
			Choices []string `json:"choices"`
		}
		if err := json.Unmarshal(line, &f); err != nil {
			return fmt.Errorf("twin: seed fields %d: %w", i+1, err)
		}
		if !slices.Contains(fieldEntities, f.Entity) {
			return fmt.Errorf("twin: seed fields %d: there is no entity %q", i+1, f.Entity)
		}
		for _, c := range f.Choices {
			f.Field.Choices = append(f.Field.Choices, Choice{Value: c})
		}
		f.complete(t.nextField(f.Entity))
		t.account.Fields[f.Entity] = append(t.account.Fields[f.Entity], f.Field)
	}
	if len(lines) == 0 {
		return nil
	}
	return t.saveAccount()
}

// seedOne writes one record, with names turned into ids.
func (t *Twin) seedOne(table int, q *request, in doc) []string {
	tab := t.store.tables[table]
	if wrong := t.unname(table, in); wrong != "" {
		return []string{wrong}
	}
	d := doc{}
	var wrong []string
	switch table {
	case tCalls, tDocuments, tLists:
		wrong = append(t.write(tab.kind, d, in, false), t.writeTarget(d, in)...)
		for _, name := range []string{"size", "link", "content_type", "name", "contacts", "call_direction"} {
			if v, has := in[name]; has && v != nil {
				d[name] = v
			}
		}
	default:
		wrong = t.fill(table, q, 0, d, in, writing{creating: true})
	}
	if len(wrong) > 0 {
		return wrong
	}
	d["created_at"], d["updated_at"], d["creater_id"] = num(q.now.UnixMilli()), num(q.now.UnixMilli()), num(q.user)
	for _, name := range []string{"created_at", "updated_at"} {
		if at, given := readTime(in[name], t.zone); given {
			d[name] = num(at.UnixMilli())
		}
	}
	tab.put(tab.nextID(), d, live, q.now)
	if size, has := number(d["size"]); has {
		t.stored += size
	}
	return nil
}

// unname turns the names in a seeded record into ids.
func (t *Twin) unname(table int, in doc) string {
	k := t.store.tables[table].kind
	refs := map[string]string{}
	for i := range k.attrs {
		if a := &k.attrs[i]; a.form == aRef {
			refs[strings.TrimSuffix(a.name, "_id")] = a.list
		}
	}
	if table == tDeals {
		refs["deal_stage"], refs["deal_pipeline"] = "deal_stages", "deal_pipelines"
	}
	for name, list := range refs {
		v, named := in[name].(string)
		if !named {
			continue
		}
		it, known := t.account.itemNamed(list, v)
		if !known {
			return fmt.Sprintf("there is no %q among the %s", v, list)
		}
		in[name+"_id"] = num(it.ID)
	}
	for name, as := range map[string]string{"sales_account": "sales_account_id",
		"parent_sales_account": "parent_sales_account_id"} {
		if v, named := in[name].(string); named {
			id, found := t.named(tAccounts, v)
			if !found {
				return fmt.Sprintf("there is no account named by %s", name)
			}
			delete(in, name)
			in[as] = num(id)
		}
	}
	return t.unnameLinks(table, in)
}

func (t *Twin) unnameLinks(table int, in doc) string {
	if list, has := in["sales_accounts"].([]any); has {
		for _, one := range list {
			m, _ := one.(map[string]any)
			if m["id"] != nil {
				continue
			}
			id, found := t.named(tAccounts, text(m["name"]))
			if !found {
				return "there is no account of that name"
			}
			m["id"] = num(id)
		}
	}
	if list, has := in["contacts"].([]any); has {
		var ids []any
		for _, one := range list {
			id, found := t.named(tContacts, text(one))
			if !found {
				return "there is no such contact"
			}
			ids = append(ids, num(id))
		}
		if table == tLists {
			in["contacts"] = ids
		} else {
			in["contacts_added_list"] = ids
		}
	}
	if list, has := in["attendees"].([]any); has {
		for _, one := range list {
			m, _ := one.(map[string]any)
			if owner, known := t.account.itemNamed("owners", text(m["attendee"])); known && m["attendee_type"] != "Contact" {
				m["attendee_id"] = num(owner.ID)
			} else if id, found := t.named(tContacts, text(m["attendee"])); found {
				m["attendee_id"] = num(id)
			}
			delete(m, "attendee")
		}
		in["appointment_attendees_attributes"] = list
	}
	if name, has := in["target"].(string); has {
		class := text(in["target_type"])
		id, found := t.named(targetTables[strings.ToLower(class)], name)
		if !found {
			return "there is no such target"
		}
		in["targetable_type"], in["targetable_id"] = class, num(id)
	}
	return ""
}

// named finds a live record by its identity.
func (t *Twin) named(table int, name string) (int64, bool) {
	tab := t.store.tables[table]
	for _, attribute := range []string{"email", "external_id", "name"} {
		if found := tab.holders(key(attribute, name), live); len(found) > 0 {
			return tab.id(slices.Min(found)), true
		}
	}
	return 0, false
}
