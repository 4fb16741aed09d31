package load_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/plan"
	"ferry/load/reconcile"
	"ferry/load/record"
)

func TestTwoPeopleBecomeOne(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.People(map[string][]string{"a": {"a"}, "b": {"b"}, "c": {"c"}})
	b.Load()
	older, other := b.Row(record.OutcomesTable, "contacts", "a")["target_id"],
		b.Row(record.OutcomesTable, "contacts", "b")["target_id"]
	b.NewRun()
	b.People(map[string][]string{"b": {"a", "b"}, "c": {"c"}})
	r := b.Load()
	if r.Counts["contacts"][ledger.Created] != 0 || b.Twin.Counts()["contacts"] != 3 {
		t.Errorf("%v %v", r.Counts, b.Twin.Counts())
	}
	b.Is(record.PlanTable, "contacts", "b", "target_id", older)
	b.HasNotice("merged_since", "b")
	if read := b.Reconcile(reconcile.DepthFull); !read.IsClean() {
		t.Errorf("%+v %+v", read.Tallies, read.Counts)
	}
	if again := b.Load(); again.Writes != 0 {
		t.Errorf("again: %d writes, %v", again.Writes, again.Planned)
	}
	if r.Counts["contacts"][ledger.Refused] != 0 || b.Read(older)["external_id"] == b.Read(other)["external_id"] {
		t.Errorf("%v %v", r.Counts, b.Loaded(record.OutcomesTable))
	}
	if got := b.Read(other)["email"]; got != "b@example.com" {
		t.Errorf("the other contact was touched: %v", got)
	}
}

func TestAPersonFoundUnderAnOlderKeyStaysTheSameContact(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.People(map[string][]string{"m": {"m"}})
	b.Load()
	id := b.Row(record.OutcomesTable, "contacts", "m")["target_id"]
	b.NewRun()
	b.People(map[string][]string{"a": {"a", "m"}})
	b.Load()
	b.Is(record.OutcomesTable, "contacts", "a", "target_id", id)
	if n := b.Twin.Counts()["contacts"]; n != 1 {
		t.Errorf("%d contacts", n)
	}
}

// A person goes on with the contact that is there, also under a key whose own contact was left behind before, or taken
// back.
func TestAPersonGoesOnUnderAKeyThatHadAContact(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.People(map[string][]string{"a": {"a"}})
	b.Load()
	id := b.Row(record.OutcomesTable, "contacts", "a")["target_id"]
	for i, step := range []struct {
		people   map[string][]string
		undo     bool
		key      string
		contacts int
	}{
		{map[string][]string{"a": {"a"}, "b": {"b"}}, true, "", 1},
		{map[string][]string{"b": {"a", "b"}}, false, "b", 1}, // b's own was taken back
		{map[string][]string{"b": {"b"}, "c": {"c"}}, false, "b", 2},
		{map[string][]string{"c": {"b", "c"}}, false, "c", 2}, // c's own is left behind
		{map[string][]string{"c": {"c"}}, false, "c", 2},
		{map[string][]string{"d": {"c", "d"}}, false, "d", 2},
		{map[string][]string{"c": {"c"}}, false, "c", 2}, // the other profile is gone
	} {
		b.NewRun()
		b.People(step.people)
		b.Load()
		if step.undo {
			b.UndoLastRun()
		} else {
			b.Is(record.OutcomesTable, "contacts", step.key, "target_id", id)
			if again := b.Load(); again.Writes != 0 {
				t.Errorf("step %d: once more: %d writes", i, again.Writes)
			}
		}
		if n := b.Twin.Counts()["contacts"]; n != step.contacts {
			t.Errorf("step %d: %d contacts", i, n)
		}
	}
	b.Rollback()
	if n := b.Twin.Counts()["contacts"]; n != 0 {
		t.Errorf("%d contacts are left", n)
	}
}

// What hangs on a person costs nothing when only the person's key is another, and keeps its text and its Ref when it
// moves to the contact of somebody the person became one with.
func TestWhatHangsOnAPersonFollowsWithItsText(t *testing.T) {
	hang := func(b *loadtest.Bench, on string) {
		b.Table("tasks", loadtest.TaskColumns, run.Row{"t1", on, "ada@example.com", "Opened", "Campaign: spring",
			time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC), int64(1)})
		b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"), run.Row{"n1", on, "A note"})
	}
	for name, c := range map[string]struct {
		before, now map[string][]string
		on, then    string
		updated     int64
	}{
		"another key":     {map[string][]string{"m": {"m"}}, map[string][]string{"a": {"a", "m"}}, "m", "a", 0},
		"another contact": {map[string][]string{"a": {"a"}, "b": {"b"}}, map[string][]string{"a": {"a", "b"}}, "b", "a", 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := loadtest.NewBench(t, loadtest.Quick())
			b.People(c.before)
			hang(b, c.on)
			b.Load()
			b.NewRun()
			b.People(c.now)
			hang(b, c.then)
			r := b.Load()
			if n := r.Counts["tasks"][ledger.Updated] + r.Counts["notes"][ledger.Updated]; n != c.updated {
				t.Errorf("%d updated, want %d: %v", n, c.updated, r.Counts)
			}
			for _, tally := range b.Reconcile(reconcile.DepthFull).Tallies {
				if tally.Identical != tally.Sent {
					t.Errorf("%+v: %v", tally, b.Loaded(record.ReadbackTable))
				}
			}
		})
	}
}

