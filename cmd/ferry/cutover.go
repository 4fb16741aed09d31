package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/golive/cutover"
	"ferry/golive/gate"
	"ferry/golive/hypercare"
	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
)

// cutoverConfig is what the company tells its people, and how many differences it accepts.
type cutoverConfig struct {
	Differences float64 `yaml:"differences"` // share of read-back records that may differ and still be a go
	TellBefore  string  `yaml:"tell_before"`
	TellDuring  string  `yaml:"tell_during"`
	TellAfter   string  `yaml:"tell_after"`
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
	text := s.cutoverText(name, steps, warnings)
	if err := s.writeCutover(name, text); err != nil {
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

// cutoverFacts gathers what audit, runs and history show.
func (s *session) cutoverFacts(target string, t targetConfig) (cutover.Facts, error) {
	f := cutover.Facts{Target: target, Now: s.now().UTC(), Ticks: map[string]cutover.Tick{}, Landed: map[string]time.Time{}, Share: s.config.Cutover.Differences}
	runs, err := s.project.AllRuns()
	if err != nil {
		return f, err
	}
	for _, d := range runs {
		m, err := d.ReadManifest()
		if err != nil {
			return f, err
		}
		if e, landed := m.Stages["extract"]; landed {
			f.Landed[d.ID()] = e.Ended
		}
	}
	gates, err := s.gatesOfNewest(target, t, runs)
	if err != nil {
		return f, err
	}
	so, _, err := s.signed()
	if err != nil {
		return f, err
	}
	for _, g := range gates {
		if g.Name == gate.RehearsalSigned && g.IsOpen {
			f.SignedBy, f.SignedAt, f.ImagesAlone = so.Name, so.RecordedAt, so.ImagesAlone
		} else if g.Name == gate.RehearsalSigned {
			f.Unsigned = strings.Join(g.Why, "; ")
		}
	}
	if err := s.auditFacts(&f, target); err != nil {
		return f, err
	}
	return f, s.undoFacts(&f, target, t)
}

func (s *session) auditFacts(f *cutover.Facts, target string) error {
	lines, err := audit.Read(s.project.Target(target))
	if err != nil {
		return err
	}
	for _, l := range lines {
		switch l.Act {
		case audit.StepDone:
			if _, ticked := f.Ticks[l.About]; !ticked {
				f.Ticks[l.About] = cutover.Tick{By: l.Who, At: l.At}
			}
		case audit.Loaded:
			f.Loads = append(f.Loads, cutover.Load{Run: strings.TrimPrefix(l.About, "run "), At: l.At})
		case audit.RolledBack: // what was undone was not loaded
			f.Loads = nil
		}
	}
	days, err := hypercare.History(s.project.Target(target))
	for _, d := range days {
		x := cutover.Day{At: d.At, Run: d.Run, Lost: d.Lost(), Wrong: d.WrongOptOuts(), Differs: d.Differ()}
		for _, l := range d.Lines {
			x.Read += l.Read
		}
		f.Days = append(f.Days, x)
	}
	return err
}

// undoFacts are what going back would cost at most, and what came after the load.
func (s *session) undoFacts(f *cutover.Facts, target string, t targetConfig) error {
	st, err := load.Status(s.project.Target(target))
	if err != nil {
		return err
	}
	for _, c := range st.Records {
		if c.State == "created" || c.State == "updated" {
			f.UndoCalls += 2 * c.Count
		}
	}
	if limits, known := freshsales.PlanLimits(t.Plan); known && limits.Hour > 0 {
		f.UndoHours = float64(f.UndoCalls) / float64(limits.Hour)
	}
	if len(f.Loads) == 0 {
		return nil
	}
	loaded, err := s.project.Run(f.Loads[len(f.Loads)-1].Run)
	if err != nil {
		return nil // its folder is gone: nothing to compare with
	}
	newest, err := s.project.LatestRun()
	if err != nil || newest.ID() == loaded.ID() {
		return err
	}
	if f.Changed, err = changedSources(loaded, newest); err != nil {
		return err
	}
	f.OptOuts, err = newRefusals(loaded, newest)
	return err
}

// changedSources are the files a newer run read that the loaded one did not, or read differently.
func changedSources(loaded, newest run.Dir) (changed []string, err error) {
	was := map[string]bool{}
	if err := eachRow(loaded.Sources(), func(r tableRow) error { was[r.text("source")+r.text("sha256")] = true; return nil }); err != nil {
		return nil, err
	}
	err = eachRow(newest.Sources(), func(r tableRow) error {
		if !was[r.text("source")+r.text("sha256")] && !slices.Contains(changed, r.text("source")) {
			changed = append(changed, r.text("source"))
		}
		return nil
	})
	return changed, err
}

// newRefusals are contacts that may not be written to now, and could when the account was loaded.
func newRefusals(loaded, newest run.Dir) (keys []string, err error) {
	refusals := func(r tableRow) (list []string) {
		for _, c := range []string{"cf_email_opt_out", "cf_sms_opt_out"} {
			if r.yes(c) || r.text(c) == "true" {
				list = append(list, r.text("contact_key")+" "+c)
			}
		}
		return list
	}
	was := map[string]bool{}
	if err := eachRow(loaded.Model("freshsales", "contacts"), func(r tableRow) error {
		was[r.text("contact_key")] = true
		for _, x := range refusals(r) {
			was[x] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if !exists(newest.Model("freshsales", "contacts")) {
		return nil, nil // only extracted: ferry transform tells
	}
	err = eachRow(newest.Model("freshsales", "contacts"), func(r tableRow) error {
		for _, x := range refusals(r) {
			if key := r.text("contact_key"); was[key] && !was[x] && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		return nil
	})
	return keys, err
}

func (s *session) cutoverText(target string, steps []cutover.Step, warnings []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Cut-over to %s\n\n", target)
	for _, w := range warnings {
		fmt.Fprintf(&b, "**%s**\n\n", w)
	}
	b.WriteString("| step | when | state | by what fact | who, when |\n|---|---|---|---|---|\n")
	next := ""
	for _, x := range steps {
		who := x.By
		if !x.At.IsZero() {
			who = strings.TrimSpace(who + " " + x.At.UTC().Format("2006-01-02 15:04 UTC"))
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %s | %s | %s |\n", x.Title, x.Name, x.When, x.State, x.Fact, who)
		if next == "" && (x.State == cutover.Due || x.State == cutover.Failed) {
			next = x.Next
		}
	}
	c := s.config.Cutover
	for _, tell := range [][2]string{{"before", c.TellBefore}, {"during", c.TellDuring}, {"after", c.TellAfter}} {
		if tell[1] != "" {
			fmt.Fprintf(&b, "\nTell sales %s: %s\n", tell[0], tell[1])
		}
	}
	b.WriteString("\nGo back when: a record is lost and `ferry load` does not bring it, an opt-out is wrong and is not mended within the hour,\n" +
		"or sales cannot work. Otherwise mend forward: correct the rule, rehearse, have it signed, load again.\n")
	if next == "" {
		next = "nothing is due; ferry cutover --target " + target + " --check tells when something is"
	}
	return b.String() + "\nnext: " + next + "\n"
}

func (s *session) writeCutover(target, text string) error {
	return run.WriteFile(s.project.Target(target).Cutover(), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
