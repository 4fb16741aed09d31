package load_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// answer is what the tables say of a person's e-mail consent.
type answer struct{ status, day any }

func on(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

const yes, no, unknown = int64(1), int64(2), int64(3)

func consentBench(t *testing.T, codes string) *loadtest.Bench {
	b := loadtest.NewBench(t, loadtest.Quick())
	a := b.Twin.Account()
	for name, kind := range map[string]string{"cf_email_opt_out": "checkbox", "cf_consent_updated": "date"} {
		a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: name, Label: name, Type: kind})
	}
	if err := b.Twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	err := run.WriteFile(b.Options().Target.Consent(), func(w io.Writer) error {
		_, err := io.WriteString(w, codes)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const codesOfEmail = `{"email":{"subscribed":1,"unsubscribed":2,"not_subscribed":3}}`

// says writes one contact whose consent is an answer.
func says(b *loadtest.Bench, name string, a answer, email ...string) {
	var flag any
	if a.status != nil {
		flag = a.status != yes
	}
	columns := append(loadtest.Texts("contact_key", "external_id", "email", "first_name", "last_name"),
		run.Column{Name: "subscription_status", Type: run.Bigint}, run.Column{Name: "cf_email_opt_out", Type: run.Boolean},
		run.Column{Name: "cf_consent_updated", Type: run.Date})
	b.Table("contacts", columns,
		run.Row{"c1", "x1", append(email, "ann@example.com")[0], name, "Ash", a.status, flag, a.day})
	b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), run.Row{"c1", "c1"})
}

// annLoaded loads a contact with an answer, and gives its number.
func annLoaded(t *testing.T, a answer) (*loadtest.Bench, string) {
	b := consentBench(t, codesOfEmail)
	says(b, "Ann", a)
	b.Load()
	return b, b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
}

// stands checks what the account holds of the contact.
func stands(b *loadtest.Bench, id, name string, status int64) {
	b.T.Helper()
	got := b.Read(id)
	flag := got["custom_field"].(map[string]any)["cf_email_opt_out"]
	if fmt.Sprint(got["subscription_status"]) != fmt.Sprint(status) || fmt.Sprint(flag) != fmt.Sprint(status != yes) ||
		got["first_name"] != name {
		b.T.Errorf("status %v, opt-out %v, first name %v; want %d and %s", got["subscription_status"], flag,
			got["first_name"], status, name)
	}
}

func TestANoThatWasLoadedEndsOnlyByALaterYes(t *testing.T) {
	for name, c := range map[string]struct {
		before, now answer
		want        int64
	}{
		"an older yes":                  {answer{no, on(2026, 5, 5)}, answer{yes, on(2026, 1, 1)}, no},
		"a later yes":                   {answer{no, on(2026, 5, 5)}, answer{yes, on(2026, 6, 1)}, yes},
		"a yes of the same day":         {answer{no, on(2026, 5, 5)}, answer{yes, on(2026, 5, 5)}, no},
		"an undated yes":                {answer{no, on(2026, 5, 5)}, answer{yes, nil}, no},
		"an old yes on an undated no":   {answer{no, nil}, answer{yes, on(2020, 1, 1)}, no},
		"a new yes on an undated no":    {answer{no, nil}, answer{yes, on(2099, 1, 1)}, yes},
		"a no of which nothing is left": {answer{no, on(2026, 5, 5)}, answer{unknown, nil}, no},
		"nothing known, then a yes":     {answer{unknown, nil}, answer{yes, on(2026, 1, 1)}, yes},
	} {
		t.Run(name, func(t *testing.T) {
			b, id := annLoaded(t, c.before)
			b.NewRun()
			says(b, "Anna", c.now)
			for range 2 { // what waits is looked at again
				b.Load()
				stands(b, id, "Anna", c.want)
				if c.want == no {
					b.HasNotice("refusals_kept", "")
				}
			}
		})
	}
}

func TestANoInFreshsalesIsKeptWhateverThePolicy(t *testing.T) {
	ours := func(o *load.RunOptions) { o.OnConflict = map[string]string{"": record.TakeOurs} }
	t.Run("of somebody we never loaded", func(t *testing.T) {
		b := consentBench(t, codesOfEmail)
		id := fmt.Sprint(b.Person("ann@example.com", `,"subscription_status":2,"custom_field":{"cf_email_opt_out":true}`))
		says(b, "Anna", answer{yes, on(2026, 5, 5)})
		b.Load(ours)
		stands(b, id, "Anna", no)
	})
	t.Run("since it was loaded", func(t *testing.T) {
		b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
		b.Edit(id, `"subscription_status":2,"custom_field":{"cf_email_opt_out":true}`)
		b.NewRun()
		says(b, "Anna", answer{yes, on(2026, 5, 5)})
		b.Load(ours)
		stands(b, id, "Anna", no)
	})
}

