package twin

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// API.md 1.2, 1.4, 10.35.
func TestKeys(t *testing.T) {
	b := start(t, free(Config{Key: "main", Keys: []Key{
		{Token: "reader", ReadOnly: true}, {Token: "nobody", NoAccess: true}, {Token: "sam", Owner: "sam@example.com",
			OwnedOnly: true},
	}}))
	b.key = "main"
	id := b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200).id("contact.id")
	b.key = "wrong"
	b.call("GET", "/contacts/"+id, nil).is(401).has("login", "failed", "message", nil)
	b.key = "reader"
	b.call("GET", "/contacts/"+id, nil).is(200)
	b.call("PUT", "/contacts/"+id, m{"contact": m{"city": "x"}}).is(403)
	b.key = "nobody"
	b.call("GET", "/contacts/"+id, nil).is(403).has("errors.code", 403)
	b.key = "sam"
	b.call("GET", "/contacts/"+id, nil).is(404)
	b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil).is(200).has("meta.total", 0)
}

// API.md 1.2, 1.4.
func TestOddRequests(t *testing.T) {
	b := start(t, free(Config{}))
	b.call("POST", "/contacts", `{"contact":`).is(400)
	b.call("POST", "/contacts", m{"nothing": 1}).is(400).says("Invalid or missing attributes")
	b.call("POST", "/sales_accounts", m{"nothing": 1}).is(500).has("error_code", 500)
	b.call("GET", "/contacts/abc", nil).is(404)
	if g := b.call("GET", "/contacts/abc", nil); g.body != "" {
		t.Errorf("a body for an id that is none: %s", g.body)
	}
	b.call("GET", "/contacts/12.xml", nil).is(406)
	b.call("GET", "/contacts", nil).is(403)
	b.call("GET", "/contacts/view/1", nil).is(403)
	b.call("GET", "/contacts/70042000001", nil).is(404).has("errors.code", 404)
	b.call("GET", "/nothing", nil).is(404)
	b.call("DELETE", "/tasks/70060000001", nil).is(404)
}

// API.md 3.4.
func TestContactRules(t *testing.T) {
	b := start(t, free(Config{}))
	one := func(c m) got { return b.call("POST", "/contacts", m{"contact": c}) }
	one(m{"mobile_number": "1"}).is(400).says("Need to fill this Email")
	one(m{"external_id": "1"}).is(400)
	one(m{"email": "no address"}).is(400).says("Email is invalid")
	one(m{"email": "a@example.com", "mobile_number": "abc-!!", "external_id": "e1",
		"first_name": strings.Repeat("é", 100)}).is(200).
		has("contact.mobile_number", "abc-!!", "contact.last_name", nil)
	one(m{"email": "A@Example.COM"}).is(400).says("A@Example.COM already exists.")
	one(m{"email": "b@example.com", "mobile_number": "abc-!!"}).is(400).says("abc-!! already exists.")
	one(m{"email": "b@example.com", "external_id": "e1", "first_name": strings.Repeat("x", 300)}).is(400).
		says("First name is too long (maximum is 100 characters)", "e1 already exists.")
	one(m{"email": "b@example.com", "contact_status_id": 1}).is(400).says("Invalid contact status provided.")
	one(m{"email": "b@example.com", "lifecycle_stage_id": 1}).is(400).says("Invalid lifecycle stage provided.")
	one(m{"email": "b@example.com", "subscription_status": "1"}).is(400)
	one(m{"id": 0, "email": "b@example.com", "lead_score": 0, "links": m{}, "emails": nil,
		"created_at": "0001-01-01T00:00:00Z", "custom_field": m{}}).
		is(200).has("contact.lead_score", 0)
}

// API.md 3.4, 3.10: a new contact is a new lead.
func TestContactDefaults(t *testing.T) {
	b := start(t, free(Config{}))
	stages := b.call("GET", "/selector/lifecycle_stages", nil).is(200)
	statuses := b.call("GET", "/selector/contact_statuses", nil).is(200)
	c := b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200)
	c.has("contact.lifecycle_stage_id", stages.at("lifecycle_stages.0.id"), "contact.contact_status_id",
		statuses.at("contact_statuses.0.id"))
	stages.has("lifecycle_stages.0.name", "Lead", "lifecycle_stages.0.default", true, "lifecycle_stages.0.type", "Lead",
		"lifecycle_stages.0.contact_status_ids.0", statuses.at("contact_statuses.0.id"), "lifecycle_stages.0.position", 1)
	statuses.has("contact_statuses.0.name", "New", "contact_statuses.0.lifecycle_stage_id",
		stages.at("lifecycle_stages.0.id"))
	// The types of API.md 3.3: a string here, a number there.
	c.has("contact.record_type_id", "71010794476", "contact.customer_fit", 0, "contact.subscription_status", 1,
		"contact.subscription_types", "2;3;4;5;1", "contact.sms_subscription_status", 2, "contact.is_deleted", false)
	if c.count("contact.tags") != 0 || c.count("contact.phone_numbers") != 0 {
		t.Error(c.body)
	}
}

