package rollback_test

import (
	"context"
	"fmt"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/record"
	"ferry/load/rollback"
	"ferry/load/target"
)

func TestARollbackLeavesAnUntouchedAccountAsItWas(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	for i := range 3 {
		b.Person(fmt.Sprintf("c%06d@example.com", i), `,"first_name":"Before","tags":["old"]`)
	}
	b.Person("stranger@example.com", "")
	before := loadtest.DigestOf(t, b.Twin)
	loadtest.KillTables(b)
	b.Load()
	if loadtest.DigestOf(t, b.Twin) == before {
		t.Fatal("nothing was loaded")
	}
	r := b.Rollback()
	if r.Kept != 0 || r.Failed != 0 {
		t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
	}
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("not as it was: %v", b.Twin.Counts())
	}
}

func TestARollbackKeepsWhatPeopleEdited(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	known := fmt.Sprint(b.Person("c000000@example.com", `,"first_name":"Before","last_name":"Then"`))
	b.Contacts(5)
	b.Load()
	id := func(n int) string {
		return b.Row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"]
	}
	b.Edit(id(1), `"first_name":"Edited"`)
	b.Edit(id(2), `"job_title":"Added"`)
	b.Edit(known, `"last_name":"Edited"`)
	r := b.Rollback()
	if r.Reversed != 3 || r.Kept != 2 {
		t.Errorf("%+v", r)
	}
	if got := b.Read(known); got["first_name"] != "Before" || got["last_name"] != "Edited" {
		t.Errorf("%v %v", got["first_name"], got["last_name"])
	}
	if n := b.Twin.Counts()["contacts"]; n != 3 {
		t.Errorf("%d contacts", n)
	}
	b.Is(record.RollbackTable, "contacts", "c000001", "result", "kept")
}

func TestAnInterruptedRollbackIsFinished(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	before := loadtest.DigestOf(t, b.Twin)
	loadtest.KillTables(b)
	b.Load()
	ctx, cancel := context.WithCancel(context.Background())
	o, n := rollback.Options{Options: b.Options()}, 0
	o.Boundary = func(string) {
		if n++; n == 20 {
			cancel()
		}
	}
	_, err := rollback.Run(ctx, b.Dir, o)
	loadtest.ProblemOf(t, err, run.ExitInterrupted)
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("not as it was: %v", b.Twin.Counts())
	}
}

// What is loaded again after a rollback is whole: links and stages too.
func TestALoadAfterARollbackMakesEverythingAgain(t *testing.T) {
	for _, first := range []bool{false, true} {
		for _, links := range []string{"ignored", "honoured"} {
			b := loadtest.NewBench(t, loadtest.Quick("bulk_links", links))
			b.Person("c000001@example.com", "")
			loadtest.KillTables(b)
			everything := func(o *load.RunOptions) { o.AccountsFirst, o.LifecycleMoves = first, target.UndoMoves }
			b.Load(everything)
			want := loadtest.DigestOf(t, b.Twin)
			b.Rollback()
			b.Load(everything)
			if loadtest.DigestOf(t, b.Twin) != want {
				t.Errorf("accounts first %t, links %s: not what the first load made", first, links)
			}
			if again := b.Load(everything); again.Writes != 0 {
				t.Errorf("again: %d writes", again.Writes)
			}
		}
	}
}

// To undo contacts only is cheap: what hangs on them goes with them, and comes again with them.
func TestContactsTakeWhatHangsOnThem(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(4)
	b.Tasks(8, 4)
	b.Notes(4, 4)
	b.Deals(2)
	b.Load()
	b.Twin.ResetCalls()
	r := b.Rollback(func(o *rollback.Options) { o.Only = []string{"contacts"} })
	if r.Reversed != 4+8+4+2 || r.Failed != 0 || b.Twin.WriteCalls() != 2 {
		t.Errorf("%+v, %d calls that write", r, b.Twin.WriteCalls())
	}
	if again := b.Rollback(); again.Reversed != 0 { // nothing is left to undo
		t.Errorf("again: %+v", again)
	}
	if r := b.Load(); r.Counts["tasks"][ledger.Created] != 8 || r.Counts["notes"][ledger.Created] != 4 ||
		r.Counts["deals"][ledger.Created] != 2 {
		t.Errorf("%v", r.Counts)
	}
	contact := b.Row(record.OutcomesTable, "contacts", "c000001")["target_id"]
	if tasks := loadtest.Call(t, b.URL, "GET", "/contacts/"+contact+"/tasks", "")["tasks"].([]any); len(tasks) != 2 {
		t.Errorf("%d tasks", len(tasks))
	}
}

// Calls and files cannot be deleted, but they go with a contact of ours, and come again with it.
func TestCallsAndFilesGoWithTheirContacts(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Person("c000000@example.com", "")
	loadtest.EveryActivity(b, 4)
	_, err := rollback.Run(context.Background(), b.Dir, rollback.Options{Options: b.Options()})
	loadtest.ProblemOf(t, err, run.ExitFailed, "nothing to undo")
	b.Load()
	if r := b.Rollback(); r.Failed != 2 || r.Kept != 0 || r.Reversed != 4*5-2 {
		t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
	}
	r := b.Load()
	if r.Counts["phone_calls"][ledger.Created] != 3 || r.Counts["documents"][ledger.Created] != 3 {
		t.Errorf("%v", r.Counts)
	}
	for _, o := range b.Loaded(record.OutcomesTable) {
		if o["outcome"] == ledger.Failed || o["outcome"] == ledger.Gone {
			t.Errorf("an outcome of the rollback: %v", o)
		}
	}
}

func TestStagesThatDealsMovedArePutBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	known := fmt.Sprint(b.Person("c000000@example.com", ""))
	before := b.Read(known)["lifecycle_stage_id"]
	b.Contacts(4)
	b.Deals(3)
	b.Load()
	if b.Read(known)["lifecycle_stage_id"] == before {
		t.Fatal("the twin did not move the stage")
	}
	undo := func(o *load.RunOptions) { o.LifecycleMoves = target.UndoMoves }
	b.Twin.ResetCalls()
	r := b.Load(undo)
	if got := b.Read(known)["lifecycle_stage_id"]; got != before || b.Twin.WriteCalls() != 3 ||
		r.Counts[record.StageMoves][ledger.Updated] != 3 {
		t.Errorf("stage %v, want %v; %d calls, %v", got, before, b.Twin.WriteCalls(), r.Counts)
	}
	if again := b.Load(undo); again.Writes != 0 {
		t.Errorf("again: %d writes", again.Writes)
	}
}

func TestAccountLinksTravelWhereBulkHonoursThem(t *testing.T) {
	for _, first := range []bool{false, true} {
		t.Run(fmt.Sprint("accounts first ", first), func(t *testing.T) {
			for _, bulk := range []string{"honoured", "ignored"} {
				linksArrive(t, first, bulk)
			}
		})
	}
}

func linksArrive(t *testing.T, first bool, bulk string) {
	b := loadtest.NewBench(t, loadtest.Quick("bulk_links", bulk))
	b.Contacts(150, func(i int, row run.Row) { row[7] = fmt.Sprintf("a%04d", i%3) })
	b.Accounts(3)
	r := b.Load(func(o *load.RunOptions) { o.AccountsFirst = first })
	if r.Counts[record.AccountLinks][ledger.Created]+r.Counts["contacts"][ledger.Created] < 150 {
		t.Errorf("%v", r.Counts)
	}
	for _, key := range []string{"c000000", "c000149"} {
		got := b.Read(b.Row(record.OutcomesTable, "contacts", key)["target_id"])["sales_accounts"].([]any)
		if len(got) != 1 {
			t.Errorf("%s is linked to %d accounts", key, len(got))
		}
	}
	if most := int64(12 + 12 + 4); bulk == "honoured" && r.Calls > most {
		t.Errorf("%d calls", r.Calls)
		for _, c := range b.Loaded(record.CallsTable) {
			t.Log(c)
		}
	}
	if again := b.Load(func(o *load.RunOptions) { o.AccountsFirst = first }); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
}

// A list shows tasks whole, a hundred to a call, so that a task nobody touched costs its DELETE alone; what
// a person did to one is found all the same. Where the list is thin, each is read.
func TestAnUntouchedTaskCostsOneDelete(t *testing.T) {
	for rows, reads := range map[string]int64{"whole": 1, "thin": 40} {
		t.Run(rows, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick("activity_rows", rows))
			b.Contacts(4)
			b.Load()
			b.NewRun()
			b.Contacts(4)
			b.Tasks(40, 4)
			b.Notes(8, 4)
			planned, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
			if err != nil {
				t.Fatal(err)
			}
			b.Load()
			edit := func(key, body string) {
				loadtest.Call(t, b.URL, "PUT", "/tasks/"+b.Row(record.OutcomesTable, "tasks", key)["target_id"], body)
			}
			edit("t000003", `{"task":{"description":"A person wrote this"}}`)
			edit("t000005", `{"task":{"status":0}}`)
			edit("t000007", fmt.Sprintf(`{"task":{"owner_id":%d}}`, b.Twin.Account().Owners[1].ID))
			note := b.Row(record.OutcomesTable, "notes", "n000002")["target_id"]
			loadtest.Call(t, b.URL, "PUT", "/notes/"+note, `{"note":{"description":"And this"}}`)
			b.Twin.ResetCalls()
			undo := func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() }
			r := b.Rollback(undo)
			if r.Kept != 4 || r.Reversed != 44 || r.Failed != 0 {
				t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
			}
			if n := len(b.Loaded(record.RollbackTable)); n != 48+4 { // and a line for each field that was edited
				t.Errorf("%d lines for 48 records: %v", n, b.Loaded(record.RollbackTable))
			}
			used := r.Calls
			if most := 12 + 2*reads + 37 + 4 + 7 + 1; rows == "whole" && used > most {
				t.Errorf("%d calls, want at most %d", used, most)
			}
			if off := r.Estimate.Total - used; off < -4 || off > 6 {
				t.Errorf("%d calls told, %d used", r.Estimate.Total, used)
			}
			if off := planned.Undo.Total - used; rows == "whole" && (off < -4 || off > 10) {
				t.Errorf("the plan said %d calls, %d used: %+v", planned.Undo.Total, used, planned.Undo)
			}
			if again := b.Rollback(undo); again.Reversed != 0 || again.Kept != 4 {
				t.Errorf("again: %+v", again)
			}
		})
	}
}
