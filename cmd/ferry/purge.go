package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/internal/run"
	"ferry/load"
	"ferry/purge"
)

func (v *verbs) purge() *cli.Command {
	return v.command(verb{
		name: "purge", usage: "erase a run's, a target's or a person's data",
		description: "With --person, takes one person out of every run, workbook, ledger and decision of this project; " +
			"salted digests\nremain, so that the next export does not bring them back. What goes, what stays and what follows " +
			"is said first;\nwithout --yes nothing is changed.",
		flags: []cli.Flag{
			&cli.StringFlag{Name: "person", Usage: "an e-mail address, or a profile, user or contact key"},
			&cli.StringFlag{Name: "run", Usage: "the tables and workbooks of this run; its counts, log and marks stay"},
			&cli.StringFlag{Name: "target", Usage: "the ledger and what else is kept of this target; its audit stays"},
			&cli.BoolFlag{Name: "yes", Usage: "do it; without this nothing is changed"}},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			person, id, target := s.flags.String("person"), s.flags.String("run"), s.flags.String("target")
			switch {
			case person != "" && id == "" && target == "":
				return s.purgePerson(person)
			case id != "" && person == "" && target == "":
				return s.purgeRun(id)
			case target != "" && person == "" && id == "":
				return s.purgeTarget(target)
			}
			return run.Problemf("ferry purge", "say what is to be erased: one of --person, --run, --target").
				WithTry("ferry purge --help").WithExit(run.ExitUsage)
		},
	})
}

// purgePerson takes one person out of the whole project.
func (s *session) purgePerson(who string) error {
	runs, err := s.project.AllRuns()
	if err != nil {
		return err
	}
	p, err := purge.Find(runs, who)
	if err != nil {
		return err
	}
	unfinished, err := purge.Unfinished(runs)
	if err != nil {
		return err
	}
	if unfinished != nil { // what was begun is ended, whoever is asked for now
		p.Add(unfinished)
	}
	known, err := purge.IsKnown(s.project, who)
	if err != nil {
		return err
	}
	if len(p.IDs) == 0 {
		if known {
			return s.result(purge.Result{What: "nobody: this person was erased before, and stays out of later exports",
				Done: true, Stays: []string{}, ToDo: []string{}},
				"this person was erased before, and stays out of later exports\n")
		}
		return run.Problemf("--person", "no run of this project knows anybody by this address or key").
			WithTry("ferry trace   (finds a person by other keys)").WithExit(run.ExitUsage)
	}
	r := purge.Result{What: fmt.Sprintf("one person with %d keys and %d addresses, in %d runs", len(p.IDs), len(p.Emails),
		len(runs)), Ledger: map[string]int64{},
		Stays: []string{"counts, digests, and salted digests by which the next export does not bring this person back",
			"in the ledgers the number under which Freshsales knows the person: a rollback can no longer restore what stood " +
				"there before, nor tell what was edited since, so it leaves that record and lists it"},
		ToDo: []string{"delete the contact in Freshsales itself and empty its recycle bin; ferry does not do that",
			"the files in " + s.project.Exports() +
				" are yours: delete them or have new ones made; ferry leaves this person out of them"}}
	others, err := purge.OtherBooks(s.project)
	if err != nil {
		return err
	}
	if len(others) > 0 {
		r.ToDo = append(r.ToDo, "these workbooks are not where ferry writes, and may name this person: "+
			strings.Join(others, ", "))
	}
	if !s.flags.Bool("yes") {
		return s.result(r, r.Text())
	}
	if err := purge.Remember(s.project, p, s.now()); err != nil {
		return err
	}
	// What it is about is noted in every run before anything goes, so that a purge that was stopped can end.
	keys := maps.Clone(p.Keys)
	for _, dir := range runs {
		own, err := purge.Learn(s.ctx, dir, p)
		if err != nil {
			return err
		}
		maps.Copy(keys, own)
	}
	if err := s.forgetInCopies(p, keys, &r); err != nil {
		return err
	}
	if err := s.forgetInLedgers(p, keys, r.Ledger); err != nil {
		return err
	}
	if err := purge.Decisions(s.project, p, keys); err != nil {
		return err
	}
	for _, dir := range runs {
		erased, err := s.purgeRunOf(dir)
		if err != nil {
			return err
		}
		r.Runs = append(r.Runs, erased)
	}
	r.Done = true
	return s.result(r, r.Text())
}

// purgeRunOf takes a person out of one run, and writes its workbooks again.
func (s *session) purgeRunOf(dir run.Dir) (purge.Erased, error) {
	lock, err := run.TakeLock(dir.LockFile(), "the run "+dir.ID(), s.now())
	if err != nil {
		return purge.Erased{}, err
	}
	if err := os.RemoveAll(dir.Reports()); err != nil {
		return purge.Erased{}, errors.Join(run.CannotWrite(dir.Reports(), err), lock.Release())
	}
	erased, hadBooks, err := purge.Erase(s.ctx, dir)
	if err := errors.Join(err, lock.Release()); err != nil {
		return erased, err
	}
	if hadBooks {
		targets, err := dir.LoadedTo()
		if err != nil {
			return erased, err
		}
		for _, t := range append(targets, "")[:max(1, len(targets))] {
			if _, err := s.writeWorkbooks(dir, t); err != nil {
				return erased, err
			}
		}
	}
	return erased, purge.Finish(dir)
}

