package model

import (
	"errors"
	"slices"

	"ferry/internal/run"
)

// EngineTables are made by the program, not by a file.
var EngineTables = []string{"settings.scope", "settings.run", "settings.decisions", "settings.field_map",
	"settings.list_lines", "checks.findings", "checks.rules"}

// Read is a table named in a model's text.
type Read struct {
	Schema, Name string
	at           int
}

func (r Read) Qualified() string { return r.Schema + "." + r.Name }

// ReadsOf finds every schema.table in a text.
func ReadsOf(tokens []token) []Read {
	var reads []Read
	seen := map[string]bool{}
	for i := 0; i+2 < len(tokens); i++ {
		schema, dot, name := tokens[i], tokens[i+1], tokens[i+2]
		if !isName(schema) || dot.Text != "." || dot.Kind != Symbol || !isName(name) || i > 0 && tokens[i-1].Kind == Symbol &&
			tokens[i-1].Text == "." {
			continue
		}
		if r := (Read{schema.Text, name.Text, schema.At}); isSchema(r.Schema) && !seen[r.Qualified()] {
			seen[r.Qualified()] = true
			reads = append(reads, r)
		}
	}
	return reads
}

func isName(t token) bool { return t.Kind == Word || t.Kind == quoted }

func isSchema(name string) bool {
	return name == LandedSchema || name == LoadedSchema || FloorOf(name).Number >= 0
}

// checkReads holds every read against the floors and the tables there are.
func (p *Project) checkReads(r Room) error {
	known := p.Tables(r)
	var problems []error
	for _, m := range p.Models {
		for _, read := range m.Reads {
			if err := m.checkRead(read, known); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

func (m *Model) checkRead(r Read, known map[string]string) error {
	line := LineOf(m.Text, r.at)
	switch {
	case r.Schema == LandedSchema && m.Floor.Number != 1:
		return m.Problem(line, "only files in 1_staging read landed tables; read the staging table made of %s", r.Qualified())
	case r.Schema == LoadedSchema && m.Floor.Schema != ReportsSchema:
		return m.Problem(line, "only files in 7_reports read %s: what was loaded is known after the load", r.Qualified())
	case r.Schema == ChecksSchema && m.Floor.Schema == ChecksSchema && (r.Name == "findings" || r.Name == "rules"):
		return m.Problem(line, "%s is made of all checks, so a check cannot read it", r.Qualified())
	}
	if f := FloorOf(r.Schema); f.Number > m.Floor.Number {
		return m.Problem(line, "a file in %s may read its own floor or below; %s is on floor %d%s", m.Floor.Folder,
			r.Qualified(), f.Number, in(known[r.Qualified()]))
	}
	if _, ok := known[r.Qualified()]; !ok {
		return m.Problem(line, "there is no table %s.%s", r.Qualified(), run.DidYouMean(r.Qualified(), SortedKeys(known)))
	}
	return nil
}

func in(path string) string {
	if path == "" {
		return ""
	}
	return ", in sql/" + path
}

// Tables gives every table a model may name, with the file it comes from.
func (p *Project) Tables(r Room) map[string]string {
	known := map[string]string{}
	for _, s := range r.Landed {
		known[LandedSchema+"."+s.Name] = ""
	}
	for _, s := range r.Loaded {
		known[LoadedSchema+"."+s.Name] = ""
	}
	for _, t := range EngineTables {
		known[t] = ""
	}
	for _, s := range p.Settings {
		known[s.Qualified()] = s.Path
	}
	for _, m := range append(slices.Clone(p.Models), p.Off...) {
		known[m.Qualified()] = m.Path
	}
	return known
}
