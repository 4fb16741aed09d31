package main

import (
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

func (v *verbs) sqlQueryVerb() *cli.Command {
	return v.command(verb{
		name: "query", usage: "one SELECT over everything a run has", arguments: `"select …"`,
		description: "The SELECT is the argument, a file (--file), or standard input. describe, summarize and " +
			"explain are understood.\n" +
			"On the screen the first 1,000 rows are shown; written to a file or as --csv, all of them.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.PathFlag{Name: "file", Usage: "read the SELECT from this file"},
			&cli.BoolFlag{Name: "csv", Usage: "write all rows to standard output as CSV"},
			&cli.PathFlag{Name: "out", Usage: "write all rows into this file: .csv, .json or .parquet"}},
		do: (*session).sqlQuery,
	})
}

func (s *session) sqlQuery() error {
	query, err := s.queryText()
	if err != nil {
		return err
	}
	dir, err := s.chosenRun()
	if err != nil {
		return err
	}
	o, err := s.sqlOf(dir)
	if err != nil {
		return err
	}
	if _, err := dir.Done("transform", "ferry transform"); err != nil {
		s.printer.event(run.Event{Stage: "query", Kind: run.Warning,
			Text: "the tables of this run are not finished: its transform failed, was stopped, or built a part"})
	}
	out := s.flags.Path("out")
	switch {
	case out != "":
		return s.exportTo(out, dir, query, o)
	case s.flags.Bool("csv"):
		_, err := sql.Export(s.ctx, dir, query, "csv", s.plainOut(), o)
		return err
	}
	t, err := sql.Query(s.ctx, dir, query, o)
	if err != nil {
		return err
	}
	return s.result(t, t.String())
}

// queryText is the SELECT, wherever it was given.
func (s *session) queryText() (string, error) {
	file := s.flags.Path("file")
	switch {
	case file != "" && s.flags.Args().Len() > 0:
		return "", run.Problemf("ferry sql query", "a SELECT was given twice: as --file and as an argument").
			WithExit(run.ExitUsage).WithTry("leave one out")
	case file != "":
		text, err := os.ReadFile(file)
		if err != nil {
			return "", run.Problemf(file, "cannot be read: %v", errors.Unwrap(err)).WithExit(run.ExitUsage).
				WithTry("ferry sql query --file FILE.sql")
		}
		return string(text), nil
	case s.flags.Args().Len() == 0 && !s.typesAtATerminal():
		text, err := io.ReadAll(s.in)
		if err == nil && strings.TrimSpace(string(text)) != "" {
			return string(text), nil
		}
		if err != nil {
			return "", err
		}
	}
	args, err := arguments(s.flags, `"select …"`)
	if err != nil {
		return "", err
	}
	return args[0], nil
}

// typesAtATerminal is true when standard input is somebody at a keyboard, who would wait for ever.
func (s *session) typesAtATerminal() bool {
	f, ok := s.in.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// plainOut is standard output, with control characters left as they are where no terminal shows them.
func (s *session) plainOut() io.Writer {
	if f := terminal(s.out); f != nil && isatty.IsTerminal(f.Fd()) {
		return s.out
	}
	if v, ok := s.out.(visible); ok {
		return v.to
	}
	return s.out
}

func (s *session) exportTo(out string, dir run.Dir, query string, o sql.Options) error {
	var rows int64
	err := run.WriteFile(out, func(w io.Writer) (err error) {
		rows, err = sql.Export(s.ctx, dir, query, strings.TrimPrefix(filepath.Ext(out), "."), w, o)
		return err
	})
	if err != nil {
		return err
	}
	return s.result(map[string]any{"file": out, "rows": rows}, "wrote     "+out+"   "+thousands(rows)+" rows\n")
}

func (s *session) sqlShow() error {
	table, o, err := s.oneTable()
	if err != nil {
		return err
	}
	shown, err := sql.Show(o, table)
	if err != nil {
		return err
	}
	text := shown.Table + "   " + shown.File + "   (" + shown.Whose + ")\n"
	if shown.Sentence != "" {
		text += shown.Sentence + "\n"
	}
	if len(shown.Grain) > 0 {
		text += "one row per   " + strings.Join(shown.Grain, ", ") + "\n"
	}
	text += "reads         " + orNone(shown.Reads) + "\nread by       " + orNone(shown.ReadBy) + "\n\n" +
		strings.TrimRight(shown.Text, "\n") + "\n"
	return s.result(shown, text)
}

func (s *session) sqlGraph() error {
	table, o, err := s.oneTable()
	if err != nil {
		return err
	}
	text, err := sql.Graph(o, table)
	if err != nil {
		return err
	}
	return s.result(map[string]string{"graph": text}, text)
}

// matching keeps the entries whose table or sentence fits: a word that occurs, or a pattern such as staging.*.
func matching(all []sql.Entry, pattern string) ([]sql.Entry, error) {
	if pattern == "" {
		return all, nil
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, run.Problemf("ferry sql list "+pattern, "this pattern cannot be read").
			WithTry("ferry sql list 'staging.*'").WithExit(run.ExitUsage)
	}
	var some []sql.Entry
	word := strings.ToLower(pattern)
	for _, e := range all {
		fits, _ := path.Match(pattern, e.Table)
		if fits || strings.Contains(e.Table, word) || strings.Contains(strings.ToLower(e.Sentence), word) {
			some = append(some, e)
		}
	}
	if len(some) == 0 {
		return nil, run.Problemf("ferry sql list "+pattern, "no table and no sentence fits").WithTry("ferry sql list").
			WithExit(run.ExitUsage)
	}
	return some, nil
}

func (s *session) sqlScore() error {
	args, err := arguments(s.flags, "FILE.csv")
	if err != nil {
		return err
	}
	if s.flags.String("truth") == "" {
		return run.Problemf("ferry sql score", "which column says who is the same person?").WithTry("ferry sql score %s --truth COLUMN", args[0]).WithExit(run.ExitUsage)
	}
	names := map[string]string{}
	for _, m := range s.flags.StringSlice("map") {
		ours, theirs, ok := strings.Cut(m, "=")
		if !ok {
			return run.Problemf("--map "+m, "a column is mapped as OURS=THEIRS").WithTry("--map first_name=given_name,last_name=surname").WithExit(run.ExitUsage)
		}
		names[ours] = theirs
	}
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	score, err := sql.ScoreFile(s.ctx, args[0], sql.ScoreOptions{Options: o, Map: names, Truth: s.flags.String("truth"), Why: s.flags.Bool("why")})
	if err != nil {
		return err
	}
	return s.result(score, score.String())
}
