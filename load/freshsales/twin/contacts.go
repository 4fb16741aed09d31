package twin

import (
	"fmt"
	"net/http"
	"net/mail"
	"strings"
)

func contactRoutes(add adder) {
	add("POST", "contacts", "contacts.create", createOne(tContacts, "create_code"))
	add("GET", "contacts/{}", "contacts.get", getOne(tContacts))
	add("PUT", "contacts/{}", "contacts.update", updateOne(tContacts))
	add("DELETE", "contacts/{}", "contacts.delete", deleteOne(tContacts))
	add("DELETE", "contacts/{}/forget", "contacts.forget", forgetOne(tContacts))
	add("PUT", "contacts/{}/restore", "contacts.restore", restoreOne(tContacts))
	add("POST", "contacts/{}/clone", "contacts.clone", cloneOne(tContacts))
	add("POST", "contacts/upsert", "contacts.upsert", upsertOne(tContacts))
	add("POST", "contacts/bulk_upsert", "contacts.bulk_upsert", bulkUpsert(tContacts))
	add("POST", "contacts/bulk_destroy", "contacts.bulk_destroy", bulkDestroy(tContacts))
	add("POST", "contacts/bulk_assign_owner", "contacts.bulk_assign_owner", bulkAssign(tContacts))
	add("GET", "contacts/filters", "contacts.filters", filters(tContacts))
	add("GET", "contacts/view/{}", "contacts.view", view(tContacts))
	add("GET", "contacts", "contacts.list", noView)
	add("POST", "contacts/{}/manage_team_members", "contacts.team", manageTeam(tContacts))
	add("GET", "job_statuses/{}", "jobs.get", (*Twin).getJob)
	activityRoutesOf(add, "contacts", "contacts", tContacts)
}

// contactWrite is what is special about writing a contact: addresses, account links, defaults, and
// what must be there and unique (API.md 3.4).
func (t *Twin) contactWrite(d doc, in map[string]any, w writing) []string {
	var wrong []string
	wrong = append(wrong, writeEmails(d, in)...)
	if t.sw.on("email_required") && len(wrong) == 0 && len(emailsOf(d)) == 0 {
		wrong = append(wrong, "Need to fill this Email")
	}
	if t.sw.on("last_name_required") {
		wrong = append(wrong, blank(d, in, "last_name", "Last name can't be blank")...)
	}
	if !w.bulk || t.sw.is("bulk_links", "honoured") {
		wrong = append(wrong, t.writeAccountLinks(d, in)...)
	}
	if w.creating {
		t.contactDefaults(d, in)
	}
	return wrong
}

// contactDefaults puts a new contact at the default stage and its first status.
func (t *Twin) contactDefaults(d doc, in map[string]any) {
	if d["lifecycle_stage_id"] == nil {
		stage, known := t.defaultStage()
		if status, chosen := number(d["contact_status_id"]); chosen && in["lifecycle_stage_id"] == nil {
			if s, found := t.account.item("contact_statuses", status); found {
				stage, known = t.account.itemNamed("lifecycle_stages", s.Parent)
			}
		}
		if known {
			d["lifecycle_stage_id"] = num(stage.ID)
		}
	}
	if d["contact_status_id"] == nil {
		if status, found := t.firstStatus(d["lifecycle_stage_id"]); found {
			d["contact_status_id"] = num(status.ID)
		}
	}
	for _, name := range []string{"sms_subscription_status", "whatsapp_subscription_status"} {
		if d[name] == nil {
			d[name] = num(2)
		}
	}
	if d["subscription_status"] == nil {
		d["subscription_status"] = num(1)
	}
	if d["subscription_types"] == nil {
		d["subscription_types"] = "2;3;4;5;1"
	}
}

func (t *Twin) defaultStage() (Item, bool) {
	for _, s := range t.account.LifecycleStages {
		if s.Default {
			return s, true
		}
	}
	return Item{}, false
}

func (t *Twin) firstStatus(stage any) (Item, bool) {
	id, _ := number(stage)
	s, known := t.account.item("lifecycle_stages", id)
	if !known {
		return Item{}, false
	}
	for _, status := range t.account.ContactStatuses {
		if status.Parent == s.Name {
			return status, true
		}
	}
	return Item{}, false
}

// writeEmails reads every shape in which addresses are sent: one string, a list of strings, a list
// of objects (API.md 3.2).
func writeEmails(d doc, in map[string]any) []string {
	if v, sent := in["email"]; sent && (text(v) != "" || in["emails"] == nil) {
		return setEmails(d, []any{v}, true)
	}
	switch v := in["emails"].(type) {
	case string:
		return setEmails(d, []any{v}, true)
	case []any:
		return setEmails(d, v, false)
	case nil:
		return nil
	}
	return []string{"Emails is invalid"}
}

