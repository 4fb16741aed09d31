package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ferry/golive/cutover"
	"ferry/internal/run"
	"ferry/load"
	"ferry/reports/signoff"
	"ferry/sql"
)

// demoProduction is the demo's production account: another twin.
const demoProduction = "production"

// demoSigner signs the demo's rehearsal; in a real migration somebody of the company does.
var demoSigner = signoff.Signed{Name: "Anna Example", Role: "Head of customer service", Verdict: "accept with remarks",
	Remarks: "sample data", MapDefault: true, FindingsDefault: true, NoBackup: true}

// demoGoLive goes on from a rehearsal: it is signed, the cut-over is walked through on a second twin,
// and a changed rule closes the way again.
func (s *session) demoGoLive(p pace) error {
	t := s.config.Targets[demoProduction]
	if t.URL != twinURL || t.Rehearsal {
		return nil // a project of an earlier demo has no such account
	}
	signed := filepath.Join(s.project.Root(), "signed", "reconciliation.xlsx")
	who := demoSigner
	who.Date = s.now().UTC().Format("2006-01-02")
	if err := signoff.Fill(filepath.Join(s.worked.TargetReports(s.only), "reconciliation.xlsx"), signed, who); err != nil {
		return err
	}
	so, err := s.sign(signed)
	if err != nil {
		return err
	}
	s.only = demoProduction
	for _, step := range []string{cutover.NotificationsOff, cutover.PeopleTold, cutover.Freeze} {
		if err := s.tick(demoProduction, t, step, who.Name); err != nil {
			return err
		}
	}
	loaded, err := s.demoLastLoad(p)
	if err != nil {
		return err
	}
	f, err := s.cutoverFacts(demoProduction, t)
	if err != nil {
		return err
	}
	steps := cutover.Steps(f)
	signature, _, _ := strings.Cut(s.signoffText(so), "\nnext:")
	text := "\n" + signature + loadText(loaded)
	for _, x := range steps {
		text += fmt.Sprintf("cut-over  %-8s %s: %s\n", x.State, x.Title, x.Fact)
	}
	page, sheets, err := s.cutoverPage(f)
	if err != nil {
		return err
	}
	if err := s.writeCutover(demoProduction, page, sheets); err != nil {
		return err
	}
	closes, err := s.demoClosing()
	if err != nil {
		return err
	}
	if s.asJSON { // the object of the rehearsal was printed; there is one object for programs
		return nil
	}
	return s.result(nil, text+closes+fmt.Sprintf("\nnext: cd %s, then: ferry status\n", s.project.Root()))
}

// demoLastLoad is what happens on the day: the last extract, the load and the read-back.
func (s *session) demoLastLoad(p pace) (loaded load.Result, err error) {
	dir, _, err := s.doExtract()
	if err != nil {
		return loaded, err
	}
	a, err := s.openAccount(p.speed, p.limits)
	if err != nil {
		return loaded, err
	}
	defer closing(a, &err)
	if err := s.teachTwin(a); err != nil {
		return loaded, err
	}
	if dir, _, err = s.doTransform(dir, a.name); err != nil {
		return loaded, err
	}
	o := s.loadOptions(a, "ferry load --run "+dir.ID())
	planned, err := load.Plan(s.ctx, dir, load.PlanOptions{Options: o})
	if err != nil {
		return loaded, err
	}
	if err := s.rememberAccount(a.name, a.conf, dir, planned); err != nil {
		return loaded, err
	}
	if err := s.requireGates(a.name, a.conf, dir); err != nil {
		return loaded, err
	}
	s.worked = dir
	if loaded, err = s.doLoad(a, dir, load.RunOptions{PlanOptions: load.PlanOptions{Options: o}}); err != nil {
		return loaded, err
	}
	if _, err = s.doReconcile(a, dir, load.ReconcileOptions{Options: o}); err != nil {
		return loaded, err
	}
	_, err = s.doReport(dir, a.name)
	return loaded, err
}

// demoRule is the rule that the demo changes, from a word to another.
const (
	demoRule   = "mapping.lifecycle"
	demoBefore = "trim(lifecycle_stage) <> ''"
	demoAfter  = "lower(trim(lifecycle_stage)) not in ('', 'prospect')"
)

// demoClosing changes a rule in a copy of the project, and shows what that does to the way that was open.
func (s *session) demoClosing() (string, error) {
	folder := filepath.Join(s.project.Root(), ".changed")
	if err := os.RemoveAll(folder); err != nil {
		return "", run.CannotWrite(folder, err)
	}
	defer os.RemoveAll(folder)
	changed := *s
	changed.project = run.OpenProject(folder)
	if err := s.copyRules(changed.project); err != nil {
		return "", err
	}
	o, err := changed.sqlOptions(demoProduction)
	if err != nil {
		return "", err
	}
	path, err := sql.Copy(o, demoRule, changed.project.SQL())
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	other := strings.Replace(string(text), demoBefore, demoAfter, 1)
	if other == string(text) {
		return "", fmt.Errorf("the demo changes %q in %s, which is not there any more", demoBefore, demoRule)
	}
	if err := os.WriteFile(path, []byte(other), run.FileMode); err != nil {
		return "", run.CannotWrite(path, err)
	}
	all, err := changed.facts().Gates(demoProduction, &s.worked)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(folder, path)
	return fmt.Sprintf("\nin a copy of this project one line of %s was changed:\n-     %s\n+     %s\n%s", rel, demoBefore,
		demoAfter, gatesText(demoProduction, all)), err
}

// copyRules makes a project that decides as this one does and knows the same runs and accounts.
func (s *session) copyRules(to run.Project) error {
	for _, folder := range []string{s.project.SQL(), s.project.Decisions()} {
		rel, err := filepath.Rel(s.project.Root(), folder)
		if err != nil {
			return err
		}
		if _, err := os.Stat(folder); err != nil {
			continue // there are none
		}
		if err := os.CopyFS(filepath.Join(to.Root(), rel), os.DirFS(folder)); err != nil {
			return run.CannotWrite(to.Root(), err)
		}
	}
	if err := os.MkdirAll(to.Root(), run.DirMode); err != nil {
		return run.CannotWrite(to.Root(), err)
	}
	for _, folder := range []string{s.project.Runs(), filepath.Dir(s.project.Target("x").Root())} {
		whole, err := filepath.Abs(folder)
		if err == nil {
			err = os.Symlink(whole, filepath.Join(to.Root(), filepath.Base(folder)))
		}
		if err != nil {
			return run.CannotWrite(to.Root(), err)
		}
	}
	return nil
}
