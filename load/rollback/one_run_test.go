package rollback_test

import (
	"fmt"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
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
	if r := b.UndoLastRun(); r.Reversed != 3 {
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
	for i, want := range []int64{5, 0} { // the second time there is nothing left to undo
		if r := b.UndoLastRun(); r.Reversed != want || r.Restore != want {
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

// A run that compared everything, because the account had got another field, is undone where it wrote, at the cost of
// that; and a run is undone also if a later one only compared.
func TestWhatARunOnlyComparedIsNotUndone(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(name string) {
		b.NewRun()
		b.Contacts(5, func(i int, row run.Row) {
			if i == 0 {
				row[3] = name
			}
		})
		b.Notes(5, 5)
		b.Load()
	}
	load("First")
	id := b.Row(record.OutcomesTable, "contacts", "c000000")["target_id"]
	addField := func(name string) {
		a := b.Twin.Account()
		a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: name, Label: name, Type: "text"})
		if err := b.Twin.SetAccount(a); err != nil {
			t.Fatal(err)
		}
	}
	addField("cf_one")
	load("Second")
	second := b.Dir.ID()
	addField("cf_two")
	load("Second")
	r := b.Rollback(func(o *rollback.Options) { o.OnlyRun = second })
	if r.Reversed != 1 || r.Restore != 1 || r.Calls > 15 {
		t.Errorf("%+v %v", r, b.Loaded(record.RollbackTable))
	}
	if got := b.Read(id)["first_name"]; got != "First" {
		t.Errorf("it is still %v", got)
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
	b.UndoLastRun()
	holds("[old theirs vip]")
	load("gold", "old")
	holds("[gold old theirs]")
	load("old")
	holds("[old theirs]")
}

// What a run moved goes back to where it hung: what hangs on a contact, the link of a contact, the company of a deal.
func TestWhatARunMovedGoesBack(t *testing.T) {
	for name, move := range map[string]func(b *loadtest.Bench, isMoved bool){
		"a note, to the contact of somebody else": func(b *loadtest.Bench, isMoved bool) {
			b.People(pick(isMoved, map[string][]string{"a": {"a", "b"}}, map[string][]string{"a": {"a"}, "b": {"b"}}))
			b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"),
				run.Row{"n1", pick(isMoved, "a", "b"), "A note"})
		},
		"a contact, to another company": func(b *loadtest.Bench, isMoved bool) {
			b.Accounts(2)
			b.Contacts(1, func(_ int, row run.Row) { row[7] = pick(isMoved, "a0001", "a0000") })
		},
		"a deal, to another company": func(b *loadtest.Bench, isMoved bool) {
			b.Accounts(2)
			b.Contacts(1)
			b.Table("deals", loadtest.DealColumns,
				run.Row{"d1", "c000000", pick(isMoved, "a0001", "a0000"), "Deal", "New", 10.0})
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			load := func(isMoved bool) string {
				b.NewRun()
				move(b, isMoved)
				b.Load()
				return loadtest.DigestOf(t, b.Twin)
			}
			before, first, moved := loadtest.DigestOf(t, b.Twin), load(false), load(true)
			b.UndoLastRun()
			if first == moved || loadtest.DigestOf(t, b.Twin) != first {
				t.Errorf("not as the first run left it: %v", b.Loaded(record.RollbackTable))
			}
			if load(true) != moved {
				t.Error("loaded again it is not where it was")
			}
			b.Rollback()
			if loadtest.DigestOf(t, b.Twin) != before {
				t.Error("everything was undone, and it is not as before")
			}
		})
	}
}

func pick[T any](first bool, one, other T) T {
	if first {
		return one
	}
	return other
}
