package account_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
)

func TestWhatIsMissingIsListedForAnAdministrator(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	a := b.Twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: "cf_tier", Type: "dropdown",
		Choices: []twin.Choice{{Value: "Gold"}}},
		twin.Field{Name: "cf_age", Type: "checkbox"}, twin.Field{Name: "cf_made_by_hand", Label: "Favourite colour",
			Type: "text"})
	if err := b.Twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	b.Contacts(2)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_tier", "Tier", "dropdown", "gold", "Silver|er"),
		loadtest.FieldRow("cf_age", "Age", "number"),
		loadtest.FieldRow("cf_colour", "favourite colour", "text"), loadtest.FieldRow("cf_new", "New one", "multi_select", "x", "y"),
		loadtest.FieldRow("cf_note", "Note", "number"))
	p := b.Try()
	if p.Exit != run.ExitStop || p.Where != b.Dir.Provision("twin") {
		t.Fatalf("%v", p)
	}
	if n := b.Twin.WriteCalls(); n != 0 {
		t.Errorf("%d writes", n)
	}
	list, err := os.ReadFile(p.Where)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| contacts | New one | `cf_new` | Multiselect | x; y |",
		"| contacts | `cf_tier` | Silver\\|er |", "| contacts | `cf_age` | checkbox | number |"} {
		if !strings.Contains(string(list), want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	for _, not := range []string{"cf_colour", "cf_note"} { // found by its label; a text holds numbers, too
		if strings.Contains(string(list), not) {
			t.Errorf("the list names %s:\n%s", not, list)
		}
	}
	if p := b.Try(func(o *load.RunOptions) {
		o.Acknowledged = []string{account.AckFields, account.AckChoices, account.SingleLinks}
	}); p.What != "" {
		t.Errorf("accepted, and still: %v", p)
	}
}

func TestFieldsAreMadeWhereTheAccountAllowsIt(t *testing.T) {
	for _, door := range []string{"documented", "marketplace", "off"} {
		b := loadtest.NewBench(t, loadtest.Quick("field_creation", door))
		b.Contacts(2)
		b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_tier", "Tier", "dropdown", "Gold", "Silver"),
			loadtest.FieldRow("cf_born", "Born", "date"), loadtest.FieldRow("cf_a", "A", "text_area"),
			loadtest.FieldRow("cf_n", "N", "number"), loadtest.FieldRow("cf_c", "C", "checkbox"), loadtest.FieldRow("cf_m", "M", "multi_select", "x"),
			loadtest.FieldRow("cf_t", "T", "text"))
		if p := b.Try(); p.Exit != run.ExitStop {
			t.Errorf("%s: nobody allowed making fields: %v", door, p)
		}
		p := b.Try(func(o *load.RunOptions) { o.CreateFields = true })
		if (p.What == "") != (door != "off") {
			t.Errorf("%s: %v", door, p)
		}
		if door == "off" {
			continue
		}
		if n := len(b.Twin.Account().Fields["contacts"]); n != 3+7 {
			t.Errorf("%s: %d fields", door, n)
		}
		if p := b.Try(); p.What != "" {
			t.Errorf("%s, again: %v", door, p)
		}
	}
}

// A plan counts the calls of making fields, so that it promises what the load then uses; and so does the
// price of a rollback.
func TestMakingFieldsIsPartOfThePrice(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("field_creation", "documented"))
	b.Contacts(2)
	b.Table("fields", loadtest.FieldColumns, loadtest.FieldRow("cf_born", "Born", "date"), loadtest.FieldRow("cf_t", "T", "text"))
	o := b.RunOptions().PlanOptions
	o.CreateFields = true
	planned, err := load.Plan(context.Background(), b.Dir, o)
	if err != nil {
		t.Fatal(err)
	}
	used := b.Load(func(o *load.RunOptions) { o.CreateFields = true }).Calls
	if planned.Estimate.Total != used {
		t.Errorf("%d calls planned, %d used", planned.Estimate.Total, used)
	}
	undone := b.Rollback()
	if most := undone.Estimate.Total; undone.Calls > most {
		t.Errorf("at most %d calls for a rollback that took %d", most, undone.Calls)
	}
}

func TestThePlansBudgetOfFieldsIsKept(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("field_creation", "both"))
	b.Contacts(1)
	var rows []run.Row
	for i := range 6 {
		rows = append(rows, loadtest.FieldRow(fmt.Sprintf("cf_m%d", i), fmt.Sprintf("M%d", i), "multi_select", "x"))
	}
	b.Table("fields", loadtest.FieldColumns, rows...)
	p := b.Try(func(o *load.RunOptions) {
		o.PlanName, o.PerHour, o.PerMinute, o.CreateFields = "growth", 100000, 100000, true
	})
	if !strings.Contains(p.Error(), "5 multi_select fields; 0 are in use and 6 more are needed") {
		t.Errorf("%v", p)
	}
	if n := len(b.Twin.Account().Fields["contacts"]); n != 3 {
		t.Errorf("%d fields: some were made of a list that cannot fit", n)
	}
	p = b.Try(func(o *load.RunOptions) { o.PlanName, o.PerHour, o.PerMinute = "free", 100000, 100000 })
	if !strings.Contains(p.What, "the Free plan has no custom fields") || !strings.Contains(p.Try, account.AckFields) {
		t.Errorf("%v", p)
	}
}
