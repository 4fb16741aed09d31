package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/load"
)

// resetSandbox makes ferry's own twin an empty account again. What ferry knows of the records that stood in it goes
// with them: a ledger about an account that is gone would take the next load for done.
func (s *session) resetSandbox() error {
	name, state := s.flags.String("target"), s.flags.Path("state")
	if state != "" {
		return s.forget(state, []string{state}, "the records in "+state, "ferry sandbox --state "+state)
	}
	t := s.project.Target(name)
	state = t.TwinState()
	if _, err := os.Stat(state); errors.Is(err, fs.ErrNotExist) {
		return run.Problemf(state, "target %s has no records of a twin here, so there is nothing to reset", name).
			WithExit(run.ExitUsage).WithTry("ferry sandbox --reset --target NAME   (a target with url: twin)")
	}
	lock, err := run.TakeLock(t.LockFile(), "target "+name, s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	known, err := load.Status(t)
	if err != nil {
		return err
	}
	var records int64
	for _, c := range known.Records {
		records += c.Count
	}
	gone := []string{state, t.Ledger(), t.Ledger() + "-wal", t.Ledger() + "-shm", t.Consent(), t.Account()}
	runs, err := s.project.AllRuns()
	if err != nil {
		return err
	}
	for _, r := range runs {
		gone = append(gone, r.LoadedRoot(name), r.TargetReports(name))
	}
	return s.forget(state, gone, fmt.Sprintf("the twin of target %s, and what ferry knows of %s records it sent there", name,
		thousands(records)), "ferry load --target "+name)
}

// forget deletes files that belong to a twin, once somebody said yes.
func (s *session) forget(state string, gone []string, what, next string) error {
	var there []string
	for _, path := range gone {
		if _, err := os.Stat(path); err == nil {
			there = append(there, path)
		}
	}
	object := map[string]any{"deletes": there, "done": s.flags.Bool("yes")}
	if !s.flags.Bool("yes") {
		again := "ferry sandbox --reset --yes"
		if s.flags.Path("state") != "" {
			again += " --state " + s.flags.Path("state")
		} else if name := s.flags.String("target"); name != "twin" {
			again += " --target " + name
		}
		return s.result(object, "this would delete "+what+":\n  "+strings.Join(there, "\n  ")+
			"\nnothing was deleted\n\nnext: "+again+"\n")
	}
	lock, err := run.TakeLock(state+".lock", "the twin's state", s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	for _, path := range there {
		if err := os.RemoveAll(path); err != nil {
			return run.CannotWrite(path, err)
		}
	}
	return s.result(object, "deleted   "+what+"\n\nnext: "+next+"\n")
}
