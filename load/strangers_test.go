package load_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// A field made by hand is known by its label, whatever its name and type: a no that stands in it is kept, and what is
// written there is read back and undone like everything else.
func TestANoStandsInAFieldOfAnotherName(t *testing.T) {
	for name, c := range map[string]struct {
		field twin.Field
		there string
		want  string
	}{
		"another name": {twin.Field{Name: "cf_emailoptout", Type: "checkbox"}, `true`, "true"},
		"a text":       {twin.Field{Name: "cf_email_opt_out", Type: "text"}, `"Yes"`, "Yes"},
		"both":         {twin.Field{Name: "cf_emailoptout", Type: "text"}, `"opted out"`, "opted out"},
		"a yes":        {twin.Field{Name: "cf_emailoptout", Type: "text"}, `"No"`, "false"},
	} {
		t.Run(name, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			a := b.Twin.Account()
			c.field.Label = "Email opt out"
			a.Fields["contacts"] = append(a.Fields["contacts"], c.field)
			if err := b.Twin.SetAccount(a); err != nil {
				t.Fatal(err)
			}
			ann := fmt.Sprint(b.Person("ann@example.com", `,"custom_field":{"`+c.field.Name+`":`+c.there+`}`))
			optOut := run.Column{Name: "cf_email_opt_out", Type: run.Boolean}
			b.Table("contacts", append(loadtest.Texts("contact_key", "email", "last_name"), optOut),
				run.Row{"a", "ann@example.com", "Ash", false}, run.Row{"b", "bob@example.com", "Bee", true})
			b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_email_opt_out", "Email opt out", "checkbox"))
			b.Load()
			flag := func(id string) string {
				return fmt.Sprint(b.Read(id)["custom_field"].(map[string]any)[c.field.Name])
			}
			bob := b.Row(record.OutcomesTable, "contacts", "b")["target_id"]
			if flag(ann) != c.want || flag(bob) != "true" {
				t.Errorf("ann %s, bob %s", flag(ann), flag(bob))
			}
			b.Reconcile("full")
			for _, s := range b.Loaded(record.ReadbackTable) {
				if s["class"] != "identical" {
					t.Error(s)
				}
			}
			if r := b.Load(); r.Writes != 0 {
				t.Errorf("%d writes, though nothing changed", r.Writes)
			}
			b.Rollback()
			if there := strings.Trim(c.there, `"`); flag(ann) != there {
				t.Errorf("put back: %s, want %s", flag(ann), there)
			}
		})
	}
}

// Two people of the exports have their addresses in one contact: it is of whom its first address names, in whatever
// order they come, and never of both.
func TestOneContactIsNotTakenForTwoPeople(t *testing.T) {
	for name, c := range map[string]struct {
		first  string
		others []string
	}{
		"the first comes first": {"a@example.com", []string{"b@example.com"}},
		"the first comes last":  {"b@example.com", []string{"a@example.com"}},
		"a third is first":      {"c@example.com", []string{"a@example.com", "b@example.com"}},
	} {
		for _, strangers := range []int{0, 300} { // 300: single look-ups cost less than reading the list
			t.Run(fmt.Sprint(name, " of ", strangers), func(t *testing.T) {
				b := loadtest.NewBench(t, loadtest.Quick())
				for i := range strangers {
					b.Person(fmt.Sprintf("s%d@example.com", i), "")
				}
				id := fmt.Sprint(b.Person(c.first, ""))
				emails := `{"value":"` + c.first + `","is_primary":true}`
				for _, e := range c.others {
					emails += `,{"value":"` + e + `","is_primary":false}`
				}
				b.Edit(id, `"last_name":"There","emails":[`+emails+`]`)
				b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name"),
					run.Row{"a", "a@example.com", "Ash"}, run.Row{"b", "b@example.com", "Bee"})
				for range 2 {
					b.Load()
					want := map[string]string{"a@example.com": "Ash", "b@example.com": "Bee", "c@example.com": "Ash"}[c.first]
					if got := b.Read(id)["last_name"]; got != want {
						t.Errorf("it is %v now, want %s", got, want)
					}
					other := map[string]string{"Ash": "b", "Bee": "a"}[want]
					b.Is(record.PlanTable, "contacts", other, "action", "conflict")
					if n := b.Twin.Counts()["contacts"]; n != strangers+1 {
						t.Errorf("%d contacts", n)
					}
				}
			})
		}
	}
}

