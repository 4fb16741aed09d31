package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/internal/run"
	"ferry/load"
)

func (v *verbs) backup() *cli.Command {
	return v.command(verb{
		name: "backup", usage: "copy what the account holds, before a load changes it",
		description: "Copies the records that the planned load will change, each as it stands, as Parquet and as CSV; and what " +
			"earlier loads\nkept before they changed a record. --all copies everything that can be listed: one call a record. " +
			"It only reads. What it\ncosts is said first; without --yes nothing is read. Stopped anywhere, the same command " +
			"goes on.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.BoolFlag{Name: "all", Usage: "everything that can be listed, not only what the load will change"},
			&cli.BoolFlag{Name: "yes", Usage: "do it; without this the cost is said and no record is read"}},
		do: func(s *session) error { return s.runBackup() },
	})
}

func (s *session) runBackup() (err error) {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	name, _, err := s.chosenTarget()
	if err != nil {
		return err
	}
	var dir run.Dir
	if !s.flags.Bool("all") {
		if dir, err = s.chosenRun(); err != nil {
			return err
		}
		if err := s.printer.logTo(dir); err != nil {
			return run.CannotWrite(dir.Log(), err)
		}
	}
	if err := audit.CheckClock(s.project.Target(name), s.now()); err != nil {
		return err
	}
	a, err := s.openAccount(1, false)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	o := load.BackupOptions{Options: s.loadOptions(a, "ferry backup"), All: s.flags.Bool("all"), Now: s.now()}
	o.CostOnly = !s.flags.Bool("yes")
	o.Command += map[bool]string{true: " --all"}[o.All] + " --yes"
	r, err := load.Backup(s.ctx, dir, o)
	if err != nil {
		return err
	}
	if o.CostOnly {
		return s.result(r, fmt.Sprintf("a copy of %s costs about %s, all of them reads; no record was read\n\nnext: %s\n",
			wantedText(r, o.All), costText(r.Estimate), o.Command))
	}
	if err := s.note(name, audit.Entry{Act: audit.BackedUp, About: strings.TrimSpace("account " + r.Copy.Run),
		Text:    fmt.Sprintf("%s: %d records, %d before-images", r.Copy.Kind, sum(r.Copy.Records), r.Copy.Images),
		Digests: map[string]string{audit.CopyDigest: r.Copy.Digest}}); err != nil {
		return err
	}
	if err := s.noteAllGates(); err != nil {
		return err
	}
	return s.result(r, backupText(r)+"\nnext: ferry status\n")
}

// wantedText says what a copy would hold.
func wantedText(r load.BackupResult, all bool) string {
	what := "what this load will change"
	if all {
		what = "everything that can be listed"
	}
	if sum(r.Wanted) == 0 {
		return what + " (no record that is there now)"
	}
	return fmt.Sprintf("%s (%s records:%s)", what, thousands(sum(r.Wanted)),
		strings.TrimSuffix(counted("", r.Wanted), "\n"))
}

func backupText(r load.BackupResult) string {
	text := fmt.Sprintf("copied    %s records, %s before-images of earlier loads; %s calls\n", thousands(sum(r.Copy.Records)),
		thousands(r.Copy.Images), thousands(r.Calls))
	for _, entity := range sortedKeys(r.Copy.Records) {
		text += fmt.Sprintf("  %-18s  %s", entity, thousands(r.Copy.Records[entity]))
		if gone := r.Copy.Gone[entity]; gone > 0 {
			text += fmt.Sprintf(", and %s that are not there any more", thousands(gone))
		}
		text += "\n"
	}
	for _, s := range r.Copy.Says {
		text += "  " + s + "\n"
	}
	return text + "wrote     " + r.Folder + "\n"
}

func sum(counts map[string]int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}
