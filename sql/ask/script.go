package ask

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/functions"
	"ferry/sql/model"
)

// Script writes the SQL of one table and of all it stands on as one script for a bare DuckDB: settings as values,
// shared words as macros, landed tables as views over the run's files or, without a run, as empty ones to be replaced.
func Script(ctx context.Context, dir *run.Dir, qualified string, o engine.Options) (string, error) {
	o.Given = nil // the script is the rule, wherever its rows come from
	p, err := model.Parse(o.Room())
	if err != nil {
		return "", err
	}
	schema, table, _ := strings.Cut(qualified, ".")
	if p.Find(schema, table) == nil {
		return "", run.Problemf(qualified, "there is no model %s.%s", qualified, run.DidYouMean(qualified, p.ModelNames())).
			WithTry("ferry sql list").WithExit(run.ExitUsage)
	}
	s := script{project: p, dir: dir, info: o.Info, options: o}
	if s.words, s.sources, err = engine.Words(ctx, p, dir, o); err != nil {
		return "", err
	}
	if err := s.write(qualified); err != nil {
		return "", err
	}
	return s.text.String(), nil
}

type script struct {
	project *model.Project
	dir     *run.Dir
	info    func(run.Dir) map[string]string
	options engine.Options
	words   string
	sources map[string]string // landed and loaded tables → what their views select from
	needed  map[string]bool
	text    strings.Builder
}

func (s *script) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

func (s *script) write(qualified string) error {
	taken, err := s.builtByGo(qualified)
	if err != nil {
		return err
	}
	s.needed = s.project.Closure(func(m *model.Model) bool { return m.Qualified() == qualified }, taken)
	s.head(qualified)
	if err := s.settings(); err != nil {
		return err
	}
	s.line("%s%s", functions.Macros(), s.words)
	for _, t := range s.reads(model.LandedSchema, model.LoadedSchema) {
		schema, table, _ := strings.Cut(t, ".")
		s.line("create or replace view %s.%s as select * from %s;", schema, model.Quote(table), s.sources[t])
	}
	for _, t := range model.SortedKeys(taken) {
		schema, table, _ := strings.Cut(t, ".")
		s.line("\n-- %s calls words that are Go inside ferry; this is the table as the run has it.", t)
		s.line("create or replace view %s.%s as select * from read_parquet('models/%s/%s.parquet');", schema,
			model.Quote(table), schema, table)
	}
	gathered := false
	for _, m := range s.project.Models {
		if !s.needed[m.Qualified()] {
			continue
		}
		if m.Floor.Schema == model.ReportsSchema && !gathered {
			gathered = true
			s.gather()
		}
		kind := "table"
		if m.Header.View {
			kind = "view"
		}
		s.line("\ncreate or replace %s %s as\n%s;", kind, m.Table(), strings.TrimRight(m.SelectText(), "\n"))
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
	for _, schema := range append([]string{model.LandedSchema, model.LoadedSchema}, model.Schemas()...) {
		s.line("create schema if not exists %s;", schema)
	}
	s.line("")
}

// reads are the tables of some schemas that the needed models read.
func (s *script) reads(schemas ...string) []string {
	found := map[string]bool{}
	for _, m := range s.project.Models {
		if !s.needed[m.Qualified()] {
			continue
		}
		for _, r := range m.Reads {
			if slices.Contains(schemas, r.Schema) {
				found[r.Qualified()] = true
			}
		}
	}
	return model.SortedKeys(found)
}

// settings writes the lists that are read as tables of values.
func (s *script) settings() error {
	decisions, fieldMap, err := model.ReadDecisions(s.options.Decisions)
	if err != nil {
		return err
	}
	dir := run.Dir{}
	if s.dir != nil {
		dir = *s.dir
	}
	lists := map[string]string{
		"settings.scope":      asValues([]string{"name", "value"}, model.Pairs(s.options.Scope)),
		"settings.run":        asValues([]string{"name", "value"}, model.Pairs(s.info(dir))),
		"settings.list_lines": asValues(model.ListLineSchema.Names(), nil),
		"settings.decisions":  asValues(model.DecisionSchema.Names(), decisions),
		"settings.field_map":  asValues(model.FieldMapSchema.Names(), fieldMap),
	}
	for _, l := range s.project.Settings {
		columns, rows, err := model.ReadCSV(strings.NewReader(l.Text))
		if err != nil {
			return l.Problem(0, "this list cannot be read: %s", err)
		}
		lists[l.Qualified()] = asValues(columns, rows)
	}
	wanted := s.reads(model.SettingsSchema)
	if len(s.reads(model.ChecksSchema)) > 0 && !slices.Contains(wanted, "settings.decisions") {
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
	return model.Values(columns, lines)
}

// gather writes the tables that ferry makes of all checks, before the first report.
func (s *script) gather() {
	if len(s.reads(model.ChecksSchema)) > 0 {
		s.line("\ncreate or replace table checks.findings as\n%s;", model.FindingsQuery(s.project))
		s.line("\ncreate or replace table checks.rules as\n%s;", model.RulesQuery(s.project))
	}
}

// builtByGo are the tables below one that a bare DuckDB cannot build, because words in them are Go.
func (s *script) builtByGo(qualified string) (map[string]bool, error) {
	all := s.project.Closure(func(m *model.Model) bool { return m.Qualified() == qualified }, nil)
	taken := map[string]bool{}
	for _, m := range s.project.Models {
		if !all[m.Qualified()] || !m.Calls(functions.Names()) {
			continue
		}
		if m.Qualified() == qualified || s.dir == nil || !fileExists(s.dir.Model(m.Floor.Schema, m.Name)) {
			return nil, m.Problem(0, "%s calls a word that is Go inside ferry (%s): a bare DuckDB takes its rows from a "+
				"run that has them", m.Qualified(), strings.Join(functions.Names(), ", ")).
				WithTry("ferry transform, then: ferry sql export TABLE")
		}
		taken[m.Qualified()] = true
	}
	return taken, nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
