package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

func (v *verbs) transform() *cli.Command {
	return v.command(verb{
		name: "transform", usage: "SQL → models, checks",
		description: "Builds every model of the run from its landed tables. A run that has been loaded is never built " +
			"again:\nits models are the proof of what was sent, so a new run starts on the same landed files.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.StringSliceFlag{Name: "only",
				Usage: "this table and what it needs, such as freshsales.tasks; with + behind it also what hangs on it"},
			&cli.BoolFlag{Name: "all", Usage: "build every table anew, also those whose text and inputs are as before"},
			&cli.BoolFlag{Name: "timings", Usage: "show what each table cost, slowest first"}},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			dir, err := s.chosenRun()
			if err != nil {
				return err
			}
			target, conf, err := s.chosenTarget()
			if err != nil {
				return err
			}
			if err := s.teachOwnTwin(target, conf); err != nil {
				return err
			}
			dir, r, err := s.doTransform(dir, target)
			if err != nil {
				return err
			}
			if only := s.flags.StringSlice("only"); len(only) > 0 {
				return s.result(map[string]any{"run": dir.ID(), "transform": r}, partText(r, s.flags.Bool("timings"))+
					"\nnext: ferry transform --target "+target+"   (only a part was built, so the run is not finished)\n")
			}
			object := map[string]any{"run": dir.ID(), "transform": r}
			text := transformText(r)
			if s.flags.Bool("timings") {
				object["built"], text = r.Built, text+timingsText(r.Built)
			}
			err = s.result(object, text+"\nnext: ferry report\n")
			if err == nil {
				err = stopped(r, dir)
			}
			return err
		},
	})
}

// doTransform builds all models of a run, or of a new run on the same landed files. The target
// decides what its consent codes are; what was loaded to it is empty, since nothing has been.
func (s *session) doTransform(dir run.Dir, target string) (run.Dir, sql.Result, error) {
	if err := s.leaveOutPurged(dir); err != nil { // an extract that was stopped there did not come so far
		return dir, sql.Result{}, err
	}
	if _, err := dir.Done("extract", "ferry extract"); err != nil {
		return dir, sql.Result{}, err
	}
	o, err := s.sqlOptions(target)
	if err != nil {
		return dir, sql.Result{}, err
	}
	if s.flags.Command.Name == "transform" { // --only of other verbs means other things
		o.Only, o.Everything = s.flags.StringSlice("only"), o.Everything || s.flags.Bool("all")
	}
	loaded, err := dir.LoadedTo()
	if err == nil && len(loaded) > 0 { // a mistake leaves no new run behind, without a table and yet the newest
		if err = sql.Plausible(s.ctx, o); err == nil {
			dir, err = dir.Fork(s.now())
		}
	}
	if err != nil {
		return dir, sql.Result{}, err
	}
	lock, err := s.begin(dir, "transform")
	if err != nil {
		return dir, sql.Result{}, err
	}
	defer lock.Release()
	if err := s.leaveOutPurged(dir); err != nil {
		return dir, sql.Result{}, err
	}
	r, err := sql.Run(s.ctx, dir, o)
	if err == nil {
		err = equationsProblem(dir, r)
	}
	return dir, r, err
}

// equationsProblem refuses a run whose sums are off: it does not call itself finished.
func equationsProblem(dir run.Dir, r sql.Result) error {
	if len(r.Equations) == 0 {
		return nil
	}
	var lines []string
	for _, e := range r.Equations {
		lines = append(lines, fmt.Sprintf("%s (%s): %s %d, but %s %d", e.Name, e.Entity, e.LeftName, e.LeftValue, e.RightName,
			e.RightValue))
	}
	return &run.Problem{Where: dir.Root(), What: "the sums do not add up, so this run is not finished",
		Excerpt: strings.Join(lines, "\n"),
		Try: "if a model in your sql folder drops or repeats rows, mend it; if you changed none, this is a defect of " +
			"ferry: report these lines"}
}

// stopped is exit code 4 when a check with severity stop found rows.
func stopped(r sql.Result, dir run.Dir) error {
	var names []string
	for _, c := range r.Checks {
		if c.Severity == "stop" && c.Findings > 0 {
			names = append(names, fmt.Sprintf("%s (%s rows): %s", c.Rule, thousands(c.Findings), c.Sentence))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &run.Problem{Where: dir.Root(), What: "a check says stop; nothing can be loaded until it passes",
		Excerpt: strings.Join(names, "\n"),
		Try:     "ferry report, and read quality.xlsx", Exit: run.ExitStop}
}

func transformText(r sql.Result) string {
	var b strings.Builder
	var held, noted int64
	for _, c := range r.Checks {
		switch c.Severity {
		case "hold":
			held += c.Held
		case "note":
			noted += c.Findings
		}
	}
	fmt.Fprintf(&b, "built     %d models%s, %d checks: %s records held, %s notes; every sum adds up\n", r.Models,
		asBefore(r), len(r.Checks), thousands(held), thousands(noted))
	return b.String()
}

// asBefore says how many tables did not have to be built again.
func asBefore(r sql.Result) string {
	if r.Reused == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d unchanged, taken from the build before)", r.Reused)
}

func partText(r sql.Result, timings bool) string {
	text := fmt.Sprintf("built     %d models%s\n", r.Models, asBefore(r))
	if timings {
		text += timingsText(r.Built)
	}
	return text
}

// timingsText shows what each table cost, slowest first.
func timingsText(built []sql.Built) string {
	all := slices.Clone(built)
	slices.SortStableFunc(all, func(a, b sql.Built) int { return int(b.Millis - a.Millis) })
	var b strings.Builder
	b.WriteString("\n   seconds         rows       kB   held MB  spill MB  table\n")
	for _, t := range all {
		was := ""
		if t.Parts > 0 {
			was = fmt.Sprintf("   (in %d parts)", t.Parts)
		}
		if t.Reused {
			was += "   (not built again: this is what it took then)"
		}
		fmt.Fprintf(&b, "%10.2f %12s %8s %9s %9s  %s%s\n", float64(t.Millis)/1000, thousands(t.Rows),
			thousands(t.Bytes/1024), megabytes(t.Memory, t.Memory), megabytes(t.Spill, t.Memory), t.Model,
			was)
	}
	b.WriteString("\nheld and spilled: the most that DuckDB held in memory and in scratch files while a table was built, " +
		"with what was built beside it;\n· is a table that was done before one could look\n")
	return b.String()
}

// megabytes is an amount that was seen, "·" when nobody looked: DuckDB always holds something.
func megabytes(n, held int64) string {
	if held == 0 {
		return "·"
	}
	return thousands((n + 1<<20 - 1) >> 20)
}
