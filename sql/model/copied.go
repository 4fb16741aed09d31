package model

import (
	"regexp"
	"strings"
)

// copiedNote marks the first line of a list copied from ours; in a SELECT it is a statement of
// the header.
const copiedNote = "# copied:"

var copiedLine = regexp.MustCompile(`(?m)^\s*--\s*copied:\s*(\S+)`)

// takeNote finds the digest a file was copied from; in a list it takes the line out of the way.
func (s *Source) takeNote() {
	if s.Floor.Number > 0 {
		if m := copiedLine.FindStringSubmatch(s.Text); m != nil {
			s.copied = m[1]
		}
		return
	}
	if rest, ok := strings.CutPrefix(s.Text, copiedNote); ok {
		line, rest, _ := strings.Cut(rest, "\n")
		s.copied = strings.Trim(strings.TrimSpace(line), `,;"`)
		s.Text = "\n" + rest
	}
}

// ours is the shipped file that an analyst's file replaces.
func (s Source) ours() Source {
	return Source{Floor: s.Floor, Name: s.Name, Path: s.Path, Text: s.Replaces}
}

// shortDigest is enough of a digest to tell two versions of a file apart.
func (s Source) shortDigest() string { return s.digest()[:16] }

// Behind is true for an analyst's copy whose original has changed since.
func (s Source) Behind() bool {
	return s.Replaces != "" && s.copied != "" && s.copied != s.ours().shortDigest()
}

// WithNote is a file with the digest of its shipped version in it.
func (s Source) WithNote() string {
	if s.Floor.Number == 0 {
		return copiedNote + " " + s.shortDigest() + "\n" + s.Text
	}
	lines := strings.SplitAfter(s.Text, "\n")
	at := 0
	for at < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[at]), "--") {
		at++
	}
	return strings.Join(lines[:at], "") + "-- copied: " + s.shortDigest() + "\n" + strings.Join(lines[at:], "")
}

func (s Source) WithoutNote() string {
	if s.Floor.Number == 0 {
		return strings.TrimPrefix(s.Text, "\n")
	}
	var b strings.Builder
	for _, line := range strings.SplitAfter(s.Text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "-- copied:") {
			b.WriteString(line)
		}
	}
	return b.String()
}
