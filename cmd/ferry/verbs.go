package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

// verbs holds what every verb shares.
type verbs struct {
	system
	asJSON  bool
	found   found  // the result, until the exit code is known
	said    any    // the last result, for the log
	runID   string // the run a verb worked on, "" while there is none
	logPath string
}

// verb is one command; do gets an opened project.
type verb struct {
	name, usage, arguments, description string
	flags                               []cli.Flag
	noProject                           bool // works without a ferry.yaml
	do                                  func(*session) error
	sub                                 []*cli.Command
}

var (
	runFlag    = &cli.StringFlag{Name: "run", Usage: "the run to work on, such as 20260102T150405Z (default: the newest)"}
	targetFlag = &cli.StringFlag{Name: "target", Usage: "the target, by its name in ferry.yaml (default: the only one)"}
)

func (v *verbs) command(d verb) *cli.Command {
	flags := append([]cli.Flag{}, d.flags...)
	flags = append(flags,
		&cli.StringFlag{Name: "dir", Value: ".", Usage: "the project folder, where ferry.yaml lies",
			EnvVars: []string{"FERRY_DIR"}},
		&cli.BoolFlag{Name: "json", Usage: "events and results as JSON"})
	if needs[d.name].name {
		flags = append(flags, confirmFlag)
	}
	c := &cli.Command{
		Name: d.name, Usage: d.usage, ArgsUsage: d.arguments, Description: d.description, Flags: flags, Subcommands: d.sub,
		CustomHelpTemplate: verbHelp, OnUsageError: usageError, HideHelpCommand: true,
		BashComplete: func(c *cli.Context) { completeWords(c.App.Writer, d.sub, flags) },
	}
	if d.do == nil {
		c.Action = func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownVerb(c.Command.HelpName, c.Args().First(), d.sub)
			}
			return cli.ShowSubcommandHelp(c)
		}
		return c
	}
	c.Action = func(c *cli.Context) error {
		v.asJSON = c.Bool("json")
		if err := refuseEmpty(c); err != nil {
			return err
		}
		s, err := v.open(c, d.noProject || c.Bool("explain")) // a file is explained wherever it lies
		if err != nil {
			return err
		}
		defer s.printer.close()
		return d.do(s)
	}
	return c
}

// session is one verb at work on one project.
type session struct {
	*verbs
	ctx     context.Context
	flags   *cli.Context
	project run.Project
	config  config
	printer *printer
	worked  run.Dir // the run that the whole way was gone on
	only    string  // the target that a demo works on, "" in every other verb
}

func (v *verbs) open(c *cli.Context, noProject bool) (*session, error) {
	s := &session{verbs: v, ctx: c.Context, flags: c, project: run.OpenProject(c.String("dir")), config: defaults()}
	if !noProject {
		var err error
		if s.config, err = readConfig(s.project.Config()); err != nil {
			return nil, err
		}
	}
	s.printer = newPrinter(v.system, v.asJSON)
	s.printer.onLog = func(d run.Dir) { v.runID, v.logPath = d.ID(), d.Log() }
	return s, nil
}

// chosenRun is the run named by --run, else the newest one.
func (s *session) chosenRun() (run.Dir, error) {
	if id := s.flags.String("run"); id != "" {
		return s.project.Run(id)
	}
	return s.project.LatestRun()
}

// chosenTarget is the target named by --target, else the only one, else the only rehearsal.
func (s *session) chosenTarget() (string, targetConfig, error) {
	name := cmp.Or(s.only, s.flags.String("target"))
	if name == "" && len(s.config.Targets) == 1 {
		name = sortedKeys(s.config.Targets)[0]
	}
	if name == "" {
		name = s.onlyRehearsal()
	}
	if name == "" && len(s.config.Targets) > 1 {
		return "", targetConfig{}, run.Problemf("ferry "+s.flags.Command.Name, "ferry.yaml has several targets; name one").
			WithTry("ferry %s --target %s", s.flags.Command.Name, sortedKeys(s.config.Targets)[0]).WithExit(run.ExitUsage)
	}
	t, err := s.config.target(s.project.Config(), name)
	return name, t, err
}

// onlyRehearsal is the one target where nothing can go wrong; "" when there are several or none.
func (s *session) onlyRehearsal() (only string) {
	for _, name := range sortedKeys(s.config.Targets) {
		if !s.config.Targets[name].Rehearsal {
			continue
		}
		if only != "" {
			return ""
		}
		only = name
	}
	return only
}

// result prints what a verb found: lines for people, one object for programs.
func (s *session) result(object any, text string) error {
	s.printer.close()
	s.said = object
	if s.asJSON {
		return s.keep(object)
	}
	_, err := fmt.Fprint(s.out, text)
	return err
}

func (v *verbs) commands() []*cli.Command {
	return []*cli.Command{
		v.demo(), v.init(), v.extract(), v.transform(), v.sql(), v.report(), v.decide(), v.signoff(), v.run(),
		v.plan(), v.load(), v.reconcile(), v.rollback(), v.consentCodes(),
		v.backup(), v.check(), v.status(), v.trace(), v.sandbox(), v.cutover(), v.prune(), v.purge(), v.completion(),
		v.help(),
	}
}
