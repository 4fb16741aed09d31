package killed_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load"
	"ferry/load/loadtest"
	"ferry/load/record"

	"github.com/google/go-cmp/cmp"
)

// killedAct is something else than a first load that is killed anywhere and must end as if nothing
// had happened.
type killedAct struct {
	name    string
	act     string
	share   int // of 200 points
	prepare func(b *loadtest.Bench, i int)
	result  func(b *loadtest.Bench) string // what must be the same besides the account
}

var killedActs = []killedAct{
	{"a rollback", "rollback", 9, loadAndEdit, rolledBack},
	{"a rollback of a load that was killed", "rollback", 8, loadKilled, nil},
	{"undoing the second of two runs", "undo the last run", 6, loadBoth, undone},
	{"a second load after edits on both sides", "load", 7, loadTwice, undone},
	{"a load in which those say no of whom nothing else is sent", "load", 6, sayNoEverywhere, whoSaidNo},
	{"rebuilding the ledger", "adopt", 5, loseLedger, nothingToDo},
	{"reading everything back", "reconcile", 1, loadAndEdit, readBack},
	{"making custom fields", "fields", 5, wantFields, fieldsThere},
	{"a copy of everything", "backup", 4, loadAndEdit, copiedAll},
}

func TestOtherActsKilledAnywhereEndTheSame(t *testing.T) {
	long.Only(t)
	models, later := loadtest.KillModels(t), laterModels(t)
	for _, a := range killedActs {
		t.Run(a.name, func(t *testing.T) {
			want := a.once(t, models, later, -1, 0)
			t.Logf("%d boundaries", want.boundaries)
			var wg sync.WaitGroup
			points := make(chan int)
			for range 3 {
				wg.Go(func() {
					for i := range points {
						got := a.once(t, models, later, i, want.boundaries)
						if got.account != want.account || got.result != want.result {
							t.Errorf("point %d: not what an uninterrupted one leaves: %s", i, cmp.Diff(want.lines(), got.lines()))
						}
					}
				})
			}
			for _, i := range killPoints(a.share) {
				if t.Failed() {
					break
				}
				points <- i
			}
			close(points)
			wg.Wait()
		})
	}
}

type actEnd struct {
	account, result string
	boundaries      int
}

func (e actEnd) lines() []string { return strings.Split(e.account+e.result, "\n") }

// once prepares an account, does the act, killed at a boundary or at a random moment unless the
// point is negative, goes on until it ends, and says how.
func (a killedAct) once(t *testing.T, models, later string, point, boundaries int) (end actEnd) {
	tw, url, stop := loadtest.KillTwin(t)
	defer stop()
	b := &loadtest.Bench{T: t, Dir: loadtest.ProjectWith(t, models), Twin: tw, URL: url, Runs: 1}
	b.Project, b.Later = b.Dir.Project(), later
	a.prepare(b, point)
	k := killedRun{Project: b.Project.Root(), Run: b.Dir.ID(), URL: url, Act: a.act}
	o := loadtest.KillOptions(b.Project.Target("twin"), url)
	if point < 0 {
		o.Boundary = func(string) { end.boundaries++ }
	} else {
		if err := tw.SetFaults(int64(point), badDays[(point/max(1, boundaries)+point)%len(badDays)]...); err != nil {
			t.Fatal(err)
		}
		var after time.Duration
		if k.At = 1 + point%max(1, boundaries); point%4 == 3 || boundaries == 0 {
			k.At, after = 0, time.Duration(rand.New(rand.NewPCG(uint64(point), 9)).IntN(200))*time.Millisecond
		}
		runKilled(t, k, after)
	}
	var err error
	for range 30 {
		if err = k.act(b.Dir, o); err == nil {
			break
		}
	}
	if err != nil {
		t.Errorf("point %d: does not end: %v", point, err)
		return end
	}
	if err := tw.SetFaults(1); err != nil {
		t.Fatal(err)
	}
	var dump strings.Builder
	if err := tw.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	end.account = dump.String()
	if a.result != nil {
		end.result = a.result(b)
	}
	return end
}

func loadAs(b *loadtest.Bench, act string) {
	b.T.Helper()
	if err := (killedRun{Act: act}).act(b.Dir, loadtest.KillOptions(b.Project.Target("twin"), b.URL)); err != nil {
		b.T.Error(err)
	}
}

func loadAndEdit(b *loadtest.Bench, _ int) {
	loadAs(b, "load")
	id := func(n int) string {
		return b.Row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"]
	}
	b.Edit(id(5), `"first_name":"Edited"`)
	b.Edit(id(1), `"last_name":"Edited"`)
}

// loadKilled leaves a load that a kill stopped after its first notes; the account must end as it was
// before it.
func loadKilled(b *loadtest.Bench, i int) {
	runKilled(b.T, killedRun{Project: b.Project.Root(), Run: b.Dir.ID(), URL: b.URL, At: 10 + max(i, 0)*4%60}, 0)
}

