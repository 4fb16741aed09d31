// Package model reads an analyst's texts: files laid over each other, headers, what each reads, the order of building,
// the contract of columns, lists, decisions, and the digest of it all. It owns what a file may say and blames file and
// line when it says something else; it must not know DuckDB, runs or what a rule means. Start at Parse, then files.go
// (floors and layers), header.go and reads.go.
package model

import (
	"errors"
	"io/fs"
	"slices"
	"sort"

	"ferry/internal/run"
)

// Model is one SELECT in one file: its name, what its header promises and what it reads.
type Model struct {
	Source
	Header
	Tokens []token
	Reads  []Read
	Casts  []string // columns that change their type on the way out

	Outside *Outside // its rows come from elsewhere; nil: they are built
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

// Project is everything an overlay says, parsed and ordered, before anything runs.
type Project struct {
	Models   []*Model // in building order
	Off      []*Model // checks that are switched off
	Settings []Source // CSV lists
}

// Parse lays files over each other, parses headers, finds reads and the order.
func Parse(r Room) (*Project, error) {
	sources, err := Overlay(r.Shipped, r.Analyst)
	if err != nil {
		return nil, err
	}
	p := &Project{}
	var problems []error
	for _, s := range sources {
		if slices.Contains(EngineTables, s.Qualified()) {
			problems = append(problems, s.Problem(0, "%s is made by ferry itself; choose another name", s.Qualified()))
			continue
		}
		if s.Floor.Number == 0 {
			if s, err = s.checked(); err != nil {
				problems = append(problems, err)
			}
			p.Settings = append(p.Settings, s)
			continue
		}
		m, err := parseModel(s)
		switch {
		case err != nil:
			problems = append(problems, err)
		case m.Off != "":
			p.Off = append(p.Off, m)
		default:
			p.Models = append(p.Models, m)
		}
	}
	problems = append(problems, p.checkOff()...)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.checkReads(r); err != nil {
		return nil, err
	}
	if problems := slices.Concat(p.checkUnread(), p.checkFields(r.Fields)); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if err := p.sort(); err != nil {
		return nil, err
	}
	return p, p.takeGiven(r)
}

// Setting is the text of a list, the analyst's or ours; ok is false where there is none of this name.
func Setting(r Room, name string) (text string, ok bool, err error) {
	p, err := Parse(r)
	if err != nil {
		return "", false, err
	}
	for _, s := range p.Settings {
		if s.Name == name {
			return s.Text, true, nil
		}
	}
	return "", false, nil
}

// checkOff refuses to switch off what is not there.
func (p *Project) checkOff() []error {
	var problems []error
	var known []string
	for _, c := range p.checks() {
		known = append(known, c.Qualified())
	}
	for _, m := range p.Off {
		if m.Replaces == "" {
			problems = append(problems, m.Problem(1, "there is no check %s to switch off.%s", m.Qualified(),
				run.DidYouMean(m.Qualified(), known)))
		}
	}
	return problems
}

func parseModel(s Source) (*Model, error) {
	h, err := parseHeader(s.Text)
	var he headerError
	if errors.As(err, &he) {
		return nil, s.Problem(he.line, "%s", he.what)
	}
	m := &Model{Source: s, Header: h, Tokens: Scan(s.Text)}
	if h.Off != "" && m.Replaces != "" {
		// A switched-off check keeps the words of the one it replaces.
		if ours, err := parseHeader(m.Replaces); err == nil {
			ours.Off = h.Off
			m.Header = ours
		}
	}
	if err := m.Header.check(s.Floor); err != nil {
		return nil, s.Problem(1, "%s", err)
	}
	if h.Off != "" {
		if len(m.Tokens) > 0 {
			return nil, s.Problem(LineOf(s.Text, m.Tokens[0].At),
				`a check that is switched off says only "-- off: reason"; delete the rest`)
		}
		return m, nil
	}
	if len(m.Tokens) == 0 {
		return nil, s.Problem(1, "the file holds no SELECT")
	}
	m.Reads = ReadsOf(m.Tokens)
	if err := m.checkWords(); err != nil {
		return nil, err
	}
	return m, m.CheckCalls(false)
}

func SortedKeys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

// Table is the model's name as DuckDB reads it.
func (m *Model) Table() string { return m.Floor.Schema + "." + Quote(m.Name) }

// SelectText is the file without a closing semicolon.
func (m *Model) SelectText() string {
	last := m.Tokens[len(m.Tokens)-1]
	if last.Kind == Symbol && last.Text == ";" {
		return m.Text[:last.At] + "\n"
	}
	return m.Text + "\n"
}

func (p *Project) checks() []*Model {
	var all []*Model
	for _, m := range p.Models {
		if m.Floor.Schema == ChecksSchema {
			all = append(all, m)
		}
	}
	return all
}

func (p *Project) Find(schema, table string) *Model {
	for _, m := range p.Models {
		if m.Floor.Schema == schema && m.Name == table {
			return m
		}
	}
	return nil
}

func (p *Project) ModelNames() []string {
	var all []string
	for _, m := range p.Models {
		all = append(all, m.Qualified())
	}
	return all
}

func (m *Model) Kind() string {
	switch {
	case m.Floor.Schema == ChecksSchema:
		return "check"
	case m.Header.View:
		return "view"
	}
	return "table"
}

// Calls says whether a model calls one of some functions.
func (m *Model) Calls(functions []string) bool {
	for i, t := range m.Tokens {
		if t.Kind == Word && slices.Contains(functions, t.Text) && i+1 < len(m.Tokens) && m.Tokens[i+1].Text == "(" {
			return true
		}
	}
	return false
}
