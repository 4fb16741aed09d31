package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// source lands one source. What is wrong with the source itself is written down in the tally; an error
// is something that stops the run.
func (l *landing) source(ctx context.Context, s source, seq int) (*tally, error) {
	t := &tally{source: s, seq: seq, format: s.shape.format, coding: s.shape.coding, note: s.note, line: 1}
	if s.state != toLand {
		t.bytes = s.size
		return t, nil
	}
	in, err := openSource(s, l.options)
	if err != nil {
		t.refuse("the file cannot be read: " + err.Error())
		return t, nil
	}
	defer in.Close()
	t.read = func() int64 { return in.read }
	sample, whole, err := sampleOf(in)
	if err != nil && len(sample) == 0 {
		t.refuse("the file cannot be read: " + err.Error())
		return t, nil
	}
	if errors.Is(err, errBomb) {
		t.refuse(errBomb.Error())
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
	switch s.shape.format {
	case "csv":
		err = l.csv(ctx, t, sample, in, whole)
	case "ndjson":
		err = l.file(ctx, t, rest, lineSplitter{}, newJSONRows(l, s, nil), jsonDictionary(s.entity, sample, lineSplitter{}))
	case "json":
		at := wrapped(sample[skipSpace(sample, 0):])
		head := sample[:skipSpace(sample, 0)+at]
		t.line += lines(head)
		err = l.file(ctx, t, io.MultiReader(bytes.NewReader(sample[len(head):]), after), &jsonSplitter{wrapped: at > 0}, newJSONRows(l, s, nil), jsonDictionary(s.entity, sample[len(head):], &jsonSplitter{}))
	}
	if err == nil || errors.Is(err, errBomb) {
		_, _ = io.Copy(io.Discard, in) // so that the digest is that of the whole file
	}
	t.bytes, t.sha256 = in.read, in.sum()
	if errors.Is(err, errBomb) {
		t.refuse(errBomb.Error())
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
	info, err := os.Stat(t.source.path)
	if err != nil || !info.ModTime().Equal(t.source.mtime) || t.source.member == "" && info.Size() != t.source.size {
		t.refuse("the file changed while it was read; wait until it is complete and extract again")
	}
}

func (t *tally) refuse(why string) {
	t.source.refuse(why)
	t.note = joinNotes(t.note, why)
}

// csv lands a delimited file. One that fits into the sample is taken apart whole, so that several tables
// and a footer are seen; of a larger one the sample tells how the rest is written.
func (l *landing) csv(ctx context.Context, t *tally, sample []byte, in io.Reader, whole bool) error {
	f := analyse(sampleLines(sample, whole), knownHeader)
	if len(f.tables) == 0 || len(f.tables[0].header) == 0 {
		return nil
	}
	t.delim = string(f.d.delim)
	if n := len(f.preamble); n > 0 {
		t.note = joinNotes(t.note, counted(int64(n), "line before the header", "lines before the header"))
	}
	if !whole {
		first := f.tables[0]
		start := len(sample)
		if len(first.rows) > 0 {
			start, t.line = first.rows[0].start, first.rows[0].line
		}
		split := csvSplitter{d: f.d, maxField: maxField, maxLines: maxLines, header: first.headerText, repeated: &t.headers}
		return l.file(ctx, t, io.MultiReader(bytes.NewReader(sample[start:]), in), split, newCSVRows(l, t.source, f.d, first), first.dictionary(t.source.entity))
	}
	if n := len(f.footer); n > 0 {
		t.note = joinNotes(t.note, counted(int64(n), "line after the data", "lines after the data"))
	}
	return l.tables(ctx, t, sample, f)
}

// Bounds of a quoted field: what is longer is taken for a quote that was never closed.
const (
	maxField = 1 << 20
	maxLines = 1000
)

// tables lands the tables of a text one after the other, each by its own header.
func (l *landing) tables(ctx context.Context, t *tally, text []byte, f found) error {
	for i, tb := range f.tables {
		part := &tally{source: t.source, seq: t.seq, sub: i}
		if i > 0 {
			if sameHeader(tb, f.tables[0]) {
				t.repeated++
			} else if e, ok := tableEntity(t.source.entity, tb); ok {
				part.source.entity = e
			} else {
				tb.header = nil
			}
		}
		b := &block{data: text, record: t.records + 1}
		for _, r := range tb.rows {
			if len(tb.header) > 0 && sameCells(r.cells, tb.header[0]) {
				t.repeated++
				continue
			}
			b.marks = append(b.marks, mark{r.start, r.start + len(r.text), r.line, r.fault})
		}
		how := rows(newCSVRows(l, part.source, f.d, tb))
		if len(tb.header) == 0 {
			how = strayRows{}
		}
		if err := l.whole(ctx, part, b, how, tb.dictionary(part.source.entity)); err != nil {
			return err
		}
		t.add(part)
	}
	if further := int64(len(f.tables)) - 1 - t.repeated; further > 0 {
		t.note = joinNotes(t.note, counted(further, "further table in the file", "further tables in the file"))
	}
	return nil
}

// sameHeader says whether a further table is the first one going on below its header once more.
func sameHeader(a, b table) bool {
	return len(a.header) > 0 && sameCells(a.header[0], b.header[0])
}

// tableEntity is the entity of a further table in a file: the file's own if its columns are there.
func tableEntity(own xtremepush.Entity, tb table) (xtremepush.Entity, bool) {
	if len(tb.header) == 0 {
		return own, false
	}
	headers := texts(tb.header[0])
	all := xtremepush.ByHeaders(headers)
	if xtremepush.Decided(all) {
		return all[0].Entity, true
	}
	return own, own.Missing(headers) == ""
}

// strayRows rejects the rows of a table that no entity has the columns of.
type strayRows struct{}

func (strayRows) land(b *block, g *rowGroup) (outcome, error) {
	var out outcome
	for i, m := range b.marks {
		out.rejects = append(out.rejects, reject{b.record + int64(i), m.line, "a further table in the file, of no known entity", rawText(b.data[m.start:m.end])})
	}
	return out, nil
}

// dictionary says for which columns a dictionary pays: those whose values repeat in the sample.
func (tb table) dictionary(e xtremepush.Entity) []bool {
	pays := fixedDictionary(e)
	if len(tb.header) == 0 {
		return pays
	}
	at := e.Match(texts(tb.header[0]))
	for i, c := range at {
		if c < 0 {
			continue
		}
		seen, filled := map[string]bool{}, 0
		for _, r := range tb.rows[:min(len(tb.rows), 2000)] {
			if i < len(r.cells) && len(r.cells[i].text) > 0 {
				filled++
				seen[string(r.cells[i].text)] = true
			}
		}
		pays[c] = len(seen)*3 <= filled
	}
	return pays
}

// fixedDictionary is for the columns that have one value in all of a file: _file and _landed_at.
func fixedDictionary(e xtremepush.Entity) []bool {
	pays := make([]bool, len(e.Columns)+5)
	pays[len(e.Columns)+1], pays[len(e.Columns)+4] = true, true
	return pays
}

// jsonDictionary says the same for objects.
func jsonDictionary(e xtremepush.Entity, sample []byte, split splitter) []bool {
	pays := fixedDictionary(e)
	seen, filled := make([]map[string]bool, len(e.Columns)), make([]int, len(e.Columns))
	places := map[string]int{}
	for at, n := 0, 0; at < len(sample) && n < 1000; n++ {
		s, ok := split.span(sample[at:], false)
		if !ok {
			break
		}
		found, _, err := members(sample[at+s.start:at+s.end], nil, nil, nil)
		for _, m := range found {
			c, known := places[string(m.key)]
			if !known {
				c, _ = e.Column(string(m.key))
				places[string(m.key)] = c
			}
			if c < 0 || err != nil {
				continue
			}
			if seen[c] == nil {
				seen[c] = map[string]bool{}
			}
			filled[c]++
			seen[c][string(m.value)] = true
		}
		at += s.next
	}
	for c, n := range filled {
		pays[c] = n > 0 && len(seen[c])*3 <= n
	}
	return pays
}

// problems collects what is wrong with sources into one problem, or nil.
func problems(tallies []*tally) error {
	var first *run.Problem
	more := 0
	for _, t := range tallies {
		if t.source.state != refused {
			continue
		}
		if first == nil {
			first = run.Problemf(t.source.name, "%s", t.source.note)
			continue
		}
		more++
		first.What += fmt.Sprintf("\n    %s: %s", t.source.name, t.source.note)
	}
	if first == nil {
		return nil
	}
	return first.WithTry("correct the file, or say in ferry.yaml what it is (source.files: {%q: user_profiles}) or that it is to be left out (source.files: {%q: ignore}). The other files landed, but the run is not complete", first.Where, first.Where)
}
