package engine

import (
	"strings"

	"ferry/internal/run"
)

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
func Parts(o Options) ([]Part, []Answer, error) {
	p, err := readProject(o)
	if err != nil {
		return nil, nil, err
	}
	var parts []Part
	add := func(kind, name, digest string) { parts = append(parts, Part{kind, name, digest}) }
	file := func(s source) string { return "sql/" + s.path }
	for _, m := range p.models {
		add("model", file(m.source), m.digest())
	}
	for _, m := range p.off {
		add("off", m.qualified(), run.DigestText(m.off))
	}
	for _, s := range p.settings {
		add("list", file(s), s.digest())
	}
	add("macros", "sql/macros.sql", run.DigestText(o.Macros))
	for _, pair := range pairs(o.Scope) {
		add("scope", pair[0], run.DigestText(pair[1]))
	}
	decisions, fieldMap, err := readDecisions(o.Decisions)
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