// loadTwice is a first load, edits by people, and another run of changed tables.
func loadTwice(b *loadtest.Bench, i int) {
	loadAndEdit(b, i)
	b.Runs++
	dir, err := b.Project.NewRun(time.Date(2026, 1, 1, 0, 0, b.Runs, 0, time.UTC))
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.Symlink(b.Later, dir.ModelsRoot()); err != nil {
		b.T.Fatal(err)
	}
	if err := dir.Mark("transform", run.Stage{}); err != nil {
		b.T.Fatal(err)
	}
	b.Dir = dir
}

// loadBoth is both of them.
func loadBoth(b *loadtest.Bench, i int) {
	loadTwice(b, i)
	loadAs(b, "load")
}

// laterModels are the tables of killModels after a day: every third contact changed its name, four
// are new, one company moved, tasks and deals were added.
func laterModels(t testing.TB) string {
	b := &loadtest.Bench{T: t, Project: run.OpenProject(t.TempDir())}
	b.NewRun()
	b.Contacts(28, func(i int, row run.Row) {
		if i%4 == 0 {
			row[7] = "a0001"
		}
		if i%3 == 0 {
			row[4], row[9] = fmt.Sprintf("Later %d", i), int64(1000+i)
		}
	})
	b.Accounts(3)
	b.Deals(3)
	b.Tasks(12, 4)
	b.Notes(6, 4)
	return b.Dir.ModelsRoot()
}

func loseLedger(b *loadtest.Bench, _ int) {
	loadAs(b, "load")
	ledger := b.Project.Target("twin").Ledger()
	for _, name := range []string{ledger, ledger + "-wal", ledger + "-shm"} {
		_ = os.Remove(name)
	}
}

// rolledBack is what a rollback says, and the recycle bin: nothing else was deleted.
func rolledBack(b *loadtest.Bench) string {
	return fmt.Sprint(b.Twin.Counts()["contacts deleted"], b.Rows(record.RollbackTable, "entity", "key",
		"result", "field"))
}

func readBack(b *loadtest.Bench) string {
	return b.Rows(record.ReadbackTable, "entity", "key", "class", "field")
}

// undone takes everything back: the before-images of a killed load must still be those of before.
func undone(b *loadtest.Bench) string {
	planned := b.Rows(record.OutcomesTable, "entity", "key", "outcome")
	loadAs(b, "rollback")
	return planned + loadtest.DigestOf(b.T, b.Twin) + rolledBack(b)
}

// wantFields is a run whose contacts need fields the account lacks, three of one type among them.
func wantFields(b *loadtest.Bench, _ int) {
	b.Runs++
	b.NewRun()
	loadtest.KillTables(b)
	field := loadtest.FieldRow
	b.Table("fields", loadtest.FieldColumns, field("cf_a", "A", "number"), field("cf_b", "B", "number"),
		field("cf_c", "C", "number"), field("cf_d", "D", "dropdown", "x", "y"), field("cf_e", "E", "text"))
}

// fieldsThere are the account's fields: each once, and of the type that was asked for.
func fieldsThere(b *loadtest.Bench) string {
	var list []string
	for _, f := range b.Twin.Account().Fields["contacts"] {
		list = append(list, f.Name+" "+f.Type)
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// nothingToDo loads again: a rebuilt ledger knows everything.
func nothingToDo(b *loadtest.Bench) string {
	b.Twin.ResetCalls()
	loadAs(b, "load")
	return fmt.Sprint("writes ", b.Twin.WriteCalls(), b.Rows(record.PlanTable, "entity", "key", "action"))
}

// copiedAll is what a copy of everything holds, wherever it was stopped.
func copiedAll(b *loadtest.Bench) string {
	copies, err := load.Copies(b.Project.Target("twin"))
	if err != nil {
		b.T.Error(err)
	}
	text := ""
	for _, c := range copies {
		one := fmt.Sprint(c.Kind, c.Records, c.Gone, c.Images, len(c.Files), "\n")
		if _, err := os.Stat(filepath.Join(c.Folder, "unfinished")); err == nil && c.Records["contacts"] == 0 {
			one += "unfinished\n"
		}
		rows, err := run.RowsOf(filepath.Join(c.Folder, "contacts.parquet"))
		if err != nil {
			b.T.Error(err)
		}
		var lines []string
		for _, r := range rows {
			lines = append(lines, r.Text("email")+" "+r.Text("first_name")+" "+r.Text("last_name")+"\n")
		}
		slices.Sort(lines)
		if one += strings.Join(lines, ""); !strings.Contains(text, one) { // one that was whole before the kill is made again
			text += one
		}
	}
	return text
}
