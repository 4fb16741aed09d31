package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

func (v *verbs) sqlDiffVerb() *cli.Command {
	return v.command(verb{
		name: "diff", usage: "which rows your rules change, before anything is built or sent", arguments: "[TABLE]",
		description: "Builds your rules as they are now beside the tables of a run and shows, table by table, " +
			"the rows added, removed\n" +
			"and changed, of TABLE and what hangs on it, or of all, and what a load would do otherwise. Nothing of the " +
			"run is touched.\nWith --text the files themselves are compared with ours.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.StringFlag{Name: "against",
				Usage: "compare with this instead of the run's own tables: shipped (our rules); or another run with " +
					"the tables of --run as they are"},
			&cli.BoolFlag{Name: "text", Usage: "compare the text of your files with ours"},
			&cli.PathFlag{Name: "html", Usage: "also write the comparison as a page, into this file"},
			&cli.PathFlag{Name: "xlsx", Usage: "also write the comparison as a workbook, into this file"}},
		do: (*session).sqlDiff,
	})
}

// rowDifference is what `ferry sql diff` found.
type rowDifference struct {
	Run     string          `json:"run"`
	Against string          `json:"against"`
	Models  []sql.ModelDiff `json:"models"`
	Load    []string        `json:"load"` // what it means for a load, a sentence each
}

func (s *session) sqlDiff() error {
	var tables []string
	if s.flags.Args().Len() > 0 {
		var err error
		if tables, err = arguments(s.flags, "TABLE"); err != nil {
			return err
		}
	}
	if s.flags.Bool("text") {
		return s.textDiff(tables)
	}
	if path := s.flags.Path("xlsx"); path != "" && !strings.EqualFold(filepath.Ext(path), ".xlsx") {
		return run.Problemf("--xlsx "+path, "a workbook is a file that ends in .xlsx").
			WithTry("--xlsx %s.xlsx", strings.TrimSuffix(path, filepath.Ext(path))).WithExit(run.ExitUsage)
	}
	dir, err := s.chosenRun()
	if err != nil {
		return err
	}
	if _, err := dir.Done("transform", "ferry transform"); err != nil {
		return err
	}
	d, err := s.rowDiff(dir, tables)
	if err != nil {
		return err
	}
	if path := s.flags.Path("html"); path != "" {
		if err := writeDiffPage(path, d); err != nil {
			return err
		}
	}
	if path := s.flags.Path("xlsx"); path != "" {
		if err := s.writeDiffBook(path, d); err != nil {
			return err
		}
	}
	return s.result(d, d.text())
}

func (s *session) textDiff(tables []string) error {
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	text, err := sql.Diff(o, strings.Join(tables, ""))
	if err != nil {
		return err
	}
	if text == "" {
		text = "nothing of yours replaces anything of ours\n"
	}
	return s.result(map[string]string{"diff": text}, text)
}

// rowDiff builds what is to be compared in folders of its own and compares.
func (s *session) rowDiff(dir run.Dir, tables []string) (d rowDifference, err error) {
	o, err := s.sqlOf(dir)
	if err != nil {
		return d, err
	}
	if o.RunInfo, err = infoOf(dir, o.RunInfo); err != nil {
		return d, err
	}
	d = rowDifference{Run: dir.ID(), Against: "the tables of run " + dir.ID()}
	scratch, shipped := s.project.Scratch("diff"), s.project.Scratch("shipped")
	compare := s.project.Scratch("compare")
	for _, f := range []run.Dir{scratch, shipped, compare} {
		defer os.RemoveAll(f.Root())
		if err := os.RemoveAll(f.Root()); err != nil {
			return d, run.CannotWrite(f.Root(), err)
		}
	}
	before, after := dir, scratch
	switch against := s.flags.String("against"); against {
	case "":
		err = s.buildBeside(dir, scratch, o, tables)
	case "shipped":
		d.Against = "the rules as they are shipped"
		ours := o
		ours.Analyst = nil
		before = shipped
		if err = s.buildBeside(dir, scratch, o, tables); err == nil {
			err = s.buildBeside(dir, shipped, ours, tables)
		}
	default:
		d.Against = "run " + against
		before, err = s.project.Run(against)
		after = dir
	}
	if err != nil {
		return d, err
	}
	found, err := sql.CompareRows(s.ctx, compare, before, after, tables, o)
	d.Models, d.Load = found.Models, meaningForALoad(found)
	return d, err
}

