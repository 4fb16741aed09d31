package main

import (
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// visible writes text for a terminal with every control character spelled out: names, answers of servers and file
// names come from strangers, and an escape sequence among them could rewrite what the engineer reads.
type visible struct{ to io.Writer }

// Write writes all of p, spelled out; it says that p was written, because the caller counts its own bytes.
func (v visible) Write(p []byte) (int, error) {
	if _, err := v.to.Write(spellOut(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// spellOut leaves text as it is, but for control characters (line ends and tabs apart), marks that turn the
// direction of writing, and bytes that are not UTF-8.
func spellOut(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		switch {
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, p[0])
		case r == '\n', r == '\t':
			out = append(out, byte(r))
		case isHidden(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, p[:size]...)
		}
		p = p[size:]
	}
	return out
}

func isHidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, delete, C1
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f: // direction
		return true
	}
	return false
}

// terminal is the file behind a writer, nil when it is none.
func terminal(w io.Writer) *os.File {
	if v, ok := w.(visible); ok {
		w = v.to
	}
	f, _ := w.(*os.File)
	return f
}
