package delimited

import (
	"bytes"

	"ferry/extract/records"
)

// sniffRecords is how many records of a sample are enough to tell its dialect.
const sniffRecords = 500

// sniffSize is how much of a text is looked at to tell its dialect.
const sniffSize = 1 << 20

var (
	delimiters = []byte{',', ';', '\t', '|', ' ', ':', '^', '~', 0x1f}
	// likely says how probable a delimiter is before looking; order is that of delimiters.
	likely = []float64{1, 1, 1, 1, 0.75, 0.5, 0.5, 0.5, 0.9}
)

// sniffed is what a sample says about how a file is written.
type sniffed struct {
	d     Dialect
	width int // most usual number of cells
	score float64
}

// single stands for the delimiter of a file that has one column. Its cells are read as if a comma were.
const single = 0xff

// none is the delimiter of text that stands by itself in its lines, whatever signs are in it: no UTF-8 has this byte.
const none = 0xff

// sniff finds the dialect in which the sample makes the most regular and best typed table. The delimiter
// may be settled already; 0: it is not.
func sniff(sample []byte, settled byte) sniffed {
	eol := lineEnd(sample)
	best := sniffed{d: Dialect{Delim: ',', Quote: '"', eol: eol}, width: 1}
	if settled != 0 && settled != single {
		best.d.Delim = settled
	}
	for i, delim := range delimiters {
		if bytes.IndexByte(sample, delim) < 0 || settled != 0 && settled != delim {
			continue
		}
		for _, quote := range quotesIn(sample, delim, eol) {
			d := Dialect{Delim: delim, Quote: quote, eol: eol, pad: delim != ' ' && padded(sample, delim, quote),
				formulas: quote == '"' && hasFormulas(sample, delim, eol)}
			found := tryDialect(sample, d)
			if quote != 0 && bytes.Contains(sample, []byte{'\\', quote}) {
				d.escape = '\\'
				if f := tryDialect(sample, d); f.score >= found.score && escapes(sample, quote, delim, eol) {
					found = f
				}
			}
			found.score *= likely[i]
			if found.score > best.score+1e-9 {
				best = found
			}
		}
	}
	if settled == 0 && freeText(sample, best.d) {
		return sniffed{d: Dialect{Delim: none, Quote: '"', eol: eol}, width: 1}
	}
	if bytes.Contains(sample, []byte{'\\', eol}) || bytes.Contains(sample, []byte("\\\r\n")) {
		best = best.orBetter(sample, func(d *Dialect) { d.joins = true })
	}
	if bytes.Contains(sample, []byte{'\\', best.d.Delim}) {
		best = best.orBetter(sample, func(d *Dialect) { d.slash = true })
	}
	return best
}

// orBetter is what the sample makes in a dialect that is changed, if that is better.
func (s sniffed) orBetter(sample []byte, change func(*Dialect)) sniffed {
	d := s.d
	change(&d)
	if other := tryDialect(sample, d); other.score > tryDialect(sample, s.d).score {
		other.score = s.score
		return other
	}
	return s
}

// freeText says whether a delimiter that was found is none, but part of sentences: the first line, the name of the only
// column, has none, the others have it now and then, and a blank stands behind it.
func freeText(sample []byte, d Dialect) bool {
	if d.Delim != ',' && d.Delim != ';' && d.Delim != ':' && d.Delim != ' ' {
		return false
	}
	d.pad = false // whether a blank follows is the question
	lines := bytes.FieldsFunc(sample, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) < 3 || bytes.IndexByte(bytes.TrimSpace(lines[0]), d.Delim) >= 0 {
		return false
	}
	lines = lines[1:min(len(lines), sniffRecords)]
	widths, usual := map[int]int{}, 0
	for _, line := range lines {
		cells, _, q := d.Cells(bytes.TrimSpace(line), nil, nil)
		for _, c := range cells[1:] {
			if d.Delim != ' ' && (len(c.Text) == 0 || c.Text[0] != ' ') || c.quoted || q != Tidy {
				return false
			}
		}
		widths[len(cells)]++
		usual = max(usual, widths[len(cells)])
	}
	return usual*10 < len(lines)*7
}

// hasFormulas says whether cells begin with ="; one that is a formula of its own would not go on with a quote.
func hasFormulas(sample []byte, delim, eol byte) bool {
	return bytes.HasPrefix(sample, []byte(`="`)) || bytes.Contains(sample, []byte{delim, '=', '"'}) ||
		bytes.Contains(sample, []byte{eol, '=', '"'}) || bytes.Contains(sample, []byte(`"=""`))
}

