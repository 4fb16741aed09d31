package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ferry/internal/run"
)

// closedColumns are columns of lists that take only the words we use in them, or those named here: a word nobody
// reads would be passed over without a sound.
var closedColumns = map[string]map[string][]string{
	"attribute_rules":    {"decision": {"send", "skip"}},
	"consent_channels":   {"channel": nil},
	"consent_columns":    {"says": {"settled"}},
	"consent_words":      {"is_subscribed": nil},
	"deal_rules":         {"measure": nil},
	"email_domains":      {"kind": nil},
	"email_policy":       {"class": nil, "is_used": nil},
	"engagement_weights": {"measure": nil},
	"flag_words":         {"is_yes": nil},
	"gone_columns":       {"means": nil, "holds": nil},
	"gone_words":         {"means": nil, "place": nil},
	"match_doubts":       {"doubt": nil},
	"match_options":      {"name": nil},
	"matching":           {"compares_as": nil},
	"name_parts":         {"kind": nil},
	"null_words":         {"applies_to": nil},
	"plain_answers":      {"answer": nil},
	"reference_names":    {"refers_to": nil},
	"refusal_phrases":    {"counts": nil},
	"standard_fields": {"cleaner": {"date", "flag", "number", "time"}, "entity": nil, "filled_by": nil,
		"takes_attributes": nil},
	"survivorship": {"rule": {"newest", "oldest", "most_complete", "most_frequent", "longest", "source"}},
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

// fewestLetters is how many letters of a name set columns apart from consent.
const fewestLetters = 3

// checkConsent refuses a line that would set every column apart, or a channel by its own name: no would be heard there.
func (s Source) checkConsent(theirs, ours list) []error {
	var problems []error
	cell := func(row []string, column string) string {
		return strings.ToLower(strings.TrimSpace(row[slices.Index(ours.columns, column)]))
	}
	for i, row := range theirs.rows {
		switch s.Name {
		case "consent_columns":
			part := cell(row, "part")
			letters := utf8.RuneCountInString(strings.Map(lettersOnly, part))
			if says := cell(row, "says"); letters < fewestLetters && !strings.HasPrefix(part, "=") &&
				(says == "apart" || says == "settled") {
				problems = append(problems, s.Problem(theirs.lines[i], "part: %q is in too many names to set them apart: "+
					"whoever said no in one of them would be written to", part).
					WithTry("name the column whole, behind an equals sign: =its_name"))
			}
		case "consent_channels":
			text, channel := cell(row, "text"), cell(row, "channel")
			if slices.Contains([]string{"email", "sms", "whatsapp", "push"}, text) && channel != text {
				problems = append(problems, s.Problem(theirs.lines[i], "channel: %q is %s, not %s: whoever said no to it would "+
					"be written to", text, text, channel).WithTry("correct the cell"))
			}
		}
	}
	return problems
}

func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

// ListLineSchema is where each line of a list of the analyst's stands, so that a finding can name file and line.
var ListLineSchema = run.Texts("list_lines", "list", "file", "line", "cells", "is_new")

// ListLines are the lines of a list of the analyst's: the cells as a JSON object, and whether the line is theirs alone.
func (s Source) ListLines() ([][]string, error) {
	if !s.Yours {
		return nil, nil
	}
	l, err := s.readList(cmp.Or(s.written, s.Text))
	if err != nil {
		return nil, err
	}
	shipped := list{columns: l.columns}
	if s.Replaces != "" {
		if shipped, err = s.readList(s.Replaces); err != nil {
			return nil, err
		}
		l = l.as(shipped.columns)
	}
	ours := map[string]bool{}
	for _, row := range shipped.rows {
		ours[strings.Join(row, "\x00")] = true
	}
	var all [][]string
	for i, row := range l.rows {
		cells := map[string]string{}
		for c, column := range l.columns {
			cells[column] = row[c]
		}
		text, err := json.Marshal(cells)
		if err != nil {
			return nil, err
		}
		all = append(all, []string{s.Name, "sql/" + s.Path, strconv.Itoa(l.lines[i]), string(text),
			strconv.FormatBool(!ours[strings.Join(row, "\x00")])})
	}
	return all, nil
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
