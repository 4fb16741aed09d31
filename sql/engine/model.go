package engine

import (
	"errors"
	"ferry/internal/run"
	"io/fs"
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

// Room is all that decides what the tables hold, but for the landed rows: texts, lists, answers and settings.
type Room struct {
	Shipped   fs.FS  // the floors
	Analyst   fs.FS  // laid over the shipped files; nil: none
	Macros    string // words that all models share, written in SQL
	Landed    []run.Schema
	Loaded    []run.Schema
	Fields    []EntityFields   // empty: column names of freshsales.* are not checked
	Given     map[string]Given // tables that are built elsewhere, by name
	Decisions string           // folder
	Scope     map[string]string
}

// project is everything an overlay says, parsed and ordered, before anything runs.
type project struct {
	models   []*model // in building order
	off      []*model // checks that are switched off
	settings []source // CSV lists
}

// readProject lays files over each other, parses headers, finds reads and the order.
func readProject(r Room) (*project, error) {
	sources, err := overlay(r.Shipped, r.Analyst)
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
	if err := p.checkReads(r); err != nil {
		return nil, err
	}
	if problems := p.checkUnread(); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.sort(); err != nil {
		return nil, err
	}
	return p, p.takeGiven(r)
}

// Setting is the text of a list, the analyst's or ours; ok is false where there is none of this name.
func Setting(r Room, name string) (text string, ok bool, err error) {
	p, err := readProject(r)
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

// checkOff refuses to switch off what is not there.
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

func keysOf[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

// table is the model's name as DuckDB reads it.
func (m *model) table() string { return m.floor.schema + "." + name(m.name) }

// selectText is the file without a closing semicolon.
func (m *model) selectText() string {
	last := m.tokens[len(m.tokens)-1]
	if last.kind == symbol && last.text == ";" {
		return m.text[:last.at] + "\n"
	}
	return m.text + "\n"
}

func (p *project) checks() []*model {
	var all []*model
	for _, m := range p.models {
		if m.floor.schema == checksSchema {
			all = append(all, m)
		}
	}
	return all
}

func (p *project) find(schema, table string) *model {
	for _, m := range p.models {
		if m.floor.schema == schema && m.name == table {
			return m
		}
	}
	return nil
}

func (p *project) modelNames() []string {
	var all []string
	for _, m := range p.models {
		all = append(all, m.qualified())
	}
	return all
}

func (m *model) kind() string {
	switch {
	case m.floor.schema == checksSchema:
		return "check"
	case m.header.view:
		return "view"
	}
	return "table"
}

// calls says whether a model calls one of some functions.
func (m *model) calls(functions []string) bool {
	for i, t := range m.tokens {
		if t.kind == word && slices.Contains(functions, t.text) && i+1 < len(m.tokens) && m.tokens[i+1].text == "(" {
			return true
		}
	}
	return false
}
