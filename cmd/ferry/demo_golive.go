package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"ferry/golive/cutover"
	"ferry/load"
	"ferry/reports/signoff"
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
	text := "\n" + s.signoffText(so) + loadText(loaded)
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
	closes, err := s.demoClosing(t)
	if err != nil {
		return err
	}
	if s.asJSON { // the object of the rehearsal was printed; there is one object for programs
		return nil
	}
	return s.result(nil, text+closes)
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
	planned, err := load.Plan(s.ctx, dir, o)
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
	if loaded, err = s.doLoad(a, dir, o); err != nil {
		return loaded, err
	}
	if _, err = s.doReconcile(a, dir, o); err != nil {
		return loaded, err
	}
	_, err = s.doReport(dir, a.name)
	return loaded, err
}

// demoClosing shows, without changing a file, what a changed rule does to the way that was open.
func (s *session) demoClosing(t targetConfig) (string, error) {
	was := s.config.Scope.Deals
	defer func() { s.config.Scope.Deals = was }()
	off := false
	s.config.Scope.Deals = &off
	all, err := s.facts().Gates(demoProduction, &s.worked)
	if err != nil {
		return "", err
	}
	text := gatesText(demoProduction, all)
	return "\nif deals were switched off now, without a new rehearsal:\n" + text[strings.Index(text, "gate "):], nil
}
