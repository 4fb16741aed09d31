package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/golive/cutover"
	"ferry/golive/facts"
	"ferry/golive/hypercare"
	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
	"ferry/reports"
)

// cutoverConfig is what the company decided about its day.
type cutoverConfig struct {
	Differences float64           `yaml:"differences"` // share of read-back records that may differ and still be a go
	Day         string            `yaml:"day"`         // of the cut-over
	Who         map[string]string `yaml:"who"`         // does which step
	TellBefore  string            `yaml:"tell_before"`
	TellDuring  string            `yaml:"tell_during"`
	TellAfter   string            `yaml:"tell_after"`
}

func (c cutoverConfig) words() cutover.Words {
	day, _ := time.Parse(time.DateOnly, c.Day) // refused when ferry.yaml was read
	return cutover.Words{Day: day, Who: c.Who, Before: c.TellBefore, During: c.TellDuring, After: c.TellAfter}
}

// check refuses a day that is none, and a name for a step there is not.
func (c cutoverConfig) check() error {
	if c.Differences < 0 || c.Differences > 1 {
		return fmt.Errorf("cutover.differences: %v is not a share between 0 and 1", c.Differences)
	}
	if _, err := time.Parse(time.DateOnly, c.Day); c.Day != "" && err != nil {
		return fmt.Errorf("cutover.day: %q is no day such as 2026-12-04", c.Day)
	}
	var names []string
	for _, x := range cutover.Steps(cutover.Facts{}) {
		names = append(names, x.Name)
	}
	for _, step := range sortedKeys(c.Who) {
		if !slices.Contains(names, step) {
			return fmt.Errorf("cutover.who: there is no step %q; they are %s", step, strings.Join(names, ", "))
		}
	}
	return nil
}

func (v *verbs) cutover() *cli.Command {
	return v.command(verb{
		name: "cutover", usage: "the runbook, ticked from facts",
		description: "Shows every step of the cut-over, whether it is done, due or failed, and by which fact; and writes it to cutover.md.\n" +
			"Steps no file can show are ticked with --done STEP --by NAME: " + strings.Join(cutover.Ticked, ", ") + ".",
		flags: []cli.Flag{targetFlag,
			&cli.StringFlag{Name: "done", Usage: "tick a step that no file can show"},
			&cli.StringFlag{Name: "by", Usage: "who says so"},
			&cli.BoolFlag{Name: "check", Usage: "for a scheduler: 0 nothing is due, 3 a step is due, 4 a step failed"}},
		do: func(s *session) error { return s.runCutover() },
	})
}

func (s *session) runCutover() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	name, t, err := s.chosenTarget()
	if err != nil {
		return err
	}
	if t.Rehearsal {
		return run.Problemf("target "+name, "this is a rehearsal; a cut-over is to a production account").
			WithTry("ferry cutover --target NAME").WithExit(run.ExitUsage)
	}
	if step := s.flags.String("done"); step != "" {
		if err := s.tick(name, t, step, s.flags.String("by")); err != nil {
			return err
		}
	}
	f, err := s.cutoverFacts(name, t)
	if err != nil {
		return err
	}
	steps, warnings := cutover.Steps(f), cutover.Warnings(f)
	text, sheets, err := s.cutoverPage(f)
	if err != nil {
		return err
	}
	if err := s.writeCutover(name, text, sheets); err != nil {
		return err
	}
	object := map[string]any{"target": name, "steps": steps, "warnings": warnings}
	if err := s.result(object, text); err != nil || !s.flags.Bool("check") {
		return err
	}
	return checked(name, steps, warnings)
}

// checked is the exit code a scheduler acts on.
func checked(target string, steps []cutover.Step, warnings []string) error {
	failed, due := cutover.Check(steps)
	switch {
	case failed != nil:
		return run.Problemf("target "+target, "%s: %s", failed.Title, failed.Fact).WithTry("%s", failed.Next).WithExit(run.ExitStop)
	case due != nil:
		return run.Problemf("target "+target, "due: %s", due.Title).WithTry("%s", due.Next).WithExit(run.ExitRows)
	case len(warnings) > 0:
		return run.Problemf("target "+target, "%s", warnings[0]).WithTry("ferry load --target %s", target).WithExit(run.ExitRows)
	}
	return nil
}

// tick writes into the audit what no file can show. A step after one that is not done is refused.
func (s *session) tick(target string, t targetConfig, step, by string) error {
	usage := func(format string, args ...any) error {
		return run.Problemf("--done "+step, format, args...).
			WithTry("ferry cutover --target %s --done STEP --by NAME   (%s)", target, strings.Join(cutover.Ticked, ", ")).WithExit(run.ExitUsage)
	}
	if !slices.Contains(cutover.Ticked, step) {
		return usage("this is no step that somebody ticks")
	}
	if strings.TrimSpace(by) == "" {
		return usage("say who says so: --by NAME")
	}
	if err := audit.CheckClock(s.project.Target(target), s.now()); err != nil {
		return err
	}
	f, err := s.cutoverFacts(target, t)
	if err != nil {
		return err
	}
	for _, x := range cutover.Steps(f) {
		switch {
		case x.Name == step && x.State == cutover.Done:
			return nil // a step that is done is not done twice
		case x.Name == step:
			return s.note(target, audit.Entry{Act: audit.StepDone, About: step, Who: by})
		case x.State != cutover.Done && step != cutover.NotificationsOff && step != cutover.PeopleTold:
			return run.Problemf("--done "+step, "a step before it is not done: %s (%s)", x.Title, x.Fact).WithTry("%s", x.Next).WithExit(run.ExitStop)
		}
	}
	return nil
}

// cutoverFacts are what runs, audit and history show, and what going back would cost at most.
func (s *session) cutoverFacts(target string, t targetConfig) (cutover.Facts, error) {
	f, err := s.facts().Cutover(target, s.now())
	if err != nil {
		return f, err
	}
	f.Share = s.config.Cutover.Differences
	st, err := load.Status(s.project.Target(target))
	for _, c := range st.Records {
		if c.State == "created" || c.State == "updated" {
			f.UndoCalls += 2 * c.Count
		}
	}
	if limits, known := freshsales.PlanLimits(t.Plan); known && limits.Hour > 0 {
		f.UndoHours = float64(f.UndoCalls) / float64(limits.Hour)
	}
	return f, err
}

// cutoverPage is the runbook as text, and as sheets with the days since.
func (s *session) cutoverPage(f cutover.Facts) (string, []reports.Extra, error) {
	steps := cutover.Steps(f)
	tables := cutover.Tables(f, steps, s.config.Cutover.words())
	days, err := hypercare.History(s.project.Target(f.Target))
	if err != nil {
		return "", nil, err
	}
	trend := facts.Trend(f, days)
	if len(days) > 0 {
		tables = append(tables, trend)
	}
	var sheets []reports.Extra
	for _, t := range tables {
		sheets = append(sheets, reports.Extra{Title: t.Title, About: t.About, Head: t.Head, Rows: t.Rows, State: t.State})
	}
	return cutover.Page(f, steps, tables), sheets, nil
}

// writeCutover writes the page and the workbook.
func (s *session) writeCutover(target, text string, sheets []reports.Extra) error {
	t := s.project.Target(target)
	if err := run.WriteFile(t.Cutover(), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(t.Root(), ".cutover-")
	if err != nil {
		return run.CannotWrite(t.Root(), err)
	}
	defer os.RemoveAll(scratch)
	return reports.WriteExtras(t.CutoverBook(), "Cut-over to "+target, scratch, sheets)
}