// escapes says whether quotes are escaped with a backslash rather than doubled.
func escapes(sample []byte, quote, delim, eol byte) bool {
	slashed, doubled := 0, 0
	for i := 1; i+1 < len(sample); i++ {
		if sample[i] != quote {
			continue
		}
		before, after := sample[i-1], sample[i+1]
		edge := after == delim || after == eol || after == '\r'
		switch {
		case before == '\\' && !edge && after != quote:
			slashed++
		case before == quote && !edge && i > 1 && sample[i-2] != delim && sample[i-2] != eol:
			doubled++
		}
	}
	return slashed > doubled
}

// padded says whether every delimiter outside quotes has a blank behind it.
func padded(sample []byte, delim, quote byte) bool {
	with, inside := 0, false
	for i, c := range sample[:min(len(sample), 64<<10)] {
		switch {
		case c == quote:
			inside = !inside
		case c == '\n' || c == '\r':
			inside = false
		case c == delim && !inside && i+1 < len(sample):
			if sample[i+1] != ' ' && (sample[i+1] != '\t' || delim == '\t') {
				return false
			}
			with++
		}
	}
	return with > 1
}

// lineEnd is the character that ends lines.
func lineEnd(sample []byte) byte {
	lf, cr := bytes.Count(sample, []byte{'\n'}), bytes.Count(sample, []byte{'\r'})
	if lf == 0 && cr > 0 || lf > 0 && cr > 20*lf {
		return '\r'
	}
	return '\n'
}

// quotesIn lists the quote characters worth trying: those that stand at the edge of cells.
func quotesIn(sample []byte, delim, eol byte) []byte {
	all := []byte{'"'}
	edge := 0
	for i := 1; i+1 < len(sample) && edge < 4; i++ {
		if sample[i] == '\'' && (sample[i-1] == delim || sample[i-1] == eol) {
			edge++
		}
	}
	if edge >= 4 || len(sample) > 0 && sample[0] == '\'' || edge > 1 && bytes.IndexByte(sample, '"') < 0 {
		all = append(all, '\'')
	}
	return all
}

// tryDialect reads the sample in a dialect and judges the table that comes out.
func tryDialect(sample []byte, d Dialect) sniffed {
	split := Splitter{D: d, MaxField: 64 << 10, MaxLines: 100}
	widths := map[int]int{}
	var count, known, cellsSeen, quoted, damaged int
	var cells []Cell
	var arena []byte
	for at := 0; at < len(sample) && count < sniffRecords; {
		s, _ := split.Span(sample[at:], true)
		text := sample[at+s.Start : at+s.End]
		last := at+s.Next >= len(sample)
		at += s.Next
		if len(bytes.TrimSpace(text)) == 0 || last && count > 3 {
			continue
		}
		count++
		var q Quoting
		cells, arena, q = d.Cells(text, cells[:0], arena[:0])
		if q == Open || s.Fault != records.Sound {
			damaged++
		}
		widths[len(cells)]++
		for _, c := range cells {
			cellsSeen++
			if c.quoted {
				quoted++
			}
			if regular(c) {
				known++
			}
		}
	}
	f := sniffed{d: d, width: 1}
	if count == 0 {
		return f
	}
	var regularity float64
	for w, n := range widths {
		share := float64(n) / float64(count)
		regularity += share * share * (float64(w) - 0.9) / float64(w)
		if n > widths[f.width] || n == widths[f.width] && w > f.width {
			f.width = w
		}
	}
	types := (0.1 + float64(known)/float64(max(cellsSeen, 1))) / 1.1
	faults := float64(damaged) / float64(count)
	f.score = regularity * types * (1 - 0.8*faults)
	switch {
	case d.Quote == '\'' && quoted*2 < cellsSeen && bytes.IndexByte(sample, '"') >= 0:
		f.score *= 0.9
	case quoted > 0 && damaged == 0:
		f.score *= 1.02
	}
	if f.width == 1 {
		f.score = 0
	}
	return f
}

// regular says whether a cell is something one expects in a cell, rather than a piece cut from text
// or several cells in one.
func regular(c Cell) bool {
	switch look(c.Text) {
	case kindText:
		return c.quoted || !bytes.ContainsAny(c.Text, ",;|\t\"")
	case kindToken:
		return c.quoted || !bytes.ContainsAny(c.Text, ",;|\t\"'")
	case kindEmpty:
		return true
	case kindNumber:
		return bytes.IndexByte(c.Text, ',') < 0 || c.quoted
	}
	return true
}
