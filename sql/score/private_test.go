package score

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// People of a labelled list are nowhere once the program is dead: here by its own end, by a kill, by a kill of all.
func TestNobodyIsLeftBehind(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	enter := func(within string) *private {
		t.Helper()
		p, err := enterPrivate(within, now)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(p.folder, "people.parquet"), []byte("ann"), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	left := func(within string) int {
		entries, err := os.ReadDir(within)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}

	t.Run("its own end", func(t *testing.T) {
		within := t.TempDir()
		p, other := enter(within), enter(within)
		p.leave()
		if left(within) != 1 {
			t.Error("the folder of one that is at work was taken away")
		}
		other.leave()
		if left(within) != 0 {
			t.Error("people are left")
		}
	})
	t.Run("a kill", func(t *testing.T) {
		within := t.TempDir()
		p := enter(within)
		if p.guard == nil {
			t.Skip("no shell here, so there is no guard")
		}
		_ = p.alive.Close() // as the kernel does for the dead
		_ = p.guard.Wait()
		if left(within) != 0 {
			t.Error("people are left")
		}
		_ = p.lock.Release()
	})
	t.Run("a kill of all", func(t *testing.T) {
		within := t.TempDir()
		p := enter(within)
		if p.guard != nil {
			_ = p.guard.Process.Kill()
			_ = p.guard.Wait()
		}
		_ = p.lock.Release() // as the kernel does for the dead
		enter(within).leave()
		if left(within) != 0 {
			t.Error("people are left")
		}
	})
}
