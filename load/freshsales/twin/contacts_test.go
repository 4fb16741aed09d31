package twin

import (
	"fmt"
	"testing"
	"time"
)

func TestContactRoundTrip(t *testing.T) {
	b := start(t, free(Config{}))
	made := b.call("POST", "/contacts", m{"contact": m{"first_name": "Ann", "email": "Ann@Example.com",
		"mobile_number": "+353861"}}).
		is(200).has("contact.email", "Ann@Example.com", "contact.display_name", "Ann", "contact.record_type_id",
		"71010794476",
		"contact.created_at", "2026-03-02T05:00:00-04:00")
	id := made.id("contact.id")
	b.call("PUT", "/contacts/"+id, m{"contact": m{"last_name": "Lee", "mobile_number": nil}}).is(200).
		has("contact.first_name", "Ann", "contact.last_name", "Lee", "contact.mobile_number", nil)
	b.call("DELETE", "/contacts/"+id, nil).is(200)
	b.call("GET", "/contacts/"+id, nil).is(404)
	b.call("DELETE", "/contacts/"+id, nil).is(404)
}

func TestBulkUpsertJob(t *testing.T) {
	b := start(t, free(Config{Switches: Switches{"job_seconds": "2", "index_lag_seconds": "5"}}))
	var items []m
	for i := range 100 {
		items = append(items, m{"emails": fmt.Sprintf("p%d@example.com", i), "data": m{"first_name": "P"}})
	}
	items[7]["emails"] = "not an address"
	url := b.call("POST", "/contacts/bulk_upsert", m{"contacts": items}).is(200).at("job_status_url").(string)
	b.call("GET", url, nil).is(200).has("status", "IN_PROGRESS")
	b.clock.Advance(2 * time.Second)
	b.call("GET", url, nil).is(200).has("status", "SUCCESS", "progress", 100)
	all := b.viewID("All Contacts")
	b.call("GET", "/contacts/view/"+all, nil).is(200).has("meta.total", 0, "meta.total_pages", 1)
	b.clock.Advance(5 * time.Second)
	page := b.call("GET", "/contacts/view/"+all+"?per_page=100&sort=updated_at&sort_type=desc", nil).is(200).
		has("meta.total", 99)
	if n := page.count("contacts"); n != 99 {
		t.Fatalf("%d rows", n)
	}
}

func (b *bench) viewID(name string) string {
	b.Helper()
	g := b.call("GET", "/contacts/filters", nil).is(200)
	for i := range g.count("filters") {
		if g.at(fmt.Sprintf("filters.%d.name", i)) == any(name) {
			return g.id(fmt.Sprintf("filters.%d.id", i))
		}
	}
	b.Fatalf("no view %s", name)
	return ""
}
