package run

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Lock is a held lock; the kernel releases it when the process dies, however it dies.
type Lock struct{ file *flock.Flock }

type lockOwner struct {
	Process int    `json:"process"`
	Command string `json:"command"`
	Since   string `json:"since"`
}

// TakeLock takes the lock on a file or answers with a Problem that names its holder. The text in
// the file is for naming the owner only; flock decides.
func TakeLock(path, what string, now time.Time) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), DirMode); err != nil {
		return nil, CannotWrite(path, err)
	}
	l := flock.New(path, flock.SetPermissions(FileMode))
	got, err := l.TryLock()
	if err != nil {
		return nil, CannotWrite(path, err)
	}
	if !got {
		return nil, &Problem{Where: path, What: what + " is in use by " + ownerOf(path), Exit: ExitLocked,
			Try: "wait for it to finish, or stop it with Ctrl-C in its own terminal"}
	}
	owner, err := json.Marshal(lockOwner{Process: os.Getpid(), Command: commandName(), Since: now.UTC().
		Format(time.RFC3339)})
	if err == nil {
		err = os.WriteFile(path, append(owner, '\n'), FileMode)
	}
	if err != nil {
		_ = l.Unlock()
		return nil, CannotWrite(path, err)
	}
	return &Lock{file: l}, nil
}

// WaitLock takes a lock that is held for moments only, waiting for whoever has it.
func WaitLock(ctx context.Context, path string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), DirMode); err != nil {
		return nil, CannotWrite(path, err)
	}
	l := flock.New(path, flock.SetPermissions(FileMode))
	if _, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, CannotWrite(path, err)
	}
	return &Lock{file: l}, nil
}

// Release gives the lock back.
func (l *Lock) Release() error { return l.file.Unlock() }

func ownerOf(path string) string {
	var o lockOwner
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &o) != nil || o.Process == 0 {
		return "another process"
	}
	return fmt.Sprintf("process %d (%s) since %s", o.Process, o.Command, o.Since)
}

// commandName is the program and its verb, never the arguments: they may hold an address.
func commandName() string {
	name := []string{filepath.Base(os.Args[0])}
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name = append(name, os.Args[1])
	}
	return strings.Join(name, " ")
}
