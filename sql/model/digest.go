package model

import (
	"fmt"
	"strings"

	"ferry/internal/run"
)

// Digest is a digest of everything but the landed rows that decides what the tables hold: SQL
// without its comments, lists, scope and decisions. Two equal digests give equal tables.
func Digest(r Room) (string, error) {
	p, err := Parse(r)
	if err != nil {
		return "", err
	}
	return p.Digest(r)
}

func (p *Project) Digest(room Room) (string, error) {
	var texts []string
	add := func(kind, name, digest string) { texts = append(texts, kind, name, digest) }
	for _, m := range p.Models {
		add("model", m.Qualified(), m.Digest())
	}
	for _, m := range p.Off {
		add("off", m.Qualified(), m.Off)
	}
	for _, s := range p.Settings {
		add("list", s.Name, s.digest())
	}
	add("macros", "", run.DigestText(room.Macros))
	for _, pair := range Pairs(room.Scope) {
		add("scope", pair[0], pair[1])
	}
	for _, table := range SortedKeys(room.Given) {
		add("given", table, fmt.Sprint(room.Given[table]))
	}
	decisions, fieldMap, err := ReadDecisions(room.Decisions)
	if err != nil {
		return "", err
	}
	for _, r := range append(decisions, fieldMap...) {
		add("decision", strings.Join(r, "\x00"), "")
	}
	return run.DigestText(texts...), nil
}

// Digest is of what the program reads: the SELECT without comments and white space, and the
// statements of the header.
func (m *Model) Digest() string {
	texts := []string{strings.Join(m.Grain, ","), m.Severity, m.fix, strings.Join(m.decisions, ","),
		fmt.Sprint(m.View, m.Parts, m.PartBy)}
	for _, t := range m.Tokens {
		texts = append(texts, fmt.Sprint(t.Kind), t.Text)
	}
	return run.DigestText(texts...)
}

// digest of a list is of its cells, of a SELECT as above.
func (s Source) digest() string {
	if s.Floor.Number > 0 {
		if h, err := parseHeader(s.Text); err == nil {
			m := Model{Source: s, Header: h, Tokens: Scan(s.Text)}
			return m.Digest()
		}
		return run.DigestText(s.Text)
	}
	columns, rows, err := ReadCSV(strings.NewReader(s.Text))
	if err != nil {
		return run.DigestText(s.Text)
	}
	texts := []string{strings.Join(columns, "\x00")}
	for _, r := range rows {
		texts = append(texts, strings.Join(r, "\x00"))
	}
	return run.DigestText(texts...)
}

// Part is one thing that decides what the tables hold, by its digest: a file without its comments,
// a list by its cells, a setting.
type Part struct {
	Kind   string // model, off, list, macros, scope
	Name   string // the file in the analyst's room, or the setting
	Digest string
}

// Answer is one answer of the customer, by its digests: which row it is about, and what was decided.
type Answer struct{ Rule, About, Digest string }

// Parts are what Digest is made of, one by one, so that a change can be named.
func Parts(room Room) ([]Part, []Answer, error) {
	p, err := Parse(room)
	if err != nil {
		return nil, nil, err
	}
	var parts []Part
	add := func(kind, name, digest string) { parts = append(parts, Part{kind, name, digest}) }
	file := func(s Source) string { return "sql/" + s.Path }
	for _, m := range p.Models {
		add("model", file(m.Source), m.Digest())
	}
	for _, m := range p.Off {
		add("off", m.Qualified(), run.DigestText(m.Off))
	}
	for _, s := range p.Settings {
		add("list", file(s), s.digest())
	}
	add("macros", "sql/macros.sql", run.DigestText(room.Macros))
	for _, pair := range Pairs(room.Scope) {
		add("scope", pair[0], run.DigestText(pair[1]))
	}
	for _, table := range SortedKeys(room.Given) {
		add("scope", "source.tables: "+table, run.DigestText(fmt.Sprint(room.Given[table])))
	}
	decisions, fieldMap, err := ReadDecisions(room.Decisions)
	if err != nil {
		return nil, nil, err
	}
	var answers []Answer
	for _, r := range decisions { // rule, key, field, decision, value
		answers = append(answers, Answer{Rule: r[0], About: FindingDigest(r[0], r[1], r[2]),
			Digest: run.DigestText(r[3], r[4])})
	}
	for _, r := range fieldMap { // attribute, entity, name, label, type, decision
		answers = append(answers, Answer{Rule: "the field map", About: FieldDigest(r[0]),
			Digest: run.DigestText(strings.Join(r[1:6], "\x00"))})
	}
	return parts, answers, nil
}

// FindingDigest is how an answer and the finding it is about know each other.
func FindingDigest(rule, key, field string) string {
	return run.DigestText("finding", rule, key, field)
}

// FieldDigest is how an answer to the field map and the attribute it is about know each other.
func FieldDigest(attribute string) string { return run.DigestText("attribute", attribute) }
