package account_test

import (
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
)

func TestASizeThatIsRefusedIsNobodysFault(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("bulk_max", "60"))
	b.Contacts(230)
	if r := b.Load(); r.Counts["contacts"][ledger.Created] != 230 {
		t.Errorf("%v", r.Counts)
	}
}

// Some accounts cut a batch that is too large for them and say that all went well, or even that all was written.
// New records, changes and links all arrive, and the size is learned: nothing is sent one by one.
func TestWhatABatchLeftOutIsSentAgain(t *testing.T) {
	for _, how := range []string{"truncate", "swallow"} {
		t.Run(how, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("bulk_max", "50", "bulk_over_max", how, "bulk_links", "honoured"))
			b.Contacts(52, func(_ int, row run.Row) { row[7] = "a0000" })
			b.Accounts(1)
			made := b.Load()
			b.NewRun()
			b.Contacts(100, func(_ int, row run.Row) { row[3], row[7] = "Second", "a0000" })
			b.Load()
			for _, n := range []int{0, 49, 50, 51, 99} {
				got := b.Read(b.Row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"])
				if got["first_name"] != "Second" || len(got["sales_accounts"].([]any)) != 1 {
					t.Errorf("%d: %v, %v", n, got["first_name"], got["sales_accounts"])
				}
			}
			b.NewRun()
			b.Contacts(100, func(_ int, row run.Row) { row[3], row[7] = "Third", "a0000" })
			b.IsForetold("when the size is known", func(*load.RunOptions) {})
			if made.Writes > 12 {
				t.Errorf("%d calls that write for 52 contacts, an account and their links", made.Writes)
			}
		})
	}
}

// A job that lists a failure nobody can read costs halves, never a call for each of its fellows: neither of
// changes nor of links.
func TestOneFailedItemCostsHalves(t *testing.T) {
	for _, report := range []string{"strings", "map"} {
		t.Run(report, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("job_report", report, "bulk_links", "honoured"))
			b.Contacts(100, func(_ int, row run.Row) { row[7] = "a0000" })
			b.Accounts(1)
			fail := func(skip int) {
				if err := b.Twin.SetFaults(4, twin.Fault{Kind: "job_some_fail", On: "contacts.bulk_upsert", Skip: skip,
					Times: 1}); err != nil {
					t.Fatal(err)
				}
			}
			fail(1)
			if r := b.Load(); r.Counts[record.AccountLinks][ledger.Created] != 100 || r.Writes > 40 {
				t.Errorf("links: %v with %d calls that write", r.Counts, r.Writes)
			}
			b.NewRun()
			b.Contacts(100, func(_ int, row run.Row) { row[3], row[7] = "Second", "a0000" })
			fail(0)
			if r := b.Load(); r.Counts["contacts"][ledger.Updated] != 100 || r.Writes > 40 {
				t.Errorf("changes: %v with %d calls that write", r.Counts, r.Writes)
			}
		})
	}
}

// What the numbers of field types mean stands nowhere. One field of a type is made and read back: if it became
// something else, nothing more is made, it is said what was, and the next attempt asks for another number.
func TestAFieldThatBecomesAnotherTypeStopsTheMaking(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("field_creation", "documented", "field_type_reads", "number",
		"field_type_numbers", "1=text,2=textarea,3=checkbox,4=dropdown,5=multi_select_dropdown,6=number,7=date"))
	b.Contacts(2)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_one", "One", "number"), loadtest.FieldRow("cf_two", "Two", "number"),
		loadtest.FieldRow("cf_three", "Three", "number"))
	admin := b.Twin.Account()
	create := func(o *load.RunOptions) { o.CreateFields = true }
	for _, became := range []string{"as checkbox", "as dropdown"} {
		p := b.Try(create)
		if p.Exit != run.ExitStop || !strings.Contains(p.Error(), became) ||
			strings.Contains(p.Error(), "nothing was written") || !strings.Contains(p.Error(), "contacts cf_one") {
			t.Errorf("%v", p)
		}
		if n := len(b.Twin.Account().Fields["contacts"]); n != 3+1 {
			t.Errorf("%d fields: more than one was made of a type nobody had seen", n)
		}
		if err := b.Twin.SetAccount(admin); err != nil { // the administrator deletes what is wrong
			t.Fatal(err)
		}
	}
	if n := b.Twin.Counts()["contacts"]; n != 0 {
		t.Errorf("%d contacts were written", n)
	}
	b.Load(create, func(o *load.RunOptions) { o.FieldTypeNumbers = map[string]int{"number": 6} })
	for _, f := range b.Twin.Account().Fields["contacts"][3:] {
		if f.Type != "number" {
			t.Errorf("%+v", f)
		}
	}
	b.NewRun() // what was learned is remembered
	b.Contacts(2)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_four", "Four", "number"))
	b.Load(create)
}

