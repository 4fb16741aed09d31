package main

import (
	"strings"

	"ferry/golive/facts"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/sql"
)

// This file hands over what the gates are computed from, refuses what a closed one stands before, and
// writes down when one opened or closed.

// facts is where gates and runbook look, with what only the front door knows.
func (s *session) facts() facts.Project {
	p := facts.Project{Project: s.project, Targets: map[string]facts.Target{}, Acknowledged: s.config.Load.Acknowledged,
		Agreed: s.agreedParts, AboutFinding: sql.FindingDigest, AboutField: sql.FieldDigest}
	for name, t := range s.config.Targets {
		p.Targets[name] = facts.Target{Plan: t.Plan, Rehearsal: t.Rehearsal, NoSandbox: t.NoSandbox}
	}
	return p
}

// scopeOfAccount are settings that belong to an account and not to what was agreed.
var scopeOfAccount = []string{"consent.", "map."}

// agreedParts are the digests of all that decides what is sent, now.
func (s *session) agreedParts(target string) ([]gate.Part, []gate.Answer, error) {
	o, err := s.sqlOptions(target)
	if err != nil {
		return nil, nil, err
	}
	parts, answers, err := sql.Parts(o)
	if err != nil {
		return nil, nil, err
	}
	agreed := []gate.Part{{Kind: "version", Name: "ferry", Digest: run.DigestText(fullVersion())}}
	for _, p := range parts {
		if p.Kind == "scope" && hasPrefix(p.Name, scopeOfAccount) {
			continue
		}
		agreed = append(agreed, gate.Part{Kind: p.Kind, Name: p.Name, Digest: p.Digest})
	}
	for name, value := range s.config.Load.agreed() {
		agreed = append(agreed, gate.Part{Kind: "load", Name: "load." + name, Digest: run.DigestText(value)})
	}
	var decided []gate.Answer
	for _, a := range answers {
		decided = append(decided, gate.Answer{About: a.About, Digest: a.Digest, Rule: a.Rule})
	}
	return agreed, decided, nil
}

// agreed are the settings of a load that change what it writes.
func (l loadConfig) agreed() map[string]string {
	settings := map[string]string{"lifecycle_moves": l.LifecycleMoves}
	for name, value := range l.OnConflict {
		settings["on_conflict."+name] = value
	}
	return settings
}

func hasPrefix(text string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

// requireGates refuses, with exit code 4, what a closed gate stands before.
func (s *session) requireGates(target string, t targetConfig, dir run.Dir, names ...string) error {
	if t.Rehearsal {
		return nil
	}
	all, err := s.facts().Gates(target, &dir)
	if err != nil {
		return err
	}
	return closedProblem(target, all, names...)
}

// refuseUnsigned spares a production run the hours before its load when nobody signed a rehearsal.
func (s *session) refuseUnsigned() error {
	name, t, err := s.chosenTarget()
	if err != nil || t.Rehearsal {
		return err
	}
	so, forged, err := s.facts().Signed()
	if err != nil || so.IsAccepted() && forged == "" {
		return err
	}
	all := gate.Evaluate(gate.Facts{Target: name, HasRun: true, Signoff: so, Forged: forged})
	return closedProblem(name, all, gate.RehearsalSigned)
}

// closedProblem names every closed gate, its reasons, and the command that goes on from the first.
func closedProblem(target string, all []gate.Gate, names ...string) error {
	first := gate.FirstClosed(all, names...)
	if first == nil {
		return nil
	}
	var lines []string
	for _, g := range all {
		if !g.IsOpen && gate.FirstClosed([]gate.Gate{g}, names...) != nil {
			lines = append(lines, g.Title+": "+strings.Join(g.Why, "; "))
		}
	}
	return &run.Problem{Where: "target " + target, What: "a gate to this account is closed, and nothing was written to it",
		Excerpt: strings.Join(lines, "\n"),
		Try:     first.Next, Exit: run.ExitStop}
}

// noteGates writes down which gates opened or closed since the audit last said so.
func (s *session) noteGates(target string, t targetConfig, dir run.Dir) error {
	if t.Rehearsal {
		return nil
	}
	all, err := s.facts().Gates(target, &dir)
	if err != nil {
		return err
	}
	changed, err := facts.Changed(s.project.Target(target), all)
	if err != nil {
		return err
	}
	for _, e := range changed {
		if err := s.note(target, e); err != nil {
			return err
		}
	}
	return nil
}

// noteAllGates does so for every production target, on the newest run.
func (s *session) noteAllGates() error {
	dir, err := s.project.LatestRun()
	if err != nil {
		return nil // without a run every gate is closed, as it was
	}
	for _, name := range sortedKeys(s.config.Targets) {
		if err := s.noteGates(name, s.config.Targets[name], dir); err != nil {
			return err
		}
	}
	return nil
}