func TestOnePersonBecomesTwo(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.People(map[string][]string{"a": {"a", "b"}})
	b.Load()
	b.NewRun()
	b.People(map[string][]string{"a": {"a"}, "b": {"b"}})
	r := b.Load()
	if r.Counts["contacts"][ledger.Created] != 0 || r.Planned["contacts"][plan.Conflict] != 1 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
	b.HasNotice("split", "b")
	r = b.Load(func(o *load.RunOptions) { o.OnConflict = map[string]string{"contacts.split": record.TakeOurs} })
	if r.Counts["contacts"][ledger.Created] != 1 || b.Twin.Counts()["contacts"] != 2 {
		t.Errorf("decided: %v %v", r.Counts, b.Twin.Counts())
	}
}

func TestVanishedPeopleAreToldAndKept(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(5)
	b.Load()
	b.NewRun()
	b.Contacts(4)
	r := b.Load()
	if r.Writes != 0 || b.Twin.Counts()["contacts"] != 5 {
		t.Errorf("%v", r.Counts)
	}
	b.HasNotice("vanished", "c000004")
}

func TestOnlyWhatIsAskedForIsSent(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(5)
	b.Tasks(5, 5)
	r := b.Load(func(o *load.RunOptions) { o.Only = []string{"contacts"} })
	if r.Counts["contacts"][ledger.Created] != 5 || b.Twin.Counts()["tasks"] != 0 {
		t.Errorf("%v", r.Counts)
	}
	r = b.Load(func(o *load.RunOptions) { o.Only = []string{"tasks"} })
	if r.Counts["tasks"][ledger.Created] != 5 {
		t.Errorf("%v %v", r.Counts, r.Planned)
	}
}

func TestAnActionLaterThanSettleAfterIsFound(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(3)
	b.Load()
	b.Tasks(3, 3)
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "late_act", On: "tasks.create", Times: 1, Seconds: 0.4}); err != nil {
		t.Fatal(err)
	}
	b.Load() // settles after 50 ms, finds nothing, sends again
	time.Sleep(500 * time.Millisecond)
	o := reconcile.Options{Options: b.Options(), Depth: "full"}
	if _, err := reconcile.Run(context.Background(), b.Dir, o); err != nil {
		t.Fatal(err)
	}
	if n := b.Twin.Counts()["tasks"]; n != 4 {
		t.Fatalf("%d tasks: the late one did not arrive", n)
	}
	for _, r := range b.Loaded(record.ReadbackTable) {
		if r["class"] == "duplicate" && r["entity"] == "tasks" {
			return
		}
	}
	t.Errorf("the duplicate is not reported: %v", fmt.Sprint(b.Loaded(record.ReadbackTable)))
}

// A link that waits for somebody's agreement says so, in every load, and nothing is planned for it.
func TestLinksWaitForAgreement(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	company := func(n int) {
		b.Accounts(2)
		b.Contacts(n, func(i int, row run.Row) { row[7] = fmt.Sprintf("a%04d", i%2) })
	}
	nobody := func(o *load.RunOptions) { o.Acknowledged = nil }
	company(2)
	b.Load(nobody)
	b.NewRun()
	company(3)
	r := b.Load(nobody)
	if r.Calls != r.Estimate.Total {
		t.Errorf("%d calls, planned %d", r.Calls, r.Estimate.Total)
	}
	for _, key := range []string{"c000000", "c000001", "c000002"} {
		b.Is(record.OutcomesTable, record.AccountLinks, key, "outcome", ledger.Pending)
		b.Is(record.OutcomesTable, record.AccountLinks, key, "reason", account.LinksWait)
	}
	b.HasNotice("limitation", "")
	b.NewRun()
	company(3)
	b.Load()
	for _, key := range []string{"c000000", "c000001", "c000002"} {
		b.Is(record.OutcomesTable, record.AccountLinks, key, "outcome", ledger.Created)
	}
}

