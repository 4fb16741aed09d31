package record

import (
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
	"strings"
	"time"
)

// AsText is a value for people: plan.changes, workbooks.
func AsText(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case []string:
		return strings.Join(x, "; ")
	case json.Number:
		return x.String()
	default:
		return fmt.Sprint(x)
	}
}

// IsEmpty says that a value and no value are the same to Freshsales.
func IsEmpty(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(x) == ""
	case []string:
		return len(x) == 0
	}
	return false
}

// Same says whether two values of a field mean the same, whatever the account made of their
// spelling: 1 and "1.0", a day and its midnight, tags in another order, addresses in another case.
func Same(field string, a, b any) bool {
	if IsEmpty(a) || IsEmpty(b) {
		return IsEmpty(a) && IsEmpty(b)
	}
	if x, ok := asList(a, b); ok {
		y, _ := asList(b, a)
		return strings.Join(x, "\x00") == strings.Join(y, "\x00")
	}
	s, t := strings.TrimSpace(AsText(a)), strings.TrimSpace(AsText(b))
	if s == t {
		return true
	}
	if field == "email" || field == "emails" || strings.HasSuffix(field, "_email") {
		return strings.EqualFold(s, t)
	}
	if x, ok := Instant(s); ok {
		if y, ok := Instant(t); ok {
			return x.Equal(y)
		}
	}
	if isNumber(a) || isNumber(b) {
		if x, ok := Number(s); ok {
			if y, ok := Number(t); ok {
				return x.Cmp(y) == 0
			}
		}
	}
	return normal(s) == normal(t)
}

// normal is a text with its line ends and spaces at line ends in one spelling.
func normal(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Join(lines, "\n")
}

// asList reads a value as a set if either side is a list; Freshsales joins some sets with ";".
func asList(v, other any) ([]string, bool) {
	_, isList := v.([]string)
	_, otherIsList := other.([]string)
	if !isList && !otherIsList {
		return nil, false
	}
	list, ok := v.([]string)
	if !ok {
		for _, part := range strings.Split(AsText(v), ";") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
	}
	out := append([]string{}, list...)
	sort.Strings(out)
	return out, true
}

var instantLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly}

func Instant(s string) (time.Time, bool) {
	if len(s) < len(time.DateOnly) || s[4] != '-' {
		return time.Time{}, false
	}
	for _, layout := range instantLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Truncate(time.Second), true
		}
	}
	return time.Time{}, false
}

// isNumber keeps "007" and "7" apart: texts are compared as numbers only against a number.
func isNumber(v any) bool {
	switch v.(type) {
	case json.Number, float64, int64:
		return true
	}
	return false
}

func Number(s string) (*big.Rat, bool) {
	if len(s) > 40 || s == "" || strings.ContainsAny(s, "/xXeE_") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
