package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

// refuseEmpty refuses options and arguments that are given but say nothing, as an unset shell variable does:
// `--run "$RUN"` must never mean "all of them".
func refuseEmpty(c *cli.Context) error {
	where := c.Command.HelpName
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) {
			continue
		}
		said, isText := textOf(c, f)
		if isText && strings.TrimSpace(said) == "" {
			return run.Problemf(where, "--%s was given, but it is empty (is a variable of your shell not set?)", name).
				WithTry("give --%s a value, or leave it out", name).WithExit(run.ExitUsage)
		}
	}
	for _, a := range c.Args().Slice() {
		if strings.TrimSpace(a) == "" {
			return run.Problemf(where, "an argument is empty (is a variable of your shell not set?)").
				WithTry("%s --help", where).WithExit(run.ExitUsage)
		}
	}
	return nil
}

// textOf is what a flag that takes text was given; a list is empty as soon as one of its parts is.
func textOf(c *cli.Context, f cli.Flag) (string, bool) {
	switch f.(type) {
	case *cli.StringFlag:
		return c.String(f.Names()[0]), true
	case *cli.PathFlag:
		return c.Path(f.Names()[0]), true
	case *cli.StringSliceFlag:
		for _, part := range c.StringSlice(f.Names()[0]) {
			if strings.TrimSpace(part) == "" {
				return "", true
			}
		}
		return strings.Join(c.StringSlice(f.Names()[0]), ","), true
	}
	return "", false
}

// saysJSON looks for --json where the line could not be parsed.
func saysJSON(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" || a == "-json" || a == "--json=true" {
			return true
		}
	}
	return false
}