// A company of the account's own keeps the spelling it has there; one that we made is written as the exports write it.
func TestACompanyOfTheirsKeepsItsSpelling(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	theirs := loadtest.Call(t, b.URL, "POST", "/sales_accounts", `{"sales_account":{"name":"Acme Ltd"}}`)
	name := func(id string) any {
		return loadtest.Call(t, b.URL, "GET", "/sales_accounts/"+id, "")["sales_account"].(map[string]any)["name"]
	}
	acme := fmt.Sprintf("%.0f", theirs["sales_account"].(map[string]any)["id"])
	for i, site := range []string{"", "https://acme.example", "https://www.acme.example"} {
		b.Table("accounts", loadtest.AccountColumns, run.Row{"a", "ACME LTD", site},
			run.Row{"b", []string{"Beta", "BETA", "BETA"}[i], "https://b.example"})
		b.Load()
		beta := b.Row(record.PlanTable, "accounts", "b")
		if i > 0 && name(beta["target_id"]) != "BETA" {
			t.Errorf("load %d: ours is %v", i, name(beta["target_id"]))
		}
		if got := name(acme); got != "Acme Ltd" {
			t.Errorf("load %d: theirs is %v", i, got)
		}
		b.NewRun()
	}
}

// The external id by which another system knows a contact stays, unless it is said that ours is written.
func TestAnExternalIDOfAnotherSystemStays(t *testing.T) {
	for policy, want := range map[string]string{"": "crm-77", record.TakeOurs: "xc000000"} {
		t.Run("policy "+policy, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			id := fmt.Sprint(b.Person("c000000@example.com", `,"external_id":"crm-77"`))
			for i := range 3 {
				b.Contacts(1, func(_ int, row run.Row) { row[3] = fmt.Sprint("First ", i) })
				b.Load(func(o *load.RunOptions) { o.OnConflict = map[string]string{"contacts.external_id": policy} })
				got := b.Read(id)
				if got["external_id"] != want || got["first_name"] != fmt.Sprint("First ", i) ||
					got["custom_field"].(map[string]any)["cf_xtremepush_id"] != "xc000000" {
					t.Errorf("load %d: %v", i, got)
				}
				b.NewRun()
			}
			b.Contacts(1, func(_ int, row run.Row) { row[3] = "First 2" })
			b.Tasks(3, 1)
			b.Load(func(o *load.RunOptions) { o.OnConflict = map[string]string{"contacts.external_id": policy} })
			again := b.Load(func(o *load.RunOptions) { o.OnConflict = map[string]string{"contacts.external_id": policy} })
			if again.Writes > 0 {
				t.Errorf("%d writes, though nothing changed", again.Writes)
			}
			b.Rollback()
			if got := b.Read(id); got["external_id"] != "crm-77" {
				t.Errorf("put back: %v", got["external_id"])
			}
		})
	}
}

// It is known for one of ours all the same where the ledger was lost: what hangs on it is not sent twice.
func TestAContactOfAnotherSystemIsAdoptedByOurMark(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Person("c000000@example.com", `,"external_id":"crm-77"`)
	b.Contacts(1)
	b.Tasks(3, 1)
	b.Load()
	if err := os.RemoveAll(b.Options().Target.Root()); err != nil {
		t.Fatal(err)
	}
	b.NewRun()
	b.Contacts(1, func(_ int, row run.Row) { row[3] = "Later" })
	b.Tasks(3, 1)
	loadtest.ProblemOf(t, b.Try(), run.ExitStop, "--adopt")
	b.Load(func(o *load.RunOptions) { o.Adopt = true })
	if n := b.Twin.Counts(); n["contacts"] != 1 || n["tasks"] != 3 {
		t.Errorf("%v", n)
	}
}
