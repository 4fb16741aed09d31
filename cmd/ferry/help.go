package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/sql"
)

// topic is a page of help that belongs to no single verb.
type topic struct {
	sentence string
	text     func(s *session) (string, error)
}

var topics = map[string]topic{
	"exit-codes": {"what a scheduler may rely on", func(*session) (string, error) {
		return `0    done
1    failed; the message says what to do
2    usage: the command line or ferry.yaml; nothing was done
3    done, but some rows were held, refused, blocked or differ; the workbooks list every one
4    a check said stop, or a gate is closed; nothing was written
5    another process holds the lock on the run or the target
130  interrupted; the same command resumes
`, nil
	}},
	"files": {"what lies where in a project folder", func(*session) (string, error) {
		return `ferry.yaml         how ferry runs: source, targets, scope, limits (ferry help settings)
exports/           export files are dropped here
sql/               only what you changed: rules, lists in 0_settings, your own stories
decisions/         what the customer decided, read back from workbooks
runs/<UTC time>/   one run: landed/ (rows as exported), models/ (tables), reports/ (workbooks),
                   loaded/<target>/ (plan, outcomes, read-back), open.sql (views for any DuckDB), run.json, log.jsonl
targets/<name>/    what was done to an account over all runs: ledger.db, audit.jsonl

Everything but ferry.yaml and sql/ holds personal data and is readable by you alone.
`, nil
	}},
	"gates":    {"what opens the way to production", func(*session) (string, error) { return gate.Help, nil }},
	"settings": {"every setting of ferry.yaml and of sql/0_settings", settingsHelp},
}

func (v *verbs) help() *cli.Command {
	return v.command(verb{
		name: "help", usage: "a topic: " + strings.Join(sortedKeys(topics), ", "), arguments: "[TOPIC]", noProject: true,
		do: func(s *session) error {
			if s.flags.Args().Len() == 0 {
				return s.result(topicNames(), topicList())
			}
			args, err := arguments(s.flags, "TOPIC")
			if err != nil {
				return err
			}
			t, ok := topics[args[0]]
			if !ok {
				for _, c := range s.commands() {
					if c.Name == args[0] {
						return run.Problemf("ferry help "+args[0], "%s is a verb", args[0]).WithTry("ferry %s --help", args[0]).
							WithExit(run.ExitUsage)
					}
				}
				return run.Problemf("ferry help "+args[0], "there is no such topic.%s",
					run.DidYouMean(args[0], sortedKeys(topics))).
					WithTry("ferry help").WithExit(run.ExitUsage)
			}
			text, err := t.text(s)
			if err != nil {
				return err
			}
			return s.result(map[string]string{"topic": args[0], "text": text}, text)
		},
	})
}

func topicNames() map[string]string {
	names := map[string]string{}
	for name, t := range topics {
		names[name] = t.sentence
	}
	return names
}

func topicList() string {
	text := ""
	for _, name := range sortedKeys(topics) {
		text += fmt.Sprintf("  ferry help %-12s %s\n", name, topics[name].sentence)
	}
	return text + "  ferry VERB --help       one verb\n"
}

// settingsHelp is made from what the program itself reads: the file `ferry init` writes, and the shipped lists.
func settingsHelp(s *session) (string, error) {
	o, err := s.plainSQL()
	if err != nil {
		return "", err
	}
	o.Analyst = nil
	lists, err := sql.List(o)
	if err != nil {
		return "", err
	}
	var names []string
	for _, l := range lists {
		if l.Kind == "list" {
			names = append(names, l.Table)
		}
	}
	sort.Strings(names)
	text := "ferry.yaml, as `ferry init` writes it; a line behind # is a setting with its default or an example\n\n" +
		configTemplate
	text += "\nsql/0_settings: what the business decides, one list each (ferry sql show NAME; ferry sql " +
		"copy NAME to change it)\n\n"
	for _, n := range names {
		text += "  " + n + "\n"
	}
	options, err := sql.Show(o, "settings.options")
	if err != nil {
		return "", err
	}
	return text + "\nsettings.options\n\n" + options.Text, nil
}
