package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/load"

	"github.com/urfave/cli/v2"
)

// shownRuns is how many of the newest runs status prints.
const shownRuns = 5

func (v *verbs) status() *cli.Command {
	return v.command(verb{
		name: "status", usage: "where are we, what next",
		flags: []cli.Flag{
			&cli.BoolFlag{Name: "audit", Usage: "show who did what to each target, and verify that no line was changed"},
			&cli.StringFlag{Name: "head",
				Usage: "with --audit: a head printed in a workbook, to find lines cut off at the end"}},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			if s.flags.Bool("audit") || s.flags.String("head") != "" {
				return s.showAudit(s.flags.String("head"))
			}
			st, err := s.status()
			if err != nil {
				return err
			}
			return s.result(st, st.text())
		},
	})
}

// projectStatus is what can be seen from the folder alone; nothing is asked of Freshsales.
type projectStatus struct {
	Exports int            `json:"export_files"`
	Runs    []runStatus    `json:"runs"` // newest last
	Targets []targetStatus `json:"targets"`
	Next    string         `json:"next"`
}

type runStatus struct {
	ID     string   `json:"id"`
	From   string   `json:"from,omitempty"`
	Stages []string `json:"stages"`
	Loaded []string `json:"loaded_to"`
	ended  time.Time
}

type targetStatus struct {
	Name      string            `json:"name"`
	URL       string            `json:"url"`
	Plan      string            `json:"plan"`
	Rehearsal bool              `json:"rehearsal"`
	HasLedger bool              `json:"has_ledger"`
	Ledger    load.StatusResult `json:"ledger"`
	HasKey    bool              `json:"has_key"`
	Gates     []gate.Gate       `json:"gates,omitempty"` // of a production account
}

func (s *session) status() (projectStatus, error) {
	var st projectStatus
	entries, err := os.ReadDir(s.extractOptions().Exports)
	if err != nil && !os.IsNotExist(err) {
		return st, err
	}
	st.Exports = len(entries)
	all, err := s.project.AllRuns()
	if err != nil {
		return st, err
	}
	for _, d := range all[max(0, len(all)-shownRuns):] {
		r, err := statusOf(d)
		if err != nil {
			return st, err
		}
		st.Runs = append(st.Runs, r)
	}
	for _, name := range sortedKeys(s.config.Targets) {
		t := s.config.Targets[name]
		key, _ := s.env(keyVariable(name))
		ledger, err := load.Status(s.project.Target(name))
		if err != nil {
			return st, err
		}
		var gates []gate.Gate
		if !t.Rehearsal {
			if gates, err = s.gatesOfNewest(name, t, all); err != nil {
				return st, err
			}
		}
		st.Targets = append(st.Targets, targetStatus{Gates: gates, Ledger: ledger, Name: name, URL: t.URL, Plan: t.Plan,
			Rehearsal: t.Rehearsal,
			HasLedger: run.Exists(s.project.Target(name).Ledger()), HasKey: key != "" || t.URL == twinURL})
	}
	st.Next, err = s.next(st, all)
	return st, err
}

// gatesOfNewest are the gates for the newest run there is.
func (s *session) gatesOfNewest(name string, t targetConfig, all []run.Dir) ([]gate.Gate, error) {
	if len(all) == 0 {
		return s.facts().Gates(name, nil)
	}
	return s.facts().Gates(name, &all[len(all)-1])
}

func statusOf(d run.Dir) (runStatus, error) {
	r := runStatus{ID: d.ID()}
	m, err := d.ReadManifest()
	if err != nil {
		return r, err
	}
	r.From = m.From
	for name, stage := range m.Stages {
		r.Stages = append(r.Stages, name)
		if stage.Ended.After(r.ended) {
			r.ended = stage.Ended
		}
	}
	slices.Sort(r.Stages)
	r.Loaded, err = d.LoadedTo()
	return r, err
}

// ledgerText says in a line what ferry has done to an account.
func ledgerText(r load.StatusResult) string {
	byState := map[string]int64{}
	for _, c := range r.Records {
		byState[c.State] += c.Count
	}
	text := "ledger:" + strings.TrimSuffix(counted("", byState), "\n")
	if !r.LastAt.IsZero() {
		text += ", last " + r.LastAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	if r.Open > 0 {
		text += fmt.Sprintf("; %s under way (a load was interrupted, or is running: ferry load finishes it)",
			thousands(r.Open))
	}
	return text
}

func (st projectStatus) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "exports   %d files\n", st.Exports)
	for _, r := range st.Runs {
		fmt.Fprintf(&b, "run       %s  %s", r.ID, strings.Join(r.Stages, ", "))
		if len(r.Loaded) > 0 {
			fmt.Fprintf(&b, "; loaded to %s", strings.Join(r.Loaded, ", "))
		}
		if r.From != "" {
			fmt.Fprintf(&b, "; on the landed files of %s", r.From)
		}
		if !r.ended.IsZero() {
			fmt.Fprintf(&b, "; last stage ended %s", r.ended.UTC().Format("2006-01-02 15:04 UTC"))
		}
		b.WriteString("\n")
	}
	for _, t := range st.Targets {
		kind, key := "production", "its key is set"
		if t.Rehearsal {
			kind = "rehearsal"
		}
		if !t.HasKey {
			key = "set " + keyVariable(t.Name)
		}
		ledger := "nothing written yet"
		if t.HasLedger {
			ledger = ledgerText(t.Ledger)
		}
		fmt.Fprintf(&b, "target    %s  %s, plan %s, %s; %s; %s\n", t.Name, t.URL, t.Plan, kind, key, ledger)
		b.WriteString(gatesText(t.Name, t.Gates))
	}
	fmt.Fprintf(&b, "\nnext: %s\n", st.Next)
	return b.String()
}
