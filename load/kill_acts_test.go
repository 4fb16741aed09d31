package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/load/record"
)

// killedAct is something else than a first load that is killed anywhere and must end as if nothing
// had happened.
type killedAct struct {
	name    string
	act     string
	share   int // of 200 points
	prepare func(b *bench, i int)
	result  func(b *bench) string // what must be the same besides the account
}

var killedActs = []killedAct{
	{"a rollback", "rollback", 9, loadAndEdit, (*bench).rolledBack},
	{"a rollback of a load that was killed", "rollback", 8, loadKilled, nil},
	{"a second load after edits on both sides", "load", 7, loadTwice, (*bench).undone},
	{"rebuilding the ledger", "adopt", 5, loseLedger, (*bench).nothingToDo},
	{"reading everything back", "reconcile", 1, loadAndEdit, (*bench).readBack},
	{"making custom fields", "fields", 5, wantFields, (*bench).fieldsThere},
	{"a copy of everything", "backup", 4, loadAndEdit, (*bench).copiedAll},
}

func TestOtherActsKilledAnywhereEndTheSame(t *testing.T) {
	models, later := killModels(t), laterModels(t)
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
	tw, url, stop := killTwin(t)
	defer stop()
	b := &bench{t: t, dir: projectWith(t, models), twin: tw, url: url, runs: 1}
	b.project, b.later = b.dir.Project(), later
	a.prepare(b, point)
	k := killedRun{Project: b.project.Root(), Run: b.dir.ID(), URL: url, Act: a.act}
	o := killOptions(b.project.Target("twin"), url)
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
		if err = k.act(b.dir, o); err == nil {
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

func (b *bench) loadAs(act string) {
	b.t.Helper()
	if err := (killedRun{Act: act}).act(b.dir, killOptions(b.project.Target("twin"), b.url)); err != nil {
		b.t.Error(err)
	}
}

func loadAndEdit(b *bench, _ int) {
	b.loadAs("load")
	id := func(n int) string {
		return b.row(record.OutcomesTable, "contacts", fmt.Sprintf("c%06d", n))["target_id"]
	}
	b.edit(id(5), `"first_name":"Edited"`)
	b.edit(id(1), `"last_name":"Edited"`)
}

// loadKilled leaves a load that a kill stopped after its first notes; the account must end as it was
// before it.
func loadKilled(b *bench, i int) {
	runKilled(b.t, killedRun{Project: b.project.Root(), Run: b.dir.ID(), URL: b.url, At: 10 + max(i, 0)*4%60}, 0)
}

// loadTwice is a first load, edits by people, and another run of changed tables.
func loadTwice(b *bench, i int) {
	loadAndEdit(b, i)
	b.runs++
	dir, err := b.project.NewRun(time.Date(2026, 1, 1, 0, 0, b.runs, 0, time.UTC))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.Symlink(b.later, dir.ModelsRoot()); err != nil {
		b.t.Fatal(err)
	}
	if err := dir.Mark("transform", run.Stage{}); err != nil {
		b.t.Fatal(err)
	}
	b.dir = dir
}

// laterModels are the tables of killModels after a day: every third contact changed its name, four
// are new, one company moved, tasks and deals were added.
func laterModels(t testing.TB) string {
	b := &bench{t: t, project: run.OpenProject(t.TempDir())}
	b.newRun()
	b.contacts(28, func(i int, row run.Row) {
		if i%4 == 0 {
			row[7] = "a0001"
		}
		if i%3 == 0 {
			row[4], row[9] = fmt.Sprintf("Later %d", i), int64(1000+i)
		}
	})
	b.accounts(3)
	b.deals(3)
	b.tasks(12, 4)
	b.notes(6, 4)
	return b.dir.ModelsRoot()
}

func loseLedger(b *bench, _ int) {
	b.loadAs("load")
	ledger := b.project.Target("twin").Ledger()
	for _, name := range []string{ledger, ledger + "-wal", ledger + "-shm"} {
		_ = os.Remove(name)
	}
}

// rows are the rows of a loaded table, without what a server gives.
func (b *bench) rows(table string, names ...string) string {
	var list []string
	for _, r := range b.loaded(table) {
		line := "\n"
		for _, n := range names {
			line += r[n] + " "
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return fmt.Sprint(list)
}

// rolledBack is what a rollback says, and the recycle bin: nothing else was deleted.
func (b *bench) rolledBack() string {
	return fmt.Sprint(b.twin.Counts()["contacts deleted"], b.rows(record.RollbackTable, "entity", "key",
		"result", "field"))
}

func (b *bench) readBack() string {
	return b.rows(record.ReadbackTable, "entity", "key", "class", "field")
}

// undone takes everything back: the before-images of a killed load must still be those of before.
func (b *bench) undone() string {
	planned := b.rows(record.OutcomesTable, "entity", "key", "outcome")
	b.loadAs("rollback")
	return planned + digestOf(b.t, b.twin) + b.rolledBack()
}

// wantFields is a run whose contacts need fields the account lacks, three of one type among them.
func wantFields(b *bench, _ int) {
	b.runs++
	b.newRun()
	killTables(b)
	b.table("fields", fieldColumns, fieldRow("cf_a", "A", "number"), fieldRow("cf_b", "B", "number"),
		fieldRow("cf_c", "C", "number"), fieldRow("cf_d", "D", "dropdown", "x", "y"), fieldRow("cf_e", "E", "text"))
}

// fieldsThere are the account's fields: each once, and of the type that was asked for.
func (b *bench) fieldsThere() string {
	var list []string
	for _, f := range b.twin.Account().Fields["contacts"] {
		list = append(list, f.Name+" "+f.Type)
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// nothingToDo loads again: a rebuilt ledger knows everything.
func (b *bench) nothingToDo() string {
	b.twin.ResetCalls()
	b.loadAs("load")
	return fmt.Sprint("writes ", b.twin.WriteCalls(), b.rows(record.PlanTable, "entity", "key", "action"))
}
