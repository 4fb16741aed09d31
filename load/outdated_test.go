package load_test

import (
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// The day of an answer says nothing of another one: a no without a day rests on none, and a yes from before it was
// loaded does not end it.
func TestTheDayOfAnAnswerEndsWithIt(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 5, 5)})
	for _, step := range []struct {
		said answer
		want int64
		day  any
	}{
		{answer{no, nil}, no, nil},
		{answer{yes, on(2026, 5, 6)}, no, nil},
		{answer{yes, on(2099, 1, 1)}, yes, "2099-01-01"},
		{answer{yes, nil}, yes, "2099-01-01"}, // the same answer
	} {
		b.NewRun()
		says(b, "Ann", step.said)
		b.Load()
		stands(b, id, "Ann", step.want)
		day := b.Read(id)["custom_field"].(map[string]any)["cf_consent_updated"]
		if day, _, _ = strings.Cut(fmt.Sprint(day), "T"); fmt.Sprint(day) != fmt.Sprint(step.day) {
			t.Errorf("%v: the day is %v", step.said, day)
		}
	}
}

// Who is held, was subscribed and is not known to be, is subscribed no more.
func TestWhoIsHeldAndNotKnownToSayYesIsSubscribedNoMore(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
	b.NewRun()
	says(b, "Anna", answer{unknown, nil})
	b.Held("c1", "has no address")
	b.Load()
	stands(b, id, "Ann", unknown)
	b.Is(record.OutcomesTable, "contacts", "c1", "outcome", "held")
}

// A yes that is older than a no does not end it because something was said on another channel since.
func TestADayOfAnotherChannelEndsNoNo(t *testing.T) {
	for want, day := range map[int64]any{no: on(2026, 1, 1), yes: on(2026, 5, 6)} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			b, id := annLoaded(t, answer{no, on(2026, 5, 5)})
			b.NewRun()
			says(b, "Ann", answer{yes, on(2026, 6, 1)}) // the newest day of all channels
			if err := record.WriteRows(b.Dir.Model("mapping", "consent_days"), run.Schema{Name: "consent_days",
				Columns: append(loadtest.Texts("person_key", "channel"), run.Column{Name: "said_on", Type: run.Date})},
				[]run.Row{{"c1", "push", on(2026, 6, 1)}, {"c1", "email", day}}); err != nil {
				t.Fatal(err)
			}
			b.Load()
			stands(b, id, "Ann", want)
		})
	}
}

// Whose ids were listed as those of one person are so no more once they are apart; what a person wrote there stays.
func TestIdsOfWhomAContactWasOneWithEnd(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	a := b.Twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"],
		twin.Field{Name: "cf_xtremepush_merged_ids", Label: "Merged", Type: "textarea"})
	if err := b.Twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	load := func(merged any, note string) {
		b.NewRun()
		b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name", "cf_note", "cf_xtremepush_merged_ids"),
			run.Row{"c1", "ann@example.com", "Ash", note, merged})
		b.Load()
	}
	load("u1, u2", "a")
	b.NewRun() // a field that is left out is told, and stays
	b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name", "cf_xtremepush_merged_ids"),
		run.Row{"c1", "ann@example.com", "Ash", "u1, u2"})
	b.Load()
	b.HasNotice("emptied", "cf_note")
	id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
	load(nil, "b")
	if got := b.Read(id)["custom_field"].(map[string]any)["cf_xtremepush_merged_ids"]; got != nil {
		t.Errorf("still one with %v", got)
	}
	load("u1, u3", "b")
	b.Edit(id, `"custom_field":{"cf_xtremepush_merged_ids":"see Ada"}`)
	load(nil, "c")
	got := b.Read(id)["custom_field"].(map[string]any)
	if got["cf_xtremepush_merged_ids"] != "see Ada" || got["cf_note"] != "c" {
		t.Errorf("%v", got)
	}
}