// Both ways to make fields stand behind the flag; which is tried is said, and one alone can be asked for.
func TestTheWayToMakeFieldsCanBeChosen(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("field_creation", "marketplace"))
	b.Contacts(1)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_one", "One", "text"))
	var said []string
	listen := func(o *load.RunOptions) {
		o.CreateFields, o.Events = true, func(e run.Event) { said = append(said, e.Text) }
	}
	if p := b.Try(listen, func(o *load.RunOptions) { o.FieldRoute = "form" }); p.Exit != run.ExitStop ||
		!strings.Contains(p.What, "nothing was written") {
		t.Errorf("%v", p)
	}
	b.Load(listen, func(o *load.RunOptions) { o.FieldRoute = "settings" })
	for _, want := range []string{"by the form route", "by the settings route"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("nobody was told: %q", want)
		}
	}
}

// An answer that was lost may have made the field: the list tells.
func TestAFieldWhoseAnswerWasLostIsLookedFor(t *testing.T) {
	for _, kind := range []string{"500_before", "500_after", "cut_body"} {
		b := loadtest.NewBench(t, loadtest.Quick("field_creation", "documented"))
		b.Contacts(1)
		b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_one", "One", "text"), loadtest.FieldRow("cf_two", "Two", "text"))
		if err := b.Twin.SetFaults(1, twin.Fault{Kind: kind, On: "fields.create", Times: 2}); err != nil {
			t.Fatal(err)
		}
		b.Load(func(o *load.RunOptions) { o.CreateFields = true })
		if n := len(b.Twin.Account().Fields["contacts"]); n != 3+2 {
			t.Errorf("%s: %d fields", kind, n)
		}
	}
}

// A picklist that outgrew its choices after the first load withholds that field of that row.
func TestAPicklistThatOutgrewItsChoicesDoesNotStopADelta(t *testing.T) {
	b := loadtest.NewRichBench(t)
	row := func(n int, tier string) run.Row {
		key := fmt.Sprintf("c%06d", n)
		return run.Row{key, key + "@example.com", tier}
	}
	columns := loadtest.Texts("contact_key", "email", "cf_tier")
	b.Table("contacts", columns, row(0, "Gold"))
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	b.Load()
	b.NewRun()
	b.Table("contacts", columns, row(0, "Gold"), row(1, "Onyx"))
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_tier", "Tier", "text"))
	b.Load()
	b.Is(record.OutcomesTable, "contacts", "c000001", "outcome", ledger.Created)
	if got := b.Row(record.PlanTable, "contacts", "c000001")["withheld"]; !strings.Contains(got, "cf_tier") {
		t.Errorf("not listed: %q", got)
	}
	b.HasNotice("frozen_field", "cf_tier")
}

// Calls may want the choices of drop-downs by id or by text, bulk calls otherwise than single ones. The form
// is learned from the first refusal, kept, and may be set.
func TestChoicesAreSpeltAsTheAccountTakesThem(t *testing.T) {
	for _, form := range []struct{ bulk, single string }{{"id", "text"}, {"text", "id"}, {"text", "text"},
		{"both", "id"}} {
		t.Run(form.bulk+" in bulk, "+form.single+" singly", func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("choice_bulk", form.bulk, "choice_single", form.single))
			a := b.Twin.Account()
			tier := twin.Field{Name: "cf_tier", Label: "Tier", Type: "dropdown",
				Choices: []twin.Choice{{Value: "Gold"}, {Value: "Silver"}}}
			a.Fields["contacts"] = append(a.Fields["contacts"], tier)
			a.Fields["deals"] = append(a.Fields["deals"], tier)
			if err := b.Twin.SetAccount(a); err != nil {
				t.Fatal(err)
			}
			tables := func(tiers ...string) {
				var contacts, deals []run.Row
				for i := range 40 {
					key := fmt.Sprintf("c%06d", i)
					contacts = append(contacts, run.Row{key, key + "@example.com", tiers[i%len(tiers)]})
					if i < 4 {
						deals = append(deals, run.Row{"d" + key, key, "Deal", "New", tiers[i%len(tiers)]})
					}
				}
				b.Table("contacts", loadtest.Texts("contact_key", "email", "cf_tier"), contacts...)
				b.Table("deals", loadtest.Texts("deal_key", "contact_key", "name", "deal_stage", "cf_tier"), deals...)
			}
			tables("Gold", "Silver")
			b.Load()
			b.NewRun()
			tables("Silver", "Gold")
			b.Twin.ResetCalls()
			r := b.Load()
			if r.Counts["contacts"][ledger.Updated] != 40 || r.Counts["deals"][ledger.Updated] != 4 ||
				b.Twin.WriteCalls() != 1+4 {
				t.Errorf("%v with %d calls that write", r.Counts, b.Twin.WriteCalls())
			}
			if r := b.Reconcile("full"); !r.IsClean() {
				t.Errorf("%v", r.Reasons())
			}
			b.NewRun()
			tables("Gold")
			r = b.Load(func(o *load.RunOptions) {
				o.Choices = map[string]string{account.InBulk: form.bulk, account.Singly: form.single}
			})
			if n := r.Counts["contacts"][ledger.Updated] + r.Counts["deals"][ledger.Updated]; n != 22 {
				t.Errorf("as set: %v", r.Counts)
			}
		})
	}
}
