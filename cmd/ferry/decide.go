package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/internal/run"
	"ferry/reports/answers"
	"ferry/sql"
)

func (v *verbs) decide() *cli.Command {
	return v.command(verb{
		name: "decide", usage: "read decisions back from workbooks", arguments: "FILE.xlsx [FILE.xlsx …]",
		description: "Reads the answers of quality.xlsx or mapping.xlsx, or of several copies of them, " +
			"says row by row what it\n" +
			"understood, refuses what it does not, names what it ignores, and writes decisions/*.csv. " +
			"Reading the same workbook\n" +
			"twice changes nothing. Copies that disagree, or that are older than what was answered since, " +
			"are refused cell by cell.",
		flags: []cli.Flag{
			&cli.StringFlag{Name: "who", Usage: "who decided, for the record (default: the user of this machine)",
				EnvVars: []string{"USER"}},
			&cli.BoolFlag{Name: "newest", Usage: "where answers disagree, the one given or saved last wins"}},
		do: func(s *session) error {
			args, err := someArguments(s.flags, "FILE.xlsx")
			if err != nil {
				return err
			}
			budget, err := answers.BudgetOf(s.project, s.config.plan())
			if err != nil {
				return err
			}
			closed, err := answers.ClosedOf(s.project)
			if err != nil {
				return err
			}
			r, err := answers.Read(s.ctx, args, answers.Options{Decisions: s.project.Decisions(), Who: s.flags.String("who"),
				Newest: s.flags.Bool("newest"), Now: s.now, Value: sql.TypedValue, Budget: budget, Closed: closed})
			if err != nil {
				return err
			}
			if err := s.noteDecisions(args[0], r); err != nil {
				return err
			}
			if err := s.result(r, decideText(r)); err != nil {
				return err
			}
			if r.Refused > 0 {
				return run.Problemf(strings.Join(args, ", "), "%d answers were not understood and do not count", r.Refused).
					WithTry("correct them in the workbook and read it again").WithExit(run.ExitRows)
			}
			return nil
		},
	})
}

// noteDecisions writes what was decided into the audit of every target: it concerns all of them.
func (s *session) noteDecisions(path string, r answers.Decided) error {
	if r.Taken+r.Withdrawn == 0 {
		return nil
	}
	e := audit.Entry{Act: audit.Decided, About: filepath.Base(path), Text: fmt.Sprintf("%d answers taken, %d withdrawn",
		r.Taken, r.Withdrawn), Digests: map[string]string{}}
	if len(r.Files) == 1 && strings.HasPrefix(filepath.Base(r.Files[0]), "field_map") {
		e.Act = audit.Confirmed
	}
	for _, f := range r.Files {
		digest, err := run.DigestFile(f)
		if err != nil {
			return err
		}
		e.Digests[filepath.Base(f)] = digest
	}
	for _, name := range sortedKeys(s.config.Targets) {
		if err := s.note(name, e); err != nil {
			return err
		}
	}
	return s.noteAllGates()
}

func decideText(r answers.Decided) string {
	var b strings.Builder
	for _, a := range r.Answers {
		understood := a.Decision
		if a.Value != "" {
			understood += " → " + a.Value
		}
		fmt.Fprintf(&b, "%-22s %-18s %-9s %s  %s\n", a.Cell, understood, a.State, a.About, a.Reason)
	}
	for _, i := range r.Ignored {
		fmt.Fprintf(&b, "%-22s %-18s %-9s %s\n", i.Cell, "", "ignored", i.What)
	}
	fmt.Fprintf(&b, "\n%d new answers, %d as before, %d withdrawn, %d not understood; %d rows have no answer yet\n",
		r.Taken, r.Same, r.Withdrawn, r.Refused, r.Open)
	if r.Overruled > 0 {
		fmt.Fprintf(&b, "%d answers were overruled by newer ones\n", r.Overruled)
	}
	if len(r.Files) == 0 {
		b.WriteString("nothing changed\n")
		return b.String()
	}
	for _, f := range r.Files {
		fmt.Fprintf(&b, "wrote     %s\n", f)
	}
	b.WriteString("\nnext: ferry transform\n")
	return b.String()
}
