package load

import (
	"context"
	"fmt"
	"os"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/plan"
)

func TestTwoLoadersOnOneTarget(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(1)
	lock, err := run.TakeLock(b.options().Target.LockFile(), "target twin", freshsales.SystemClock().Now())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), b.dir, b.runOptions())
	problemOf(t, err, run.ExitLocked, fmt.Sprint(os.Getpid()))
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	b.load()
}

func TestALedgerThatCannotBeTrusted(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(30)
	b.tasks(10, 5)
	b.load()
	ledger := b.options().Target.Ledger()
	whole, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("damaged", func(t *testing.T) {
		bad := append([]byte(nil), whole...)
		for i := 4096; i < len(bad); i += 97 {
			bad[i] ^= 0x55
		}
		writeAll(t, ledger, bad)
		_, err := Run(context.Background(), b.dir, b.runOptions())
		problemOf(t, err, run.ExitFailed, "damaged", "--adopt")
	})
	t.Run("of another account", func(t *testing.T) {
		writeAll(t, ledger, whole)
		tw, url, stop := startTwin(t, quick())
		defer stop()
		other := tw.Account()
		for i := range other.Owners {
			other.Owners[i].ID += 5000
		}
		if err := tw.SetAccount(other); err != nil {
			t.Fatal(err)
		}
		o := b.runOptions()
		o.URL = url
		_, err := Run(context.Background(), b.dir, o)
		problemOf(t, err, run.ExitStop, "another Freshsales account")
	})
	t.Run("lost, and rebuilt", func(t *testing.T) {
		if err := os.Remove(ledger); err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(ledger + "-wal")
		_, err := Run(context.Background(), b.dir, b.runOptions())
		problemOf(t, err, run.ExitStop, "empty", "--adopt")
		before := digestOf(t, b.twin)
		r := b.load(func(o *RunOptions) { o.Adopt = true })
		if r.Writes != 0 || digestOf(t, b.twin) != before {
			t.Errorf("adopting wrote %d calls: %v", r.Writes, r.Counts)
		}
		if again := b.load(); again.Writes != 0 || again.Planned["tasks"][plan.Unchanged] != 10 ||
			again.Planned["contacts"][plan.Unchanged] != 30 {
			t.Errorf("after adopting: %v", again.Planned)
		}
	})
}

// A ledger restored from a backup does not know what was sent since: it is noticed, and it learns.
func TestAnOlderLedgerIsNoticedAndLearns(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(30)
	b.tasks(60, 30)
	b.load()
	b.rollback() // the older ledger knows some contacts as taken back, and others not at all
	b.load(func(o *RunOptions) { o.Sample = 10 })
	ledger := b.options().Target.Ledger()
	old, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	b.load()
	before := digestOf(t, b.twin)
	writeAll(t, ledger, old)
	for range 2 {
		_, err = Run(context.Background(), b.dir, b.runOptions())
		problemOf(t, err, run.ExitStop, "does not know", "--adopt")
		_, err = Plan(context.Background(), b.dir, b.runOptions().PlanOptions)
		problemOf(t, err, run.ExitStop, "does not know", "--adopt")
	}
	r := b.load(func(o *RunOptions) { o.Adopt = true })
	if r.Writes != 0 || digestOf(t, b.twin) != before {
		t.Errorf("learning wrote %d calls: %v", r.Writes, r.Counts)
	}
	if again := b.load(); again.Writes != 0 || again.Planned["tasks"][plan.Unchanged] != 60 {
		t.Errorf("after learning: %v", again.Planned)
	}
}

func writeAll(t testing.TB, path string, content []byte) {
	t.Helper()
	_ = os.Remove(path + "-wal")
	_ = os.Remove(path + "-shm")
	if err := os.WriteFile(path, content, run.FileMode); err != nil {
		t.Fatal(err)
	}
}
