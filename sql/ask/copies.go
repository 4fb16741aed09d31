package ask

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Copy writes our file of a table into the analyst's folder, with a note of which version it
// was, and gives its path. It never writes over a file.
func Copy(r model.Room, qualified, folder string) (string, error) {
	ours, err := model.Overlay(r.Shipped, nil)
	if err != nil {
		return "", err
	}
	s, err := model.Named(ours, qualified)
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, filepath.FromSlash(s.Path))
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return "", run.Problemf(path, "%s is yours already", qualified).WithTry("ferry sql diff --text %s", qualified).
			WithExit(run.ExitUsage)
	}
	return path, run.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, s.WithNote())
		return err
	})
}

// Diff shows how the analyst's file of a table differs from ours; without a name, all of theirs
// that replace ours.
func Diff(r model.Room, qualified string) (string, error) {
	chosen, err := model.Overlay(r.Shipped, r.Analyst)
	if err != nil {
		return "", err
	}
	if qualified != "" {
		s, err := model.Named(chosen, qualified)
		if err != nil {
			return "", err
		}
		if s.Replaces == "" {
			return "", run.Problemf(s.Where(0), "there are not two of it to compare").WithTry("ferry sql list").
				WithExit(run.ExitUsage)
		}
		chosen = []model.Source{s}
	}
	var b strings.Builder
	for _, s := range chosen {
		if s.Replaces == "" {
			continue
		}
		if s.Behind() {
			fmt.Fprintf(&b, "ours has changed since %s was copied: lines with - are ours as it is now\n", s.Path)
		}
		b.Write(diff.Diff("ours/"+s.Path, []byte(s.Replaces), "yours/"+s.Path, []byte(s.WithoutNote())))
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
func List(r model.Room) ([]Entry, error) {
	p, err := model.Parse(r)
	if err != nil {
		return nil, err
	}
	entry := func(s model.Source) Entry {
		e := Entry{Floor: s.Floor.Number, Table: s.Qualified(), File: "sql/" + s.Path, Whose: "ours", Kind: "list",
			Reads: []string{}, Behind: s.Behind()}
		if s.Yours {
			e.Whose = "yours"
		}
		if s.Replaces != "" {
			e.Whose = "yours, replaces ours"
		}
		return e
	}
	var all []Entry
	for _, s := range p.Settings {
		all = append(all, entry(s))
	}
	for _, m := range append(append([]*model.Model(nil), p.Models...), p.Off...) {
		e := entry(m.Source)
		e.Kind, e.Sentence, e.Severity, e.Off = m.Kind(), m.Sentence, m.Severity, m.Off
		for _, read := range m.Reads {
			e.Reads = append(e.Reads, read.Qualified())
		}
		all = append(all, e)
	}
	return all, nil
}
