package extract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"ferry/extract/discovery"
	"ferry/extract/xtremepush"
	"ferry/internal/run"

	"ferry/extract/jsontext"
	"ferry/extract/records"
	"ferry/extract/source"
)

// source lands one source. What is wrong with the source itself is written down in the tally; an error
// is something that stops the run.
func (l *landing) source(ctx context.Context, s discovery.Input, seq int) (*tally, error) {
	t := &tally{source: s, seq: seq, format: s.Shape.Format, coding: s.Shape.Coding, note: s.Note, line: 1}
	if s.Sheet() {
		t.format = "xlsx"
	}
	if s.State != source.ToLand {
		t.bytes = s.Size
		return t, nil
	}
	in, err := source.Open(s.File, l.options.rules().Source())
	if err != nil {
		t.refuse(source.CannotRead(err))
		return t, nil
	}
	defer in.Close()
	t.coded = in.Coding.Doubt
	t.read = func() int64 { return in.Stored }
	if twice := discovery.Twice(s.Entity, s.Shape.Headers); twice != "" {
		t.note = discovery.JoinNotes(t.note, twice)
		l.options.Events.Send(run.Event{Stage: "extract", Kind: run.Warning, Subject: s.Name, Text: twice})
	}
	sample, whole, err := source.Sample(in)
	if err != nil && len(sample) == 0 {
		t.refuse("the file cannot be read: " + err.Error())
		return t, nil
	}
	if errors.Is(err, source.ErrBomb) {
		t.refuse(source.ErrBomb.Error())
		return t, nil
	}
	if err != nil {
		l.cut(t, err)
	}
	var after io.Reader = in
	if whole {
		after = strings.NewReader("")
	}
	rest := io.MultiReader(bytes.NewReader(sample), after)
	switch s.Shape.Format {
	case "csv":
		err = l.csv(ctx, t, sample, in, whole)
	case "ndjson":
		err = l.file(ctx, t, rest, jsontext.Lines{}, newJSONRows(l, s, s.Implied),
			jsonDictionary(s.Entity, sample, jsontext.Lines{}))
	case "json":
		at := jsontext.Wrapped(sample[jsontext.SkipSpace(sample, 0):])
		head := sample[:jsontext.SkipSpace(sample, 0)+at]
		t.line += records.Lines(head)
		split := jsontext.NewObjects(head[len(head)-at:], s.Shape.Keyed)
		err = l.file(ctx, t, io.MultiReader(bytes.NewReader(sample[len(head):]), after), split, newJSONRows(l, s, s.Implied),
			jsonDictionary(s.Entity, sample[len(head):], &jsontext.Objects{}))
	}
	if err == nil || errors.Is(err, source.ErrBomb) {
		_, _ = io.Copy(io.Discard, in) // so that the digest is that of the whole file
	}
	t.bytes, t.sha256 = in.Stored, in.Sum()
	if n := in.Hidden(); n > 0 {
		t.note = discovery.JoinNotes(t.note, discovery.Counted(int64(n),
			"row that the spreadsheet hides is read like the others",
			"rows that the spreadsheet hides are read like the others"))
	}
	if n := in.Unsolved(); n > 0 {
		t.unsolved = discovery.Counted(int64(n), "cell is", "cells are") + " empty, as the spreadsheet does not hold what " +
			"the formulas in them come to: open it in a spreadsheet program, save it, and extract again"
	}
	if errors.Is(err, source.ErrBomb) {
		t.refuse(source.ErrBomb.Error())
		return t, nil
	}
	if err == nil {
		t.changed()
		t.compare()
	}
	return t, err
}

// changed refuses a file that grew or was replaced while it was read.
func (t *tally) changed() {
	info, err := os.Stat(t.source.Path)
	if err != nil || !info.ModTime().Equal(t.source.Mtime) || t.source.Member == "" && info.Size() != t.source.Size {
		t.refuse("the file changed while it was read; wait until it is complete and extract again")
	}
}

func (t *tally) refuse(why string) {
	t.source.Refuse(why)
	t.note = discovery.JoinNotes(t.note, why)
}

// fixedDictionary is for the columns that have one value in all of a file: _file and _landed_at.
func fixedDictionary(e xtremepush.Entity) []bool {
	pays := make([]bool, len(e.Columns)+5)
	pays[len(e.Columns)+1], pays[len(e.Columns)+4] = true, true
	return pays
}

// jsonDictionary says the same for objects.
func jsonDictionary(e xtremepush.Entity, sample []byte, split records.Splitter) []bool {
	pays := fixedDictionary(e)
	seen, filled := make([]map[string]bool, len(e.Columns)), make([]int, len(e.Columns))
	places := map[string]int{}
	for at, n := 0, 0; at < len(sample) && n < 1000; n++ {
		s, ok := split.Span(sample[at:], false)
		if !ok {
			break
		}
		found, _, err := jsontext.Members(sample[at+s.Start:at+s.End], nil, nil, nil)
		for _, m := range found {
			c, known := places[string(m.Key)]
			if !known {
				c, _ = e.Column(string(m.Key))
				places[string(m.Key)] = c
			}
			if c < 0 || err != nil {
				continue
			}
			if seen[c] == nil {
				seen[c] = map[string]bool{}
			}
			filled[c]++
			seen[c][string(m.Value)] = true
		}
		at += s.Next
	}
	for c, n := range filled {
		pays[c] = n > 0 && len(seen[c])*3 <= n
	}
	return pays
}

// problems collects what is wrong with sources into one problem, or nil.
func problems(tallies []*tally, strict bool) error {
	var first *run.Problem
	more := 0
	for _, t := range tallies {
		if t.source.State != source.Refused && !(strict && t.source.State == source.Unplaced) {
			continue
		}
		if first == nil {
			first = run.Problemf(t.source.Name, "%s", t.source.Note)
			continue
		}
		more++
		first.What += fmt.Sprintf("\n    %s: %s", t.source.Name, t.source.Note)
	}
	if first == nil {
		return nil
	}
	named, _, _ := xtremepush.ByFileName(strings.TrimSuffix(path.Base(first.Where), path.Ext(first.Where)))
	return first.WithTry("correct the file, or say in ferry.yaml what it is (source.files: {%q: %s}) or that "+
		"it is to be left out (source.files: {%q: ignore}). The other files landed, but the run is not complete",
		first.Where, cmp.Or(named.Name, "user_profiles"), first.Where)
}