// API.md 3.2.
func TestEmailShapes(t *testing.T) {
	b := start(t, free(Config{}))
	for i, shape := range []any{"p%d@example.com", []any{"p%d@example.com"},
		[]any{m{"value": "p%d@example.com", "is_primary": true, "label": nil}}} {
		address := fmt.Sprintf("p%d@example.com", i)
		body := m{"contact": m{"emails": fill(shape, fmt.Sprint(i))}}
		b.call("POST", "/contacts", body).is(200).
			has("contact.email", address, "contact.emails.0.value", address, "contact.emails.0.is_primary", true)
	}
	id := b.contact("p0@example.com")
	b.call("PUT", "/contacts/"+id, m{"contact": m{"emails": []any{m{"value": "second@example.com",
		"is_primary": false}}}}).is(200).
		has("contact.email", "p0@example.com", "contact.emails.1.value", "second@example.com")
	b.call("PUT", "/contacts/"+id, m{"contact": m{"emails": []any{m{"value": "second@example.com", "_destroy": true}}}}).
		is(200).
		has("contact.emails.0.value", "p0@example.com")
	b.call("PUT", "/contacts/"+id, m{"contact": m{"email": "new@example.com"}}).is(200).
		has("contact.email", "new@example.com")
	b.call("PUT", "/contacts/"+id, m{"contact": m{"email": "p1@example.com"}}).is(400).
		says("p1@example.com already exists.")
}

// fill puts a number into the pattern of an address, wherever it is.
func fill(v any, with string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "%d", with)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = fill(v[i], with)
		}
		return out
	case m:
		out := m{}
		for k := range v {
			out[k] = fill(v[k], with)
		}
		return out
	}
	return v
}

// API.md 3.1: absent is unchanged, present is overwritten, null clears.
func TestUpdateClears(t *testing.T) {
	b := seeded(t, Config{})
	id := b.contact("ann@example.com")
	b.clock.Advance(time.Hour)
	g := b.call("PUT", "/contacts/"+id, m{"contact": m{"external_id": nil, "tags": []any{"c"},
		"custom_field": m{"cf_note": nil, "cf_points": 13}}}).is(200)
	g.has("contact.external_id", nil, "contact.first_name", "Ann", "contact.tags.0", "c",
		"contact.custom_field.cf_note", nil,
		"contact.custom_field.cf_points", 13, "contact.custom_field.cf_tier", "Gold", "contact.updated_at",
		"2026-03-02T06:00:00-04:00",
		"contact.created_at", "2026-03-02T05:00:00-04:00")
}

// API.md 3.5.
func TestUpsert(t *testing.T) {
	b := seeded(t, Config{})
	up := func(by, c m) got {
		return b.call("POST", "/contacts/upsert?include=sales_accounts,owner", m{"unique_identifier": by, "contact": c})
	}
	up(m{"emails": "ANN@example.com"}, m{"city": "Cork"}).is(200).
		has("contact.city", "Cork", "contact.last_name", "Müller",
			"contact.sales_accounts.0.name", "Acme", "contact.sales_accounts.0.is_primary", true,
			"contact.sales_accounts.0.partial", true,
			"users.0.email", "ada@example.com")
	up(m{"emails": "new@example.com"}, m{"last_name": "New"}).is(201).has("contact.email", "new@example.com")
	up(m{"emails": "only@example.com"}, m{"emails": "only@example.com"}).is(201).
		has("contact.display_name", "only@example.com")
	up(m{"external_id": "x1"}, m{}).is(400)
	up(m{"emails": ""}, m{}).is(400)
	up(m{}, m{}).is(400)
	b.call("POST", "/sales_accounts/upsert", m{"unique_identifier": m{"name": "acme"},
		"sales_account": m{"city": "Cork"}}).is(200).has("sales_account.name", "Acme")
	b.call("POST", "/sales_accounts/upsert", m{"unique_identifier": m{"name": "Other"},
		"sales_account": m{"city": "Cork"}}).is(201).has("sales_account.name", "Other")
	b.call("POST", "/deals/upsert", m{"unique_identifier": m{"name": "Big"}, "deal": m{"amount": 1}}).is(400)
}

// API.md 3.7.
func TestRecycleBin(t *testing.T) {
	b := seeded(t, Config{})
	id := b.contact("bob@example.com")
	if g := b.call("DELETE", "/contacts/"+id, nil).is(200); g.body != "true" {
		t.Error(g.body)
	}
	b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).is(200).
		has("meta.total", 1, "contacts.0.email", "bob@example.com", "contacts.0.is_deleted", true)
	b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil).is(200).has("meta.total", 1)
	b.call("PUT", "/contacts/"+id+"/restore", nil).is(404)
	b.call("POST", "/contacts/bulk_destroy", m{"selected_ids": []any{b.contact("ann@example.com"), 5}}).
		is(200).at("message")
	b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).is(200).has("meta.total", 2)
	b.call("DELETE", "/contacts/"+id+"/forget", nil).is(200)
	b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).is(200).has("meta.total", 1)
	b.call("POST", "/contacts", m{"contact": m{"email": "ann@example.com", "mobile_number": "+353861"}}).is(200)
	b.clock.Advance(91 * 24 * time.Hour)
	b.call("GET", "/contacts/view/"+b.viewID("Recycle Bin"), nil).is(200).has("meta.total", 0)
}

func TestBulkAssignAndClone(t *testing.T) {
	b := seeded(t, Config{})
	owners := b.call("GET", "/selector/owners", nil).is(200)
	sam, ann := owners.at("users.1.id"), b.contact("ann@example.com")
	b.call("POST", "/contacts/bulk_assign_owner", m{"selected_ids": []any{ann}, "owner_id": sam}).is(200)
	b.call("GET", "/contacts/"+ann+"?include=owner", nil).is(200).
		has("contact.owner_id", sam, "users.0.email", "sam@example.com")
	b.call("POST", "/contacts/"+ann+"/clone",
		m{"contact": m{"email": "twin@example.com", "mobile_number": nil, "external_id": nil}}).is(200).
		has("contact.first_name", "Ann", "contact.email", "twin@example.com", "contact.custom_field.cf_tier", "Gold")
	b.call("POST", "/contacts/"+ann+"/clone", m{"contact": m{}}).is(400)
}
