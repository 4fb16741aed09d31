package twin

import (
	"encoding/json"
	"reflect"
	"testing"
)

// A row written straight says what a row written the long way says.
func TestRowsAreThinRecords(t *testing.T) {
	for _, s := range []Switches{{}, {"thin_updated_at": "off"}, {"thin_external_id": "off"}} {
		b := seeded(t, Config{Switches: s})
		b.call("PUT", "/contacts/"+b.contact("ann@example.com"),
			m{"contact": m{"address": "1 \"Main\" St\n\u202e", "job_title": "Ünïcode", "keyword": "k",
				"emails": []any{m{"value": "second@example.com"}}, "subscription_types": "1;2", "campaign_id": nil}}).is(200)
		b.call("DELETE", "/contacts/"+b.contact("bob@example.com"), nil).is(200)
		tab := b.twin.store.tables[tContacts]
		for n := range tab.records {
			v := tab.records[n].shown
			stored, err := tab.store.log.read(v.at, v.size)
			if err != nil {
				t.Fatal(err)
			}
			id := tab.id(int32(n))
			var straight, long any
			if err := json.Unmarshal(b.twin.appendRow(nil, id, stored), &straight); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(appendJSON(nil, b.twin.thin(tContacts, &request{}, id, tab.doc(v))), &long); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(straight, long) {
				t.Errorf("%v:\n%v\n%v", s, straight, long)
			}
		}
	}
}
