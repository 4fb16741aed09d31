package load

import (
	"context"
	"fmt"
	"testing"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/rollback"
	"ferry/load/target"
)

func (b *bench) rollback(change ...func(*rollback.Options)) rollback.Result {
	b.t.Helper()
	o := rollback.Options{Options: b.options()}
	for _, c := range change {
		c(&o)
	}
	r, err := rollback.Run(context.Background(), b.dir, o)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func TestARollbackLeavesAnUntouchedAccountAsItWas(t *testing.T) {
	b := newBench(t, quick())
	for i := range 3 {
		b.person(fmt.Sprintf("c%06d@example.com", i), `,"first_name":"Before","tags":["old"]`)
	}
	b.person("stranger@example.com", "")
	before := digestOf(t, b.twin)
	killTables(b)
	b.load()
	if digestOf(t, b.twin) == before {
		t.Fatal("nothing was loaded")
	}
	r := b.rollback()
	if r.Kept != 0 || r.Failed != 0 {
		t.Errorf("%+v %v", r, b.loaded(record.RollbackTable))
	}
	if digestOf(t, b.twin) != before {
		t.Errorf("not as it was: %v", b.twin.Counts())
	}
}

func TestARollbackKeepsWhatPeopleEdited(t *testing.T) {
	b := newBench(t, quick())
	known := fmt.Sprint(b.person("c000000@example.com", `,"first_name":"Before","last_name":"Then"`))
	b.contacts(5)
	b.load()
	id := func(n int) string {
		return b.row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"]
	}
	b.edit(id(1), `"first_name":"Edited"`)
	b.edit(id(2), `"job_title":"Added"`)
	b.edit(known, `"last_name":"Edited"`)
	r := b.rollback()
	if r.Reversed != 3 || r.Kept != 2 {
		t.Errorf("%+v", r)
	}
	if got := b.read(known); got["first_name"] != "Before" || got["last_name"] != "Edited" {
		t.Errorf("%v %v", got["first_name"], got["last_name"])
	}
	if n := b.twin.Counts()["contacts"]; n != 3 {
		t.Errorf("%d contacts", n)
	}
	b.is(record.RollbackTable, "contacts", "c000001", "result", "kept")
}

func TestARollbackOfOneRun(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(3)
	b.load()
	first := digestOf(t, b.twin)
	b.newRun()
	b.contacts(5, func(i int, row run.Row) {
		if i == 0 {
			row[3] = "Second"
		}
	})
	b.load()
	if r := b.rollback(func(o *rollback.Options) { o.OnlyRun = b.dir.ID() }); r.Reversed != 3 {
		t.Errorf("%+v %v", r, b.loaded(record.RollbackTable))
	}
	if digestOf(t, b.twin) != first {
		t.Errorf("not as the first run left it: %v", b.twin.Counts())
	}
}

func TestAnInterruptedRollbackIsFinished(t *testing.T) {
	b := newBench(t, quick())
	before := digestOf(t, b.twin)
	killTables(b)
	b.load()
	ctx, cancel := context.WithCancel(context.Background())
	o, n := rollback.Options{Options: b.options()}, 0
	o.Boundary = func(string) {
		if n++; n == 20 {
			cancel()
		}
	}
	_, err := rollback.Run(ctx, b.dir, o)
	problemOf(t, err, run.ExitInterrupted)
	b.rollback()
	if digestOf(t, b.twin) != before {
		t.Errorf("not as it was: %v", b.twin.Counts())
	}
}

// What is loaded again after a rollback is whole: links and stages too.
func TestALoadAfterARollbackMakesEverythingAgain(t *testing.T) {
	for _, first := range []bool{false, true} {
		for _, links := range []string{"ignored", "honoured"} {
			b := newBench(t, quick("bulk_links", links))
			b.person("c000001@example.com", "")
			killTables(b)
			everything := func(o *RunOptions) { o.AccountsFirst, o.LifecycleMoves = first, target.UndoMoves }
			b.load(everything)
			want := digestOf(t, b.twin)
			b.rollback()
			b.load(everything)
			if digestOf(t, b.twin) != want {
				t.Errorf("accounts first %t, links %s: not what the first load made", first, links)
			}
			if again := b.load(everything); again.Writes != 0 {
				t.Errorf("again: %d writes", again.Writes)
			}
		}
	}
}

// To undo contacts only is cheap: what hangs on them goes with them, and comes again with them.
func TestContactsTakeWhatHangsOnThem(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(4)
	b.tasks(8, 4)
	b.notes(4, 4)
	b.deals(2)
	b.load()
	b.twin.ResetCalls()
	r := b.rollback(func(o *rollback.Options) { o.Only = []string{"contacts"} })
	if r.Reversed != 4+8+4+2 || r.Failed != 0 || b.twin.WriteCalls() != 2 {
		t.Errorf("%+v, %d calls that write", r, b.twin.WriteCalls())
	}
	if again := b.rollback(); again.Reversed != 0 { // nothing is left to undo
		t.Errorf("again: %+v", again)
	}
	if r := b.load(); r.Counts["tasks"][ledger.Created] != 8 || r.Counts["notes"][ledger.Created] != 4 ||
		r.Counts["deals"][ledger.Created] != 2 {
		t.Errorf("%v", r.Counts)
	}
	contact := b.row(record.OutcomesTable, "contacts", "c000001")["target_id"]
	if tasks := call(t, b.url, "GET", "/contacts/"+contact+"/tasks", "")["tasks"].([]any); len(tasks) != 2 {
		t.Errorf("%d tasks", len(tasks))
	}
}

// Calls and files cannot be deleted, but they go with a contact of ours, and come again with it.
func TestCallsAndFilesGoWithTheirContacts(t *testing.T) {
	b := newBench(t, quick())
	b.person("c000000@example.com", "")
	everyActivity(b, 4)
	_, err := rollback.Run(context.Background(), b.dir, rollback.Options{Options: b.options()})
	problemOf(t, err, run.ExitFailed, "nothing to undo")
	b.load()
	if r := b.rollback(); r.Failed != 2 || r.Kept != 0 || r.Reversed != 4*5-2 {
		t.Errorf("%+v %v", r, b.loaded(record.RollbackTable))
	}
	r := b.load()
	if r.Counts["phone_calls"][ledger.Created] != 3 || r.Counts["documents"][ledger.Created] != 3 {
		t.Errorf("%v", r.Counts)
	}
	for _, o := range b.loaded(record.OutcomesTable) {
		if o["outcome"] == ledger.Failed || o["outcome"] == ledger.Gone {
			t.Errorf("an outcome of the rollback: %v", o)
		}
	}
}

func TestStagesThatDealsMovedArePutBack(t *testing.T) {
	b := newBench(t, quick())
	known := fmt.Sprint(b.person("c000000@example.com", ""))
	before := b.read(known)["lifecycle_stage_id"]
	b.contacts(4)
	b.deals(3)
	b.load()
	if b.read(known)["lifecycle_stage_id"] == before {
		t.Fatal("the twin did not move the stage")
	}
	undo := func(o *RunOptions) { o.LifecycleMoves = target.UndoMoves }
	b.twin.ResetCalls()
	r := b.load(undo)
	if got := b.read(known)["lifecycle_stage_id"]; got != before || b.twin.WriteCalls() != 3 ||
		r.Counts[record.StageMoves][ledger.Updated] != 3 {
		t.Errorf("stage %v, want %v; %d calls, %v", got, before, b.twin.WriteCalls(), r.Counts)
	}
	if again := b.load(undo); again.Writes != 0 {
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
	b := newBench(t, quick("bulk_links", bulk))
	b.contacts(150, func(i int, row run.Row) { row[7] = fmt.Sprintf("a%04d", i%3) })
	b.accounts(3)
	r := b.load(func(o *RunOptions) { o.AccountsFirst = first })
	if r.Counts[record.AccountLinks][ledger.Created]+r.Counts["contacts"][ledger.Created] < 150 {
		t.Errorf("%v", r.Counts)
	}
	for _, key := range []string{"c000000", "c000149"} {
		got := b.read(b.row(record.OutcomesTable, "contacts", key)["target_id"])["sales_accounts"].([]any)
		if len(got) != 1 {
			t.Errorf("%s is linked to %d accounts", key, len(got))
		}
	}
	if most := int64(12 + 12 + 4); bulk == "honoured" && r.Calls > most {
		t.Errorf("%d calls", r.Calls)
		for _, c := range b.loaded(record.CallsTable) {
			t.Log(c)
		}
	}
	if again := b.load(func(o *RunOptions) { o.AccountsFirst = first }); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
}

// A list shows tasks whole, a hundred to a call, so that a task nobody touched costs its DELETE alone; what
// a person did to one is found all the same. Where the list is thin, each is read.
func TestAnUntouchedTaskCostsOneDelete(t *testing.T) {
	for rows, reads := range map[string]int64{"whole": 1, "thin": 40} {
		t.Run(rows, func(t *testing.T) {
			b := newBench(t, quick("activity_rows", rows))
			b.contacts(4)
			b.load()
			b.newRun()
			b.contacts(4)
			b.tasks(40, 4)
			b.notes(8, 4)
			planned, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
			if err != nil {
				t.Fatal(err)
			}
			b.load()
			edit := func(key, body string) {
				call(t, b.url, "PUT", "/tasks/"+b.row(record.OutcomesTable, "tasks", key)["target_id"], body)
			}
			edit("t000003", `{"task":{"description":"A person wrote this"}}`)
			edit("t000005", `{"task":{"status":0}}`)
			edit("t000007", fmt.Sprintf(`{"task":{"owner_id":%d}}`, b.twin.Account().Owners[1].ID))
			note := b.row(record.OutcomesTable, "notes", "n000002")["target_id"]
			call(t, b.url, "PUT", "/notes/"+note, `{"note":{"description":"And this"}}`)
			b.twin.ResetCalls()
			undo := func(o *rollback.Options) { o.OnlyRun = b.dir.ID() }
			r := b.rollback(undo)
			if r.Kept != 4 || r.Reversed != 44 || r.Failed != 0 {
				t.Errorf("%+v %v", r, b.loaded(record.RollbackTable))
			}
			if n := len(b.loaded(record.RollbackTable)); n != 48+4 { // and a line for each field that was edited
				t.Errorf("%d lines for 48 records: %v", n, b.loaded(record.RollbackTable))
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
			if again := b.rollback(undo); again.Reversed != 0 || again.Kept != 4 {
				t.Errorf("again: %+v", again)
			}
		})
	}
}
