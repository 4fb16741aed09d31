package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/functions"
)

// Script writes the SQL of one table and of all it stands on as one script for a bare DuckDB: settings as values,
// shared words as macros, landed tables as views over the run's files or, without a run, as empty ones to be replaced.
func Script(ctx context.Context, dir *run.Dir, qualified string, o Options) (string, error) {
	o.Given = nil // the script is the rule, wherever its rows come from
	p, err := readProject(o.Room())
	if err != nil {
		return "", err
	}
	schema, table, _ := strings.Cut(qualified, ".")
	if p.find(schema, table) == nil {
		return "", run.Problemf(qualified, "there is no model %s.%s", qualified, run.DidYouMean(qualified, p.modelNames())).
			WithTry("ferry sql list").WithExit(run.ExitUsage)
	}
	s := script{project: p, dir: dir, info: o.runInfo, options: o}
	if err := s.learn(ctx); err != nil {
		return "", err
	}
	if err := s.write(qualified); err != nil {
		return "", err
	}
	return s.text.String(), nil
}

type script struct {
	project *project
	dir     *run.Dir
	info    func(run.Dir) map[string]string
	options Options
	words   string
	sources map[string]string // landed and loaded tables → what their views select from
	needed  map[string]bool
	text    strings.Builder
}

// learn opens what the run has, and has the macros made where nothing of the run is touched.
func (s *script) learn(ctx context.Context) error {
	err := inScratch(s.options, func(scratch run.Dir) error {
		e, err := openEngine(ctx, scratch, s.options)
		if err != nil {
			return err
		}
		defer e.close()
		err = e.base(ctx, s.project, s.options)
		s.words, s.sources = e.words, e.sources
		return err
	})
	if err != nil || s.dir == nil {
		return err
	}
	e, err := openEngine(ctx, *s.dir, s.options)
	if err != nil {
		return err
	}
	defer e.close()
	if err := e.outside(ctx, s.options); err != nil {
		return err
	}
	root := absolute(s.dir.Root()) + string(filepath.Separator)
	for table, source := range e.sources {
		s.sources[table] = strings.ReplaceAll(source, root, "")
	}
	return nil
}

func (s *script) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

func (s *script) write(qualified string) error {
	taken, err := s.builtByGo(qualified)
	if err != nil {
		return err
	}
	s.needed = s.project.closure(func(m *model) bool { return m.qualified() == qualified }, taken)
	s.head(qualified)
	if err := s.settings(); err != nil {
		return err
	}
	s.line("%s", s.words)
	for _, t := range s.reads(landedSchema, loadedSchema) {
		schema, table, _ := strings.Cut(t, ".")
		s.line("create or replace view %s.%s as select * from %s;", schema, name(table), s.sources[t])
	}
	for _, t := range keysOf(taken) {
		schema, table, _ := strings.Cut(t, ".")
		s.line("\n-- %s calls words that are Go inside ferry; this is the table as the run has it.", t)
		s.line("create or replace view %s.%s as select * from read_parquet('models/%s/%s.parquet');", schema, name(table),
			schema, table)
	}
	gathered := false
	for _, m := range s.project.models {
		if !s.needed[m.qualified()] {
			continue
		}
		if m.floor.schema == reportsSchema && !gathered {
			gathered = true
			s.gather()
		}
		kind := "table"
		if m.header.view {
			kind = "view"
		}
		s.line("\ncreate or replace %s %s as\n%s;", kind, m.table(), strings.TrimRight(m.selectText(), "\n"))
	}
	s.line("\nfrom %s;", qualified)
	return nil
}

func (s *script) head(qualified string) {
	s.line("-- %s and all it stands on, for a DuckDB of version 1.4 or newer, written by ferry.", qualified)
	if s.dir != nil {
		s.line("-- Start duckdb in the folder of run %s: landed tables are read from its files.", s.dir.ID())
	} else {
		s.line("-- There is no run yet: landed tables are empty. Replace their views by views over your own files.")
	}
	s.line("set TimeZone = 'UTC';")
	for _, schema := range append([]string{landedSchema, loadedSchema}, schemas()...) {
		s.line("create schema if not exists %s;", schema)
	}
	s.line("")
}

// reads are the tables of some schemas that the needed models read.
func (s *script) reads(schemas ...string) []string {
	found := map[string]bool{}
	for _, m := range s.project.models {
		if !s.needed[m.qualified()] {
			continue
		}
		for _, r := range m.reads {
			if slices.Contains(schemas, r.schema) {
				found[r.qualified()] = true
			}
		}
	}
	return keysOf(found)
}

// settings writes the lists that are read as tables of values.
func (s *script) settings() error {
	decisions, fieldMap, err := readDecisions(s.options.Decisions)
	if err != nil {
		return err
	}
	dir := run.Dir{}
	if s.dir != nil {
		dir = *s.dir
	}
	lists := map[string]string{
		"settings.scope":     asValues([]string{"name", "value"}, pairs(s.options.Scope)),
		"settings.run":       asValues([]string{"name", "value"}, pairs(s.info(dir))),
		"settings.decisions": asValues(decisionSchema.Names(), decisions),
		"settings.field_map": asValues(fieldMapSchema.Names(), fieldMap),
	}
	for _, l := range s.project.settings {
		columns, rows, err := readCSV(strings.NewReader(l.text))
		if err != nil {
			return l.problem(0, "this list cannot be read: %s", err)
		}
		lists[l.qualified()] = asValues(columns, rows)
	}
	wanted := s.reads(settingsSchema)
	if len(s.reads(checksSchema)) > 0 && !slices.Contains(wanted, "settings.decisions") {
		wanted = append(wanted, "settings.decisions")
	}
	for _, t := range wanted {
		s.line("create or replace table %s as select * from %s;", t, lists[t])
	}
	return nil
}

// asValues writes a list as SQL; an empty cell is null.
func asValues(columns []string, rows [][]string) string {
	lines := make([][]*string, len(rows))
	for i, r := range rows {
		lines[i] = make([]*string, len(r))
		for j := range r {
			if r[j] != "" {
				lines[i][j] = &r[j]
			}
		}
	}
	return Values(columns, lines)
}

// gather writes the tables that ferry makes of all checks, before the first report.
func (s *script) gather() {
	if len(s.reads(checksSchema)) > 0 {
		s.line("\ncreate or replace table checks.findings as\n%s;", findingsQuery(s.project))
		s.line("\ncreate or replace table checks.rules as\n%s;", rulesQuery(s.project))
	}
}

// builtByGo are the tables below one that a bare DuckDB cannot build, because words in them are Go.
func (s *script) builtByGo(qualified string) (map[string]bool, error) {
	all := s.project.closure(func(m *model) bool { return m.qualified() == qualified }, nil)
	taken := map[string]bool{}
	for _, m := range s.project.models {
		if !all[m.qualified()] || !m.calls(functions.Names()) {
			continue
		}
		if m.qualified() == qualified || s.dir == nil || !fileExists(s.dir.Model(m.floor.schema, m.name)) {
			return nil, m.problem(0, "%s calls a word that is Go inside ferry (%s): a bare DuckDB takes its rows from a "+
				"run that has them", m.qualified(), strings.Join(functions.Names(), ", ")).
				WithTry("ferry transform, then: ferry sql export TABLE")
		}
		taken[m.qualified()] = true
	}
	return taken, nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
