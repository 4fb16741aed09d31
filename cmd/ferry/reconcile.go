package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/load"
)

func (v *verbs) reconcile() *cli.Command {
	return v.command(verb{
		name: "reconcile", usage: "read back and prove",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.StringFlag{Name: "depth", Value: "sample", Usage: "counts, sample or full: one call per record concerned"}},
		do: func(s *session) error {
			return s.withAccount("reconcile", func(a *account, dir run.Dir, o load.Options) error {
				o.Depth = s.flags.String("depth")
				r, err := load.Reconcile(s.ctx, dir, o)
				if err != nil {
					return err
				}
				files, err := s.doReport(dir, a.name)
				if err != nil {
					return err
				}
				if err := s.result(r, reconcileText(r)+reportText(files)); err != nil {
					return err
				}
				return notAsSent(r)
			})
		},
	})
}

// notAsSent is exit code 3 when something that was looked at is not as it was sent.
func notAsSent(r load.ReconcileResult) error {
	if r.IsClean() {
		return nil
	}
	return run.Problemf("", "read back, and not everything is there as it was sent").
		WithTry("open reconciliation.xlsx: it lists every difference").WithExit(run.ExitRows)
}

func reconcileText(r load.ReconcileResult) string {
	text := fmt.Sprintf("read back %s calls, depth %s", thousands(r.Calls), r.Depth)
	if r.IsClean() {
		text += "; everything looked at is there as it was sent"
	}
	text += "\n"
	for _, t := range r.Tallies {
		text += counted(fmt.Sprintf("  %-18s", t.Entity), map[string]int64{"sent": t.Sent, "read": t.Read, "identical": t.Identical, "modified": t.Modified,
			"missing": t.Missing, "extra": t.Extra, "duplicate": t.Duplicate})
		if t.Sentence != "" {
			text += "    " + t.Sentence + "\n"
		}
	}
	return text
}
