package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/cutover"
	"ferry/golive/facts"
	"ferry/golive/hypercare"
	"ferry/internal/run"
	"ferry/reports"
	"ferry/sql"
)

func (v *verbs) report() *cli.Command {
	return v.command(verb{
		name: "report", usage: "write the workbooks",
		description: "Writes scope.xlsx, mapping.xlsx, quality.xlsx and handover.xlsx of the run (scope and hand-over as text too), and the reconciliation of each target\nit was loaded to. A workbook somebody filled in is moved aside, never overwritten.",
		flags:       []cli.Flag{runFlag, targetFlag},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			dir, err := s.chosenRun()
			if err != nil {
				return err
			}
			r, err := s.doReport(dir, s.flags.String("target"))
			if err != nil {
				return err
			}
			return s.result(r, reportText(r)+"\nnext: read them; answers come back with: ferry decide FILE.xlsx\n")
		},
	})
}

// doReport builds the report tables again, with what was loaded, and writes the workbooks.
func (s *session) doReport(dir run.Dir, target string) (reports.Result, error) {
	if _, err := dir.Done("transform", "ferry transform"); err != nil {
		return reports.Result{}, err
	}
	if target == "" {
		var err error
		if target, err = s.reportedTarget(dir); err != nil {
			return reports.Result{}, err
		}
	}
	if err := s.rebuildReports(dir, target); err != nil {
		return reports.Result{}, err
	}
	return s.writeWorkbooks(dir, target)
}

// writeWorkbooks writes what the report tables say.
func (s *session) writeWorkbooks(dir run.Dir, target string) (reports.Result, error) {
	lock, err := s.begin(dir, "report")
	if err != nil {
		return reports.Result{}, err
	}
	defer lock.Release()
	// Before a load there is nothing to reconcile.
	if loaded, err := dir.LoadedTo(); err != nil || !slices.Contains(loaded, target) {
		if target = ""; err != nil {
			return reports.Result{}, err
		}
	}
	o := reports.Options{Target: target, Now: s.now, Events: s.printer.event}
	if at := s.config.Targets[target].URL; strings.HasPrefix(at, "https://") {
		o.Account = at
	}
	if o.AuditHead, err = s.auditHead(target); err != nil {
		return reports.Result{}, err
	}
	if o.AuditHeads, err = s.auditHeads(); err != nil {
		return reports.Result{}, err
	}
	if target != "" {
		days, err := hypercare.History(s.project.Target(target))
		if err != nil {
			return reports.Result{}, err
		}
		if len(days) > 0 {
			t := facts.Trend(cutover.Facts{}, days)
			o.Extras = []reports.Extra{{Title: t.Title, About: t.About, Head: t.Head, Rows: t.Rows, State: t.State}}
		}
	}
	return reports.Run(s.ctx, dir, o)
}

// reportedTarget is the target named by --target, else the one a run was loaded to, else the only
// one there is, else the one its tables were built for.
func (s *session) reportedTarget(dir run.Dir) (string, error) {
	if name := s.flags.String("target"); name != "" {
		return name, nil
	}
	loaded, err := dir.LoadedTo()
	if err != nil || len(loaded) > 0 {
		return strings.Join(loaded[:min(1, len(loaded))], ""), err
	}
	if len(s.config.Targets) == 1 {
		return sortedKeys(s.config.Targets)[0], nil
	}
	if !run.Exists(dir.Model("settings", "run")) {
		return "", nil
	}
	info, err := infoOf(dir, nil) // whom its tables were built for: their codes are that account's
	if _, known := s.config.Targets[info["target"]]; !known {
		return "", err
	}
	return info["target"], err
}

// rebuildReports builds floor 7 again: the only one that reads what was loaded.
func (s *session) rebuildReports(dir run.Dir, target string) error {
	o, err := s.sqlOptions(target)
	if err != nil {
		return err
	}
	o.Floors = []int{7}
	r, err := sql.Run(s.ctx, dir, o)
	if err != nil {
		return err
	}
	return equationsProblem(dir, r)
}

func reportText(r reports.Result) string {
	text := ""
	for _, f := range r.Files {
		text += "wrote     " + f + "\n"
	}
	for _, k := range r.Kept {
		text += "kept      " + k + "   (somebody filled it in; read it with: ferry decide)\n"
	}
	return text
}
