package extract

import (
	"bytes"
	"context"
	"io"

	"ferry/extract/xtremepush"
)

// csv lands a delimited file. One that fits into the sample is taken apart whole, so that several tables
// and a footer are seen; of a larger one the sample tells how the rest is written.
func (l *landing) csv(ctx context.Context, t *tally, sample []byte, in io.Reader, whole bool) error {
	f := analyse(sampleLines(sample, whole), knownHeader)
	if len(f.tables) == 0 || len(f.tables[0].header) == 0 && !t.source.byHand {
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
		how := newCSVRows(l, t.source, f.d, first)
		t.source.columns, t.source.header = how.names(first)
		err := l.file(ctx, t, io.MultiReader(bytes.NewReader(sample[start:]), in), split, how, first.dictionary(t.source.entity))
		t.note = joinNotes(t.note, joinNotes(how.remark, how.another.remark()))
		return err
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
		how := rows(strayRows{})
		if len(tb.header) > 0 || i == 0 && t.source.byHand {
			table := newCSVRows(l, part.source, f.d, tb)
			how, part.note, table.first = table, table.remark, b.record
			if i == 0 {
				t.source.columns, t.source.header = table.names(tb)
			}
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
	return len(a.header) > 0 && len(b.header) > 0 && sameCells(a.header[0], b.header[0])
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
