package functions

import (
	"strings"
	"time"
)

// Typed reads a value that somebody typed for a field, as the rules would: the value, or what is wrong
// with it. A field it knows nothing about takes anything.
func Typed(field, value string) (read, wrong string) {
	switch {
	case field == "email" || strings.HasSuffix(field, "_email"):
		e := cleanEmail(value)
		if e.address == "" || e.class == emailInvalid {
			return "", "this is no e-mail address" + because(e.note)
		}
		return e.address, ""
	case strings.HasSuffix(field, "_number") && !strings.HasPrefix(field, "cf_") || field == "phone":
		return typedPhone(value)
	case field == "website":
		if !strings.Contains(value, ".") || strings.ContainsAny(strings.TrimSpace(value), " \t\n@") {
			return "", "this is no address of a website"
		}
	case strings.HasSuffix(field, "_date") || strings.HasSuffix(field, "_on"):
		if !isDay(value) {
			return "", "this is no date; write it as year-month-day, such as 2026-01-31"
		}
	}
	return value, ""
}

// typedPhone judges a number whose country is known only if it says so: one without it is taken if it
// has as many digits as a number can have; the rules read it in the country of its person.
func typedPhone(value string) (read, wrong string) {
	p := cleanPhone(value, "")
	if p.number != "" {
		return p.number, ""
	}
	text := strings.TrimSpace(value)
	digits := notDigits.ReplaceAllString(text, "")
	international := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "00")
	if international || len(digits) < 6 || len(digits) > 15 || strings.ContainsFunc(text, isLetter) {
		return "", "this is no telephone number that can be called" + because(p.reason)
	}
	return value, ""
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDay(value string) bool {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05", time.RFC3339} {
		if _, err := time.Parse(layout, strings.TrimSpace(value)); err == nil {
			return true
		}
	}
	return false
}

func because(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}