// forgetInCopies takes a person's records out of the copies of accounts, before the ledgers forget their numbers.
func (s *session) forgetInCopies(p *purge.Person, keys map[string]bool, r *purge.Result) error {
	for _, name := range s.targetFolders() {
		t := s.project.Target(name)
		numbers, err := load.Numbers(t, keys)
		if err != nil {
			return err
		}
		changed, err := load.ForgetInCopies(t, load.Whose{Numbers: numbers, Keys: keys, IsTheirs: p.IsOf, Mask: p.Mask})
		if err != nil {
			return err
		}
		for _, c := range changed {
			r.Copies += c.Rows
			if err := s.note(name, audit.Entry{Act: audit.Purged, About: "a copy of the account",
				Digests: map[string]string{audit.CopyDigest: c.Digest}}); err != nil {
				return err
			}
		}
		// The runbook names people by their keys; ferry cutover writes it again.
		for _, path := range []string{t.Cutover(), t.CutoverBook()} {
			if err := os.RemoveAll(path); err != nil {
				return run.CannotWrite(path, err)
			}
		}
	}
	return nil
}

// forgetInLedgers empties what every ledger knows of a person's records, and writes it down.
func (s *session) forgetInLedgers(p *purge.Person, keys map[string]bool, emptied map[string]int64) error {
	rename := func(key string) string {
		for e := range p.Emails {
			if strings.Contains(strings.ToLower(key), e) {
				return "purged:" + run.DigestText(key)[:16]
			}
		}
		return key
	}
	for _, name := range s.targetFolders() {
		t := s.project.Target(name)
		lock, err := run.TakeLock(t.LockFile(), "target "+name, s.now())
		if err != nil {
			return err
		}
		n, err := load.Forget(t, keys, p.Emails, rename)
		if err := errors.Join(err, lock.Release()); err != nil {
			return err
		}
		if n > 0 {
			emptied[name] = n
		}
		if err := s.note(name, audit.Entry{Act: audit.Purged, About: "a person",
			Text: fmt.Sprintf("%d ledger entries emptied", n)}); err != nil {
			return err
		}
	}
	return nil
}

// targetFolders are the targets something is kept of, whether ferry.yaml still has them or not.
func (s *session) targetFolders() []string {
	names := sortedKeys(s.config.Targets)
	entries, _ := os.ReadDir(filepath.Dir(s.project.Target("x").Root()))
	for _, e := range entries {
		if e.IsDir() && targetName.MatchString(e.Name()) && !slices.Contains(names, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// purgeRun takes the tables and workbooks of a run away.
func (s *session) purgeRun(id string) error {
	dir, err := s.project.Run(id)
	if err != nil {
		return err
	}
	r := purge.Result{What: "the tables and workbooks of run " + id,
		Stays: []string{"its run.json, its log and its SQL: counts, digests, times, and no personal data",
			"landed files that other runs share: they are theirs, too",
			"the ledgers, with what was sent and what stood there before, and copies of accounts: undoing needs them; " +
				"ferry purge --target takes them"},
		ToDo: []string{"what was loaded from it can still be undone with ferry rollback; trace and workbooks of it are gone"}}
	if !s.flags.Bool("yes") {
		return s.result(r, r.Text())
	}
	lock, err := run.TakeLock(dir.LockFile(), "the run "+id, s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	loaded, err := dir.LoadedTo()
	if err != nil {
		return err
	}
	for _, t := range loaded {
		if err := s.note(t, audit.Entry{Act: audit.Purged, About: "run " + id}); err != nil {
			return err
		}
	}
	if err := purge.Run(dir); err != nil {
		return err
	}
	r.Done = true
	return s.result(r, r.Text())
}

// purgeTarget takes everything away that is kept of an account, but its audit.
func (s *session) purgeTarget(name string) error {
	t := s.project.Target(name)
	if _, err := os.Stat(t.Root()); errors.Is(err, fs.ErrNotExist) || !targetName.MatchString(name) {
		return run.Problemf("--target "+name, "nothing is kept of such a target").WithTry("ferry status").
			WithExit(run.ExitUsage)
	}
	status, err := load.Status(t)
	if err != nil {
		return err
	}
	var records int64
	for _, c := range status.Records {
		records += c.Count
	}
	r := purge.Result{What: fmt.Sprintf("the ledger of %s with %s records, and its plans, outcomes and "+
		"read-backs in every run", name, thousands(records)),
		Stays: []string{"its audit, its sign-off and its history of reconciliations: names of who acted, counts, digests"},
		ToDo: []string{"afterwards ferry can undo nothing there: if anything is to be undone, first: " +
			"ferry rollback --target " + name, "the records in Freshsales itself stay as they are"}}
	if !s.flags.Bool("yes") {
		return s.result(r, r.Text())
	}
	lock, err := run.TakeLock(t.LockFile(), "target "+name, s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := s.note(name, audit.Entry{Act: audit.Purged, About: "the target", Text: fmt.Sprintf("%d records forgotten",
		records)}); err != nil {
		return err
	}
	runs, err := s.project.AllRuns()
	if err != nil {
		return err
	}
	gone := []string{t.Ledger(), t.Ledger() + "-wal", t.Ledger() + "-shm", t.Backups(), t.TwinState(),
		t.Cutover(), t.CutoverBook()}
	for _, d := range runs {
		gone = append(gone, d.LoadedRoot(name), d.TargetReports(name))
	}
	for _, path := range gone {
		if err := os.RemoveAll(path); err != nil {
			return run.CannotWrite(path, err)
		}
	}
	r.Done = true
	return s.result(r, r.Text())
}

// leaveOutPurged takes people who asked to be forgotten out of what an export brought again.
func (s *session) leaveOutPurged(dir run.Dir) error {
	n, err := purge.LeaveOut(s.ctx, dir)
	if err == nil && n > 0 {
		s.printer.event(run.Event{Stage: "extract", Kind: run.Note, Text: thousands(n) +
			" records of people who asked to be forgotten were left out"})
	}
	return err
}
