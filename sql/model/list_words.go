package model

import (
	"slices"
	"strings"

	"ferry/internal/run"
)

// closedColumns are columns of lists that take only the words we use in them, or those named here: a word nobody
// reads would be passed over without a sound.
var closedColumns = map[string]map[string][]string{
	"attribute_rules":  {"decision": {"send", "skip"}},
	"consent_channels": {"channel": nil},
	"consent_columns":  {"says": {"settled"}},
	"consent_words":    {"is_subscribed": nil},
	"flag_words":       {"is_yes": nil},
	"gone_columns":     {"means": nil, "holds": nil},
	"gone_words":       {"means": nil, "place": nil},
	"name_parts":       {"kind": nil},
	"null_words":       {"applies_to": nil},
	"plain_answers":    {"answer": nil},
	"reference_names":  {"refers_to": nil},
	"refusal_phrases":  {"counts": nil},
	"survivorship":     {"rule": {"newest", "oldest", "most_complete", "most_frequent", "longest", "source"}},
}

// checkWords refuses a word that a closed column does not take.
func (s Source) checkWords(theirs, ours list) []error {
	var problems []error
	for _, column := range ours.columns {
		also, closed := closedColumns[s.Name][column]
		if !closed {
			continue
		}
		at := slices.Index(ours.columns, column)
		allowed := slices.Clone(also)
		for _, row := range ours.rows {
			if v := strings.TrimSpace(row[at]); !slices.Contains(allowed, v) {
				allowed = append(allowed, v)
			}
		}
		slices.Sort(allowed)
		shown := strings.Join(slices.DeleteFunc(slices.Clone(allowed), func(v string) bool { return v == "" }), ", ")
		for i, row := range theirs.rows {
			if v := strings.TrimSpace(row[at]); !slices.Contains(allowed, v) {
				problems = append(problems, s.Problem(theirs.lines[i], "%s: %q is not one of %s.%s", column, v, shown,
					run.DidYouMean(v, allowed)).WithTry("correct the cell"))
			}
		}
	}
	return problems
}

// checkUnread refuses a list of the analyst's under a name of their own that no file reads: it is a misspelt name of
// ours.
func (p *Project) checkUnread() []error {
	var problems []error
	var known []string
	for _, s := range p.Settings {
		if !s.Yours || s.Replaces != "" {
			known = append(known, s.Name)
		}
	}
	for _, s := range p.Settings {
		if !s.Yours || s.Replaces != "" {
			continue
		}
		isRead := slices.ContainsFunc(p.Models, func(m *Model) bool {
			return slices.ContainsFunc(m.Reads, func(r Read) bool { return r.Qualified() == s.Qualified() })
		})
		if !isRead {
			problems = append(problems, s.Problem(1, "nothing reads a list of this name.%s", run.DidYouMean(s.Name, known)).
				WithTry("ferry sql list settings"))
		}
	}
	return problems
}
