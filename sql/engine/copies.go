package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"ferry/internal/run"
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

// warn says once in a run which of the analyst's files were copied from a version of ours that
// has changed since.
func (p *project) warn(events run.Events) {
	for _, s := range p.sources() {
		if !s.behind() {
			continue
		}
		events.Send(run.Event{Stage: stage, Kind: run.Warning, Subject: s.qualified(),
			Text: fmt.Sprintf("sql/%s was copied from ours, and ours has changed since: ferry sql diff --text %s", s.path,
				s.qualified())})
	}
}

// sources are all files, models and lists.
func (p *project) sources() []source {
	all := append([]source(nil), p.settings...)
	for _, m := range append(append([]*model(nil), p.models...), p.off...) {
		all = append(all, m.source)
	}
	return all
}

// named gives a file by its qualified name, or a Problem with a suggestion.
func named(sources []source, qualified string) (source, error) {
	var known []string
	for _, s := range sources {
		if s.qualified() == qualified {
			return s, nil
		}
		known = append(known, s.qualified())
	}
	return source{}, run.Problemf("", "there is no %s.%s", qualified, run.DidYouMean(qualified, known)).
		WithTry("ferry sql list").WithExit(run.ExitUsage)
}

// Copy writes our file of a table into the analyst's folder, with a note of which version it
// was, and gives its path. It never writes over a file.
func Copy(o Options, qualified, folder string) (string, error) {
	ours, err := overlay(o.Shipped, nil)
	if err != nil {
		return "", err
	}
	s, err := named(ours, qualified)
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, filepath.FromSlash(s.path))
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return "", run.Problemf(path, "%s is yours already", qualified).WithTry("ferry sql diff --text %s", qualified).
			WithExit(run.ExitUsage)
	}
	return path, run.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, s.withNote())
		return err
	})
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

// Diff shows how the analyst's file of a table differs from ours; without a name, all of theirs
// that replace ours.
func Diff(o Options, qualified string) (string, error) {
	chosen, err := overlay(o.Shipped, o.Analyst)
	if err != nil {
		return "", err
	}
	if qualified != "" {
		s, err := named(chosen, qualified)
		if err != nil {
			return "", err
		}
		if s.replaces == "" {
			return "", run.Problemf(s.where(0), "there are not two of it to compare").WithTry("ferry sql list").
				WithExit(run.ExitUsage)
		}
		chosen = []source{s}
	}
	var b strings.Builder
	for _, s := range chosen {
		if s.replaces == "" {
			continue
		}
		if s.behind() {
			fmt.Fprintf(&b, "ours has changed since %s was copied: lines with - are ours as it is now\n", s.path)
		}
		b.Write(diff.Diff("ours/"+s.path, []byte(s.replaces), "yours/"+s.path, []byte(s.withoutNote())))
	}
	return b.String(), nil
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

// Entry is one file as `ferry sql list` shows it.
type Entry struct {
	Floor    int      `json:"floor"`
	Table    string   `json:"table"`
	File     string   `json:"file"`
	Whose    string   `json:"whose"` // ours, yours, "yours, replaces ours"
	Kind     string   `json:"kind"`  // list, table, view, check
	Reads    []string `json:"reads"`
	Sentence string   `json:"sentence"`
	Severity string   `json:"severity,omitempty"`
	Off      string   `json:"off,omitempty"` // why a check is switched off
	Behind   bool     `json:"behind"`        // copied from a version of ours that has changed since
}

// List gives every file in building order.
func List(o Options) ([]Entry, error) {
	p, err := readProject(o)
	if err != nil {
		return nil, err
	}
	entry := func(s source) Entry {
		e := Entry{Floor: s.floor.number, Table: s.qualified(), File: "sql/" + s.path, Whose: "ours", Kind: "list",
			Reads: []string{}, Behind: s.behind()}
		if s.yours {
			e.Whose = "yours"
		}
		if s.replaces != "" {
			e.Whose = "yours, replaces ours"
		}
		return e
	}
	var all []Entry
	for _, s := range p.settings {
		all = append(all, entry(s))
	}
	for _, m := range append(append([]*model(nil), p.models...), p.off...) {
		e := entry(m.source)
		e.Kind, e.Sentence, e.Severity, e.Off = m.kind(), m.sentence, m.severity, m.off
		for _, r := range m.reads {
			e.Reads = append(e.Reads, r.qualified())
		}
		all = append(all, e)
	}
	return all, nil
}

func (m *model) kind() string {
	switch {
	case m.floor.schema == checksSchema:
		return "check"
	case m.header.view:
		return "view"
	}
	return "table"
}
