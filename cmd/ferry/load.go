package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/load"
	"ferry/sql"
)

func (v *verbs) plan() *cli.Command {
	return v.command(verb{
		name: "plan", usage: "what would be written, and what it costs; writes nothing",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.StringSliceFlag{Name: "only", Usage: "these entities only, such as contacts"},
			&cli.IntFlag{Name: "sample", Usage: "this many whole people only"},
			&cli.BoolFlag{Name: "changes", Usage: "every field that would be written: what stands there, and what would"}},
		do: func(s *session) error {
			return s.withAccount("plan", func(a *account, dir run.Dir, o load.Options) error {
				r, err := load.Plan(s.ctx, dir, s.planOptions(o))
				if err != nil {
					return err
				}
				return s.planned(a, dir, r)
			})
		},
	})
}

func (v *verbs) load() *cli.Command {
	return v.command(verb{
		name: "load", usage: "provision and send; resumes",
		description: "Compares what the run says should be with what the target's ledger says is, and does the difference. " +
			"A first load, a\nresumed one, a delta and a retry are the same act.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.StringSliceFlag{Name: "only", Usage: "these entities only, such as contacts"},
			&cli.BoolFlag{Name: "retry", Usage: "send refused records again, though nothing changed"},
			&cli.IntFlag{Name: "sample", Usage: "a sample migration of this many whole people, undone by rollback"},
			&cli.PathFlag{Name: "plan", Usage: "apply exactly this plan file, or refuse because the world changed"},
			&cli.BoolFlag{Name: "adopt", Usage: "rebuild a lost ledger from the account, by our keys"}},
		do: func(s *session) error {
			return s.withAccount("load", func(a *account, dir run.Dir, o load.Options) error {
				r, err := s.doLoad(a, dir, load.RunOptions{PlanOptions: s.planOptions(o), PlanFile: s.flags.Path("plan"),
					Adopt: s.flags.Bool("adopt")})
				if err != nil {
					return err
				}
				rebuilt := s.rebuildReports(dir, a.name) // before the result: nothing stands behind what comes next
				if err := s.result(r, loadText(r)+"\nnext: ferry reconcile --target "+a.name+"\n"); err != nil {
					return err
				}
				if rebuilt != nil {
					return rebuilt
				}
				return leftBehind(r)
			})
		},
	})
}

func (v *verbs) rollback() *cli.Command {
	return v.command(verb{
		name: "rollback", usage: "undo what ferry did to a target",
		description: "Deletes what ferry created (to the recycle bin), restores what it changed, and keeps and lists what " +
			"somebody has\nedited since. It writes to the same ledger, so it resumes too.",
		flags: []cli.Flag{targetFlag,
			&cli.StringFlag{Name: "run", Usage: "undo this run only"},
			&cli.BoolFlag{Name: "all", Usage: "undo everything ferry ever did to the target"},
			&cli.StringSliceFlag{Name: "only", Usage: "these entities only, such as contacts"},
			&cli.BoolFlag{Name: "yes", Usage: "do it; without this the cost is said and nothing is written"}},
		do: func(s *session) error {
			return s.withAccount("rollback", func(a *account, dir run.Dir, o load.Options) error {
				undo := load.RollbackOptions{Options: o, OnlyRun: s.flags.String("run"), CostOnly: !s.flags.Bool("yes")}
				if err := s.meansAll(undo, a.name); err != nil {
					return err
				}
				r, err := s.doRollback(a, dir, undo)
				if err != nil {
					return err
				}
				if undo.CostOnly {
					return s.result(r,
						fmt.Sprintf("rolling back %s costs about %s; nothing was written\n\nnext: ferry rollback --target %s%s --yes\n",
							whatIsUndone(undo.OnlyRun, a.name), costText(r.Estimate), a.name, whichRun(undo.OnlyRun)))
				}
				rebuilt := s.rebuildAfterRollback(dir, a.name)
				if err := s.result(r,
					fmt.Sprintf("rolled back  %s reversed, %s kept because somebody edited them, %s failed%s; %s calls\n\nnext: "+
						"ferry report --target %s\n",
						thousands(r.Reversed), thousands(r.Kept), thousands(r.Failed), absentText(r.Absent), thousands(r.Calls),
						a.name)); err != nil {
					return err
				}
				if rebuilt != nil {
					return rebuilt
				}
				return notReversed(r, a.name)
			})
		},
	})
}

