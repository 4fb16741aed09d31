package load_test

import (
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
