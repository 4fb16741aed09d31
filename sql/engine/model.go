package engine

import (
	"errors"
	"ferry/internal/run"
	"slices"
	"sort"
)

// model is one SELECT in one file: its name, what its header promises and what it reads.
type model struct {
	source
	header
	tokens []token
	reads  []read
	casts  []string // columns that change their type on the way out

	outside *outside // its rows come from elsewhere; nil: they are built
}

// read is a table named in a model's text.
type read struct {
	schema, name string
	at           int
}

func (r read) qualified() string { return r.schema + "." + r.name }

// project is everything an overlay says, parsed and ordered, before anything runs.
type project struct {
	models   []*model // in building order
	off      []*model // checks that are switched off
	settings []source // CSV lists
}

// engineTables are made by the program, not by a file.
var engineTables = []string{"settings.scope", "settings.run", "settings.decisions", "settings.field_map",
	"checks.findings", "checks.rules"}

// readProject lays files over each other, parses headers, finds reads and the order.
func readProject(o Options) (*project, error) {
	sources, err := overlay(o.Shipped, o.Analyst)
	if err != nil {
		return nil, err
	}
	p := &project{}
	var problems []error
	for _, s := range sources {
		if slices.Contains(engineTables, s.qualified()) {
			problems = append(problems, s.problem(0, "%s is made by ferry itself; choose another name", s.qualified()))
			continue
		}
		if s.floor.number == 0 {
			if s, err = s.checked(); err != nil {
				problems = append(problems, err)
			}
			p.settings = append(p.settings, s)
			continue
		}
		m, err := parseModel(s)
		switch {
		case err != nil:
			problems = append(problems, err)
		case m.off != "":
			p.off = append(p.off, m)
		default:
			p.models = append(p.models, m)
		}
	}
	problems = append(problems, p.checkOff()...)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.checkReads(o); err != nil {
		return nil, err
	}
	if problems := p.checkUnread(); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.sort(); err != nil {
		return nil, err
	}
	return p, p.takeGiven(o)
}

// checkOff refuses to switch off what is not there.
// Setting is the text of a list, the analyst's or ours; ok is false where there is none of this name.
func Setting(o Options, name string) (text string, ok bool, err error) {
	p, err := readProject(o)
	if err != nil {
		return "", false, err
	}
	for _, s := range p.settings {
		if s.name == name {
			return s.text, true, nil
		}
	}
	return "", false, nil
}

func (p *project) checkOff() []error {
	var problems []error
	var known []string
	for _, c := range p.checks() {
		known = append(known, c.qualified())
	}
	for _, m := range p.off {
		if m.replaces == "" {
			problems = append(problems, m.problem(1, "there is no check %s to switch off.%s", m.qualified(),
				run.DidYouMean(m.qualified(), known)))
		}
	}
	return problems
}

func parseModel(s source) (*model, error) {
	h, err := parseHeader(s.text)
	var he headerError
	if errors.As(err, &he) {
		return nil, s.problem(he.line, "%s", he.what)
	}
	m := &model{source: s, header: h, tokens: scan(s.text)}
	if h.off != "" && m.replaces != "" {
		// A switched-off check keeps the words of the one it replaces.
		if ours, err := parseHeader(m.replaces); err == nil {
			ours.off = h.off
			m.header = ours
		}
	}
	if err := m.header.check(s.floor); err != nil {
		return nil, s.problem(1, "%s", err)
	}
	if h.off != "" {
		if len(m.tokens) > 0 {
			return nil, s.problem(lineOf(s.text, m.tokens[0].at),
				`a check that is switched off says only "-- off: reason"; delete the rest`)
		}
		return m, nil
	}
	if len(m.tokens) == 0 {
		return nil, s.problem(1, "the file holds no SELECT")
	}
	m.reads = readsOf(m.tokens)
	if err := m.checkWords(); err != nil {
		return nil, err
	}
	return m, m.checkCalls(false)
}

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
func (p *project) checkReads(o Options) error {
	known := p.tables(o)
	var problems []error
	for _, m := range p.models {
		for _, r := range m.reads {
			if err := m.checkRead(r, known); err != nil {
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
func (p *project) tables(o Options) map[string]string {
	known := map[string]string{}
	for _, s := range o.Landed {
		known[landedSchema+"."+s.Name] = ""
	}
	for _, s := range o.Loaded {
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

func keysOf[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}
