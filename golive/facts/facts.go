// Package facts reads out of runs, targets and audits what the gates and the runbook are computed
// from. It decides nothing and asks no account. What only the front door knows, such as the digests
// of settings, is handed to it. Start at Project.Gates.
package facts

import (
	"ferry/golive/gate"
	"ferry/internal/run"
)

// Target is what ferry.yaml says of an account, as far as gates go by it.
type Target struct {
	Plan      string
	Rehearsal bool
	NoSandbox bool
}

// Project is where to look, and what only the front door knows.
type Project struct {
	run.Project
	Targets      map[string]Target
	Acknowledged []string // side effects somebody accepted by name

	// Agreed are the digests of all that decides what is sent to a target, now.
	Agreed func(target string) ([]gate.Part, []gate.Answer, error)
	// AboutFinding and AboutField are how an answer and what it is about know each other.
	AboutFinding func(rule, key, field string) string
	AboutField   func(name string) string
}

// Gates gives the four gates of a production account, for a run; without one all are closed.
func (p Project) Gates(target string, dir *run.Dir) ([]gate.Gate, error) {
	t := p.Targets[target]
	f := gate.Facts{Target: target, Plan: t.Plan, NoSandbox: t.NoSandbox, Acknowledged: p.Acknowledged,
		WasKnown: func(string) bool { return false }}
	if dir != nil {
		if err := runFacts(&f, *dir); err != nil {
			return nil, err
		}
	}
	var err error
	if f.Parts, f.Answers, err = p.Agreed(target); err != nil {
		return nil, err
	}
	if f.Signoff, f.Forged, err = p.Signed(); err != nil {
		return nil, err
	}
	if !f.HasRun {
		return gate.Evaluate(f), nil
	}
	if f.Signoff != nil {
		if err := p.newSince(&f, *dir); err != nil {
			return nil, err
		}
	}
	if err := p.accountFacts(&f, *dir); err != nil {
		return nil, err
	}
	return gate.Evaluate(f), nil
}

// runFacts reads what a run would send and what is open in it.
func runFacts(f *gate.Facts, dir run.Dir) error {
	m, err := dir.ReadManifest()
	if err != nil {
		return err
	}
	if _, f.HasRun = m.Stages["transform"]; !f.HasRun {
		return nil
	}
	if f.Map, err = MapItems(dir); err != nil {
		return err
	}
	rules, err := run.RowsOf(dir.Model("reports", "quality_rules"))
	if err != nil {
		return err
	}
	for _, r := range rules {
		rule := gate.Rule{Name: r.Text("rule"), Sentence: r.Text("sentence"), Open: r.Number("open")}
		switch r.Text("severity") {
		case "stop":
			if rule.Open = r.Number("findings"); rule.Open > 0 {
				f.Stops = append(f.Stops, rule)
			}
		case "hold":
			f.Holds = append(f.Holds, rule)
		}
	}
	f.Wanted, err = Wanted(dir)
	return err
}

// Wanted are how many records of each entity a run sends, without what rules hold.
func Wanted(dir run.Dir) (map[string]int64, error) {
	phases, err := run.RowsOf(dir.Model("reports", "phases"))
	wanted := map[string]int64{}
	for _, p := range phases {
		n := p.Number("planned") - p.Number("held") - p.Number("blocked")
		if n > 0 && p.Text("entity") != "account_links" {
			wanted[p.Text("entity")] = n
		}
	}
	return wanted, err
}

// MapItems are the lines of a run's map: attributes, stages, tiers, owners and the rule for tags.
func MapItems(dir run.Dir) ([]gate.Item, error) {
	rows, err := run.RowsOf(dir.Model("reports", "map_items"))
	var items []gate.Item
	for _, r := range rows {
		items = append(items, gate.Item{Kind: r.Text("kind"), Name: r.Text("name"), Becomes: r.Text("becomes"),
			IsConfirmed: r.Yes("is_confirmed")})
	}
	return items, err
}
