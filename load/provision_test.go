package load

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
)

var fieldColumns = append(texts("entity", "name", "label", "type", "source", "reason"),
	run.Column{Name: "choices", Type: run.VarcharList}, run.Column{Name: "confirmed", Type: run.Boolean})

func fieldRow(name, label, kind string, choices ...string) run.Row {
	var list any
	if choices != nil {
		list = choices
	}
	return run.Row{"contacts", name, label, kind, "attribute", "because", list, true}
}

func TestWhatIsMissingIsListedForAnAdministrator(t *testing.T) {
	b := newBench(t, quick())
	a := b.twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: "cf_tier", Type: "dropdown",
		Choices: []twin.Choice{{Value: "Gold"}}},
		twin.Field{Name: "cf_age", Type: "checkbox"}, twin.Field{Name: "cf_made_by_hand", Label: "Favourite colour",
			Type: "text"})
	if err := b.twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	b.contacts(2)
	b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "dropdown", "gold", "Silver|er"),
		fieldRow("cf_age", "Age", "number"),
		fieldRow("cf_colour", "favourite colour", "text"), fieldRow("cf_new", "New one", "multi_select", "x", "y"),
		fieldRow("cf_note", "Note", "number"))
	p := b.try()
	if p.Exit != run.ExitStop || p.Where != b.dir.Provision("twin") {
		t.Fatalf("%v", p)
	}
	if n := b.twin.WriteCalls(); n != 0 {
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
	if p := b.try(func(o *RunOptions) {
		o.Acknowledged = []string{account.AckFields, account.AckChoices, account.SingleLinks}
	}); p.What != "" {
		t.Errorf("accepted, and still: %v", p)
	}
}

func TestFieldsAreMadeWhereTheAccountAllowsIt(t *testing.T) {
	for _, door := range []string{"documented", "marketplace", "off"} {
		b := newBench(t, quick("field_creation", door))
		b.contacts(2)
		b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "dropdown", "Gold", "Silver"),
			fieldRow("cf_born", "Born", "date"), fieldRow("cf_a", "A", "text_area"),
			fieldRow("cf_n", "N", "number"), fieldRow("cf_c", "C", "checkbox"), fieldRow("cf_m", "M", "multi_select", "x"),
			fieldRow("cf_t", "T", "text"))
		if p := b.try(); p.Exit != run.ExitStop {
			t.Errorf("%s: nobody allowed making fields: %v", door, p)
		}
		p := b.try(func(o *RunOptions) { o.CreateFields = true })
		if (p.What == "") != (door != "off") {
			t.Errorf("%s: %v", door, p)
		}
		if door == "off" {
			continue
		}
		if n := len(b.twin.Account().Fields["contacts"]); n != 3+7 {
			t.Errorf("%s: %d fields", door, n)
		}
		if p := b.try(); p.What != "" {
			t.Errorf("%s, again: %v", door, p)
		}
	}
}

// A plan counts the calls of making fields, so that it promises what the load then uses; and so does the
// price of a rollback.
func TestMakingFieldsIsPartOfThePrice(t *testing.T) {
	b := newBench(t, quick("field_creation", "documented"))
	b.contacts(2)
	b.table("fields", fieldColumns, fieldRow("cf_born", "Born", "date"), fieldRow("cf_t", "T", "text"))
	o := b.runOptions().PlanOptions
	o.CreateFields = true
	planned, err := Plan(context.Background(), b.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	used := b.load(func(o *RunOptions) { o.CreateFields = true }).Calls
	if planned.Estimate.Total != used {
		t.Errorf("%d calls planned, %d used", planned.Estimate.Total, used)
	}
	undone := b.rollback()
	if most := undone.Estimate.Total; undone.Calls > most {
		t.Errorf("at most %d calls for a rollback that took %d", most, undone.Calls)
	}
}

func TestThePlansBudgetOfFieldsIsKept(t *testing.T) {
	b := newBench(t, quick("field_creation", "both"))
	b.contacts(1)
	var rows []run.Row
	for i := range 6 {
		rows = append(rows, fieldRow(fmt.Sprintf("cf_m%d", i), fmt.Sprintf("M%d", i), "multi_select", "x"))
	}
	b.table("fields", fieldColumns, rows...)
	p := b.try(func(o *RunOptions) {
		o.PlanName, o.PerHour, o.PerMinute, o.CreateFields = "growth", 100000, 100000, true
	})
	if !strings.Contains(p.Error(), "5 multi_select fields; 0 are in use and 6 more are needed") {
		t.Errorf("%v", p)
	}
	if n := len(b.twin.Account().Fields["contacts"]); n != 3 {
		t.Errorf("%d fields: some were made of a list that cannot fit", n)
	}
	p = b.try(func(o *RunOptions) { o.PlanName, o.PerHour, o.PerMinute = "free", 100000, 100000 })
	if !strings.Contains(p.What, "the Free plan has no custom fields") || !strings.Contains(p.Try, account.AckFields) {
		t.Errorf("%v", p)
	}
}
