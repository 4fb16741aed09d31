package plan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ferry/load"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/plan"
	"ferry/load/record"
)

// An address in the recycle bin may be taken or not. A plan sees who lies there and counts the one call that
// finds out; after it nobody costs a call in vain.
func TestAPlanKnowsWhoLiesInTheRecycleBin(t *testing.T) {
	for _, minds := range []string{"on", "off"} {
		t.Run("it keeps addresses "+minds, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("bin_holds_unique", minds))
			for _, n := range []int{2, 3, 7} {
				bin := b.Person(fmt.Sprintf("c%06d@example.com", n), "")
				loadtest.Call(t, b.URL, "DELETE", fmt.Sprintf("/contacts/%d", bin), "")
			}
			foretold := func(people int) load.Result {
				b.Contacts(people)
				planned, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
				if err != nil {
					t.Fatal(err)
				}
				r := b.Load()
				if planned.Estimate.Total != r.Calls {
					t.Errorf("%d calls planned, %d used", planned.Estimate.Total, r.Calls)
				}
				return r
			}
			want := map[string][2]int64{"on": {2, 4}, "off": {0, 6}}[minds]
			r := foretold(6)
			if r.Counts["contacts"][ledger.Refused] != want[0] || r.Counts["contacts"][ledger.Created] != want[1] {
				t.Errorf("%v", r.Counts)
			}
			b.NewRun()
			if r = foretold(8); r.Counts["contacts"][ledger.Refused] != 0 {
				t.Errorf("%v", r.Counts)
			}
			outcome := map[string]string{"on": plan.Conflict, "off": ledger.Created}[minds]
			if o := b.Is(record.OutcomesTable, "contacts", "c000007", "outcome", outcome); minds == "on" &&
				!strings.Contains(o["reason"], "recycle bin") {
				t.Errorf("%v", o)
			}
		})
	}
}
