package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/golive/facts"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/load"
)

var confirmFlag = &cli.StringFlag{Name: "confirm",
	Usage: "the name of the production target, for a scheduler: whoever sits here is asked to type it"}

// needs says which gates of a production account a verb needs open. Every verb stands in this
// list, so that a new one has to say what it does to an account.
var needs = map[string]need{
	"demo": {why: "goes to its own twins only"}, "init": {why: "makes a folder"}, "sandbox": {why: "serves the twin"},
	"extract": {why: "writes to the run only"}, "transform": {why: "writes to the run only"},
	"sql":    {why: "writes to the run only"},
	"report": {why: "writes to the run only"}, "decide": {why: "writes decisions only"},
	"signoff": {why: "records what was signed"},
	"prune":   {why: "removes runs that were loaded nowhere"}, "help": {why: "prints"},
	"status": {why: "reads the folder only"}, "trace": {why: "reads the folder only"},
	"cutover": {why: "shows and ticks; its steps are verbs of their own"},
	"purge":   {why: "erases on this machine only"},
	"plan":    {why: "only reads the account"}, "reconcile": {why: "only reads the account"},
	"consent-codes": {why: "only reads the account"},
	"backup":        {why: "only reads the account"}, "check": {why: "only reads the account"},
	"completion": {why: "prints"},
	"rollback":   {name: true, why: "must work on the worst day"},
	"load":       {name: true, gates: true, why: "writes to the account"},
	"run":        {name: true, gates: true, why: "writes to the account at its load"},
}

type need struct {
	name  bool // the target's name typed, or --confirm
	gates bool // all four open
	why   string
}

// beginProduction stands before the first write to a production account: what will be done is
// shown, the target's name is asked for, and the beginning goes into the audit.
func (s *session) beginProduction(target string, t targetConfig, act, about, text string) error {
	if err := audit.CheckClock(s.project.Target(target), s.now()); err != nil {
		return err
	}
	if !t.Rehearsal && needs[s.flags.Command.Name].name {
		if err := s.confirm(target, text); err != nil {
			return err
		}
	}
	return s.note(target, audit.Entry{Act: act, About: about})
}

// confirm wants the target's name: typed after what will be done was shown, or given by a scheduler.
func (s *session) confirm(target, text string) error {
	given := s.flags.String("confirm")
	if given == "" && !s.asJSON {
		s.printer.pause()
		fmt.Fprintf(s.err, "%s\nThis writes to the production account %s. Type its name to go on: ", text, target)
		line, err := bufio.NewReader(s.in).ReadString('\n')
		given = strings.TrimSpace(line)
		if err != nil && given == "" {
			fmt.Fprintln(s.err)
			return notConfirmed(target, "nobody typed the name of the target")
		}
	}
	switch given {
	case target:
		return nil
	case "":
		return notConfirmed(target, "this writes to a production account, and its name was not given")
	}
	return notConfirmed(target, fmt.Sprintf("%q is not the name of this target", given))
}

func notConfirmed(target, what string) error {
	return run.Problemf("target "+target, "%s; nothing was written", what).
		WithTry("the same command, and type %s; from a scheduler: --confirm %s", target, target).WithExit(run.ExitStop)
}

// rememberAccount keeps what a plan saw of a production account, for its fourth gate.
func (s *session) rememberAccount(target string, t targetConfig, dir run.Dir, r load.PlanResult) error {
	if t.Rehearsal {
		return nil
	}
	seen := facts.Seen{At: s.now().UTC(), Run: dir.ID(), Needed: gate.SetsOff(r.Counts), Lacking: []string{},
		Writes: writesText(r)}
	for _, err := range problemsIn(r.Closed) {
		if errors.Is(err, load.ErrNotAccepted) {
			continue // the gate names what is needed itself
		}
		var p *run.Problem
		if errors.As(err, &p) {
			seen.Lacking = append(seen.Lacking, strings.TrimSpace(p.What+" "+strings.ReplaceAll(p.Excerpt, "\n", "; ")))
		} else {
			seen.Lacking = append(seen.Lacking, err.Error())
		}
	}
	if err := s.facts().KeepSeen(target, seen); err != nil {
		return err
	}
	return s.noteGates(target, t, dir)
}

