package rollback_test

import (
	"fmt"
	"testing"

	"ferry/internal/run"
	"ferry/load/loadtest"
	"ferry/load/record"
	"ferry/load/rollback"
)

func TestARollbackOfOneRun(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(3)
	b.Load()
	first := loadtest.DigestOf(t, b.Twin)
	b.NewRun()
	b.Contacts(5, func(i int, row run.Row) {
		if i == 0 {
			row[3] = "Second"
		}
	})
	b.Load()
	if r := b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() }); r.Reversed != 3 {
		t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
	}
	if loadtest.DigestOf(t, b.Twin) != first {
		t.Errorf("not as the first run left it: %v", b.Twin.Counts())
	}
}

// A run that was undone leaves a ledger that can be loaded from, and undone to the end.
func TestAfterARunIsUndoneTheLoadGoesOn(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	found := fmt.Sprint(b.Person("c000002@example.com", `,"first_name":"Before"`))
	before := loadtest.DigestOf(t, b.Twin)
	b.Contacts(3)
	b.Notes(2, 3)
	b.Load()
	first := loadtest.DigestOf(t, b.Twin)
	second := func() {
		b.Contacts(3, func(_ int, row run.Row) { row[3] = "Second" })
		b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"),
			run.Row{"n000000", "c000000", "Another text"}, run.Row{"n000001", "c000001", "And another"})
	}
	b.NewRun()
	second()
	b.Load()
	loaded := loadtest.DigestOf(t, b.Twin)
	undone := b.Dir.ID()
	undo := func(o *rollback.Options) { o.OnlyRun = undone }
	for i, want := range []int64{5, 0} { // the second time there is nothing left to undo
		if r := b.Rollback(undo); r.Reversed != want || r.Restore != want {
			t.Errorf("rollback %d: %+v", i, r)
		}
	}
	if loadtest.DigestOf(t, b.Twin) != first {
		t.Error("not as the first run left it")
	}
	b.NewRun()
	second()
	if r := b.Load(); r.Count("updated") != 5 {
		t.Errorf("loaded again: %v", r.Counts)
	}
	if loadtest.DigestOf(t, b.Twin) != loaded || b.Read(found)["first_name"] != "Second" {
		t.Error("loaded again it is not as it was")
	}
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("everything was undone, and it is not as before: %v", b.Twin.Counts())
	}
}

// Tags that a run put in the place of others go, and the others come back; a person's own stay, and stay theirs.
func TestTagsThatARunTookAwayComeBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(tags ...string) {
		b.NewRun()
		b.Contacts(1, func(_ int, row run.Row) { row[8] = tags })
		b.Load()
	}
	load("vip", "old")
	id := b.Row(record.OutcomesTable, "contacts", "c000000")["target_id"]
	holds := func(want string) {
		t.Helper()
		if got := fmt.Sprint(b.Read(id)["tags"]); got != want {
			t.Errorf("tags %s, want %s", got, want)
		}
	}
	load("gold", "old")
	b.Edit(id, `"tags":["gold","old","theirs"]`)
	b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() })
	holds("[old theirs vip]")
	load("gold", "old")
	holds("[gold old theirs]")
	load("old")
	holds("[old theirs]")
}

// What a run moved to the contact of somebody else goes back to the contact it hung on.
func TestWhatARunMovedGoesBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	before := loadtest.DigestOf(t, b.Twin)
	load := func(people map[string][]string, on string) string {
		b.NewRun()
		b.People(people)
		b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"), run.Row{"n1", on, "A note"})
		b.Load()
		return loadtest.DigestOf(t, b.Twin)
	}
	first := load(map[string][]string{"a": {"a"}, "b": {"b"}}, "b")
	moved := load(map[string][]string{"a": {"a", "b"}}, "a")
	b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() })
	if loadtest.DigestOf(t, b.Twin) != first {
		t.Errorf("not as the first run left it: %v", b.Loaded(record.RollbackTable))
	}
	if load(map[string][]string{"a": {"a", "b"}}, "a") != moved {
		t.Error("loaded again it is not where it was")
	}
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Error("everything was undone, and it is not as before")
	}
}

// A contact that a run linked to another company is linked to the one before again, and keeps those a person added.
func TestALinkThatARunChangedGoesBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	before := loadtest.DigestOf(t, b.Twin)
	load := func(company string) string {
		b.NewRun()
		b.Accounts(2)
		b.Contacts(1, func(_ int, row run.Row) { row[7] = company })
		b.Load()
		return loadtest.DigestOf(t, b.Twin)
	}
	first := load("a0000")
	changed := load("a0001")
	b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() })
	if loadtest.DigestOf(t, b.Twin) != first {
		t.Errorf("not as the first run left it: %v", b.Loaded(record.RollbackTable))
	}
	if load("a0001") != changed {
		t.Error("loaded again it is not linked as it was")
	}
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Error("everything was undone, and it is not as before")
	}
}

// So does the company of a deal.
func TestADealThatARunMovedGoesBack(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(company string) string {
		b.NewRun()
		b.Accounts(2)
		b.Contacts(1)
		b.Table("deals", loadtest.DealColumns, run.Row{"d1", "c000000", company, "Deal", "New", 10.0})
		b.Load()
		return loadtest.DigestOf(t, b.Twin)
	}
	first := load("a0000")
	moved := load("a0001")
	b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() })
	if first == moved || loadtest.DigestOf(t, b.Twin) != first {
		t.Errorf("not as the first run left it: %v", b.Loaded(record.RollbackTable))
	}
	if load("a0001") != moved {
		t.Error("loaded again it is not where it was")
	}
}
