package engine

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
	"ferry/sql/functions"
	"ferry/sql/model"
)

// writeOpenSQL writes views over everything in the run, by relative paths, for any DuckDB prompt
// started in the run's folder.
func (e *Engine) writeOpenSQL(p *model.Project) error {
	root := Absolute(e.dir.Root()) + string(filepath.Separator)
	return run.WriteFile(e.dir.OpenSQL(), func(w io.Writer) error {
		var b strings.Builder
		b.WriteString("-- Every table of this run, for any DuckDB prompt: cd into this folder, start duckdb, and\n" +
			"--   .read open.sql\n")
		b.WriteString(functions.Macros() + e.words)
		for _, schema := range append([]string{model.LandedSchema, model.LoadedSchema}, model.Schemas()...) {
			fmt.Fprintf(&b, "create schema if not exists %s;\n", schema)
		}
		view := func(qualified string) {
			source, ok := e.sources[qualified]
			if !ok {
				return
			}
			schema, table, _ := strings.Cut(qualified, ".")
			fmt.Fprintf(&b, "create or replace view %s.%s as select * from %s;\n", schema, model.Quote(table),
				strings.ReplaceAll(source, root, ""))
		}
		for _, q := range model.SortedKeys(e.sources) {
			if s, _, _ := strings.Cut(q, "."); s == model.LandedSchema || s == model.LoadedSchema || s == model.SettingsSchema {
				view(q)
			}
		}
		for _, m := range p.Models {
			if m.Floor.Schema != model.ReportsSchema {
				view(m.Qualified())
			}
		}
		view("checks.findings")
		view("checks.rules")
		for _, m := range p.Models {
			if m.Floor.Schema == model.ReportsSchema {
				view(m.Qualified())
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// keepFiles copies the files as they run into the run's folder, so that it explains itself.
func keepFiles(p *model.Project, dir run.Dir) error {
	if err := os.RemoveAll(dir.SQL()); err != nil {
		return run.CannotWrite(dir.SQL(), err)
	}
	all := append([]model.Source(nil), p.Settings...)
	for _, m := range append(append([]*model.Model(nil), p.Models...), p.Off...) {
		all = append(all, m.Source)
	}
	for _, s := range all {
		path := filepath.Join(dir.SQL(), s.Floor.Folder, filepath.Base(s.Path))
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			return run.CannotWrite(path, err)
		}
		if err := os.WriteFile(path, []byte(s.Text), run.FileMode); err != nil {
			return run.CannotWrite(path, err)
		}
	}
	return nil
}

// TableFile is the file of a table in a run.
type TableFile struct{ Schema, Name, Path string }

// Table is its name as SQL has it.
func (f TableFile) Table() string { return f.Schema + "." + f.Name }

// TableFiles are the files of all tables of a run, whoever made them.
func TableFiles(dir run.Dir) (all []TableFile) {
	for _, f := range model.Floors {
		entries, _ := os.ReadDir(filepath.Dir(dir.Model(f.Schema, "")))
		for _, e := range entries {
			if name, ok := strings.CutSuffix(e.Name(), ".parquet"); ok && !e.IsDir() {
				all = append(all, TableFile{f.Schema, name, dir.Model(f.Schema, name)})
			}
		}
	}
	return all
}

// dropGone removes the tables of files that are gone, so that nobody asks a table that no rule gives any more.
func dropGone(p *model.Project, dir run.Dir) error {
	known := map[string]bool{}
	for _, t := range model.EngineTables {
		known[t] = true
	}
	for _, s := range p.Settings {
		known[s.Qualified()] = true
	}
	for _, m := range p.Models {
		known[m.Qualified()] = !m.View
	}
	for _, f := range TableFiles(dir) {
		if known[f.Table()] {
			continue
		}
		if err := os.Remove(f.Path); err != nil {
			return run.CannotWrite(f.Path, err)
		}
	}
	return nil
}
