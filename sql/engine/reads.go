package engine

import (
	"errors"
	"ferry/internal/run"
	"slices"
)

// engineTables are made by the program, not by a file.
var engineTables = []string{"settings.scope", "settings.run", "settings.decisions", "settings.field_map",
	"checks.findings", "checks.rules"}

// read is a table named in a model's text.
type read struct {
	schema, name string
	at           int
}

func (r read) qualified() string { return r.schema + "." + r.name }

// readsOf finds every schema.table in a text.
func readsOf(tokens []token) []read {
	var reads []read
	seen := map[string]bool{}
	for i := 0; i+2 < len(tokens); i++ {
		schema, dot, name := tokens[i], tokens[i+1], tokens[i+2]
		if !isName(schema) || dot.text != "." || dot.kind != symbol || !isName(name) || i > 0 && tokens[i-1].kind == symbol &&
			tokens[i-1].text == "." {
			continue
		}
		if r := (read{schema.text, name.text, schema.at}); isSchema(r.schema) && !seen[r.qualified()] {
			seen[r.qualified()] = true
			reads = append(reads, r)
		}
	}
	return reads
}

func isName(t token) bool { return t.kind == word || t.kind == quoted }

func isSchema(name string) bool {
	return name == landedSchema || name == loadedSchema || floorOf(name).number >= 0
}

// checkReads holds every read against the floors and the tables there are.
func (p *project) checkReads(r Room) error {
	known := p.tables(r)
	var problems []error
	for _, m := range p.models {
		for _, read := range m.reads {
			if err := m.checkRead(read, known); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

func (m *model) checkRead(r read, known map[string]string) error {
	line := lineOf(m.text, r.at)
	switch {
	case r.schema == landedSchema && m.floor.number != 1:
		return m.problem(line, "only files in 1_staging read landed tables; read the staging table made of %s", r.qualified())
	case r.schema == loadedSchema && m.floor.schema != reportsSchema:
		return m.problem(line, "only files in 7_reports read %s: what was loaded is known after the load", r.qualified())
	case r.schema == checksSchema && m.floor.schema == checksSchema && (r.name == "findings" || r.name == "rules"):
		return m.problem(line, "%s is made of all checks, so a check cannot read it", r.qualified())
	}
	if f := floorOf(r.schema); f.number > m.floor.number {
		return m.problem(line, "a file in %s may read its own floor or below; %s is on floor %d%s", m.floor.folder,
			r.qualified(), f.number, in(known[r.qualified()]))
	}
	if _, ok := known[r.qualified()]; !ok {
		return m.problem(line, "there is no table %s.%s", r.qualified(), run.DidYouMean(r.qualified(), keysOf(known)))
	}
	return nil
}

func in(path string) string {
	if path == "" {
		return ""
	}
	return ", in sql/" + path
}

// tables gives every table a model may name, with the file it comes from.
func (p *project) tables(r Room) map[string]string {
	known := map[string]string{}
	for _, s := range r.Landed {
		known[landedSchema+"."+s.Name] = ""
	}
	for _, s := range r.Loaded {
		known[loadedSchema+"."+s.Name] = ""
	}
	for _, t := range engineTables {
		known[t] = ""
	}
	for _, s := range p.settings {
		known[s.qualified()] = s.path
	}
	for _, m := range append(slices.Clone(p.models), p.off...) {
		known[m.qualified()] = m.path
	}
	return known
}
