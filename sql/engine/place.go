package engine

import (
	"ferry/internal/run"
	"fmt"
	"regexp"
	"strings"
)

func (m *model) grainLine() int { return m.headerLine(grainLine.MatchString) }

func (m *model) partsLine() int {
	return m.headerLine(func(line string) bool { return strings.HasPrefix(line, "parts:") })
}

func (m *model) headerLine(is func(string) bool) int {
	for i, line := range strings.Split(m.text, "\n") {
		if is(strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-"))) {
			return i + 1
		}
	}
	return 1
}

func (m *model) firstLine() int {
	if len(m.tokens) == 0 {
		return 1
	}
	return lineOf(m.text, m.tokens[0].at)
}

// lineSaying is the last line where a name stands, where a column usually gets it.
func (m *model) lineSaying(columnName string) int {
	line := m.firstLine()
	for _, t := range m.tokens {
		if isName(t) && strings.EqualFold(t.text, columnName) {
			line = lineOf(m.text, t.at)
		}
	}
	return line
}

// lineAt is the line of a position, of the last token before it when it is the end of the text.
func (m *model) lineAt(at int) int {
	if at < 0 {
		return 1
	}
	if last := m.tokens[len(m.tokens)-1]; at > last.at {
		at = last.at
	}
	return lineOf(m.text, at)
}

func (m *model) because(err error, line int, what string) *run.Problem {
	p := m.problem(line, "%s", what)
	p.Err = err
	return p
}

// withoutData blanks every quoted text and every longer number that the file itself does not hold.
func (m *model) withoutData(message string) string {
	return dataLike.ReplaceAllStringFunc(message, func(s string) string {
		bare := strings.Trim(s, `'"`)
		if strings.Contains(m.text, bare) {
			return s
		}
		if s[0] == '\'' || s[0] == '"' {
			return s[:1] + "…" + s[:1]
		}
		return "…"
	})
}

var dataLike = regexp.MustCompile(`'[^']*'|"[^"]*"|\d[\d.,:+-]{2,}`)

// problem puts a header's complaint at its place.
func (s source) problem(line int, format string, args ...any) *run.Problem {
	p := run.Problemf(s.where(line), format, args...)
	if t := lineText(s.text, line); line > 0 && t != "" {
		p.Excerpt = fmt.Sprintf("%d | %s", line, t)
	}
	return p.WithTry("%s", s.try())
}
