package adopt_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
	"ferry/load/loadtest"
	"ferry/load/plan"
)

func TestTwoLoadersOnOneTarget(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(1)
	lock, err := run.TakeLock(b.Options().Target.LockFile(), "target twin", freshsales.SystemClock().Now())
	if err != nil {
		t.Fatal(err)
	}
	_, err = load.Run(context.Background(), b.Dir, b.RunOptions())
	loadtest.ProblemOf(t, err, run.ExitLocked, fmt.Sprint(os.Getpid()))
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	b.Load()
}

func TestALedgerThatCannotBeTrusted(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(30)
	b.Tasks(10, 5)
	b.Load()
	ledger := b.Options().Target.Ledger()
	whole, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("damaged", func(t *testing.T) {
		bad := append([]byte(nil), whole...)
		for i := 4096; i < len(bad); i += 97 {
			bad[i] ^= 0x55
		}
		loadtest.WriteAll(t, ledger, bad)
		_, err := load.Run(context.Background(), b.Dir, b.RunOptions())
		loadtest.ProblemOf(t, err, run.ExitFailed, "damaged", "--adopt")
	})
	t.Run("of another account", func(t *testing.T) {
		loadtest.WriteAll(t, ledger, whole)
		tw, url, stop := loadtest.StartTwin(t, loadtest.Quick())
		defer stop()
		other := tw.Account()
		for i := range other.Owners {
			other.Owners[i].ID += 5000
		}
		if err := tw.SetAccount(other); err != nil {
			t.Fatal(err)
		}
		o := b.RunOptions()
		o.URL = url
		_, err := load.Run(context.Background(), b.Dir, o)
		loadtest.ProblemOf(t, err, run.ExitStop, "another Freshsales account")
	})
	t.Run("lost, and rebuilt", func(t *testing.T) {
		if err := os.Remove(ledger); err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(ledger + "-wal")
		_, err := load.Run(context.Background(), b.Dir, b.RunOptions())
		loadtest.ProblemOf(t, err, run.ExitStop, "empty", "--adopt")
		before := loadtest.DigestOf(t, b.Twin)
		r := b.Load(func(o *load.RunOptions) { o.Adopt = true })
		if r.Writes != 0 || loadtest.DigestOf(t, b.Twin) != before {
			t.Errorf("adopting wrote %d calls: %v", r.Writes, r.Counts)
		}
		if again := b.Load(); again.Writes != 0 || again.Planned["tasks"][plan.Unchanged] != 10 ||
			again.Planned["contacts"][plan.Unchanged] != 30 {
			t.Errorf("after adopting: %v", again.Planned)
		}
	})
}

// A ledger restored from a backup does not know what was sent since: it is noticed, and it learns.
func TestAnOlderLedgerIsNoticedAndLearns(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(30)
	b.Tasks(60, 30)
	b.Load()
	b.Rollback() // the older ledger knows some contacts as taken back, and others not at all
	b.Load(func(o *load.RunOptions) { o.Sample = 10 })
	ledger := b.Options().Target.Ledger()
	old, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	b.Load()
	before := loadtest.DigestOf(t, b.Twin)
	loadtest.WriteAll(t, ledger, old)
	for range 2 {
		_, err = load.Run(context.Background(), b.Dir, b.RunOptions())
		loadtest.ProblemOf(t, err, run.ExitStop, "does not know", "--adopt")
		_, err = load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions)
		loadtest.ProblemOf(t, err, run.ExitStop, "does not know", "--adopt")
	}
	r := b.Load(func(o *load.RunOptions) { o.Adopt = true })
	if r.Writes != 0 || loadtest.DigestOf(t, b.Twin) != before {
		t.Errorf("learning wrote %d calls: %v", r.Writes, r.Counts)
	}
	if again := b.Load(); again.Writes != 0 || again.Planned["tasks"][plan.Unchanged] != 60 {
		t.Errorf("after learning: %v", again.Planned)
	}
}
