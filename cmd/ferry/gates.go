package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"ferry/golive/audit"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/sql"
)

// This file gathers what the gates are computed from: the run's tables, the files that decide what
// they hold, what somebody signed, and what a plan saw of the account.

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
	agreed := []gate.Part{{Kind: "version", Name: "ferry", Digest: run.DigestText(version)}}
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

// gates gives the four gates of a production target for a run.
func (s *session) gates(target string, t targetConfig, dir run.Dir, hasRun bool) ([]gate.Gate, error) {
	f := gate.Facts{Target: target, Plan: t.Plan, NoSandbox: t.NoSandbox, Acknowledged: s.config.Load.Acknowledged,
		WasKnown: func(string) bool { return false }}
	if hasRun {
		if err := s.runFacts(&f, dir); err != nil {
			return nil, err
		}
	}
	var err error
	if f.Parts, f.Answers, err = s.agreedParts(target); err != nil {
		return nil, err
	}
	if f.Signoff, f.Forged, err = s.signed(); err != nil {
		return nil, err
	}
	if f.HasRun && f.Signoff != nil {
		if err := s.newSince(&f, dir); err != nil {
			return nil, err
		}
	}
	if err := s.accountFacts(&f, dir); err != nil {
		return nil, err
	}
	return gate.Evaluate(f), nil
}

// runFacts reads what a run would send and what is open in it.
func (s *session) runFacts(f *gate.Facts, dir run.Dir) error {
	m, err := dir.ReadManifest()
	if err != nil {
		return err
	}
	if _, f.HasRun = m.Stages["transform"]; !f.HasRun {
		return nil
	}
	if f.Map, err = mapItems(dir); err != nil {
		return err
	}
	rules, err := reportRows(dir, "quality_rules")
	if err != nil {
		return err
	}
	for _, r := range rules {
		rule := gate.Rule{Name: r.text("rule"), Sentence: r.text("sentence"), Open: r.number("open")}
		switch r.text("severity") {
		case "stop":
			if rule.Open = r.number("findings"); rule.Open > 0 {
				f.Stops = append(f.Stops, rule)
			}
		case "hold":
			f.Holds = append(f.Holds, rule)
		}
	}
	f.Wanted, err = wantedRecords(dir)
	return err
}

// wantedRecords are how many records of each entity a run sends, without what rules hold.
func wantedRecords(dir run.Dir) (map[string]int64, error) {
	phases, err := reportRows(dir, "phases")
	wanted := map[string]int64{}
	for _, p := range phases {
		if n := p.number("planned") - p.number("held") - p.number("blocked"); n > 0 && p.text("entity") != "account_links" {
			wanted[p.text("entity")] = n
		}
	}
	return wanted, err
}

func mapItems(dir run.Dir) ([]gate.Item, error) {
	rows, err := reportRows(dir, "map_items")
	var items []gate.Item
	for _, r := range rows {
		items = append(items, gate.Item{Kind: r.text("kind"), Name: r.text("name"), Becomes: r.text("becomes"),
			IsConfirmed: r.yes("is_confirmed")})
	}
	return items, err
}

// signed gives the newest sign-off of a rehearsal, and why it cannot be trusted if it is not the one
// that the audit knows.
func (s *session) signed() (newest *gate.Signoff, forged string, err error) {
	for _, name := range sortedKeys(s.config.Targets) {
		if !s.config.Targets[name].Rehearsal {
			continue
		}
		so, err := gate.ReadSignoff(s.project.Target(name))
		if err != nil {
			return nil, "", err
		}
		if so != nil && (newest == nil || so.RecordedAt.After(newest.RecordedAt)) {
			newest = so
			if forged, err = s.isForged(name, so); err != nil {
				return nil, "", err
			}
		}
	}
	return newest, forged, nil
}

func (s *session) isForged(name string, so *gate.Signoff) (string, error) {
	t := s.project.Target(name)
	r, err := audit.Verify(t)
	if err != nil {
		return "", err
	}
	if r.Broken != nil {
		return fmt.Sprintf("the audit of %s, where the sign-off was recorded, is broken in line %d: %s", name, r.Broken.Line,
			r.Broken.Why), nil
	}
	lines, err := audit.Read(t)
	if err != nil {
		return "", err
	}
	digest, err := so.Digest()
	if err != nil {
		return "", err
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].Act != audit.Signed {
			continue
		}
		if lines[i].Digests["signoff"] == digest && so.Target == name {
			return "", nil
		}
		break
	}
	return fmt.Sprintf("the sign-off kept in %s is not the one that was recorded: it was edited, or "+
		"belongs to another target", t.Signoff()), nil
}

