package engine

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
)

// keepFiles copies the files as they run into the run's folder, so that it explains itself.
func keepFiles(dir run.Dir, p *project) error {
	if err := os.RemoveAll(dir.SQL()); err != nil {
		return cannotWrite(dir.SQL(), err)
	}
	all := append([]source(nil), p.settings...)
	for _, m := range append(append([]*model(nil), p.models...), p.off...) {
		all = append(all, m.source)
	}
	for _, s := range all {
		path := filepath.Join(dir.SQL(), s.floor.folder, filepath.Base(s.path))
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			return cannotWrite(path, err)
		}
		if err := os.WriteFile(path, []byte(s.text), run.FileMode); err != nil {
			return cannotWrite(path, err)
		}
	}
	return nil
}

// writeOpenSQL writes views over everything in the run, by relative paths, for any DuckDB prompt
// started in the run's folder.
func (e *engine) writeOpenSQL(p *project) error {
	root := absolute(e.dir.Root()) + string(filepath.Separator)
	return run.WriteFile(e.dir.OpenSQL(), func(w io.Writer) error {
		var b strings.Builder
		b.WriteString("-- Every table of this run, for any DuckDB prompt: cd into this folder, start duckdb, and\n" +
			"--   .read open.sql\n")
		b.WriteString(e.words)
		for _, schema := range append([]string{landedSchema, loadedSchema}, schemas()...) {
			fmt.Fprintf(&b, "create schema if not exists %s;\n", schema)
		}
		view := func(qualified string) {
			source, ok := e.sources[qualified]
			if !ok {
				return
			}
			schema, table, _ := strings.Cut(qualified, ".")
			fmt.Fprintf(&b, "create or replace view %s.%s as select * from %s;\n", schema, name(table),
				strings.ReplaceAll(source, root, ""))
		}
		for _, q := range keysOf(e.sources) {
			if s, _, _ := strings.Cut(q, "."); s == landedSchema || s == loadedSchema || s == settingsSchema {
				view(q)
			}
		}
		for _, m := range p.models {
			if m.floor.schema != reportsSchema {
				view(m.qualified())
			}
		}
		view("checks.findings")
		view("checks.rules")
		for _, m := range p.models {
			if m.floor.schema == reportsSchema {
				view(m.qualified())
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
