package load_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"ferry/internal/run"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// A no of somebody who is sent no more reaches the contact that a merge has left of them, too.
func TestANoOfAVanishedPersonReachesAContactLeftToMerge(t *testing.T) {
	for name, c := range map[string]struct {
		now  string  // who is still exported
		said run.Row // whose no it is
		all  int     // how many contacts have it in the end
	}{
		"the profile of the left contact":  {"b", run.Row{"email", nil, nil, "a@example.com", nil}, 1},
		"nobody of the person is exported": {"c", run.Row{"email", nil, "b", nil, nil}, 2},
		"somebody else":                    {"c", run.Row{"email", nil, "d", "d@example.com", nil}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, codesOfEmail)
			write := func(members ...string) {
				var rows, all []run.Row
				for _, m := range members {
					key := m[len(m)-1:]
					rows = append(rows, run.Row{key, key + "@example.com", "Ash", yes})
					for _, profile := range m {
						all = append(all, run.Row{string(profile), key})
					}
				}
				b.Table("contacts", append(loadtest.Texts("contact_key", "email", "last_name"),
					run.Column{Name: "subscription_status", Type: run.Bigint}), rows...)
				b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), all...)
			}
			write("b")
			b.Load()
			b.NewRun()
			write("a", "b")
			b.Load()
			ids := []string{b.Row(record.OutcomesTable, "contacts", "a")["target_id"],
				b.Row(record.OutcomesTable, "contacts", "b")["target_id"]}
			b.NewRun()
			write("ab")
			b.Load()
			b.NewRun()
			write(c.now)
			if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
				Columns: loadtest.Texts("channel", "user_id", "profile_id", "email", "mobile_number")},
				[]run.Row{c.said}); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				if r := b.Load(); r.Calls != r.Estimate.Total || i > 0 && r.Writes > 0 {
					t.Errorf("load %d: %d calls, planned %d, %d writes", i, r.Calls, r.Estimate.Total, r.Writes)
				}
			}
			n := 0
			for _, id := range ids {
				if fmt.Sprint(b.Read(id)["subscription_status"]) == fmt.Sprint(no) {
					n++
				}
			}
			if n != c.all {
				t.Errorf("%d have the no, want %d", n, c.all)
			}
		})
	}
}

// A no that Freshsales refuses is told with their words, and tried again; the load does not end as if all were well.
func TestANoThatIsRefusedIsTold(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
	b.NewRun()
	b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name"), run.Row{"c2", "cid@example.com", "Cole"})
	if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
		Columns: loadtest.Texts("channel", "user_id")}, []run.Row{{"email", "x1"}}); err != nil {
		t.Fatal(err)
	}
	isRefusing := true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && isRefusing {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"errors":{"code":400,"message":["a rule of the account forbids it"]}}`)
			return
		}
		b.Twin.ServeHTTP(w, r)
	}))
	defer srv.Close()
	b.URL = srv.URL + "/crm/sales"
	if r := b.Load(); r.Waiting != 1 {
		t.Errorf("%+v", r)
	}
	b.HasNotice("no_refused", "c1")
	isRefusing = false
	if r := b.Load(); r.Waiting != 0 {
		t.Errorf("once more: %+v", r)
	}
	stands(b, id, "Ann", no)
}
