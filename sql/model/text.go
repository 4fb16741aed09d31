package model

import "strings"

type tokenKind int

const (
	Word   tokenKind = iota // a name or keyword, lower case
	quoted                  // a "quoted name", as it stands between the quotes
	text                    // a 'string'
	Symbol                  // anything else that is not a comment
)

// token is one piece of a SELECT; comments and white space are not tokens.
type token struct {
	Kind tokenKind
	Text string
	At   int // byte offset in the file
}

// Scan cuts SQL into tokens. It never fails: what cannot be read is a symbol, and DuckDB's own
// parser says what is wrong with it.
func Scan(sql string) []token {
	var tokens []token
	for i := 0; i < len(sql); {
		kind, end := scanOne(sql, i)
		if kind >= 0 {
			tokens = append(tokens, newToken(kind, sql[i:end], i))
		}
		i = end
	}
	return tokens
}

const nothing tokenKind = -1

func scanOne(sql string, i int) (tokenKind, int) {
	c := sql[i]
	rest := sql[i:]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
		return nothing, i + 1
	case strings.HasPrefix(rest, "--"):
		return nothing, i + lineEnd(rest)
	case strings.HasPrefix(rest, "/*"):
		return nothing, i + blockEnd(rest)
	case (c == 'e' || c == 'E') && strings.HasPrefix(rest[1:], "'"):
		return text, i + 1 + quoteEnd(rest[1:], '\'', true)
	case c == '\'':
		return text, i + quoteEnd(rest, '\'', false)
	case c == '"':
		return quoted, i + quoteEnd(rest, '"', false)
	case c == '$':
		if n := dollarEnd(rest); n > 0 {
			return text, i + n
		}
		return Symbol, i + 1
	case isWordStart(c):
		n := 1
		for n < len(rest) && (isWordStart(rest[n]) || rest[n] >= '0' && rest[n] <= '9' || rest[n] == '$') {
			n++
		}
		return Word, i + n
	case c >= '0' && c <= '9':
		n := 1
		for n < len(rest) && (isWordStart(rest[n]) || rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		return Symbol, i + n
	default:
		return Symbol, i + 1
	}
}

func newToken(kind tokenKind, raw string, at int) token {
	switch kind {
	case Word:
		raw = strings.ToLower(raw)
	case quoted:
		raw = strings.ReplaceAll(strings.TrimSuffix(raw[1:], `"`), `""`, `"`)
	}
	return token{Kind: kind, Text: raw, At: at}
}

func isWordStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func lineEnd(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n + 1
	}
	return len(s)
}

// blockEnd is the length of a block comment; they nest, as in DuckDB.
func blockEnd(s string) int {
	depth := 0
	for i := 0; i < len(s)-1; i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// quoteEnd is the length of a quoted text with its quotes; a doubled quote does not end it.
func quoteEnd(s string, q byte, backslash bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case backslash && s[i] == '\\':
			i++
		case s[i] == q && i+1 < len(s) && s[i+1] == q:
			i++
		case s[i] == q:
			return i + 1
		}
	}
	return len(s)
}

// dollarEnd is the length of a $tag$…$tag$ string, or 0 when this is none.
func dollarEnd(s string) int {
	n := 1
	for n < len(s) && (isWordStart(s[n]) || n > 1 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	if n >= len(s) || s[n] != '$' {
		return 0
	}
	tag := s[:n+1]
	if end := strings.Index(s[n+1:], tag); end >= 0 {
		return n + 1 + end + len(tag)
	}
	return len(s)
}

// LineOf is the line number of a byte offset, from 1.
func LineOf(s string, at int) int {
	return 1 + strings.Count(s[:min(at, len(s))], "\n")
}

// lineText is a line of a text, from 1, without its end.
func lineText(s string, line int) string {
	lines := strings.Split(s, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[line-1], "\r")
}