// meansAll asks for a word when everything is to be undone: it is the one act nobody may do by leaving a word out.
func (s *session) meansAll(o load.RollbackOptions, target string) error {
	if o.CostOnly || o.OnlyRun != "" || s.flags.Bool("all") || s.flags.IsSet("target") {
		return nil
	}
	return run.Problemf("ferry rollback", "this would undo everything ferry ever did to target %s", target).
		WithTry("ferry rollback --all --yes   (or --run RUN for one run, or --target %s to name it)", target).
		WithExit(run.ExitUsage)
}

// absentText says how many calls in doubt left nothing to find; reconciliation.xlsx names them.
func absentText(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s whose creation was in doubt were not found", thousands(n))
}

func whatIsUndone(onlyRun, target string) string {
	if onlyRun == "" {
		return "everything ferry ever did to target " + target
	}
	return "run " + onlyRun
}

func whichRun(id string) string {
	if id == "" {
		return ""
	}
	return " --run " + id
}

// withAccount opens the run and the target for a verb that talks to Freshsales.
func (s *session) withAccount(command string, do func(*account, run.Dir, load.Options) error) (err error) {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	name, t, err := s.chosenTarget()
	if err != nil {
		return err
	}
	dir, err := s.runOf(command, name)
	if err != nil {
		return err
	}
	if needs[command].gates {
		if err := s.requireGates(name, t, dir); err != nil {
			return err
		}
	}
	if command == "plan" || command == "load" { // what was sent is proved or undone whatever the SQL says now
		if err := s.fresh(dir, name); err != nil {
			return err
		}
	}
	if err := s.printer.logTo(dir); err != nil {
		return run.CannotWrite(dir.Log(), err)
	}
	a, err := s.openAccount(1, false)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	o := s.loadOptions(a, "ferry "+command)
	o.Only = s.flags.StringSlice("only")
	return do(a, dir, o)
}

// planOptions are those of a plan, from its flags.
func (s *session) planOptions(o load.Options) load.PlanOptions {
	return load.PlanOptions{Options: o, Sample: s.flags.Int("sample"), Retry: s.flags.Bool("retry")}
}

// runOf is the run a verb works on: the one that was named, else the newest; of what is read back, the newest that
// was loaded there. A run that was only extracted is refused before anything is announced.
func (s *session) runOf(command, target string) (run.Dir, error) {
	switch command {
	case "rollback":
		return s.runToUndo(target)
	case "reconcile":
	default:
		return s.chosenRun()
	}
	all, err := s.project.AllRuns()
	if id := s.flags.String("run"); err == nil && id != "" {
		var one run.Dir
		one, err = s.project.Run(id)
		all = []run.Dir{one}
	}
	if err == nil && len(all) == 0 {
		return s.project.LatestRun() // which says that there is none
	}
	if err != nil {
		return run.Dir{}, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		loaded, err := all[i].LoadedTo()
		if err != nil || slices.Contains(loaded, target) {
			return all[i], err
		}
	}
	return run.Dir{}, run.Problemf("target "+target, "no such run was loaded there, so there is nothing to read back").
		WithTry("ferry load --target %s", target)
}

// runToUndo is where a rollback writes down what it did. It needs none of what a run holds: what a run wrote is known
// to the ledger, also when its folder is gone.
func (s *session) runToUndo(target string) (run.Dir, error) {
	dir, err := s.chosenRun()
	if err == nil {
		return dir, nil
	}
	if wrote, problem := load.RunsOf(s.project.Target(target)); problem != nil || len(wrote) == 0 {
		return dir, errors.Join(problem, err)
	}
	if latest, err := s.project.LatestRun(); err == nil {
		return latest, nil
	}
	return s.project.NewRun(s.now())
}

