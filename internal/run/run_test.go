package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func TestRunsAreNamedByTimeAndNeverShared(t *testing.T) {
	p := OpenProject(t.TempDir())
	var names []string
	for range 11 {
		d, err := p.NewRun(noon)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, d.ID())
	}
	all, err := p.AllRuns()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range all {
		if d.ID() != names[i] {
			t.Fatalf("run %d is %s, want %s: the newest must come last", i, d.ID(), names[i])
		}
	}
	if _, err := p.Run("../outside"); err == nil {
		t.Fatal("a path was taken for a run")
	}
}

// The newest run is the one made last, also where the clock was set back, or a run between others was removed.
func TestANewRunComesLast(t *testing.T) {
	p := OpenProject(t.TempDir())
	var made []Dir
	for _, at := range []time.Time{noon, noon, noon, noon.Add(-time.Hour), noon.Add(time.Second), noon} {
		d, err := p.NewRun(at)
		if err != nil {
			t.Fatal(err)
		}
		if made = append(made, d); len(made) == 3 {
			if err := os.Remove(made[1].Root()); err != nil {
				t.Fatal(err)
			}
		}
		if newest, err := p.LatestRun(); err != nil || newest.ID() != d.ID() {
			t.Errorf("made %s at %s, and the newest is %s (%v)", d.ID(), at, newest.ID(), err)
		}
	}
}

func TestASecondHolderIsToldWhoHasTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "target", ".lock")
	first, err := TakeLock(path, "target x", noon)
	if err != nil {
		t.Fatal(err)
	}
	_, err = TakeLock(path, "target x", noon)
	if ExitOf(err) != ExitLocked || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Fatalf("exit %d: %v", ExitOf(err), err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := TakeLock(path, "target x", noon)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Release()
}

func TestAFileIsWhollyThereOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "file")
	if err := WriteFile(path, func(io.Writer) error { return errors.New("stopped") }); err == nil {
		t.Fatal("the error was lost")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("half a file was published")
	}
	if _, err := os.Stat(TempName(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the temporary file was left behind")
	}
}

func TestWhatTheDiskSaysBecomesSomethingToDo(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.ENOSPC: "the disk is full", syscall.EROFS: "may not write here",
		fs.ErrPermission: "may not write here", syscall.ENOTDIR: "a file stands where a folder is needed",
	} {
		err := CannotWrite("models/x", &fs.PathError{Op: "write", Path: "x", Err: cause})
		var p *Problem
		if !errors.As(err, &p) || !strings.Contains(p.What, want) || p.Try == "" || !errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
	}
	if CannotWrite("x", nil) != nil {
		t.Error("nothing became something")
	}
}

func TestAForkSharesTheLandedFilesAndNothingElse(t *testing.T) {
	d, err := OpenProject(t.TempDir()).NewRun(noon)
	if err != nil {
		t.Fatal(err)
	}
	w, err := CreateTable(filepath.Join(d.Landed("tags"), "part.parquet"), Texts("tags", "a"))
	if err == nil {
		err = errors.Join(w.Write(Row{"x"}), w.Close(), d.Mark("extract", Stage{Output: "digest"}),
			d.Mark("transform", Stage{}))
	}
	if err != nil {
		t.Fatal(err)
	}
	fork, err := d.Fork(noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	a, errA := os.Stat(filepath.Join(d.Landed("tags"), "part.parquet"))
	b, errB := os.Stat(filepath.Join(fork.Landed("tags"), "part.parquet"))
	if errA != nil || errB != nil || !os.SameFile(a, b) {
		t.Fatal("the landed file is not shared", errA, errB)
	}
	m, err := fork.ReadManifest()
	if err != nil || m.From != d.ID() || m.Stages["extract"].Output != "digest" || len(m.Stages) != 1 {
		t.Fatalf("%+v %v", m, err)
	}
}

func TestADamagedManifestIsExplained(t *testing.T) {
	d, err := OpenProject(t.TempDir()).NewRun(noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.Manifest(), []byte(`{"version": "1`), FileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Done("extract", "ferry extract"); err == nil ||
		!strings.Contains(err.Error(), "run.json cannot be read") {
		t.Fatal(err)
	}
}
