package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"ferry/golive/ready"
	"ferry/internal/run"
	"ferry/load"
	"ferry/sql"
)

func (v *verbs) check() *cli.Command {
	return v.command(verb{
		name: "check", usage: "is everything ready: source, rules, targets, keys, clock, disk; writes nothing",
		description: fmt.Sprintf("Looks at the project and asks each account, with the key a load would use, what it has: at "+
			"most %d calls an account,\nall of them reads. Nothing is written, on this machine or there. Ends with 0 when all "+
			"is well, 3 when somebody should\nlook at something, 4 when a command would stop.", load.CheckCalls),
		flags: []cli.Flag{targetFlag,
			&cli.BoolFlag{Name: "offline", Usage: "ask no account"}},
		do: func(s *session) error { return s.runCheck() },
	})
}

func (s *session) runCheck() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	names := sortedKeys(s.config.Targets)
	if name := s.flags.String("target"); name != "" {
		if _, err := s.config.target(s.project.Config(), name); err != nil {
			return err
		}
		names = []string{name}
	}
	exports, bytes := ready.Exports(s.extractOptions().Exports, s.config.Source.API != nil)
	all := []ready.Thing{ready.Folder(s.project), exports}
	if s.config.Source.API != nil {
		all = append(all, s.checkSourceToken())
	}
	all = append(all, s.checkRules(), ready.Clock(s.project, names, s.now()), ready.Disk(s.project, bytes))
	var calls int64
	for _, name := range names {
		found, n := s.checkTarget(name)
		all, calls = append(all, found...), calls+n
	}
	text := ""
	worst := ready.Thing{State: ready.Fine}
	for _, c := range all {
		text += fmt.Sprintf("%-10s%-22s %s\n", c.State, c.Name, c.Says)
		if c.Try != "" {
			text += fmt.Sprintf("%-32s try: %s\n", "", c.Try)
		}
		if c.State == ready.Stop && worst.State != ready.Stop || c.State == ready.Look && worst.State == ready.Fine {
			worst = c
		}
	}
	text += fmt.Sprintf("\n%s calls were made; nothing was written\n", thousands(calls))
	if err := s.result(map[string]any{"checks": all, "calls": calls}, text); err != nil {
		return err
	}
	return worst.Problem()
}

func (s *session) checkSourceToken() ready.Thing {
	if _, err := s.api(); err != nil {
		return ready.Failed("Xtremepush API", err)
	}
	return ready.Thing{Name: "Xtremepush API", State: ready.NotAsked, Try: "ferry extract --probe",
		Says: "its token is set; asking whether it is accepted costs a call for each list"}
}

// checkRules: the SQL that stands here now can be read, so that a mistake is not found in the night.
func (s *session) checkRules() ready.Thing {
	o, err := s.sqlOptions("")
	if err == nil {
		_, _, err = sql.Parts(o)
	}
	if err != nil {
		return ready.Failed("rules", err)
	}
	return ready.Thing{Name: "rules", State: ready.Fine, Says: "sql/, settings and decisions can be read"}
}

// checkTarget asks one account what it has.
func (s *session) checkTarget(name string) ([]ready.Thing, int64) {
	t, what := s.config.Targets[name], "target "+name
	if t.URL == twinURL {
		return []ready.Thing{{Name: what, State: ready.Fine, Says: "the built-in Freshsales, plan " + t.Plan}}, 0
	}
	if key, _ := s.env(keyVariable(name)); key == "" {
		return []ready.Thing{{Name: what, State: ready.Stop,
			Says: "there is no key: the environment variable " + keyVariable(name) + " is not set",
			Try:  "export " + keyVariable(name) + "=…   (Freshsales: Profile settings, API settings)"}}, 0
	}
	if s.flags.Bool("offline") {
		return []ready.Thing{{Name: what, State: ready.NotAsked, Says: "its key is set"}}, 0
	}
	a, err := s.openTarget(name, t, 1, false)
	if err != nil {
		return []ready.Thing{ready.Failed(what, err)}, 0
	}
	s.printer.event(run.Event{Stage: "check", Kind: run.Note, Subject: name,
		Text: fmt.Sprintf("at most %d calls, all of them reads", load.CheckCalls)})
	r := load.Check(s.ctx, s.loadOptions(a, "ferry check"))
	var found []ready.Thing
	for _, p := range r.Problems {
		found = append(found, ready.Failed(what, p))
	}
	if len(found) == 0 {
		found = append(found, ready.Thing{Name: what, State: ready.Fine,
			Says: fmt.Sprintf("its key is accepted and sees %s contacts, %s accounts, %s deals; %d users; plan %s",
				thousands(r.Totals["contacts"]), thousands(r.Totals["accounts"]), thousands(r.Totals["deals"]), r.Users, t.Plan)})
	}
	return found, r.Calls
}
