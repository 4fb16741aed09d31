package score

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"ferry/internal/run"
)

// private is a folder for the people of a labelled list. It goes however the program ends: by leave, by a guard that
// waits for this process's death, or, where both were killed, by whoever scores next.
type private struct {
	folder string
	lock   *run.Lock
	alive  io.Closer // closed by us or by the kernel; then the guard removes the folder
	guard  *exec.Cmd
}

// privateName begins the names of such folders, lockName is held in one as long as it is used.
const (
	privateName = "ferry-score-"
	lockName    = "in-use"
)

// enterPrivate makes such a folder in another, and removes those that are left of others.
func enterPrivate(within string, now time.Time) (*private, error) {
	if err := sweepPrivate(within, now); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(within, privateName)
	if err != nil {
		return nil, run.CannotWrite(within, err)
	}
	lock, err := run.TakeLock(filepath.Join(folder, lockName), "this folder", now)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	p := &private{folder: folder, lock: lock}
	p.post()
	return p, nil
}

// post sets a guard: a shell that reads from us and hears nothing until we are dead, whatever killed us. Where there is
// no shell, whoever scores next sweeps.
func (p *private) post() {
	guard := exec.Command("sh", "-c", `trap '' INT TERM HUP; cat >/dev/null; rm -rf -- "$1"`, "ferry", p.folder)
	alive, err := guard.StdinPipe()
	if err == nil && guard.Start() == nil {
		p.alive, p.guard = alive, guard
	}
}

// leave removes the folder.
func (p *private) leave() {
	_ = os.RemoveAll(p.folder)
	if p.guard != nil {
		_ = p.alive.Close()
		_ = p.guard.Wait()
	}
	_ = p.lock.Release()
}

// sweepPrivate removes the folders whose process is dead: nobody holds their lock.
func sweepPrivate(within string, now time.Time) error {
	left, err := filepath.Glob(filepath.Join(within, privateName+"*", lockName))
	for _, l := range left {
		lock, e := run.TakeLock(l, "this folder", now)
		if e != nil {
			continue // in use, or somebody else's
		}
		err = errors.Join(err, os.RemoveAll(filepath.Dir(l)), lock.Release())
	}
	return err
}
