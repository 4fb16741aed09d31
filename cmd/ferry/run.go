package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/extract"
	"ferry/internal/run"
	"ferry/load"
)

func (v *verbs) run() *cli.Command {
	return v.command(verb{
		name: "run", usage: "extract → transform → report → plan → load → reconcile → report",
		description: "The whole way on your own files. Each stage can be run alone; this stops where one of them would.",
		flags: []cli.Flag{targetFlag,
			&cli.StringFlag{Name: "depth", Value: "sample", Usage: "of the reconciliation: counts, sample or full"},
			&cli.BoolFlag{Name: "despite-doubts", Usage: "load although files were cut off, mostly rejected or left aside"}},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			if err := s.refuseUnsigned(); err != nil {
				return err
			}
			return s.pipeline(pace{speed: 1})
		},
	})
}

// pace is how fast a built-in twin lets a load go.
type pace struct {
	limits bool    // count calls against the plan
	speed  float64 // how much faster than the wall its clock runs
}

// pipeline is the whole way, and a summary that adds up.
func (s *session) pipeline(p pace) (err error) {
	dir, landed, err := s.doExtract()
	if err != nil {
		return err
	}
	a, err := s.openAccount(p.speed, p.limits)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	if a.twin != nil {
		if err := s.teachTwin(a); err != nil {
			return err
		}
	}
	dir, built, err := s.doTransform(dir, a.name)
	if err != nil {
		return err
	}
	if _, err := s.writeWorkbooks(dir, ""); err != nil {
		return err
	}
	if err := stopped(built, dir); err != nil {
		return err
	}
	if err := s.heldForDoubts(dir, landed); err != nil {
		return err
	}
	o := s.loadOptions(a, "ferry load --run "+dir.ID())
	planned, err := load.Plan(s.ctx, dir, load.PlanOptions{Options: o})
	if err != nil {
		return err
	}
	if err := s.rememberAccount(a.name, a.conf, dir, planned); err != nil {
		return err
	}
	if err := s.requireGates(a.name, a.conf, dir); err != nil {
		return err
	}
	s.worked = dir
	loaded, err := s.doLoad(a, dir, load.RunOptions{PlanOptions: load.PlanOptions{Options: o}})
	if err != nil {
		return err
	}
	checked, err := s.proveSent(a, dir, load.ReconcileOptions{Options: o, Depth: s.flags.String("depth")})
	if err != nil {
		return err
	}
	files, err := s.doReport(dir, a.name)
	if err != nil {
		return err
	}
	table, err := fateTable(dir)
	if err != nil {
		return err
	}
	text := strings.Join([]string{"", extractText(dir, landed), transformText(built), planText(planned), loadText(loaded),
		reconcileText(checked), table, reportText(files)}, "")
	all := map[string]any{"run": dir.ID(), "extract": landed, "transform": built, "plan": planned, "load": loaded,
		"reconcile": checked, "reports": files}
	next := "; ferry status"
	if s.only != "" { // the demo is not at its end
		next = ""
	}
	if err := s.result(all, text+fmt.Sprintf("\nnext: open the workbooks in %s"+next+"\n",
		dir.Reports())); err != nil {
		return err
	}
	return errors.Join(leftBehind(loaded), notAsSent(checked))
}

// proveSent proves what was sent; where everything was held there is nothing to prove, which is no failure.
func (s *session) proveSent(a *account, dir run.Dir, o load.ReconcileOptions) (load.ReconcileResult, error) {
	known, err := load.Status(s.project.Target(a.name))
	if err != nil || len(known.Records) == 0 {
		return load.ReconcileResult{}, err
	}
	return s.doReconcile(a, dir, o)
}

// heldForDoubts ends before anything is sent when somebody should look at a file first, unless told otherwise.
func (s *session) heldForDoubts(dir run.Dir, r extract.Result) error {
	if len(r.Doubts) == 0 || s.flags.Bool("despite-doubts") {
		return nil
	}
	fmt.Fprint(s.err, extractText(dir, r))
	return run.Problemf(r.Doubts[0].File, "%s. The workbooks are written; nothing was sent", r.Doubts[0].Why).
		WithExit(run.ExitRows).
		WithTry("correct the file and run again, or, if it may stay behind: ferry run --despite-doubts   "+
			"(or ferry load --run %s)", dir.ID())
}

// fateTable prints where every record went, from the model that the checked sums are made of.
func fateTable(dir run.Dir) (string, error) {
	counts := map[string]map[string]int64{}
	err := run.ReadTable(dir.Model("reports", "fate_counts"), func(columns []run.Column, row run.Row) error {
		entity, fate, n := "", "", int64(0)
		for i, c := range columns {
			switch c.Name {
			case "entity":
				entity, _ = row[i].(string)
			case "fate":
				fate, _ = row[i].(string)
			case "records":
				n, _ = row[i].(int64)
			}
		}
		if counts[entity] == nil {
			counts[entity] = map[string]int64{}
		}
		counts[entity][fate] += n
		return nil
	})
	if err != nil {
		return "", err
	}
	text := "\nwhere every record went\n"
	for _, entity := range sortedKeys(counts) {
		var total int64
		for _, n := range counts[entity] {
			total += n
		}
		text += counted(fmt.Sprintf("  %-22s %9s =", entity, thousands(total)), counts[entity])
	}
	return text + "\n", nil
}
