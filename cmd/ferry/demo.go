package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/extract/xtremepush/sample"
	"ferry/internal/run"
)

// An hour of quota passes in a second, so that one can watch the pacing.
const demoSpeed = 3600

func (v *verbs) demo() *cli.Command {
	return v.command(verb{
		name: "demo", usage: "everything, on sample data, against the twin", noProject: true,
		description: "Writes sample exports with the dirt real exports have, serves a Freshsales on this machine, and goes " +
			"the whole way.\nThe second time nothing has changed, so nothing is written.",
		flags: []cli.Flag{
			&cli.StringFlag{Name: "plan",
				Usage: "growth, pro or enterprise: keep to that plan's quota, an hour in a second (default: no limits)"},
			&cli.IntFlag{Name: "profiles", Value: 2000, Usage: "how many profiles"},
		},
		do: func(s *session) error { return s.runDemo() },
	})
}

func (s *session) runDemo() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	plan := s.flags.String("plan")
	if plan != "" && !slices.Contains(plans[1:], plan) {
		return run.Problemf("--plan", "%q is not one of %s", plan, strings.Join(plans[1:], ", ")).
			WithTry("ferry demo --plan pro").WithExit(run.ExitUsage)
	}
	folder := s.flags.String("dir")
	if folder == "." {
		folder = "ferry-demo"
	}
	s.project = run.OpenProject(folder)
	if err := s.makeDemo(s.flags.Int("profiles")); err != nil {
		return err
	}
	var err error
	if s.config, err = readConfig(s.project.Config()); err != nil {
		return err
	}
	name, t, err := s.chosenTarget()
	if err != nil {
		return err
	}
	if t.URL != twinURL {
		return run.Problemf(s.project.Config(), "the demo goes to the twin only, but target %s is %s", name, t.URL).
			WithTry("ferry demo --dir another-folder").WithExit(run.ExitUsage)
	}
	s.only = name
	p := pace{speed: 1}
	if plan != "" {
		t.Plan = plan
		s.config.Targets[name] = t
		p = pace{limits: true, speed: demoSpeed}
	}
	if err := s.demoExit(s.pipeline(p)); err != nil {
		return err
	}
	return s.demoGoLive(p)
}

// demoExit: the sample data has rows that must be held, so code 3 is how a demo ends well.
func (s *session) demoExit(err error) error {
	if run.ExitOf(err) == run.ExitRows {
		s.printer.event(run.Event{Stage: "demo", Kind: run.Note, Text: err.Error()})
		return nil
	}
	return err
}

// makeDemo makes the project and its exports; both stay as they are when they are there.
func (s *session) makeDemo(profiles int) error {
	if _, err := makeProject(s.project, demoConfig()); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.project.Exports())
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return nil
	}
	if err := s.writeDemoReferences(); err != nil {
		return err
	}
	// Written aside and moved in whole: a demo that was stopped here starts over.
	temp := s.project.Exports() + ".temp"
	if err := os.RemoveAll(temp); err != nil {
		return run.CannotWrite(temp, err)
	}
	if err := sample.Write(temp, demoSample(profiles)); err != nil {
		return run.CannotWrite(temp, err)
	}
	if err := os.Remove(s.project.Exports()); err != nil {
		return run.CannotWrite(s.project.Exports(), err)
	}
	return run.CannotWrite(s.project.Exports(), os.Rename(temp, s.project.Exports()))
}

// demoLoad accepts what the load of the sample data brings with it.
const demoLoad = `
load:
  acknowledged:
    - workflows               # the account's own automation, which a load sets off
    - sequences
    - notifications
    - lifecycle_moves
    - single_account_links    # where bulk calls ignore a contact's company, one call links it
`

// demoProductionConfig is the demo's production account: another twin, behind the gates.
const demoProductionConfig = `  production:
    url: twin
    plan: pro
`

// demoConfig is the template with everything switched on.
func demoConfig() string {
	return strings.NewReplacer(
		"deals: false ", "deals: true  ",
		"campaigns: each           # each", "campaigns: latest         # each", // as whoever has a quota decides
		"events: each ", "events: top  ",
		"# latest_n: 5 ", "latest_n: 2   ",
		"# top_types: 5 ", "top_types: 2   ",
		"# migration_user: owner@example.com ", "migration_user: migration@example.com",
		"\nscope: ", "\n"+demoProductionConfig+"\nscope: ",
	).Replace(configTemplate) + demoLoad
}

// demoSample keeps what a profile does in proportion: 2,000 profiles have 20,000 events.
func demoSample(profiles int) sample.Options {
	return sample.Options{Profiles: profiles, Events: 10 * profiles, Interactions: 5 * profiles, TagHits: 2 * profiles,
		Devices: profiles * 6 / 10, Trials: true}
}

// writeDemoReferences says what the sample's store codes mean, as an analyst would in a list.
func (s *session) writeDemoReferences() error {
	path := filepath.Join(s.project.SQL(), "0_settings", "references.csv")
	return run.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "attribute,value,text\n")
		for n := range 12 {
			if err == nil {
				_, err = fmt.Fprintf(w, "favourite_store,S-%d,\"Store %d, %d Harbour Road, Dublin\"\n", 101+n, 101+n, n+1)
			}
		}
		return err
	})
}
