package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

var errInterrupted = errors.New("interrupted")

const exitCodesHelp = `Exit codes: 0 done · 1 failed · 2 usage · 3 done, but some rows were held, refused or blocked ·
4 a check said stop or a gate is closed · 5 another process holds the lock · 130 interrupted (the same command resumes)`

// ferry runs one command line and answers with its exit code.
func ferry(ctx context.Context, args []string, sys system) run.Exit {
	sys.out, sys.err = visible{sys.out}, visible{sys.err}
	v := &verbs{system: sys}
	app := &cli.App{
		Name:                   "ferry",
		Usage:                  "move a company from Xtremepush to Freshsales: exports in, every record's fate out",
		Version:                versionText(),
		Writer:                 sys.out,
		ErrWriter:              sys.err,
		HideHelpCommand:        true,
		EnableBashCompletion:   true,
		BashComplete:           func(c *cli.Context) { completeWords(c.App.Writer, v.commands(), nil) },
		Flags:                  []cli.Flag{cli.HelpFlag}, // the library leaves it out beside a verb called help
		UseShortOptionHandling: false,
		Suggest:                true,
		Commands:               v.commands(),
		CommandNotFound:        nil,
		ExitErrHandler:         func(*cli.Context, error) {}, // exit codes are decided below
		OnUsageError:           usageError,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownVerb("ferry", c.Args().First(), v.commands())
			}
			return cli.ShowAppHelp(c)
		},
		CustomAppHelpTemplate: appHelp,
	}
	began := sys.now()
	err := app.RunContext(ctx, queryAsSaid(scoreFileLast(args)))
	code := run.ExitOf(err)
	if err != nil && context.Cause(ctx) == errInterrupted {
		code = run.ExitInterrupted
	}
	if e := v.printFound(&code); e != nil && err == nil {
		err, code = e, run.ExitOf(e)
	}
	v.logCommand(args, began, code, err)
	if err != nil {
		v.asJSON = v.asJSON || saysJSON(args)
		v.printError(err, code, strings.Join(args[1:], " "))
	}
	return code
}

const appHelp = `ferry: {{.Usage}}

Usage: ferry VERB [options]

{{range .VisibleCommands}}  {{printf "%-11s" .Name}} {{.Usage}}
{{end}}
ferry VERB --help explains one. ` + exitCodesHelp + `
`

const verbHelp = `{{.HelpName}}: {{.Usage}}

Usage: {{.HelpName}} [options]{{if .ArgsUsage}} {{.ArgsUsage}}{{end}}
{{if .Description}}
{{.Description}}
{{end}}{{if .VisibleCommands}}
{{range .VisibleCommands}}  {{printf "%-11s" .Name}} {{.Usage}}
{{end}}{{end}}
Options:
{{range .VisibleFlags}}  {{.}}
{{end}}
` + exitCodesHelp + `
`

func usageError(c *cli.Context, err error, _ bool) error {
	name := "ferry"
	if c.Command != nil && c.Command.HelpName != "" {
		name = c.Command.HelpName
	}
	p := run.Problemf(name, "%v", err).WithTry("%s --help", name).WithExit(run.ExitUsage)
	if option, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); unknown && c.Command != nil {
		var known []string
		for _, f := range c.Command.Flags {
			known = append(known, f.Names()...)
		}
		p.What = fmt.Sprintf("there is no option --%s", strings.TrimLeft(option, "-"))
		if near := run.Closest(strings.TrimLeft(option, "-"), known); near != "" {
			p.What += fmt.Sprintf(". Did you mean --%s?", near)
		}
	}
	return p
}

// unknownVerb is for a word that is no verb of a command, ferry itself or a group such as ferry sql.
func unknownVerb(command, word string, known []*cli.Command) error {
	var names []string
	for _, k := range known {
		names = append(names, k.Name)
	}
	p := run.Problemf(command+" "+word, "there is no such verb").WithTry("%s --help", command).WithExit(run.ExitUsage)
	if near := run.Closest(word, names); near != "" {
		p.What += fmt.Sprintf(". Did you mean %q?", near)
		p.Try = command + " " + near + " --help"
	}
	return p
}

// scoreFileLast lets the file of "sql score people.csv --map … --truth …" stand where one says it
// first; this verb writes nothing, so its options may follow.
func scoreFileLast(args []string) []string {
	for i := 1; i+2 < len(args); i++ {
		if file := args[i+2]; args[i] == "sql" && args[i+1] == "score" && !strings.HasPrefix(file, "-") {
			return append(append(slices.Clone(args[:i+2]), args[i+3:]...), file)
		}
	}
	return args
}

// queryAsSaid lets a query begin with a comment, as every file of the analysts' room does: "-- " begins no option.
func queryAsSaid(args []string) []string {
	args = slices.Clone(args)
	for i, a := range args {
		if text, ok := strings.CutPrefix(a, "--"); ok && text != "" && strings.ContainsAny(text[:1], " \t\n") {
			args[i] = " " + a
		}
	}
	return args
}

// arguments gives exactly n positional arguments. Anything left over is refused, so that a flag
// behind a name is never swallowed: "load x --dry-run" must not become a real load.
func arguments(c *cli.Context, names ...string) ([]string, error) {
	got := c.Args().Slice()
	where := c.Command.HelpName
	if len(names) == 0 && len(got) > 0 {
		return nil, run.Problemf(where, "this verb takes no argument, but was given %q", got[0]).WithTry("%s --help", where).
			WithExit(run.ExitUsage)
	}
	for _, a := range got {
		if strings.HasPrefix(a, "-") {
			return nil, run.Problemf(where, "the option %s stands behind a name and would not be read", a).
				WithTry("put options first: %s %s %s", where, a, strings.Join(names, " ")).WithExit(run.ExitUsage)
		}
	}
	if len(got) != len(names) && (len(got) < len(names) || !several(names)) {
		return nil, run.Problemf(where, "expected %s, got %d arguments", strings.Join(names, " "), len(got)).
			WithTry("%s %s", where, strings.Join(names, " ")).WithExit(run.ExitUsage)
	}
	return got, nil
}

// someArguments are one or more of a kind: NAME [NAME …].
func someArguments(c *cli.Context, name string) ([]string, error) {
	return arguments(c, name+"…")
}

// several says whether the last of some names stands for one or more.
func several(names []string) bool {
	return len(names) > 0 && strings.HasSuffix(names[len(names)-1], "…")
}
