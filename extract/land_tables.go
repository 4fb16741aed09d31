package extract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ferry/extract/discovery"
	"ferry/extract/source"
	"ferry/extract/xtremepush"

	"ferry/extract/delimited"
	"ferry/extract/records"
)

// csv lands a delimited file. One that fits into the sample is taken apart whole, so that several tables
// and a footer are seen; of a larger one the sample tells how the rest is written.
func (l *landing) csv(ctx context.Context, t *tally, sample []byte, in io.Reader, whole bool) error {
	rest := in
	if drawn := t.source.Shape.Layout; !drawn.Plain() {
		if whole {
			in = strings.NewReader("")
		}
		var err error
		rest = drawn.Reader(io.MultiReader(bytes.NewReader(sample), in))
		if sample, whole, err = source.Sample(rest); errors.Is(err, source.ErrBomb) {
			return err
		} else if err != nil {
			l.cut(t, err)
		}
		t.note = discovery.JoinNotes(t.note, drawn.Said)
	}
	f := delimited.Analyse(source.WholeLines(sample, whole), t.source.Known())
	if len(f.Tables) == 0 || len(f.Tables[0].Header) == 0 && !t.source.Bare {
		return nil
	}
	switch drawn := t.source.Shape.Layout; {
	case drawn.Drawn:
		t.delim = drawn.Written
	case !t.source.Sheet():
		t.delim = f.D.Delimiter()
	}
	if f.D.Formulas() {
		t.note = discovery.JoinNotes(t.note, `cells written as ="text" are read as the text`)
	}
	t.misfit = misfit(f.Tables[0])
	t.nameless = discovery.Nameless(t.source, f.Tables[0])
	if f.Joined {
		t.note = discovery.JoinNotes(t.note, "two lines are read as one header")
	}
	if n := len(f.Preamble); n > 0 {
		t.note = discovery.JoinNotes(t.note,
			discovery.Counted(int64(n), "line before the header", "lines before the header"))
	}
	if !whole {
		first := f.Tables[0]
		start := len(sample)
		if len(first.Rows) > 0 {
			start, t.line = first.Rows[0].Start, first.Rows[0].Line
		}
		split := delimited.Splitter{D: f.D, MaxField: maxField, MaxLines: maxLines, Header: first.HeaderText,
			Repeated: &t.headers, Width: first.Width}
		how := newCSVRows(l, t.source, f.D, first)
		t.beside = how.besideSaid()
		t.columns, t.header = how.names(first)
		err := l.file(ctx, t, io.MultiReader(bytes.NewReader(sample[start:]), rest), split, how,
			dictionary(first, t.source.Entity))
		t.note = discovery.JoinNotes(t.note, discovery.JoinNotes(how.remark, how.another.Remark()))
		if line := how.astray.Load(); line > 0 {
			t.refuse(fmt.Sprintf("from line %d on its columns come in another order: put what follows into a file of its own",
				line))
		}
		return err
	}
	if n := len(f.Footer); n > 0 {
		t.note = discovery.JoinNotes(t.note, discovery.Counted(int64(n), "line after the data", "lines after the data"))
	}
	return l.tables(ctx, t, sample, f)
}

// misfit says how the header of a table does not fit its rows, if that is so of most of them.
func misfit(t delimited.Table) string {
	if !t.Misfit || len(t.Header) == 0 || len(t.Rows) == 0 {
		return ""
	}
	widths := map[int]int{}
	for _, r := range t.Rows {
		widths[len(r.Cells)]++
	}
	usual := slices.MaxFunc(slices.Sorted(maps.Keys(widths)),
		func(a, b int) int { return cmp.Compare(widths[a], widths[b]) })
	if usual == len(t.Header[0]) {
		return ""
	}
	return fmt.Sprintf("the header names %d columns and most rows have %d cells: put the header right", len(t.Header[0]),
		usual)
}

// Bounds of a quoted field: what is longer is taken for a quote that was never closed.
const (
	maxField = 1 << 20
	maxLines = 1000
)

// tables lands the tables of a text one after the other, each by its own header.
func (l *landing) tables(ctx context.Context, t *tally, text []byte, f delimited.Found) error {
	for i, tb := range f.Tables {
		part := &tally{source: t.source, seq: t.seq, sub: i}
		if i > 0 {
			if delimited.SameHeader(tb, f.Tables[0]) {
				t.repeated++
			} else if e, ok := tableEntity(t.source.Entity, tb); ok {
				part.source.Entity = e
			} else {
				tb.Header = nil
			}
		}
		b := &records.Block{Data: text, Record: t.records + 1}
		for _, r := range tb.Rows {
			if len(tb.Header) > 0 && delimited.SameCells(r.Cells, tb.Header[0]) {
				t.repeated++
				continue
			}
			b.Marks = append(b.Marks, records.Mark{Start: r.Start, End: r.Start + len(r.Text), Line: r.Line, Fault: r.Fault})
		}
		how := rows(strayRows{})
		if len(tb.Header) > 0 || i == 0 && t.source.Bare {
			table := newCSVRows(l, part.source, f.D, tb)
			how, part.note, table.first = table, table.remark, b.Record
			t.beside = discovery.JoinNotes(t.beside, table.besideSaid())
			if i == 0 {
				t.columns, t.header = table.names(tb)
			}
		}
		if err := l.whole(ctx, part, b, how, dictionary(tb, part.source.Entity)); err != nil {
			return err
		}
		t.add(part)
	}
	if further := int64(len(f.Tables)) - 1 - t.repeated; further > 0 {
		t.note = discovery.JoinNotes(t.note,
			discovery.Counted(further, "further table in the file", "further tables in the file"))
	}
	return nil
}

// tableEntity is the entity of a further table in a file: the file's own if its columns are there.
func tableEntity(own xtremepush.Entity, tb delimited.Table) (xtremepush.Entity, bool) {
	if len(tb.Header) == 0 {
		return own, false
	}
	headers := discovery.HeaderNames(tb)
	all := xtremepush.ByHeaders(headers)
	if xtremepush.Decided(all) {
		return all[0].Entity, true
	}
	return own, own.Missing(headers) == ""
}

// strayRows rejects the rows of a table that no entity has the columns of.
type strayRows struct{}

func (strayRows) land(b *records.Block, g *rowGroup) (outcome, error) {
	var out outcome
	for i, m := range b.Marks {
		out.rejects = append(out.rejects, reject{b.Record + int64(i), m.Line,
			"a further table in the file; what it holds is not known", rawText(b.Data[m.Start:m.End]), ""})
	}
	return out, nil
}

// dictionary says for which columns a dictionary pays: those whose values repeat in the sample.
func dictionary(tb delimited.Table, e xtremepush.Entity) []bool {
	pays := fixedDictionary(e)
	if len(tb.Header) == 0 {
		return pays
	}
	at := e.Match(discovery.HeaderNames(tb))
	for i, c := range at {
		if c < 0 {
			continue
		}
		seen, filled := map[string]bool{}, 0
		for _, r := range tb.Rows[:min(len(tb.Rows), 2000)] {
			if i < len(r.Cells) && len(r.Cells[i].Text) > 0 {
				filled++
				seen[string(r.Cells[i].Text)] = true
			}
		}
		pays[c] = len(seen)*3 <= filled
	}
	return pays
}
