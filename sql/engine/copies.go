package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"ferry/internal/run"
)

// Copy writes our file of a table into the analyst's folder, with a note of which version it
// was, and gives its path. It never writes over a file.
func Copy(r Room, qualified, folder string) (string, error) {
	ours, err := overlay(r.Shipped, nil)
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

// Diff shows how the analyst's file of a table differs from ours; without a name, all of theirs
// that replace ours.
func Diff(r Room, qualified string) (string, error) {
	chosen, err := overlay(r.Shipped, r.Analyst)
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
func List(r Room) ([]Entry, error) {
	p, err := readProject(r)
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
		for _, read := range m.reads {
			e.Reads = append(e.Reads, read.qualified())
		}
		all = append(all, e)
	}
	return all, nil
}