// problemsIn takes joined errors apart.
func problemsIn(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// writesText is what a production load will do, in numbers, before anybody says yes.
func writesText(r load.PlanResult) string {
	text := "This load makes " + costText(r.Estimate) + ":\n"
	for _, entity := range sortedKeys(r.Counts) {
		text += counted(fmt.Sprintf("  %-18s", entity), r.Counts[entity])
	}
	for _, name := range gate.SetsOff(r.Counts) {
		text += "  set off there: " + gate.SideEffects[name] + "\n"
	}
	return text
}

// gatesText draws the gates.
func gatesText(target string, all []gate.Gate) string {
	var b strings.Builder
	for _, g := range all {
		state := "closed"
		if g.IsOpen {
			state = "open  "
		}
		fmt.Fprintf(&b, "gate      %s  %s  %s", target, state, g.Title)
		if g.IsOpen && g.By != "" {
			fmt.Fprintf(&b, ", by %s on %s", g.By, day(g.At))
		}
		b.WriteString("\n")
		for _, w := range append(g.Why, g.Notes...) {
			fmt.Fprintf(&b, "            %s\n", w)
		}
	}
	return b.String()
}

func day(at string) string { return at[:min(len(at), 10)] }

// digestOfCounts is what the audit carries of a load: its outcomes, not whose they are.
func digestOfCounts(counts any) string {
	text, err := json.Marshal(counts)
	if err != nil {
		return ""
	}
	return run.DigestText(string(text))
}

// planned prints a plan. One that a load would not follow as things stand ends with 4.
func (s *session) planned(a *account, dir run.Dir, r load.PlanResult) error {
	if err := s.rememberAccount(a.name, a.conf, dir, r); err != nil {
		return err
	}
	text, object := planText(r), map[string]any{"plan": r}
	if s.flags.Bool("changes") {
		changes, err := changesText(dir, a.name)
		if err != nil {
			return err
		}
		text += changes
	}
	var closed error
	if !a.conf.Rehearsal {
		all, err := s.facts().Gates(a.name, &dir)
		if err != nil {
			return err
		}
		text, object["gates"], closed = text+"\n"+gatesText(a.name, all), all, closedProblem(a.name, all)
	}
	if closed == nil && r.Closed == nil {
		text += "\nnext: ferry load --target " + a.name + "\n"
	}
	if err := s.result(object, text); err != nil {
		return err
	}
	if closed == nil && r.Closed != nil {
		closed = run.Problemf("target "+a.name, "planned; as things stand a load would be refused, for the reasons above").
			WithTry("mend them, then: ferry plan --target %s", a.name).WithExit(run.ExitStop)
	}
	return closed
}

// doLoad loads, after the name of a production account was given, and writes it down.
func (s *session) doLoad(a *account, dir run.Dir, o load.RunOptions) (load.Result, error) {
	seen, err := s.facts().Seen(a.name) // the fourth gate wants a plan of this very run: it is not made twice
	if err != nil {
		return load.Result{}, err
	}
	if err := s.beginProduction(a.name, a.conf, audit.LoadBegun, "run "+dir.ID(), seen.Writes); err != nil {
		return load.Result{}, err
	}
	r, err := load.Run(s.ctx, dir, o)
	if err != nil {
		return r, err
	}
	return r, s.note(a.name, audit.Entry{Act: audit.Loaded, About: "run " + dir.ID(),
		Text:    fmt.Sprintf("%d calls, %d of them write", r.Calls, r.Writes),
		Digests: map[string]string{"counts": digestOfCounts(r.Counts)}})
}

// doRollback undoes. It needs no gate: it must work on the worst day.
func (s *session) doRollback(a *account, dir run.Dir, o load.RollbackOptions) (load.RollbackResult, error) {
	if o.CostOnly {
		return load.Rollback(s.ctx, dir, o)
	}
	text := "This undoes what ferry did to the account: what it made is deleted, what it changed is restored."
	if err := s.beginProduction(a.name, a.conf, audit.UndoBegun, "run "+o.OnlyRun, text); err != nil {
		return load.RollbackResult{}, err
	}
	r, err := load.Rollback(s.ctx, dir, o)
	if err != nil {
		return r, err
	}
	return r, s.note(a.name, audit.Entry{Act: audit.RolledBack, About: "run " + o.OnlyRun,
		Text: fmt.Sprintf("%d reversed, %d kept, %d failed", r.Reversed, r.Kept, r.Failed)})
}