// A company that a person gave a contact of ours stays beside the one a later load links it to.
func TestALinkKeepsTheCompaniesAPersonAdded(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Accounts(2)
	b.Contacts(1)
	b.Load()
	id := b.Row(record.OutcomesTable, "contacts", "c000000")["target_id"]
	theirs := b.Row(record.OutcomesTable, "accounts", "a0001")["target_id"]
	b.Edit(id, `"sales_accounts":[{"id":`+theirs+`,"is_primary":true}]`)
	b.NewRun()
	b.Accounts(2)
	b.Contacts(1, func(_ int, row run.Row) { row[7] = "a0000" })
	r := b.Load()
	if r.Calls != r.Estimate.Total {
		t.Errorf("%d calls, planned %d", r.Calls, r.Estimate.Total)
	}
	if got := b.Read(id)["sales_accounts"].([]any); len(got) != 2 {
		t.Errorf("its companies: %v", got)
	}
}

// An address that the source gives, takes back and gives again is the first each time, and undoing knows it as ours.
func TestAnAddressThatReturnsIsTheFirstAgain(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	before := loadtest.DigestOf(t, b.Twin)
	id := ""
	for _, address := range []string{"one@example.com", "two@example.com", "one@example.com"} {
		b.NewRun()
		b.Contacts(1, func(_ int, row run.Row) { row[2] = address })
		b.Load()
		id = b.Row(record.OutcomesTable, "contacts", "c000000")["target_id"]
		if got := b.Read(id)["email"]; got != address {
			t.Errorf("%v, want %s", got, address)
		}
	}
	b.Edit(id, `"emails":[{"value":"two@example.com","is_primary":true}]`)
	b.NewRun()
	b.Contacts(1, func(_ int, row run.Row) { row[2] = "three@example.com" })
	b.Load()
	if got := b.Read(id)["email"]; got != "two@example.com" {
		t.Errorf("somebody's choice became %v", got)
	}
	b.Edit(id, `"emails":[{"value":"one@example.com","is_primary":true}]`)
	b.NewRun()
	b.Contacts(1, func(_ int, row run.Row) { row[2] = "one@example.com" })
	b.Load()
	b.Rollback()
	if loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("not as before: %v", b.Loaded(record.RollbackTable))
	}
}

// A company that people had named, and that a company file names later, is the same account; so are its links.
func TestACompanyGoesOnUnderItsKey(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(key, city string) load.Result {
		b.NewRun()
		b.Contacts(2, func(_ int, row run.Row) { row[7] = key })
		b.Table("accounts", loadtest.Texts("account_key", "name", "city"), run.Row{key, "Acme Ltd", city})
		return b.Load()
	}
	load("name:acme ltd", "")
	id := b.Row(record.OutcomesTable, "accounts", "name:acme ltd")["target_id"]
	for i, key := range []string{"K1", "K1", "name:acme ltd"} {
		r := load(key, "Cork")
		if (r.Writes > 0) != (i == 0) || r.Calls != r.Estimate.Total || b.Twin.Counts()["sales_accounts"] != 1 {
			t.Errorf("%s: %d writes, %d calls, planned %d, %v", key, r.Writes, r.Calls, r.Estimate.Total, r.Counts)
		}
		b.Is(record.PlanTable, "accounts", key, "target_id", id)
		if read := b.Reconcile(reconcile.DepthFull); !read.IsClean() {
			t.Errorf("%s: %+v %v", key, read.Tallies, b.Loaded(record.ReadbackTable))
		}
	}
	b.Rollback()
	if n := b.Twin.Counts(); n["sales_accounts"]+n["contacts"] != 0 {
		t.Errorf("%v are left", n)
	}
}

// Two who were made one and are kept apart after all go on with the contacts they had, and what hung on them goes back.
func TestTwoMadeOneAreTwoAgain(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	load := func(people map[string][]string, on string) load.Result {
		b.NewRun()
		b.People(people)
		b.Table("notes", loadtest.Texts("note_key", "contact_key", "description"), run.Row{"n1", on, "A note"})
		return b.Load()
	}
	apart := map[string][]string{"a": {"a"}, "b": {"b"}}
	load(apart, "b")
	first := loadtest.DigestOf(t, b.Twin)
	id := b.Row(record.OutcomesTable, "contacts", "b")["target_id"]
	load(map[string][]string{"a": {"a", "b"}}, "a")
	if r := load(apart, "b"); r.Calls != r.Estimate.Total || loadtest.DigestOf(t, b.Twin) != first {
		t.Errorf("%d calls, planned %d, %v", r.Calls, r.Estimate.Total, r.Counts)
	}
	b.Is(record.OutcomesTable, "contacts", "b", "target_id", id)
	if r := load(apart, "b"); r.Writes != 0 || r.Planned["contacts"][plan.Unchanged] != 2 {
		t.Errorf("again: %v", r.Planned)
	}
}
