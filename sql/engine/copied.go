package engine

import (
	"regexp"
	"strings"
)

// copiedNote marks the first line of a list copied from ours; in a SELECT it is a statement of
// the header.
const copiedNote = "# copied:"

var copiedLine = regexp.MustCompile(`(?m)^\s*--\s*copied:\s*(\S+)`)

// takeNote finds the digest a file was copied from; in a list it takes the line out of the way.
func (s *source) takeNote() {
	if s.floor.number > 0 {
		if m := copiedLine.FindStringSubmatch(s.text); m != nil {
			s.copied = m[1]
		}
		return
	}
	if rest, ok := strings.CutPrefix(s.text, copiedNote); ok {
		line, rest, _ := strings.Cut(rest, "\n")
		s.copied = strings.Trim(strings.TrimSpace(line), `,;"`)
		s.text = "\n" + rest
	}
}

// ours is the shipped file that an analyst's file replaces.
func (s source) ours() source {
	return source{floor: s.floor, name: s.name, path: s.path, text: s.replaces}
}

// shortDigest is enough of a digest to tell two versions of a file apart.
func (s source) shortDigest() string { return s.digest()[:16] }

// behind is true for an analyst's copy whose original has changed since.
func (s source) behind() bool {
	return s.replaces != "" && s.copied != "" && s.copied != s.ours().shortDigest()
}

// withNote is a file with the digest of its shipped version in it.
func (s source) withNote() string {
	if s.floor.number == 0 {
		return copiedNote + " " + s.shortDigest() + "\n" + s.text
	}
	lines := strings.SplitAfter(s.text, "\n")
	at := 0
	for at < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[at]), "--") {
		at++
	}
	return strings.Join(lines[:at], "") + "-- copied: " + s.shortDigest() + "\n" + strings.Join(lines[at:], "")
}

func (s source) withoutNote() string {
	if s.floor.number == 0 {
		return strings.TrimPrefix(s.text, "\n")
	}
	var b strings.Builder
	for _, line := range strings.SplitAfter(s.text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "-- copied:") {
			b.WriteString(line)
		}
	}
	return b.String()
}