// Where the account does not show its codes, only the opt-out of our own is written.
func TestWithoutCodesAnOlderYesEndsNoOptOut(t *testing.T) {
	for want, now := range map[bool]any{true: on(2026, 1, 1), false: on(2026, 5, 5)} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			b := consentBench(t, `{"email":{"nobody_is_written_to":true,"confirmed_by":"Ada"}}`)
			write := func(out bool, day any) {
				columns := append(loadtest.Texts("contact_key", "external_id", "email", "last_name"),
					run.Column{Name: "cf_email_opt_out", Type: run.Boolean}, run.Column{Name: "cf_consent_updated", Type: run.Date})
				b.Table("contacts", columns, run.Row{"c1", "x1", "ann@example.com", "Ash", out, day})
				b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), run.Row{"c1", "c1"})
			}
			write(true, on(2026, 5, 5))
			b.Load()
			id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
			b.NewRun()
			write(false, now)
			b.Load()
			if got := b.Read(id)["custom_field"].(map[string]any)["cf_email_opt_out"]; got != want {
				t.Errorf("opt-out %v, want %v", got, want)
			}
		})
	}
}

// Undoing one run does not bring an older yes of ours back; what stood there before ferry is the account's own word.
func TestUndoingARunDoesNotUndoARefusal(t *testing.T) {
	t.Run("of a contact ferry made", func(t *testing.T) {
		b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
		b.NewRun()
		says(b, "Anna", answer{no, on(2026, 5, 5)})
		b.Load()
		b.UndoLastRun()
		stands(b, id, "Ann", no)
		day := b.Read(id)["custom_field"].(map[string]any)["cf_consent_updated"]
		if !strings.HasPrefix(fmt.Sprint(day), "2026-05-05") {
			t.Errorf("the no rests on %v", day)
		}
		b.NewRun()
		says(b, "Anna", answer{yes, on(2026, 1, 1)}) // the exports of before once more
		b.Load()
		stands(b, id, "Anna", no)
	})
	t.Run("of a contact that was there", func(t *testing.T) {
		b := consentBench(t, codesOfEmail)
		id := fmt.Sprint(b.Person("ann@example.com",
			`,"first_name":"Ann","subscription_status":1,"custom_field":{"cf_email_opt_out":false}`))
		says(b, "Anna", answer{no, on(2026, 5, 5)})
		b.Load()
		stands(b, id, "Anna", no)
		b.UndoLastRun()
		stands(b, id, "Ann", yes)
	})
}

// Of somebody who was loaded and is held now, a no is sent and nothing else.
func TestANoOfSomebodyHeldIsSent(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
	b.NewRun()
	says(b, "Anna", answer{no, on(2026, 5, 5)})
	b.Held("c1", "has no address")
	for i := range 2 {
		if r := b.Load(); (r.Writes > 0) != (i == 0) {
			t.Errorf("load %d: %d writes", i, r.Writes)
		}
		stands(b, id, "Ann", no)
		b.Is(record.OutcomesTable, "contacts", "c1", "outcome", "held")
	}
	b.NewRun() // released, and an older yes does not end the no
	says(b, "Anna", answer{yes, on(2026, 3, 3)})
	b.Load()
	stands(b, id, "Anna", no)
}

