package load

import (
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

func TestASizeThatIsRefusedIsNobodysFault(t *testing.T) {
	b := newBench(t, quick("bulk_max", "60"))
	b.contacts(230)
	if r := b.load(); r.Counts["contacts"][ledger.Created] != 230 {
		t.Errorf("%v", r.Counts)
	}
}

// Some accounts cut a batch that is too large for them and say that all went well.
func TestWhatABatchLeftOutIsSentAgain(t *testing.T) {
	b := newBench(t, quick("bulk_max", "50", "bulk_over_max", "truncate", "bulk_links", "honoured"))
	b.contacts(100, func(_ int, row run.Row) { row[7] = "a0000" })
	b.accounts(1)
	b.load()
	b.newRun()
	b.contacts(100, func(_ int, row run.Row) { row[3], row[7] = "Second", "a0000" })
	b.load()
	for _, n := range []int{0, 49, 50, 99} {
		got := b.read(b.row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"])
		if got["first_name"] != "Second" || len(got["sales_accounts"].([]any)) != 1 {
			t.Errorf("%d: %v, %v", n, got["first_name"], got["sales_accounts"])
		}
	}
}

func TestAFieldThatBecomesAnotherTypeStopsTheMaking(t *testing.T) {
	b := newBench(t, quick("field_creation", "documented", "field_type_reads", "number",
		"field_type_numbers", "1=text,2=textarea,3=checkbox,4=dropdown,5=multi_select_dropdown,6=number,7=date"))
	b.contacts(2)
	b.table("fields", fieldColumns, fieldRow("cf_one", "One", "number"), fieldRow("cf_two", "Two", "number"))
	p := b.try(func(o *target.Options) { o.CreateFields = true })
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), "as checkbox") ||
		strings.Contains(p.Error(), "nothing was written") {
		t.Errorf("%v", p)
	}
	if n := b.twin.Counts()["contacts"]; n != 0 {
		t.Errorf("%d contacts were written", n)
	}
}

// A picklist that outgrew its choices after the first load withholds that field of that row.
func TestAPicklistThatOutgrewItsChoicesDoesNotStopADelta(t *testing.T) {
	b := newRichBench(t)
	row := func(n int, tier string) run.Row {
		key := fmt.Sprintf("c%06d", n)
		return run.Row{key, key + "@example.com", tier}
	}
	columns := texts("contact_key", "email", "cf_tier")
	b.table("contacts", columns, row(0, "Gold"))
	b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	b.load()
	b.newRun()
	b.table("contacts", columns, row(0, "Gold"), row(1, "Onyx"))
	b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "text"))
	b.load()
	b.is(record.OutcomesTable, "contacts", "c000001", "outcome", ledger.Created)
	if got := b.row(record.PlanTable, "contacts", "c000001")["withheld"]; !strings.Contains(got, "cf_tier") {
		t.Errorf("not listed: %q", got)
	}
	b.hasNotice("frozen_field", "cf_tier")
}