// rebuildAfterRollback builds the report tables again, where the run has tables at all.
func (s *session) rebuildAfterRollback(dir run.Dir, target string) error {
	if _, err := dir.Done("transform", ""); err != nil {
		return nil
	}
	return s.rebuildReports(dir, target)
}

// fresh refuses tables that were built from other SQL, settings or decisions than there are now.
func (s *session) fresh(dir run.Dir, target string) error {
	if _, err := dir.Done("transform", "ferry transform --target "+target); err != nil {
		return err
	}
	o, err := s.sqlOptions(target)
	if err != nil {
		return err
	}
	why, err := sql.Stale(dir, o)
	if err != nil || why == "" {
		return err
	}
	return run.Problemf(dir.Root(), "%s", why).WithTry("ferry transform --target %s", target)
}

// leftBehind is exit code 3 when some rows did not arrive.
func leftBehind(r load.Result) error {
	n := r.Count("refused") + r.Waiting
	for _, counts := range r.Planned {
		n += counts["held"] + counts["blocked"]
	}
	if n == 0 {
		return nil
	}
	return run.Problemf("", "done, but %s records were held, refused or blocked", thousands(n)).
		WithTry("ferry report, and read quality.xlsx and reconciliation.xlsx").WithExit(run.ExitRows)
}

// notReversed is exit code 3 when some records stay as they are.
func notReversed(r load.RollbackResult, target string) error {
	n := r.Kept + r.Failed
	if n == 0 {
		return nil
	}
	return run.Problemf("", "done, but %s records were kept or could not be reversed", thousands(n)).
		WithTry("ferry report --target %s, and read reconciliation.xlsx: it says why for each", target).WithExit(run.ExitRows)
}

func planText(r load.PlanResult) string {
	text := "planned   " + costText(r.Estimate) + "; nothing was written\n"
	if r.Count("create")+r.Count("update") > 0 {
		text += "          taking it back (ferry rollback --run) would cost about " + costText(r.Undo) + "\n"
	}
	if r.Closed != nil {
		text += "! as things stand a load would be refused:\n    " + strings.ReplaceAll(r.Closed.Error(), "\n",
			"\n    ") + "\n"
	}
	for _, entity := range sortedKeys(r.Counts) {
		text += counted(fmt.Sprintf("  %-18s", entity), r.Counts[entity])
	}
	return text + noticesText(r.Notices)
}

func loadText(r load.Result) string {
	text := fmt.Sprintf("loaded    %s calls, %s of them write (planned: %s)\n", thousands(r.Calls), thousands(r.Writes),
		thousands(r.Estimate.Total))
	if r.Calls > r.Estimate.Total && len(r.Beyond) > 0 {
		var more []string
		for _, c := range r.Beyond {
			more = append(more, fmt.Sprintf("%s %s", thousands(c.Planned), c.Kind))
		}
		text += "          beyond the plan, because answers were lost or refused: " + strings.Join(more, ", ") + "\n"
	}
	for _, entity := range sortedKeys(r.Counts) {
		text += counted(fmt.Sprintf("  %-18s", entity), r.Counts[entity])
	}
	if r.Writes == 0 {
		text += "  nothing had changed, so nothing was written\n"
	}
	return text
}

func costText(e load.Estimate) string {
	text := thousands(e.Total) + " calls"
	if e.Hours > 0 {
		text += fmt.Sprintf(", about %.1f hours at this plan's quota", e.Hours)
	}
	return text
}

// counted prints the counts that are not zero, under their names.
func counted(title string, counts map[string]int64) string {
	for _, n := range sortedKeys(counts) {
		if counts[n] > 0 {
			title += fmt.Sprintf("  %s %s", thousands(counts[n]), n)
		}
	}
	return title + "\n"
}
