package load_test

import (
	"fmt"
	"io"
	"testing"

	"ferry/internal/run"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// Who was one with somebody, is not exported any more and has said no, has said it for the contact they are part of.
func TestANoOfAVanishedPartReachesTheContact(t *testing.T) {
	for name, c := range map[string]struct {
		part   string
		said   run.Row // channel, user_id, profile_id
		first  string  // name of the one who is left
		isHeld bool
		want   int64
	}{
		"by its profile":        {"p2", run.Row{"email", nil, "P2"}, "Ann", false, no},
		"by its user":           {"u:9", run.Row{"email", "9", nil}, "Ann", false, no},
		"in any channel":        {"p2", run.Row{"?", nil, "p2"}, "Ann", false, no},
		"besides another name":  {"p2", run.Row{"email", nil, "p2"}, "Anna", false, no},
		"of somebody held":      {"p2", run.Row{"email", nil, "p2"}, "Ann", true, no},
		"in another channel":    {"p2", run.Row{"sms", nil, "p2"}, "Ann", false, yes},
		"of somebody else":      {"p2", run.Row{"email", nil, "p3"}, "Ann", false, yes},
		"where nobody said one": {"p2", nil, "Ann", false, yes},
	} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, codesOfEmail)
			members := func(profiles ...string) {
				var rows []run.Row
				for _, p := range profiles {
					rows = append(rows, run.Row{p, "c1"})
				}
				b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), rows...)
			}
			says(b, "Ann", answer{yes, on(2026, 1, 1)})
			members("c1", c.part)
			b.Load()
			id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
			b.NewRun()
			says(b, c.first, answer{yes, on(2026, 1, 1)})
			members("c1")
			if c.isHeld {
				b.Held("c1", "an address nobody has")
			}
			if c.said != nil {
				if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
					Columns: loadtest.Texts("channel", "user_id", "profile_id")}, []run.Row{c.said}); err != nil {
					t.Fatal(err)
				}
			}
			for i := range 2 {
				r := b.Load()
				if r.Calls != r.Estimate.Total || i > 0 && r.Writes > 0 {
					t.Errorf("load %d: %d calls, planned %d, %d writes", i, r.Calls, r.Estimate.Total, r.Writes)
				}
				stands(b, id, c.first, c.want)
				if i == 0 && c.want == no {
					b.HasNotice("vanished_said_no", "c1")
				}
			}
		})
	}
}

// The codes of the account may have been learned after somebody was loaded: their no is said in the subscription, too.
func TestANoIsSaidInCodesLearnedLater(t *testing.T) {
	for name, c := range map[string]struct{ part, left string }{
		"of a vanished part": {"p2", "c1"}, "of a vanished person": {"c1", "c2"},
	} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, `{}`)
			write := func(key string, members ...string) {
				b.Table("contacts", append(loadtest.Texts("contact_key", "email", "last_name"),
					run.Column{Name: "cf_email_opt_out", Type: run.Boolean}), run.Row{key, key + "@example.com", "Ash", false})
				var rows []run.Row
				for _, m := range members {
					rows = append(rows, run.Row{m, key})
				}
				b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), rows...)
			}
			write("c1", "c1", "p2")
			b.Load()
			id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
			if err := run.WriteFile(b.Options().Target.Consent(), func(w io.Writer) error {
				_, err := io.WriteString(w, codesOfEmail)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			b.NewRun()
			write(c.left, c.left)
			if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
				Columns: loadtest.Texts("channel", "profile_id")}, []run.Row{{"email", c.part}}); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				if r := b.Load(); r.Calls != r.Estimate.Total || i > 0 && r.Writes > 0 {
					t.Errorf("load %d: %d calls, planned %d, %d writes", i, r.Calls, r.Estimate.Total, r.Writes)
				}
				if got := fmt.Sprint(b.Read(id)["subscription_status"]); got != fmt.Sprint(no) {
					t.Errorf("load %d: %s", i, got)
				}
			}
		})
	}
}
