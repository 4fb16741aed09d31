package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

func (v *verbs) prune() *cli.Command {
	return v.command(verb{
		name: "prune", usage: "remove runs that explain nothing any more",
		description: "Keeps every run that was loaded into a target, and the newest ones. Files that runs share stay " +
			"with those that stay.\n" +
			"Without --yes it only says what would go and what that frees.",
		flags: []cli.Flag{
			&cli.IntFlag{Name: "keep", Value: 2, Usage: "how many of the newest runs stay in any case; at least 1"},
			&cli.BoolFlag{Name: "yes", Usage: "remove them"}},
		do: (*session).doPrune,
	})
}

// pruned is what prune would remove, or has removed.
type pruned struct {
	Removed bool        `json:"removed"`
	Runs    []prunedRun `json:"runs"`
	Kept    []string    `json:"kept"`
	Freed   int64       `json:"freed_bytes"`
	keep    int
}

type prunedRun struct {
	ID    string `json:"run"`
	Bytes int64  `json:"bytes"` // that no run which stays shares
}

func (s *session) doPrune() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	keep := s.flags.Int("keep")
	if keep < 1 {
		return run.Problemf("ferry prune --keep", "at least the newest run stays").WithTry("ferry prune --keep 1").
			WithExit(run.ExitUsage)
	}
	going, staying, err := s.prunable(keep)
	if err != nil {
		return err
	}
	p := pruned{keep: keep, Runs: []prunedRun{}, Kept: []string{}}
	shared := map[uint64]bool{} // files of runs that stay, and of those counted already
	for _, d := range staying {
		p.Kept = append(p.Kept, d.ID())
		if _, err := bytesOf(d, shared); err != nil {
			return err
		}
	}
	for _, d := range going {
		n, err := bytesOf(d, shared)
		if err != nil {
			return err
		}
		p.Runs, p.Freed = append(p.Runs, prunedRun{d.ID(), n}), p.Freed+n
	}
	if s.flags.Bool("yes") {
		if err := s.removeRuns(going); err != nil {
			return err
		}
		p.Removed = len(going) > 0
	}
	return s.result(p, p.text())
}

// prunable parts the runs into those that may go and those that stay.
func (s *session) prunable(keep int) (going, staying []run.Dir, err error) {
	all, err := s.project.AllRuns()
	if err != nil {
		return nil, nil, err
	}
	stays := map[string]bool{}
	for i, d := range all {
		loaded, err := d.LoadedTo()
		if err != nil {
			return nil, nil, err
		}
		if len(loaded) > 0 || i >= len(all)-keep {
			stays[d.ID()] = true
		}
	}
	for _, d := range all {
		if stays[d.ID()] {
			staying = append(staying, d)
		} else {
			going = append(going, d)
		}
	}
	return going, staying, nil
}

// removeRuns takes each run's lock first: a run somebody works on is not removed.
func (s *session) removeRuns(going []run.Dir) error {
	for _, d := range going {
		lock, err := run.TakeLock(d.LockFile(), "the run "+d.ID(), s.now())
		if err != nil {
			return err
		}
		err = os.RemoveAll(d.Root())
		_ = lock.Release()
		if err != nil {
			return run.CannotWrite(d.Root(), err)
		}
		s.printer.event(run.Event{Stage: "prune", Kind: run.Note, Text: "removed run " + d.ID()})
	}
	return nil
}

// bytesOf adds up the files that were not counted before: hard links share their bytes.
func bytesOf(d run.Dir, counted map[uint64]bool) (n int64, err error) {
	err = filepath.WalkDir(d.Root(), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			if counted[st.Ino] {
				return nil
			}
			counted[st.Ino] = true
		}
		n += info.Size()
		return nil
	})
	return n, err
}

func (p pruned) text() string {
	if len(p.Runs) == 0 {
		return fmt.Sprintf("nothing to remove: every one of the %d runs was loaded somewhere or is among the newest\n",
			len(p.Kept))
	}
	text := ""
	for _, r := range slices.Backward(p.Runs) {
		text += fmt.Sprintf("  %s   %s kB\n", r.ID, thousands(r.Bytes/1024))
	}
	if p.Removed {
		return fmt.Sprintf("removed   %d runs, %s kB freed; %d runs stay\n%s", len(p.Runs), thousands(p.Freed/1024),
			len(p.Kept), text)
	}
	return fmt.Sprintf("these %d runs would go and free %s kB; %d stay\n%s\nnext: ferry prune --keep %d --yes\n",
		len(p.Runs), thousands(p.Freed/1024), len(p.Kept), text, p.keep)
}
