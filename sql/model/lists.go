package model

import (
	"encoding/csv"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ferry/internal/run"
)

// listKeys are how many of a list's first columns must be unique together; 0: only whole lines are compared.
var listKeys = map[string]int{
	"options": 1, "attribute_rules": 1, "owners": 1, "deal_tiers": 1, "plans": 1, "lifecycle_map": 1,
	"standard_attributes": 1, "standard_fields": 2, "survivorship": 1, "clear_fields": 2, "field_limits": 2,
	"references": 2, "match_levels": 2,
	"email_policy": 1, "timezones": 1, "zone_names": 1, "engagement_weights": 1, "excluded_events": 1, "flag_words": 1,
}

// list is a settings file as it was read: its cells, and the line each row begins on.
type list struct {
	columns []string
	rows    [][]string
	lines   []int
}

// readList reads a list; its problems name the line.
func (s Source) readList(text string) (list, error) {
	if !utf8.ValidString(text) {
		line := 1 + strings.Count(text[:firstInvalid(text)], "\n")
		return list{}, s.Problem(line, "this is not UTF-8").WithTry("save it as CSV in UTF-8")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	var l list
	for {
		row, err := r.Read()
		if err != nil {
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				return list{}, s.Problem(bad.Line, "this line cannot be read: %s", bad.Err)
			}
			if l.columns == nil {
				return list{}, s.Problem(1, "it has no header line")
			}
			return l, nil
		}
		line, _ := r.FieldPos(0)
		if l.columns == nil {
			if l.columns, err = s.header(row); err != nil {
				return list{}, err
			}
			continue
		}
		if len(row) > len(l.columns) && strings.Trim(strings.Join(row[len(l.columns):], ""), " ") == "" {
			row = row[:len(l.columns)] // a spreadsheet's empty cells
		}
		if len(row) != len(l.columns) {
			return list{}, s.Problem(line, "this line has %d cells, and the header %d columns (%s)", len(row), len(l.columns),
				strings.Join(l.columns, ", ")).WithTry("put a text that holds commas into quotes")
		}
		l.rows, l.lines = append(l.rows, row), append(l.lines, line)
	}
}

func (s Source) header(row []string) ([]string, error) {
	if len(row) == 1 && strings.Contains(row[0], ";") {
		return nil, s.Problem(1, "its columns are separated by semicolons").WithTry("save it as CSV with commas")
	}
	for len(row) > 0 && strings.TrimSpace(row[len(row)-1]) == "" {
		row = row[:len(row)-1]
	}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
		switch {
		case row[i] == "":
			return nil, s.Problem(1, "column %d has no name", i+1)
		case slices.Index(row[:i], row[i]) >= 0:
			return nil, s.Problem(1, "column %q is there twice", row[i])
		}
	}
	return row, nil
}

// checked is a list of the analyst's held against ours: its columns, doubled keys, and cells of another kind than all
// of ours. A file of options changes only what it names, so ours stand behind it. Nothing is built before it is right.
func (s Source) checked() (Source, error) {
	theirs, err := s.readList(s.Text)
	if err != nil || !s.Yours || s.Replaces == "" {
		return s, err
	}
	shipped := Source{Floor: s.Floor, Name: s.Name, Path: s.Path}
	ours, err := shipped.readList(s.Replaces)
	if err != nil {
		return s, err
	}
	var problems []error
	for _, c := range theirs.columns {
		if slices.Index(ours.columns, c) < 0 {
			problems = append(problems, s.Problem(1, "unknown column %q.%s Its columns are %s", c,
				run.DidYouMean(c, ours.columns), strings.Join(ours.columns, ", ")))
		}
	}
	for _, c := range ours.columns {
		if slices.Index(theirs.columns, c) < 0 && !mayLack(s.Name, c) {
			problems = append(problems, s.Problem(1, "column %q is missing. Its columns are %s", c,
				strings.Join(ours.columns, ", ")))
		}
	}
	if len(problems) > 0 {
		return s, errors.Join(problems...)
	}
	theirs = theirs.as(ours.columns)
	problems = append(problems, s.doubled(theirs)...)
	if s.Name == "options" {
		problems = append(problems, s.checkOptions(theirs, ours)...)
		theirs = ours.with(theirs)
	} else {
		problems = append(problems, s.checkKinds(theirs, ours)...)
		problems = append(problems, s.checkAmounts(theirs)...)
		problems = append(problems, s.checkWords(theirs, ours)...)
		problems = append(problems, s.checkConsent(theirs, ours)...)
		problems = append(problems, s.checkShapes(theirs)...)
		problems = append(problems, s.checkMeanings(theirs)...)
	}
	s.written, s.lines, s.Text = s.Text, theirs.lines, theirs.text()
	return s, errors.Join(problems...)
}

// mayLack says which columns a list may do without: what only explains, and what only we say of an option.
func mayLack(list, column string) bool {
	return column == "meaning" || column == "reason" || (list == "options" && (column == "type" || column == "allowed"))
}

// as puts the cells into the order of our columns.
func (l list) as(columns []string) list {
	out := list{columns: columns, lines: l.lines}
	for _, row := range l.rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			if at := slices.Index(l.columns, c); at >= 0 {
				cells[i] = row[at]
			}
		}
		out.rows = append(out.rows, cells)
	}
	return out
}

// with is our options with their values.
func (l list) with(theirs list) list {
	value := slices.Index(l.columns, "value")
	for _, row := range theirs.rows {
		for i, own := range l.rows {
			if own[0] == strings.TrimSpace(row[0]) {
				l.rows[i][value] = row[value]
			}
		}
	}
	return l
}

func (l list) text() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(l.columns) // a strings.Builder takes everything
	_ = w.WriteAll(l.rows)
	return b.String()
}

func (s Source) doubled(l list) []error {
	keys := listKeys[s.Name]
	if keys == 0 || keys > len(l.columns) {
		keys = len(l.columns)
	}
	var problems []error
	first := map[string]int{}
	for i, row := range l.rows {
		key := strings.ToLower(strings.TrimSpace(strings.Join(row[:keys], "\x00")))
		if at, ok := first[key]; ok {
			problems = append(problems, s.Problem(l.lines[i], "%s is there already, in line %d",
				strings.Join(row[:keys], ", "), at).WithTry("take one of the two lines out"))
			continue
		}
		first[key] = l.lines[i]
	}
	return problems
}

// checkKinds refuses a cell that is no number in a column where all of ours are.
func (s Source) checkKinds(theirs, ours list) []error {
	var problems []error
	for c, column := range ours.columns {
		for _, kind := range []struct {
			what string
			is   func(string) bool
		}{{"a number", isNumber}, {"true or false", func(v string) bool { return v == "true" || v == "false" }}} {
			if !ours.all(c, kind.is) {
				continue
			}
			for i, row := range theirs.rows {
				if v := strings.TrimSpace(row[c]); v != "" && !kind.is(v) {
					problems = append(problems, s.Problem(theirs.lines[i], "%s: %q is not %s", column, v, kind.what).
						WithTry("correct the cell"))
				}
			}
		}
	}
	return problems
}

func isNumber(v string) bool {
	n, err := strconv.ParseFloat(v, 64)
	return err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// all is true when a column has cells and every one of them is of a kind.
func (l list) all(column int, is func(string) bool) bool {
	some := false
	for _, row := range l.rows {
		if v := strings.TrimSpace(row[column]); v != "" {
			if !is(v) {
				return false
			}
			some = true
		}
	}
	return some
}

func firstInvalid(text string) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
