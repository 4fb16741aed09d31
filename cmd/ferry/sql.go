package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

func (v *verbs) sql() *cli.Command {
	return v.command(verb{
		name: "sql", usage: "list, show, graph, docs, copy, diff, test, query, score: the analyst's tools",
		description: "How to change a rule safely: sql/README.md.",
		sub: []*cli.Command{
			v.command(verb{name: "list", usage: "floor, table, whose, what it reads, its sentence", arguments: "[PATTERN]", do: (*session).sqlList}),
			v.command(verb{name: "copy", usage: "copy ours out, to change it", arguments: "TABLE", do: (*session).sqlCopy}),
			v.command(verb{name: "export", usage: "one table and all it stands on as a script for a bare DuckDB", arguments: "TABLE",
				flags: []cli.Flag{runFlag, targetFlag,
					&cli.PathFlag{Name: "out", Usage: "write it into this file instead of showing it"}}, do: (*session).sqlExport}),
			v.sqlDiffVerb(),
			v.command(verb{name: "test", usage: "parse everything, tell your stories (sql/stories), and ours where you replaced a rule",
				flags: []cli.Flag{&cli.StringFlag{Name: "only", Usage: "one table, such as matching.people, or one story"},
					&cli.StringFlag{Name: "accept",
						Usage: "from now on this story, ours or yours, expects what your rules give"},
					&cli.StringFlag{Name: "from",
						Usage: "with --accept: a new story of the landed rows of this person (as in ferry trace), masked"},
					&cli.StringFlag{Name: "reason", Usage: "with --accept: why a promise about consent or identity is given up"},
					&cli.StringFlag{Name: "on", Usage: "hold your checks against the real rows of this run; nothing of the run is touched"}},
				do: (*session).sqlTest}),
			v.command(verb{name: "show", usage: "one table: its sentence, its file, what it stands on and what stands on it", arguments: "TABLE", do: (*session).sqlShow}),
			v.command(verb{name: "graph", usage: "what a table stands on and what stands on it, as a tree", arguments: "TABLE", do: (*session).sqlGraph}),
			v.sqlDocsVerb(),
			v.sqlQueryVerb(),
			v.command(verb{name: "score", usage: "run the matching on a labelled file and print how right it is", arguments: "FILE.csv", noProject: true,
				flags: []cli.Flag{
					&cli.StringFlag{Name: "truth", Usage: "the column that says who is the same person"},
					&cli.BoolFlag{Name: "why", Usage: "say of pairs that came out wrong which field spoke for and against, and where they were lost"},
					&cli.StringSliceFlag{Name: "map", Usage: "ferry's name for a column, such as first_name=given_name (default: by name)"},
				}, do: (*session).sqlScore}),
		},
	})
}

func (s *session) plainSQL() (sql.Options, error) {
	target := ""
	if len(s.config.Targets) == 1 {
		target = sortedKeys(s.config.Targets)[0]
	}
	return s.sqlOptions(target)
}

// sqlOf are the options for a run and the target that is reported of it.
func (s *session) sqlOf(dir run.Dir) (sql.Options, error) {
	target, err := s.reportedTarget(dir)
	if err != nil {
		return sql.Options{}, err
	}
	return s.sqlOptions(target)
}

func (s *session) sqlList() error {
	pattern := ""
	if s.flags.Args().Len() > 0 {
		args, err := arguments(s.flags, "PATTERN")
		if err != nil {
			return err
		}
		pattern = args[0]
	}
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	entries, err := sql.List(o)
	if err != nil {
		return err
	}
	if entries, err = matching(entries, pattern); err != nil {
		return err
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		whose := e.Whose
		if e.Behind {
			whose += " (ours has changed since: ferry sql diff --text " + e.Table + ")"
		}
		sentence := e.Sentence
		if e.Off != "" {
			sentence = "OFF: " + e.Off
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", e.Floor, e.Table, whose, sentence, strings.Join(e.Reads, " "))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return s.result(entries, b.String())
}

// oneTable is the table a verb of the analyst is about, and the rules it stands among.
func (s *session) oneTable() (string, sql.Options, error) {
	args, err := arguments(s.flags, "TABLE")
	if err != nil {
		return "", sql.Options{}, err
	}
	o, err := s.plainSQL()
	return args[0], o, err
}

// sqlExport writes a rule as a script, over the files of the newest run where there is one.
func (s *session) sqlExport() error {
	table, o, err := s.oneTable()
	if err != nil {
		return err
	}
	var dir *run.Dir
	if runs, err := s.project.AllRuns(); err != nil || len(runs) > 0 || s.flags.IsSet("run") {
		d, err := s.chosenRun()
		if err != nil {
			return err
		}
		dir = &d
		if o, err = s.sqlOf(d); err != nil {
			return err
		}
		if run.Exists(d.Model("settings", "run")) {
			if o.RunInfo, err = infoOf(d, o.RunInfo); err != nil {
				return err
			}
		}
	}
	text, err := sql.Script(s.ctx, dir, table, o)
	if err != nil {
		return err
	}
	out := s.flags.Path("out")
	if out == "" {
		return s.result(map[string]string{"script": text}, text)
	}
	err = run.WriteFile(out, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	if err != nil {
		return err
	}
	where := ""
	if dir != nil {
		where = "   (start duckdb in " + dir.Root() + ")"
	}
	return s.result(map[string]string{"file": out}, "wrote     "+out+where+"\n")
}

func (s *session) sqlCopy() error {
	table, o, err := s.oneTable()
	if err != nil {
		return err
	}
	path, err := sql.Copy(o, table, s.project.SQL())
	if err != nil {
		return err
	}
	return s.result(map[string]string{"file": path}, "wrote "+path+"   (it replaces ours, wholly)\n\nnext: change it, then: ferry sql test\n")
}
