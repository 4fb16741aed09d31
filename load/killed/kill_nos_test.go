package killed_test

import (
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// sayTable writes contacts of which some have said no, and who is in them: profile → contact.
func sayTable(b *loadtest.Bench, members map[string]string, isNo map[string]bool) {
	b.NewRun()
	var rows, all []run.Row
	seen := map[string]bool{}
	for _, profile := range record.SortedKeys(members) {
		key := members[profile]
		if all = append(all, run.Row{profile, key}); seen[key] {
			continue
		}
		seen[key] = true
		rows = append(rows, run.Row{key, key + "@example.com", "Ash", isNo[key]})
	}
	b.Table("contacts", append(loadtest.Texts("contact_key", "email", "last_name"),
		run.Column{Name: "cf_email_opt_out", Type: run.Boolean}), rows...)
	b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), all...)
}

// sayNoEverywhere is a second run in which everybody has said no who is sent nothing else: contacts left behind by a
// merge, at once and once more, one of somebody held, and one of somebody whom the exports no longer give.
func sayNoEverywhere(b *loadtest.Bench, _ int) {
	b.T.Helper()
	a := b.Twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"],
		twin.Field{Name: "cf_email_opt_out", Label: "No", Type: "checkbox"})
	if err := b.Twin.SetAccount(a); err != nil {
		b.T.Fatal(err)
	}
	sayTable(b, map[string]string{"a": "a", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f", "g": "g", "h": "h"}, nil)
	loadAs(b, "load")
	sayTable(b, map[string]string{"a": "b", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f", "g": "f", "h": "h"}, nil)
	loadAs(b, "load")
	sayTable(b, map[string]string{"a": "c", "b": "c", "c": "c", "d": "d", "f": "g", "g": "g", "h": "h"},
		map[string]bool{"c": true, "d": true, "g": true})
	b.Held("d", "has no address")
	if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
		Columns: loadtest.Texts("channel", "user_id", "profile_id", "email", "mobile_number")},
		[]run.Row{{"email", nil, "e", nil, nil}}); err != nil {
		b.T.Fatal(err)
	}
}

// whoSaidNo looks, after one more load that has nothing to do, whether the seven contacts of those who said no have it.
func whoSaidNo(b *loadtest.Bench) string {
	b.Twin.ResetCalls()
	loadAs(b, "load")
	var dump strings.Builder
	if err := b.Twin.Dump(&dump, "contacts"); err != nil {
		b.T.Error(err)
	}
	if n := strings.Count(dump.String(), `"cf_email_opt_out":true`); n != 7 || b.Twin.WriteCalls() > 0 {
		b.T.Errorf("%d contacts hold the no, %d writes once more: %s", n, b.Twin.WriteCalls(), dump.String())
	}
	return ""
}
