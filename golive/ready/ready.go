// Package ready looks whether a project on this machine is fit to work: its folders, exports, clock and
// disk. It reads only, and writes nothing to try. Accounts are asked by whoever holds their keys. Start at Folder.
package ready

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"ferry/golive/audit"
	"ferry/internal/run"
)

// States of a thing.
const (
	Fine     = "ok"
	Look     = "look" // somebody should look; nothing stops
	Stop     = "stop" // a command would stop here
	NotAsked = "not asked"
)

// Thing is one thing that was checked.
type Thing struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Says  string `json:"says"`
	Try   string `json:"try,omitempty"`
}

// Problem is how a check ends that found this: nil when all is well.
func (t Thing) Problem() error {
	exits := map[string]run.Exit{Look: run.ExitRows, Stop: run.ExitStop}
	exit, bad := exits[t.State]
	if !bad {
		return nil
	}
	p := run.Problemf(t.Name, "%s", t.Says).WithExit(exit)
	if t.Try != "" {
		p = p.WithTry("%s", t.Try)
	}
	return p
}

// Failed is a check that ended as a command would.
func Failed(name string, err error) Thing {
	t := Thing{Name: name, State: Stop, Says: strings.ReplaceAll(err.Error(), "\n", " ")}
	var p *run.Problem
	if errors.As(err, &p) {
		t.Says, t.Try = strings.TrimSpace(p.Where+": "+p.What+" "+strings.ReplaceAll(p.Excerpt, "\n", "; ")), p.Try
	}
	return t
}

// What may be done with a file, as access(2) asks.
const (
	mayRead  = 4
	mayWrite = 2 | 1 // and go into the folder
)

// Folder: what ferry writes can be written, and nobody else reads it.
func Folder(p run.Project) Thing {
	t := Thing{Name: "project folder", State: Fine, Says: p.Root() + " can be written"}
	for _, path := range []string{p.Root(), p.Runs(), filepath.Dir(p.Target("x").Root()), p.Decisions()} {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // made when it is needed
		}
		if err == nil {
			err = syscall.Access(path, mayWrite)
		}
		if err != nil {
			return Thing{t.Name, Stop, fmt.Sprintf("%s cannot be written: %v", path, err),
				"check the owner and the mode of this folder"}
		}
		if path != p.Root() && info.Mode().Perm()&0o077 != 0 {
			t = Thing{t.Name, Look, fmt.Sprintf("others on this machine can read %s, which holds personal data", path),
				"chmod -R go= " + path}
		}
	}
	return t
}

// Exports: there are files, and they can be read. It gives their size, too.
func Exports(folder string, hasAPI bool) (Thing, int64) {
	t := Thing{Name: "exports", State: Fine}
	var files, bytes int64
	var unread []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if syscall.Access(path, mayRead) != nil {
			unread = append(unread, e.Name())
		}
		files, bytes = files+1, bytes+info.Size()
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.State, t.Says, t.Try = Stop, "there is no folder "+folder, "ferry init   (makes it), or correct source.exports"
	case err != nil:
		t.State, t.Says, t.Try = Stop, fmt.Sprintf("%s cannot be read: %v", folder, err), "check the mode of this folder"
	case len(unread) > 0:
		t.State, t.Try = Stop, "check their owner and mode"
		t.Says = fmt.Sprintf("%d files cannot be read: %s", len(unread), strings.Join(unread, ", "))
	case files == 0 && !hasAPI:
		t.State, t.Says, t.Try = Look, "no export file in "+folder, "put export files there"
	default:
		t.Says = fmt.Sprintf("%d files, %d MB, in %s", files, megabytes(bytes), folder)
	}
	return t, bytes
}

func megabytes(bytes int64) int64 { return (bytes + 1<<19) >> 20 }

// Clock does not stand before what happened already: acts on targets, and the newest run.
func Clock(p run.Project, targets []string, now time.Time) Thing {
	t := Thing{Name: "clock", State: Fine, Says: now.UTC().Format("2006-01-02 15:04:05 UTC")}
	for _, name := range targets {
		if err := audit.CheckClock(p.Target(name), now); err != nil {
			return Failed(t.Name, err)
		}
	}
	all, err := p.AllRuns()
	if err != nil || len(all) == 0 {
		return t
	}
	newest, _, _ := strings.Cut(all[len(all)-1].ID(), "-")
	if at, err := time.Parse("20060102T150405Z", newest); err == nil && at.After(now.Add(time.Minute)) {
		return Thing{t.Name, Stop, fmt.Sprintf("it says %s, but the newest run is named %s", t.Says, newest),
			"set the clock right (timedatectl)"}
	}
	return t
}

// Room that a run needs, in sizes of its exports: landed files, tables, workbooks, and scratch.
const (
	wantedRoom = 6
	leastRoom  = 512 << 20
)

// Disk: there is room for one more run.
func Disk(p run.Project, exports int64) Thing {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(p.Root(), &disk); err != nil {
		return Failed("disk", err)
	}
	free, need := int64(disk.Bavail)*int64(disk.Bsize), max(leastRoom, wantedRoom*exports)
	t := Thing{Name: "disk", State: Fine, Says: fmt.Sprintf("%d MB free; a run of these exports needs about %d MB",
		megabytes(free), megabytes(need))}
	if free < need {
		t.State, t.Try = Look, "free some space; ferry prune removes runs that explain nothing any more"
	}
	return t
}