// newSince compares the findings of a run with those that were there when somebody signed.
func (s *session) newSince(f *gate.Facts, dir run.Dir) error {
	f.WasKnown = func(string) bool { return true } // the signed run is gone: whatever changed closes
	signed, err := s.project.Run(f.Signoff.Run)
	if err != nil {
		return nil
	}
	known := map[string]bool{}
	each := func(d run.Dir, do func(rule, key, field string)) error {
		err := eachRow(d.Model("checks", "findings"), func(r tableRow) error {
			do(r.text("rule"), r.text("key"), r.text("field"))
			return nil
		})
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := each(signed, func(rule, key, field string) {
		// An answer may be about one value, the whole record, or the whole rule.
		for _, about := range [][2]string{{key, field}, {key, ""}, {"", field}, {"", ""}} {
			known[sql.FindingDigest(rule, about[0], about[1])[:digestKept]] = true
		}
	}); err != nil {
		return err
	}
	for _, i := range f.Signoff.Map {
		known[sql.FieldDigest(i.Name)[:digestKept]] = true
	}
	f.WasKnown = func(about string) bool { return known[about[:digestKept]] }
	if signed.ID() == dir.ID() {
		return nil
	}
	seen := map[string]bool{}
	return each(dir, func(rule, key, field string) {
		d := sql.FindingDigest(rule, key, field)[:digestKept]
		if !known[d] && !seen[d] {
			f.NewRows++
		}
		seen[d] = true
	})
}

// digestKept is how much of a digest tells two findings apart, in memory.
const digestKept = 16

// accountSeen is what a plan saw of an account.
type accountSeen struct {
	At      time.Time `json:"at"`
	Run     string    `json:"run"`
	Lacking []string  `json:"lacking"`
	Needed  []string  `json:"needed"` // side effects to acknowledge
	Writes  string    `json:"writes"` // what a load would do, as it is shown before anybody says yes
}

func (s *session) keepAccount(target string, seen accountSeen) error {
	return run.WriteFile(s.project.Target(target).Account(), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(seen)
	})
}

// accountFacts are what the last plan saw of the account. One for another run does not count: what
// is sent decides what the account must have.
func (s *session) accountFacts(f *gate.Facts, dir run.Dir) error {
	if !f.HasRun {
		return nil
	}
	seen, err := s.seenAccount(f.Target)
	if err == nil && seen.Run == dir.ID() {
		f.Looked, f.Lacking, f.Needed = seen.At, seen.Lacking, seen.Needed
	}
	return err
}

// seenAccount reads what the last plan saw; it is empty when none was made.
func (s *session) seenAccount(target string) (seen accountSeen, err error) {
	path := s.project.Target(target).Account()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return seen, err
	}
	if err := json.Unmarshal(text, &seen); err != nil {
		return seen, run.Problemf(path, "this file cannot be read: %v", err).
			WithTry("ferry plan --target %s   (writes it again)", target)
	}
	return seen, nil
}

// requireGates refuses, with exit code 4, what a closed gate stands before.
func (s *session) requireGates(target string, t targetConfig, dir run.Dir, names ...string) error {
	if t.Rehearsal {
		return nil
	}
	all, err := s.gates(target, t, dir, true)
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
	so, forged, err := s.signed()
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
	all, err := s.gates(target, t, dir, true)
	if err != nil {
		return err
	}
	lines, err := audit.Read(s.project.Target(target))
	if err != nil {
		return err
	}
	was := map[string]bool{}
	for _, l := range lines {
		if l.Act == audit.Opened || l.Act == audit.Closed {
			was[l.About] = l.Act == audit.Opened
		}
	}
	for _, g := range all {
		if g.IsOpen == was[g.Name] {
			continue
		}
		e := audit.Entry{Act: audit.Closed, About: g.Name, Text: strings.Join(g.Why, "; "), Who: g.By}
		if g.IsOpen {
			e.Act, e.Text = audit.Opened, strings.Join(g.Notes, "; ")
		}
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
