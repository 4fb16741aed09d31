package reports

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ferry/internal/run"
	"ferry/reports/books"
	"ferry/reports/letters"
)

// maxExact is the largest whole number a cell can hold without losing digits.
const maxExact = 1 << 53

// maxCell is what fits in a cell.
const maxCell = 32_000

// show turns a value of a table into what a cell holds.
func show(v any, words map[string]string) any {
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		if w, ok := words[x]; ok {
			return w
		}
		return printable(x)
	case bool:
		if x {
			return "yes"
		}
		return "no"
	case int64:
		if x > maxExact || x < -maxExact {
			return strconv.FormatInt(x, 10)
		}
		return x
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return x
	case time.Time:
		if x.Year() < 1900 || x.Year() > 9999 { // beyond what a cell can hold as a date
			return x.Format("2006-01-02 15:04")
		}
		return x
	case []string:
		return printable(strings.Join(x, ", "))
	default:
		return nil
	}
}

// printable takes out what a workbook cannot hold, visibly, and cuts what is too long.
func printable(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case r < ' ' && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, s)
	if len(s) > maxCell {
		cut := maxCell
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + " … (cut)"
	}
	return s
}

// formatOf is how values of a type look unless the sheet says otherwise.
func formatOf(t run.Type) string {
	switch t {
	case run.Bigint:
		return "number"
	case run.Double:
		return "decimal"
	case run.Date:
		return "date"
	case run.Timestamptz:
		return "time"
	default:
		return ""
	}
}

// breadth is how many characters wide a value is on screen.
func breadth(v any) int {
	switch x := v.(type) {
	case string:
		longest := 0.0
		for l := range strings.SplitSeq(x, "\n") {
			longest = max(longest, letters.Room(l))
		}
		return int(math.Ceil(longest))
	case int64:
		n := len(strconv.FormatInt(x, 10))
		return n + n/3
	case float64:
		return len(strconv.FormatFloat(x, 'f', 2, 64))
	case time.Time:
		return 16
	default:
		return 0
	}
}

// isSnake says whether a text is a name in a program: two words or more, tied by underscores.
func isSnake(s string) bool {
	return strings.Contains(s, "_") && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// inWords makes a column or entity name readable: "loyalty_tier" is "Loyalty tier".
func inWords(name string) string { return printable(books.InWords(name)) }

// sentence begins a text with a capital letter.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return printable(strings.ToUpper(string(r)) + s[n:])
}
