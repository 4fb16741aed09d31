package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/reports/answers"
)

func (v *verbs) decide() *cli.Command {
	return v.command(verb{
		name: "decide", usage: "read decisions back from a workbook", arguments: "FILE.xlsx",
		description: "Reads the answers of quality.xlsx or mapping.xlsx, says row by row what it understood, refuses what it does not,\nand writes decisions/*.csv. Reading the same workbook twice changes nothing.",
		flags:       []cli.Flag{&cli.StringFlag{Name: "who", Usage: "who decided, for the record (default: the user of this machine)", EnvVars: []string{"USER"}}},
		do: func(s *session) error {
			args, err := arguments(s.flags, "FILE.xlsx")
			if err != nil {
				return err
			}
			r, err := answers.Read(s.ctx, args[0], answers.Options{
				Decisions: s.project.Decisions(), Who: s.flags.String("who"), Now: s.now})
			if err != nil {
				return err
			}
			if err := s.result(r, decideText(r)); err != nil {
				return err
			}
			if r.Refused > 0 {
				return run.Problemf(args[0], "%d answers were not understood and do not count", r.Refused).
					WithTry("correct them in the workbook and read it again").WithExit(run.ExitRows)
			}
			return nil
		},
	})
}

func decideText(r answers.Decided) string {
	var b strings.Builder
	for _, a := range r.Answers {
		fmt.Fprintf(&b, "%-22s %-10s %-9s %s  %s\n", a.Cell, a.Decision, a.State, a.About, a.Reason)
	}
	fmt.Fprintf(&b, "\n%d new answers, %d as before, %d withdrawn, %d not understood; %d rows have no answer yet\n",
		r.Taken, r.Same, r.Withdrawn, r.Refused, r.Open)
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