// A no reaches the contact that was left behind when two became one, at the merge and after it, once.
func TestANoReachesAContactLeftToMerge(t *testing.T) {
	for name, noAt := range map[string]int{"said with the merge": 1, "said after it": 2} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, codesOfEmail)
			write := func(said answer, keys ...string) {
				columns := append(loadtest.Texts("contact_key", "email", "last_name"),
					run.Column{Name: "subscription_status", Type: run.Bigint},
					run.Column{Name: "cf_consent_updated", Type: run.Date})
				var rows, members []run.Row
				for _, key := range keys {
					rows = append(rows, run.Row{key, key + "@example.com", "Ash", said.status, said.day})
				}
				for _, key := range []string{"a", "b"} {
					members = append(members, run.Row{key, keys[min(len(keys)-1, int(key[0]-'a'))]})
				}
				b.Table("contacts", columns, rows...)
				b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), members...)
			}
			write(answer{yes, on(2026, 1, 1)}, "a", "b")
			b.Load()
			ids := []string{b.Row(record.OutcomesTable, "contacts", "a")["target_id"],
				b.Row(record.OutcomesTable, "contacts", "b")["target_id"]}
			for i := range 3 {
				said := answer{yes, on(2026, 1, 1)}
				if i+1 >= noAt {
					said = answer{no, on(2026, 5, 5)}
				}
				b.NewRun()
				write(said, "b")
				r := b.Load()
				if r.Calls != r.Estimate.Total || r.Writes > 0 && i+1 > noAt {
					t.Errorf("load %d: %d calls, planned %d, %d writes", i, r.Calls, r.Estimate.Total, r.Writes)
				}
				for _, id := range ids {
					if got := b.Read(id)["subscription_status"]; fmt.Sprint(got) != fmt.Sprint(said.status) {
						t.Errorf("load %d: %s has %v", i, id, got)
					}
				}
			}
			b.Rollback()
			if n := b.Twin.Counts()["contacts"]; n != 0 {
				t.Errorf("%d contacts are left", n)
			}
		})
	}
}

// Whom the export no longer has, or an answer leaves out, may say no all the same: it reaches the contact that an
// earlier load made of them, once, whatever names it, and nothing else of anybody changes.
func TestANoReachesSomebodyWhoIsSentNoMore(t *testing.T) {
	for name, said := range map[string]run.Row{
		"by id":           {"email", "x1", nil, nil, nil},
		"by its profile":  {"email", nil, "C1", nil, nil},
		"by its address":  {"email", nil, nil, "ann@example.com", nil},
		"every channel":   {"?", nil, "X1", nil, nil},
		"another channel": {"sms", "x1", nil, nil, nil},
		"another person":  {"email", "x2", nil, "bob@example.com", nil},
	} {
		t.Run(name, func(t *testing.T) {
			b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
			want := no
			if strings.HasPrefix(name, "another") {
				want = yes
			}
			for i := range 2 {
				b.NewRun()
				b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name"),
					run.Row{"c2", "cid@example.com", "Cole"})
				if err := record.WriteRows(b.Dir.Model("mapping", "unsent_refusals"), run.Schema{Name: "unsent_refusals",
					Columns: loadtest.Texts("channel", "user_id", "profile_id", "email", "mobile_number")},
					[]run.Row{said}); err != nil {
					t.Fatal(err)
				}
				r := b.Load()
				if r.Calls != r.Estimate.Total || i > 0 && r.Writes > 0 {
					t.Errorf("load %d: %d calls, planned %d, %d writes", i, r.Calls, r.Estimate.Total, r.Writes)
				}
				stands(b, id, "Ann", want)
			}
			b.Rollback()
			if n := b.Twin.Counts()["contacts"]; n != 0 {
				t.Errorf("%d contacts are left", n)
			}
		})
	}
}

// A no is written over a yes that somebody gave in Freshsales where ours said that nothing was known.
func TestANoIsWrittenOverWhatSomebodyMadeOfAnOlderAnswer(t *testing.T) {
	b, id := annLoaded(t, answer{unknown, nil})
	b.Edit(id, `"subscription_status":1,"custom_field":{"cf_email_opt_out":false}`)
	b.NewRun()
	says(b, "Ann", answer{no, on(2026, 5, 5)})
	b.Load()
	stands(b, id, "Ann", no)
}

// What an address somebody else has would refuse, a no among it, is sent without the address, and the address once it
// is free.
func TestAnAddressThatIsTakenStopsNoNo(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
	other := b.Person("Anna@Example.com", "")
	b.NewRun()
	says(b, "Anna", answer{no, on(2026, 5, 5)}, "anna@example.com")
	r := b.Load()
	stands(b, id, "Anna", no)
	if got := b.Read(id)["email"]; got != "ann@example.com" || r.Counts["contacts"][ledger.Refused] != 0 {
		t.Errorf("%v %v", got, r.Counts)
	}
	b.Is(record.OutcomesTable, "contacts", "c1", "reason", fmt.Sprintf(
		"the contact %d in Freshsales has this already: merge the two there, and the next load sends it", other))
	loadtest.Call(t, b.URL, "DELETE", fmt.Sprintf("/contacts/%d", other), "")
	b.NewRun()
	says(b, "Anna", answer{no, on(2026, 5, 5)}, "anna@example.com")
	b.Load()
	if got := b.Read(id)["email"]; got != "anna@example.com" {
		t.Errorf("once it is free: %v", got)
	}
}
