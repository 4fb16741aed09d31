package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/golive/facts"
	"ferry/golive/hypercare"
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
				r, err := s.doReconcile(a, dir, load.ReconcileOptions{Options: o, Depth: s.flags.String("depth")})
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

// doReconcile reads back, and keeps what was found for the days to come.
func (s *session) doReconcile(a *account, dir run.Dir, o load.ReconcileOptions) (load.ReconcileResult, error) {
	if err := audit.CheckClock(s.project.Target(a.name), s.now()); err != nil {
		return load.ReconcileResult{}, err
	}
	r, err := load.Reconcile(s.ctx, dir, o)
	if err != nil {
		return r, err
	}
	d := dayOf(r, dir, s.now())
	if err := s.changedByUs(&d, a.name, dir); err != nil {
		return r, err
	}
	if err := hypercare.Keep(s.project.Target(a.name), d); err != nil {
		return r, err
	}
	return r, s.note(a.name, audit.Entry{Act: audit.Reconciled, About: "run " + dir.ID(),
		Text: fmt.Sprintf("depth %s: %d lost, %d wrong opt-outs, %d others differ", d.Depth, d.Lost(),
			d.WrongOptOuts(), d.Differ())})
}

// changedByUs counts what the run's load made or changed since the account was last read back.
func (s *session) changedByUs(d *hypercare.Day, target string, dir run.Dir) error {
	days, err := hypercare.History(s.project.Target(target))
	if err != nil {
		return err
	}
	var since time.Time
	if len(days) > 0 {
		since = days[len(days)-1].At
	}
	ours, err := facts.Written(dir, target, since)
	for i := range d.Lines {
		d.Lines[i].Ours = ours[d.Lines[i].Entity]
	}
	return err
}

func dayOf(r load.ReconcileResult, dir run.Dir, now time.Time) hypercare.Day {
	d := hypercare.Day{At: now.UTC(), Run: dir.ID(), Depth: r.Depth, IsClean: r.IsClean(), Lines: []hypercare.Line{}}
	for _, t := range r.Tallies {
		d.Lines = append(d.Lines, hypercare.Line{Entity: t.Entity, Sent: t.Sent, Read: t.Read, Lost: t.Missing,
			Changed: t.Modified, Moved: t.Moved,
			Extra: t.Extra, Duplicate: t.Duplicate, OptOuts: t.OptOuts, OptOutsWrong: t.OptOutsWrong})
	}
	return d
}

// notAsSent is exit code 3 when something that was looked at is not as it was sent.
func notAsSent(r load.ReconcileResult) error {
	if r.IsClean() {
		return nil
	}
	if len(r.Open) > 0 {
		var open int64
		for _, n := range r.Open {
			open += n
		}
		return run.Problemf("", "read back, and what came of %s calls is not known yet: nothing is proven of them",
			thousands(open)).
			WithTry("finish the load, which looks for them: ferry load").WithExit(run.ExitRows)
	}
	p := run.Problemf("", "read back, and not everything is there as it was sent").
		WithTry("open reconciliation.xlsx: it lists every difference").WithExit(run.ExitRows)
	p.Excerpt = strings.Join(r.Reasons(), "\n")
	return p
}

func reconcileText(r load.ReconcileResult) string {
	text := fmt.Sprintf("read back %s calls, depth %s", thousands(r.Calls), r.Depth)
	if r.IsClean() {
		text += "; everything looked at is there as it was sent"
	}
	text += "\n"
	if r.Tests != "" {
		text += "  " + r.Tests + "\n"
	}
	for _, t := range r.Tallies {
		text += counted(fmt.Sprintf("  %-18s", t.Entity), map[string]int64{"sent": t.Sent, "read": t.Read,
			"identical": t.Identical, "modified": t.Modified,
			"missing": t.Missing, "extra": t.Extra, "duplicate": t.Duplicate})
		if t.Sentence != "" {
			text += "    " + t.Sentence + "\n"
		}
	}
	return text
}
