package functions

import (
	"fmt"
	"regexp"
	"strconv"
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
		if strings.Count(value, "@") > 1 && !strings.ContainsAny(value, `<"`) {
			return "", "more than one address stands here: write the one that counts"
		}
		if e.class == emailReserved {
			return "", "no mail can reach this address: its domain is set aside for tests and examples"
		}
		return e.address, ""
	case strings.HasSuffix(field, "_number") && !strings.HasPrefix(field, "cf_") || field == "phone":
		return typedPhone(value)
	case field == "website":
		if !strings.Contains(value, ".") || strings.ContainsAny(strings.TrimSpace(value), " \t\n@") {
			return "", "this is no address of a website"
		}
	case strings.HasSuffix(field, "_date") || strings.HasSuffix(field, "_on"):
		return typedDay(value)
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

// dayLayouts are the spellings of a day that mean one day only.
var dayLayouts = []string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-1-2", "2006/1/2", "2006.1.2",
	"20060102",
	time.RFC3339, "2 January 2006", "2 Jan 2006", "2. January 2006", "2-Jan-2006", "2-January-2006", "January 2, 2006",
	"Jan 2, 2006", "January 2 2006", "Jan 2 2006", "Monday, 2 January 2006", "Monday, January 2, 2006"}

// typedDay reads a day as people and spreadsheets write it. 03/04/2026 is two days, and refused.
func typedDay(value string) (read, wrong string) {
	text := strings.Join(strings.Fields(value), " ")
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			if layout == time.RFC3339 {
				return text, ""
			}
			return day(t, layout), ""
		}
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= firstSerial && n < lastSerial {
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly), ""
	}
	if m := dayAndMonth.FindStringSubmatch(text); m != nil {
		one, _ := strconv.Atoi(m[1])
		two, _ := strconv.Atoi(m[2])
		switch {
		case one <= 12 && two <= 12 && one != two:
			return "", "it can be two days, as day and month can change places; write it as year-month-day, such as 2026-01-31"
		case two > 12:
			one, two = two, one
		}
		if t, err := time.Parse("2006-1-2", fmt.Sprintf("%s-%d-%d", m[3], two, one)); err == nil {
			return t.Format(time.DateOnly), ""
		}
	}
	return "", "this is no date; write it as year-month-day, such as 2026-01-31"
}

// Days as spreadsheets count them, from 1910 to 2119: what people enter, and no year, time or amount is taken for one.
const (
	firstSerial = 3654
	lastSerial  = 80354
)

var dayAndMonth = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$`)

// day is a day as it is kept; a time of day stays where one was written.
func day(t time.Time, layout string) string {
	if strings.Contains(layout, "15:04") {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format(time.DateOnly)
}

func because(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}
