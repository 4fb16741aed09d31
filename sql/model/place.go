package model

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"ferry/internal/run"
)

func (m *Model) GrainLine() int { return m.headerLine(grainLine.MatchString) }

func (m *Model) PartsLine() int {
	return m.headerLine(func(line string) bool { return strings.HasPrefix(line, "parts:") })
}

func (m *Model) headerLine(is func(string) bool) int {
	for i, line := range strings.Split(m.Text, "\n") {
		if is(strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-"))) {
			return i + 1
		}
	}
	return 1
}

func (m *Model) FirstLine() int {
	if len(m.Tokens) == 0 {
		return 1
	}
	return LineOf(m.Text, m.Tokens[0].At)
}

// LineSaying is the last line where a name stands, where a column usually gets it.
func (m *Model) LineSaying(columnName string) int {
	line := m.FirstLine()
	for _, t := range m.Tokens {
		if isName(t) && strings.EqualFold(t.Text, columnName) {
			line = LineOf(m.Text, t.At)
		}
	}
	return line
}

// LineAt is the line of a position, of the last token before it when it is the end of the text.
func (m *Model) LineAt(at int) int {
	if at < 0 {
		return 1
	}
	if last := m.Tokens[len(m.Tokens)-1]; at > last.At {
		at = last.At
	}
	return LineOf(m.Text, at)
}

func (m *Model) Because(err error, line int, what string) *run.Problem {
	p := m.Problem(line, "%s", what)
	p.Err = err
	return p
}

// WithoutData blanks every quoted text and every longer number that the file itself does not hold.
func (m *Model) WithoutData(message string) string {
	return dataLike.ReplaceAllStringFunc(message, func(s string) string {
		bare := strings.Trim(s, `'"`)
		if strings.Contains(m.Text, bare) {
			return s
		}
		if s[0] == '\'' || s[0] == '"' {
			return s[:1] + "…" + s[:1]
		}
		return "…"
	})
}

var dataLike = regexp.MustCompile(`'[^']*'|"[^"]*"|\d[\d.,:+-]{2,}`)

// Problem puts a header's complaint at its place.
func (s Source) Problem(line int, format string, args ...any) *run.Problem {
	p := run.Problemf(s.Where(line), format, args...)
	if t := lineText(cmp.Or(s.written, s.Text), line); line > 0 && t != "" {
		p.Excerpt = fmt.Sprintf("%d | %s", line, t)
	}
	return p.WithTry("%s", s.try())
}
