package sql_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ferry/internal/run"
	"ferry/sql"
)

// reversal is a shipped rule turned round: where old stands, new is put. A property worth its name sees each.
type reversal struct{ name, file, old, new string }

// bench builds a few tables again and again from the same landed rows, each time with other rules: whatever a
// changed rule does not touch is taken from the first build.
type bench struct {
	dir   run.Dir
	rules fstest.MapFS // laid over the shipped files every time
	only  []string
}

// newBench lands rows in two runs of a project and builds the first.
func newBench(t *testing.T, land func(*testing.T, run.Dir), rules fstest.MapFS, only ...string) *bench {
	t.Helper()
	project, b := run.OpenProject(t.TempDir()), &bench{rules: rules, only: only}
	for second := range 2 {
		dir, err := project.NewRun(time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		land(t, dir)
		b.dir = dir
		if second == 0 {
			b.build(t)
		}
	}
	return b
}

// build builds the tables with reversals planted, and gives the run they are in.
func (b *bench) build(t *testing.T, planted ...reversal) run.Dir {
	t.Helper()
	rules := shippedFloors(t)
	maps.Copy(rules, b.rules)
	for _, p := range planted {
		text := string(rules[p.file].Data)
		if strings.Count(text, p.old) != 1 {
			t.Fatalf("%s does not hold %q once", p.file, p.old)
		}
		rules[p.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, p.old, p.new, 1))}
	}
	o := shippedOptions()
	o.Shipped, o.Rehearsed, o.Only, o.Threads = rules, true, b.only, 2
	o.Program = func() string { return "one" }
	if _, err := sql.Run(context.Background(), b.dir, o); err != nil {
		t.Fatal(err)
	}
	return b.dir
}

// shippedFloors are the files of the numbered folders.
func shippedFloors(t *testing.T) fstest.MapFS {
	t.Helper()
	files, err := filepath.Glob("[0-9]_*/*")
	if err != nil {
		t.Fatal(err)
	}
	floors := fstest.MapFS{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		floors[filepath.ToSlash(name)] = &fstest.MapFile{Data: text}
	}
	return floors
}

// given is a table as a rule that holds its rows.
func given(grain, columns string, rows [][]string) *fstest.MapFile {
	lines := make([]string, len(rows))
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = "nullif('" + strings.ReplaceAll(cell, "'", "''") + "', '')"
		}
		lines[i] = "(" + strings.Join(cells, ", ") + ")"
	}
	return &fstest.MapFile{Data: fmt.Appendf(nil,
		"-- Rows of a test.\n-- one row per %s\nselect * from (values %s) as given (%s)\n", grain, strings.Join(lines, ",\n"), columns)}
}

// landTable writes rows into a landed table, whose other columns are null.
func landTable(t *testing.T, dir run.Dir, table string, columns []string, rows [][]string) {
	t.Helper()
	all := shippedOptions().Landed
	schema := all[slices.IndexFunc(all, func(s run.Schema) bool { return s.Name == table })]
	w, err := run.CreateTable(filepath.Join(dir.Landed(table), "part-1.parquet"), schema)
	if err != nil {
		t.Fatal(err)
	}
	for i, cells := range rows {
		row := make(run.Row, len(schema.Columns))
		for at, column := range schema.Names() {
			switch place := slices.Index(columns, column); {
			case column == "_file":
				row[at] = table + ".csv"
			case column == "_record":
				row[at] = fmt.Sprint(i + 1)
			case place >= 0 && cells[place] != "":
				row[at] = cells[place]
			}
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