// infoOf gives the facts a run was built with, so that its time and name make no difference.
func infoOf(dir run.Dir, info map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for k, v := range info {
		out[k] = v
	}
	err := run.ReadTable(dir.Model("settings", "run"), func(columns []run.Column, row run.Row) error {
		name, _ := row[0].(string)
		value, _ := row[1].(string)
		out[name] = value
		return nil
	})
	return out, err
}

// buildBeside builds everything below the reports, and what is named, from the landed files of a run, in another
// folder. What would come out as in the run is taken from there.
func (s *session) buildBeside(dir, scratch run.Dir, o sql.Options, also []string) error {
	if err := dir.ForkTo(scratch, s.now()); err != nil {
		return err
	}
	entries, err := sql.List(o)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Kind != "list" && e.Off == "" && (!strings.HasPrefix(e.Table, "reports.") || slices.Contains(also, e.Table)) {
			o.Only = append(o.Only, e.Table)
		}
	}
	_, err = sql.Run(s.ctx, scratch, o)
	return err
}

// meaningForALoad says in sentences what the next load would do otherwise.
func meaningForALoad(found sql.Comparison) []string {
	said := []string{}
	for _, d := range found.Load {
		made := [4]string{"more would be sent", "would be sent with other values",
			"have values no more: what was sent of these stays as it is",
			"no longer wanted; what was sent of them stays until it is rolled back"}
		if d.Entity == "fields" {
			made = [4]string{"more must exist in the account", "must exist there otherwise", "say less of themselves",
				"no longer wanted; what was made of them stays"}
		}
		for _, part := range []struct {
			n    int64
			what string
		}{{d.More, made[0]}, {d.Released, "held until now would be sent"}, {d.Changed, made[1]}, {d.Emptied, made[2]},
			{d.Held, "would be held, themselves or with what they belong to; what was sent of them stays as it is"},
			{d.Unwanted, made[3]}} {
			if part.n > 0 {
				said = append(said, fmt.Sprintf("%s %s %s", thousands(part.n), d.Entity, part.what))
			}
		}
	}
	for _, d := range found.Models {
		entity, ok := strings.CutPrefix(d.Model, "freshsales.")
		if ok && len(d.New) > 0 {
			said = append(said, fmt.Sprintf("%s get %s", entity, strings.Join(d.New, ", ")))
		}
		if ok && len(d.Lost) > 0 {
			said = append(said, fmt.Sprintf("%s lose %s (what was sent stays as it is)", entity, strings.Join(d.Lost, ", ")))
		}
	}
	for _, rule := range found.Stops {
		said = append(said, "nothing: checks."+rule+" says stop, and nothing can be loaded until it passes")
	}
	return said
}

func (d rowDifference) text() string {
	if len(d.Models) == 0 {
		return "no row of any table differs from " + d.Against + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "run %s, compared with %s\n", d.Run, d.Against)
	for _, m := range d.Models {
		fmt.Fprintf(&b, "\n%s   %s rows, were %s: %s added, %s removed, %s changed\n", m.Model, thousands(m.After),
			thousands(m.Before),
			thousands(m.Added), thousands(m.Removed), thousands(m.Changed))
		if len(m.New)+len(m.Lost) > 0 {
			fmt.Fprintf(&b, "  new columns: %s   lost columns: %s\n", orNone(m.New), orNone(m.Lost))
		}
		for _, c := range m.Columns {
			fmt.Fprintf(&b, "  %-28s %s rows\n", c.Column, thousands(c.Rows))
		}
		for _, r := range m.Rows {
			fmt.Fprintf(&b, "    %-8s %s\n", r.Kind, sql.Shortened(strings.Join(r.Key, ", "), mostShown))
			for _, c := range r.Cells {
				fmt.Fprintf(&b, "             %s: %s → %s\n", c.Column, shownCell(c.Before), shownCell(c.After))
			}
		}
	}
	if len(d.Load) > 0 {
		b.WriteString("\nfor a load this means\n")
		for _, l := range d.Load {
			b.WriteString("  " + l + "\n")
		}
	}
	return b.String()
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// mostShown is how much of a value stands on a line.
const mostShown = 90

func shownCell(text string) string {
	if text == "" {
		return "·"
	}
	return sql.Shortened(text, mostShown)
}