// setEmails replaces the primary address, or merges a list into what is there.
func setEmails(d doc, sent []any, primaryOnly bool) []string {
	kept, _ := d["emails"].([]any)
	if primaryOnly {
		kept = withoutPrimary(kept)
	} else {
		kept = append([]any{}, kept...)
	}
	for i, one := range sent {
		value, primary, gone := readEmail(one, i == 0 && len(kept) == 0 || primaryOnly)
		if value == "" {
			continue
		}
		if _, err := mail.ParseAddress(value); err != nil || !strings.Contains(value, "@") ||
			strings.ContainsAny(value, " <>,\"") {
			return []string{"Email is invalid"}
		}
		kept = dropEmail(kept, value)
		if gone {
			continue
		}
		if primary {
			kept = withoutPrimaryMark(kept)
			kept = append([]any{email(value, true)}, kept...)
		} else {
			kept = append(kept, email(value, false))
		}
	}
	delete(d, "emails")
	if len(kept) > 0 {
		d["emails"] = kept
	}
	return nil
}

func email(value string, primary bool) map[string]any {
	return map[string]any{"value": value, "is_primary": primary}
}

func readEmail(v any, primary bool) (value string, isPrimary, gone bool) {
	if m, isObject := v.(map[string]any); isObject {
		mark, told := m["is_primary"].(bool)
		gone, _ = m["_destroy"].(bool)
		return strings.TrimSpace(text(m["value"])), mark || !told && primary, gone
	}
	return strings.TrimSpace(text(v)), primary, false
}

func withoutPrimary(list []any) []any {
	var out []any
	for _, e := range list {
		if m, _ := e.(map[string]any); m["is_primary"] != true {
			out = append(out, e)
		}
	}
	return out
}

func withoutPrimaryMark(list []any) []any {
	out := make([]any, len(list))
	for i, e := range list {
		m, _ := e.(map[string]any)
		out[i] = email(text(m["value"]), false)
	}
	return out
}

func dropEmail(list []any, value string) []any {
	var out []any
	for _, e := range list {
		if m, _ := e.(map[string]any); !strings.EqualFold(text(m["value"]), value) {
			out = append(out, e)
		}
	}
	return out
}

// emailsOf are a contact's addresses, the primary one first.
func emailsOf(d doc) []string {
	list, _ := d["emails"].([]any)
	var out []string
	for _, e := range list {
		if m, _ := e.(map[string]any); m["is_primary"] == true {
			out = append([]string{text(m["value"])}, out...)
		} else {
			out = append(out, text(m["value"]))
		}
	}
	return out
}

// displayName is the full name, or the address where there is none.
func displayName(d doc) string {
	name := strings.TrimSpace(text(d["first_name"]) + " " + text(d["last_name"]))
	if name == "" {
		if all := emailsOf(d); len(all) > 0 {
			return all[0]
		}
	}
	return name
}

// writeAccountLinks replaces the set of linked accounts (API.md 3.5).
func (t *Twin) writeAccountLinks(d doc, in map[string]any) []string {
	list, sent := in["sales_accounts"].([]any)
	if v, one := in["sales_account_id"]; one && v != nil {
		list, sent = []any{map[string]any{"id": v, "is_primary": true}}, true
	}
	if !sent {
		if v, there := in["sales_accounts"]; there && v == nil {
			delete(d, "sales_accounts")
		}
		return nil
	}
	var kept []any
	for i, one := range list {
		m, _ := one.(map[string]any)
		id, isID := number(m["id"])
		if _, there := t.store.tables[tAccounts].find(id, live); !isID || !there {
			return []string{"Invalid sales account provided."}
		}
		primary, told := m["is_primary"].(bool)
		kept = append(kept, map[string]any{"id": num(id), "is_primary": primary || !told && i == 0})
	}
	delete(d, "sales_accounts")
	if kept != nil {
		d["sales_accounts"] = kept
	}
	return nil
}

func linkedAccounts(d doc) []string {
	list, _ := d["sales_accounts"].([]any)
	var out []string
	for _, one := range list {
		m, _ := one.(map[string]any)
		out = append(out, text(m["id"]))
	}
	return out
}

// contactUnique is what no two contacts may share, and what Freshsales says of it.
func (t *Twin) contactUnique(d doc) []uniqueValue {
	var out []uniqueValue
	if all := emailsOf(d); len(all) > 0 {
		out = append(out, uniqueValue{key("email", all[0]), all[0] + " already exists."})
	}
	for _, name := range []string{"mobile_number", "external_id"} {
		if v := text(d[name]); v != "" {
			out = append(out, uniqueValue{key(name, v), v + " already exists."})
		}
	}
	return append(out, customUnique(d)...)
}

func customUnique(d doc) []uniqueValue {
	var out []uniqueValue
	for _, k := range uniqueKeys(d) {
		_, value, _ := strings.Cut(k, "\x00")
		out = append(out, uniqueValue{k, fmt.Sprintf("%s already exists.", value)})
	}
	return out
}

// noView is what a list without a view is answered with (API.md 1.4).
func noView(*Twin, *request) answer {
	return failure(http.StatusForbidden, "You are not authorized to view this list.")
}
