package send_test

import (
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/plan"
	"ferry/load/record"
)

// An account that is not empty: somebody has the mobile, an address sits in the recycle bin, another
// system gave somebody our external id, and an address of ours is somebody's second one.
func TestAnAccountThatIsNotEmpty(t *testing.T) {
	for _, manyThere := range []bool{false, true} {
		t.Run(fmt.Sprint("looked up singly ", manyThere), func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("bin_holds_unique", "on"))
			b.Person("mobile@example.com", `,"mobile_number":"+353851110002"`)
			bin := b.Person("c000002@example.com", "")
			loadtest.Call(t, b.URL, "DELETE", fmt.Sprintf("/contacts/%d", bin), "")
			foreign := b.Person("ext.old@example.com", `,"external_id":"xc000003"`)
			second := b.Person("first@example.com", `,"first_name":"Before"`)
			b.Edit(fmt.Sprint(second),
				`"emails":[{"value":"first@example.com","is_primary":true},{"value":"c000004@example.com","is_primary":false}]`)
			if manyThere {
				for i := range 900 {
					b.Person(fmt.Sprintf("stranger%d@example.com", i), "")
				}
			}
			var rows []run.Row
			for i := range 6 {
				key := fmt.Sprintf("c%06d", i)
				rows = append(rows, run.Row{key, "x" + key, key + "@example.com", "Ann", fmt.Sprintf("+35385111000%d", i+1)})
			}
			b.Table("contacts", loadtest.Texts("contact_key", "external_id", "email", "first_name", "mobile_number"), rows...)
			b.Load()
			b.Is(record.OutcomesTable, "contacts", "c000000", "outcome", ledger.Created)
			mobile := b.Is(record.OutcomesTable, "contacts", "c000001", "outcome", ledger.Created)
			if got := b.Read(mobile["target_id"]); got["mobile_number"] != nil || got["work_number"] != "+353851110002" {
				t.Errorf("the number was not moved: %v %v %v %v", got["mobile_number"], got["work_number"], mobile,
					b.Row(record.PlanTable, "contacts", "c000001"))
			}
			if r := b.Is(record.OutcomesTable, "contacts", "c000002", "outcome", ledger.Refused); !strings.Contains(r["reason"],
				"recycle bin") {
				t.Errorf("%v", r)
			}
			want := plan.Conflict
			if manyThere {
				want = ledger.Refused
			}
			if r := b.Is(record.OutcomesTable, "contacts", "c000003", "outcome", want); !strings.Contains(r["reason"],
				fmt.Sprint(foreign)) {
				t.Errorf("%v", r)
			}
			b.Is(record.OutcomesTable, "contacts", "c000004", "outcome", ledger.Updated)
			if got := b.Read(fmt.Sprint(second)); got["email"] != "first@example.com" {
				t.Errorf("somebody's first address became %v", got["email"])
			}
			if again := b.Load(); again.Writes != 0 {
				t.Errorf("again: %d writes, %v", again.Writes, again.Counts)
			}
			if r := b.Reconcile("full"); r.Tallies[0].Modified+r.Tallies[0].Missing != 0 {
				t.Errorf("%+v", r.Tallies[0])
			}
			if r := b.Rollback(); r.Reversed != 4 || r.Failed != 0 {
				t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
			}
			if got := b.Read(fmt.Sprint(second)); got["first_name"] != "Before" {
				t.Errorf("not put back: %v", got["first_name"])
			}
			if again := b.Rollback(); again.Reversed != 0 {
				t.Errorf("a second rollback says %d", again.Reversed)
			}
		})
	}
}

func TestARollbackKeepsEveryEdit(t *testing.T) {
	edits := map[string]string{"owner": `"owner_id":%d`, "subscription": `"subscription_status":3`,
		"territory":        `"territory_id":%d`,
		"a tag taken away": `"tags":["kept"]`, "a tag added": `"tags":["kept","gone","new"]`,
		"a field": `"custom_field":{"cf_note":"theirs"}`}
	names := []string{"owner", "subscription", "territory", "a tag taken away", "a tag added", "a field"}
	b := loadtest.NewBench(t, loadtest.Quick())
	tagged := append(loadtest.Texts("contact_key", "email"), run.Column{Name: "tags", Type: run.VarcharList})
	var rows []run.Row
	for i := range 12 {
		key := fmt.Sprintf("c%06d", i)
		rows = append(rows, run.Row{key, key + "@example.com", []string{"gone", "kept"}})
	}
	b.Table("contacts", tagged, rows...)
	b.Load()
	owner := b.Twin.Account().Owners[1].ID
	territory := b.Twin.Account().Lists["territories"][0].ID
	for i, name := range names {
		edit := edits[name]
		if strings.Contains(edit, "%d") {
			n := owner
			if name == "territory" {
				n = territory
			}
			edit = fmt.Sprintf(edit, n)
		}
		b.Edit(b.Row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", i))["target_id"], edit)
	}
	r := b.Rollback()
	if r.Kept != int64(len(names)) || r.Reversed != 12-int64(len(names)) {
		t.Errorf("%+v", r)
	}
	for i, name := range names {
		if row := b.Row(record.RollbackTable, "contacts", fmt.Sprintf("c%06d", i)); row["result"] != "kept" {
			t.Errorf("%s: %v", name, row)
		}
	}
}

// A thousand euros never become a thousand dollars: without its currency an amount stays with us.
func TestAnAmountKeepsItsCurrency(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(2)
	columns := append(loadtest.Texts("deal_key", "contact_key", "name", "currency"),
		run.Column{Name: "amount", Type: run.Double})
	b.Table("deals", columns, run.Row{"d1", "c000001", "In francs", "CHF", 1000.0},
		run.Row{"d2", "c000001", "In euros", "EUR", 500.0})
	p := b.Try()
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), "CHF") || b.Twin.WriteCalls() != 0 {
		t.Fatalf("%v, %d writes", p, b.Twin.WriteCalls())
	}
	b.Load(func(o *load.RunOptions) { o.Acknowledged = append(o.Acknowledged, account.AckCurrencies) })
	for key, want := range map[string]any{"d1": nil, "d2": "500.0"} {
		id := b.Row(record.OutcomesTable, "deals", key)["target_id"]
		deal := loadtest.Call(t, b.URL, "GET", "/deals/"+id, "")["deal"].(map[string]any)
		if got := deal["amount"]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: amount %v, want %v", key, got, want)
		}
	}
	if row := b.Row(record.PlanTable, "deals", "d1"); !strings.Contains(row["withheld"], "amount") {
		t.Errorf("%v", row)
	}
}
