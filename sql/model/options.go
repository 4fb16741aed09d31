package model

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones by name, on machines that have none

	"ferry/internal/run"
)

// checkOptions refuses names that are no options, and values an option does not take.
func (s Source) checkOptions(theirs, ours list) []error {
	known := optionsIn(ours)
	value := slices.Index(ours.columns, "value")
	var problems []error
	for i, row := range theirs.rows {
		if what, try := known.Check(strings.TrimSpace(row[0]), strings.TrimSpace(row[value])); what != "" {
			problems = append(problems, s.Problem(theirs.lines[i], "%s", what).WithTry("%s", try))
		}
	}
	return problems
}

// Options are what may be set, in options.csv or in ferry.yaml's scope: names, types, allowed values, meaning.
type Options []option

// option is one line of the list of options: what it is called, what it takes, and what it means.
type option struct{ name, value, kind, allowed, meaning string }

// ReadOptions reads the list of options that is shipped.
func ReadOptions(text string) (Options, error) {
	l, err := Source{Floor: Floors[0], Name: "options", Path: "0_settings/options.csv"}.readList(text)
	return optionsIn(l), err
}

func optionsIn(l list) Options {
	cell := func(row []string, column string) string {
		if at := slices.Index(l.columns, column); at >= 0 {
			return strings.TrimSpace(row[at])
		}
		return ""
	}
	var all Options
	for _, row := range l.rows {
		all = append(all, option{cell(row, "name"), cell(row, "value"), cell(row, "type"), cell(row, "allowed"),
			cell(row, "meaning")})
	}
	return all
}

// Names are all options there are.
func (all Options) Names() []string {
	names := make([]string, len(all))
	for i, o := range all {
		names[i] = o.name
	}
	return names
}

// Check says what is wrong with a name and its value, and what helps; "" when nothing is.
func (all Options) Check(name, value string) (what, try string) {
	at := slices.IndexFunc(all, func(o option) bool { return o.name == name })
	if at < 0 {
		return fmt.Sprintf("there is no option %q.%s", name, run.DidYouMean(name, all.Names())),
			`ferry sql query "select name, value, meaning from settings.options"`
	}
	if why := all[at].refuses(value); why != "" {
		return name + ": " + why, all[at].meaning
	}
	return "", ""
}

// shapes are what a text must look like, by the word for it.
var shapes = map[string]struct {
	like    *regexp.Regexp
	example string
}{
	"address":  {regexp.MustCompile(`^[^@\s]+@([\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}$`), "an e-mail address"},
	"country":  {regexp.MustCompile(`^[A-Z]{2}$`), "an ISO country of two capital letters, such as IE"},
	"currency": {regexp.MustCompile(`^[A-Z]{3}$`), "an ISO currency of three capital letters, such as EUR"},
	"domain":   {regexp.MustCompile(`^([\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}$`), "a domain such as no-email.invalid"},
	"offset":   {regexp.MustCompile(`^[+-](0\d|1[0-4]):[0-5]\d$`), "an offset from UTC, such as +01:00 or -05:00"},
}

// refuses says why an option does not take a value, "" when it does. Empty is no value.
func (o option) refuses(v string) string {
	if v == "" {
		return ""
	}
	switch o.kind {
	case "boolean":
		if v != "true" && v != "false" {
			return fmt.Sprintf("%q is neither true nor false", v)
		}
	case "choice":
		if allowed := strings.Fields(o.allowed); slices.Index(allowed, v) < 0 {
			return fmt.Sprintf("%q is not one of %s.%s", v, strings.Join(allowed, ", "), run.DidYouMean(v, allowed))
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return fmt.Sprintf("%q is not a day such as 2024-01-31", v)
		}
	case "zone":
		if _, err := time.LoadLocation(v); err != nil || v == "Local" {
			return fmt.Sprintf("%q is not a time zone such as Europe/Dublin", v)
		}
	case "whole", "number":
		n, err := strconv.ParseFloat(v, 64)
		if err != nil || (o.kind == "whole" && n != float64(int64(n))) {
			return fmt.Sprintf("%q is not a %snumber", v, map[string]string{"whole": "whole "}[o.kind])
		}
		return outside(n, v, o.allowed)
	default:
		if shape, ok := shapes[o.kind]; ok && !shape.like.MatchString(v) {
			return fmt.Sprintf("%q is not %s", v, shape.example)
		}
	}
	return ""
}

// outside says that a number is not within least..most; either may be left out.
func outside(n float64, written, allowed string) string {
	low, high, ok := strings.Cut(allowed, "..")
	if !ok {
		return ""
	}
	least, _ := strconv.ParseFloat(low, 64)
	most, _ := strconv.ParseFloat(high, 64)
	if n < least || (high != "" && n > most) || n != n {
		return fmt.Sprintf("%s is outside %s", written, allowed)
	}
	return ""
}

// cellShapes are what the cells of a column must be: a word of shapes, a range of numbers, or zone.
var cellShapes = map[string]map[string]string{
	"countries":           {"iso2": "country"},
	"deal_tiers":          {"amount": "0..", "score": "0..100"},
	"engagement_weights":  {"weight": "0..", "full_at": "0.."},
	"field_limits":        {"max_length": "1..100000"},
	"languages":           {"iso2": "country"},
	"match_levels":        {"m": "0..1", "u": "0..1"},
	"owners":              {"owner_email": "address"},
	"plans":               {"calls_per_hour": "1..", "calls_per_minute": "1.."},
	"standard_attributes": {"confidence": "0..1"},
	"timezones":           {"timezone": "zone", "iso2": "country"},
	"zone_names":          {"utc_offset": "offset"},
	"email_disposable":    {"domain": "domain"},
}

// checkShapes refuses a cell that is not what its column holds.
func (s Source) checkShapes(theirs list) []error {
	var problems []error
	for _, column := range SortedKeys(cellShapes[s.Name]) {
		at, kind := slices.Index(theirs.columns, column), cellShapes[s.Name][column]
		o := option{kind: kind}
		if strings.Contains(kind, "..") {
			o = option{kind: "number", allowed: kind}
		}
		for i, row := range theirs.rows {
			if at < 0 || o.kind == "number" && !isNumber(strings.TrimSpace(row[at])) {
				continue // said already
			}
			if why := o.refuses(strings.TrimSpace(row[at])); why != "" {
				problems = append(problems, s.Problem(theirs.lines[i], "%s: %s", column, why).WithTry("correct the cell"))
			}
		}
	}
	return problems
}
