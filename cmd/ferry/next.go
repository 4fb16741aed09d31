package main

import (
	"fmt"
	"slices"

	"ferry/golive/audit"
	"ferry/golive/cutover"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/load"
	"ferry/purge"
)

// next is the command that is really due: what is done is never proposed again.
func (s *session) next(st projectStatus, all []run.Dir) (string, error) {
	switch {
	case len(all) == 0 && st.Exports == 0:
		return fmt.Sprintf("put export files into %s, then: ferry extract", s.extractOptions().Exports), nil
	case len(all) == 0:
		return "ferry extract", nil
	case len(s.config.Targets) == 0:
		return "add a target to ferry.yaml", nil
	}
	if unfinished, err := purge.Unfinished(all); err != nil || unfinished != nil {
		return "the same ferry purge command again   (a purge was stopped before its end)", err
	}
	for _, t := range st.Targets {
		if t.Ledger.Open > 0 {
			return s.finishLoad(t, all), nil
		}
	}
	newest, dir := st.Runs[len(st.Runs)-1], all[len(all)-1]
	goal, err := s.goal(newest)
	if err != nil {
		return "", err
	}
	switch {
	case !slices.Contains(newest.Stages, "extract"):
		return "ferry extract   (the landing of this run never finished)", nil
	case !slices.Contains(newest.Stages, "transform"):
		return "ferry transform --target " + goal, nil
	case s.fresh(dir, goal) != nil:
		return "ferry transform --target " + goal + "   (SQL, settings, decisions or scope changed)", nil
	case !slices.Contains(newest.Stages, "report"):
		return "ferry report", nil
	case !s.config.Targets[goal].Rehearsal:
		return s.nextInProduction(goal, st, dir)
	}
	at := slices.IndexFunc(st.Targets, func(t targetStatus) bool { return t.Name == goal })
	due, err := s.nextOnAccount(st.Targets[at], dir, newest.Loaded)
	if err != nil || due != "" {
		return due, err
	}
	for _, t := range st.Targets {
		if g := gate.FirstClosed(t.Gates); !t.Rehearsal && g != nil {
			return g.Next, nil
		}
	}
	return fmt.Sprintf("nothing is due: run %s is in %s and was read back; for production, add the account under "+
		"targets: in ferry.yaml", newest.ID, goal), nil
}

// goal is the account the newest run is on its way to: production as soon as a rehearsal was signed.
func (s *session) goal(newest runStatus) (string, error) {
	production, rehearsal := "", ""
	for _, name := range sortedKeys(s.config.Targets) {
		if s.config.Targets[name].Rehearsal && (rehearsal == "" || slices.Contains(newest.Loaded, name)) {
			rehearsal = name
		}
		if !s.config.Targets[name].Rehearsal && (production == "" || slices.Contains(newest.Loaded, name)) {
			production = name
		}
	}
	if rehearsal == "" || slices.Contains(newest.Loaded, production) {
		return production, nil
	}
	so, forged, err := s.facts().Signed()
	if production != "" && so.IsAccepted() && forged == "" && !slices.Contains(newest.Loaded, rehearsal) {
		return production, err
	}
	return rehearsal, err
}

// finishLoad is how a load or a rollback that was stopped goes on.
func (s *session) finishLoad(t targetStatus, all []run.Dir) string {
	text := "ferry load --target " + t.Name
	if t.Ledger.LastRun != "" && t.Ledger.LastRun != all[len(all)-1].ID() {
		if _, err := s.project.Run(t.Ledger.LastRun); err == nil {
			text += " --run " + t.Ledger.LastRun
		}
	}
	return text + fmt.Sprintf("   (what came of %s calls is not known yet; it looks for them)", thousands(t.Ledger.Open))
}

// nextOnAccount is what is due on an account: load, read back, or nothing.
func (s *session) nextOnAccount(t targetStatus, dir run.Dir, loaded []string) (string, error) {
	name, ledger := t.Name, t.Ledger
	stands := standing(ledger)
	switch {
	case !slices.Contains(loaded, name):
		return "ferry plan --target " + name + ", then: ferry load --target " + name, nil
	case stands == 0 && len(ledger.Records) == 0:
		return "nothing is due: every record was held, refused or left out; read quality.xlsx in " + dir.Reports(), nil
	case stands == 0:
		return "nothing is due: what was loaded to " + name + " was taken back; ferry load --target " + name +
			" would send it again", nil
	}
	lines, err := audit.Read(s.project.Target(name))
	if err != nil {
		return "ferry status --audit   (the audit of " + name + " is broken)", nil
	}
	isRead := false
	for _, l := range lines {
		switch l.Act {
		case audit.Loaded, audit.RolledBack:
			isRead = false
		case audit.Reconciled:
			isRead = true
		}
	}
	if !isRead {
		return "ferry reconcile --target " + name, nil
	}
	if n := waiting(ledger); n > 0 {
		return fmt.Sprintf("add single_account_links to load.acknowledged in ferry.yaml, then: ferry load --target %s   "+
			"(%s links of contacts to accounts wait, and cost a call each)", name, thousands(n)), nil
	}
	return "", nil
}

// waiting counts the links a load left out until somebody acknowledges what they cost.
func waiting(r load.StatusResult) (n int64) {
	for _, c := range r.Records {
		if c.Entity == "account_links" && c.State == "open" {
			n += c.Count
		}
	}
	return n
}

// standing counts the records of ours that stand in an account.
func standing(r load.StatusResult) (n int64) {
	for _, c := range r.Records {
		switch c.State {
		case "created", "updated", "stale":
			n += c.Count
		}
	}
	return n
}

// nextInProduction goes by the gates, then by the runbook.
func (s *session) nextInProduction(name string, st projectStatus, dir run.Dir) (string, error) {
	for _, t := range st.Targets {
		if g := gate.FirstClosed(t.Gates); t.Name == name && g != nil {
			return g.Next, nil
		}
	}
	f, err := s.cutoverFacts(name, s.config.Targets[name])
	if err != nil {
		return "", err
	}
	if len(f.Loads) > 0 && len(cutover.Warnings(f)) > 0 {
		return "ferry cutover --target " + name + "   (something changed in the source after the load)", nil
	}
	failed, due := cutover.Check(cutover.Steps(f))
	switch {
	case failed != nil:
		return failed.Next, nil
	case due != nil:
		return due.Next, nil
	}
	return "nothing is due; ferry cutover --target " + name + " --check tells when something is", nil
}