// A number that is gone from the export is still in Freshsales: nobody is written to on it of whom no yes is known any
// more, held or not.
func TestANumberThatIsGoneIsNotWrittenTo(t *testing.T) {
	for name, c := range map[string]struct {
		flag   any
		isHeld bool
		want   int64
	}{"nothing is known": {true, false, unknown}, "held": {true, true, unknown}, "still a yes": {false, false, yes}} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, strings.Replace(codesOfEmail, "email", "sms", 1))
			a := b.Twin.Account()
			a.Fields["contacts"] = append(a.Fields["contacts"],
				twin.Field{Name: "cf_sms_opt_out", Label: "No", Type: "checkbox"})
			if err := b.Twin.SetAccount(a); err != nil {
				t.Fatal(err)
			}
			says := func(number, status, flag any) {
				b.NewRun()
				b.Table("contacts", append(loadtest.Texts("contact_key", "email", "last_name", "mobile_number"),
					run.Column{Name: "sms_subscription_status", Type: run.Bigint},
					run.Column{Name: "cf_sms_opt_out", Type: run.Boolean}),
					run.Row{"c1", "ann@example.com", "Ash", number, status, flag})
			}
			says("+353861234567", yes, false)
			b.Load()
			id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
			says(nil, nil, c.flag)
			if c.isHeld {
				b.Held("c1", "waits")
			}
			if r := b.Load(); r.Calls != r.Estimate.Total {
				t.Errorf("%d calls, planned %d", r.Calls, r.Estimate.Total)
			}
			got := b.Read(id)
			flag := got["custom_field"].(map[string]any)["cf_sms_opt_out"]
			if fmt.Sprint(got["sms_subscription_status"]) != fmt.Sprint(c.want) || flag != c.flag {
				t.Errorf("status %v, opt-out %v", got["sms_subscription_status"], flag)
			}
			if r := b.Load(); r.Writes != 0 {
				t.Errorf("once more: %d writes", r.Writes)
			}
		})
	}
}

// What stands in for a name or an address takes the place of none, whoever made it.
func TestWhatStandsInReplacesNoName(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	says := func(email, first, last string) {
		b.NewRun()
		b.Table("contacts", loadtest.Texts("contact_key", "external_id", "email", "first_name", "last_name"),
			run.Row{"c1", "x1", email, first, last}, run.Row{"c2", "x2", "bob@example.com", first, last})
		if err := record.WriteRows(b.Dir.Model("staging", "options"), run.Schema{Name: "options",
			Columns: loadtest.Texts("name", "value")}, []run.Row{{"contacts.placeholder_last_name", "(unknown)"},
			{"contacts.placeholder_domain", "no-email.invalid"}, {"contacts.without_last_name", "first_name"}}); err != nil {
			t.Fatal(err)
		}
	}
	other := fmt.Sprint(b.Person("bob@example.com", `,"last_name":"Birch"`))
	says("ann@example.com", "Ann", "(unknown)")
	b.Load()
	id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
	is := func(id, email, first, last string) {
		t.Helper()
		if got := b.Read(id); got["email"] != email || got["first_name"] != first || got["last_name"] != last {
			t.Errorf("%v %v %v, want %s %s %s", got["email"], got["first_name"], got["last_name"], email, first, last)
		}
	}
	is(id, "ann@example.com", "Ann", "(unknown)")
	is(other, "bob@example.com", "Ann", "Birch")
	says("ann@example.com", "Anna", "Ash")
	b.Load()
	is(id, "ann@example.com", "Anna", "Ash")
	says("person-c1@no-email.invalid", "Anne", "(unknown)")
	b.Load()
	is(id, "ann@example.com", "Anne", "Ash")
	says("ann@example.com", "Anna", "Anna")
	b.Load()
	is(id, "ann@example.com", "Anna", "Ash")
}

// Of whom the export has nothing but their key any more, held or with what stands in, somebody is asked to look.
func TestWhoIsEmptiedInTheSourceIsNamed(t *testing.T) {
	for name, email := range map[string]any{"held": nil, "with a stand-in": "person-c1@no-email.invalid"} {
		t.Run(name, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			says := func(email, first any, last string) {
				b.NewRun()
				b.Table("contacts", loadtest.Texts("contact_key", "external_id", "email", "first_name", "last_name"),
					run.Row{"c1", "x1", email, first, last})
				if err := record.WriteRows(b.Dir.Model("staging", "options"), run.Schema{Name: "options",
					Columns: loadtest.Texts("name", "value")},
					[]run.Row{{"contacts.placeholder_domain", "no-email.invalid"}}); err != nil {
					t.Fatal(err)
				}
			}
			says("ann@example.com", "Ann", "Ash")
			b.Load()
			says(email, nil, "(unknown)")
			if email == nil {
				b.Held("c1", "has no address")
			}
			b.Load()
			b.HasNotice("blanked", "c1")
		})
	}
}
