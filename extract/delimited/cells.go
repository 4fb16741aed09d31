package delimited

import "bytes"

// Dialect is how a delimited file is written.
type Dialect struct {
	Delim  byte
	Quote  byte // 0: no quoting
	escape byte // 0: a quote inside quotes is doubled
	eol    byte // '\n' (a '\r' before it is dropped) or '\r'
	pad    bool // a blank follows each delimiter and is no part of the field
	joins  bool // a backslash before a line end makes that part of the field
	slash  bool // and so does one before a delimiter
	// ="0012" stands for 0012: so a spreadsheet is kept from making a number of it
	formulas bool
}

// Delimiter is what parts the cells, "" where there is one in each line.
func (d Dialect) Delimiter() string {
	if d.Delim == none {
		return ""
	}
	return string(d.Delim)
}

// Formulas says whether cells are written as formulas: ="0012".
func (d Dialect) Formulas() bool { return d.formulas }

// Cell is the text of one field. Quoted tells the empty text from nothing at all.
type Cell struct {
	Text   []byte
	quoted bool
}

// Missing says that the file has no value here.
func (c Cell) Missing() bool { return len(c.Text) == 0 && !c.quoted }

// Quoting says how well the quotes of a record were kept.
type Quoting uint8

const (
	Tidy  Quoting = iota
	Messy         // a quote inside a quoted field is not doubled
	Open          // a quote is opened and never closed
)

// Cells splits a record, without its line end, into its fields. Text with doubled or escaped quotes
// is put into arena; everything else points into the record. Where quotes are not tidy the cells hold
// the text as it stands.
func (d Dialect) Cells(record []byte, into []Cell, arena []byte) ([]Cell, []byte, Quoting) {
	state := Tidy
	for i := 0; ; {
		if d.pad && i > 0 && i < len(record) && d.blank(record[i]) {
			i++
		}
		if at := d.quoteAt(record, i); at >= 0 {
			end, next, clean, q := d.quotedEnd(record, at)
			state = max(state, q)
			if q != Open {
				text := record[at+1 : end]
				if !clean {
					start := len(arena)
					arena = d.unquote(arena, text)
					text = arena[start:len(arena):len(arena)]
				}
				into = append(into, Cell{d.formula(text), true})
				if next >= len(record) {
					return into, arena, state
				}
				i = next + 1
				continue
			}
		}
		k := d.nextDelim(record[i:])
		if k < 0 {
			text, arena := d.unslash(record[i:], arena)
			return append(into, Cell{Text: text}), arena, state
		}
		var text []byte
		text, arena = d.unslash(record[i:i+k], arena)
		into = append(into, Cell{Text: text})
		i += k + 1
	}
}

// nextDelim is where the next delimiter stands that is none of the text, -1 if there is none.
func (d Dialect) nextDelim(text []byte) int {
	k := bytes.IndexByte(text, d.Delim)
	for d.slash && k >= 0 && escaped(text[:k], '\\') {
		next := bytes.IndexByte(text[k+1:], d.Delim)
		if next < 0 {
			return -1
		}
		k += 1 + next
	}
	return k
}

// unslash takes the backslashes before line ends and delimiters out of a cell without quotes.
func (d Dialect) unslash(text, arena []byte) (plain, arenaAfter []byte) {
	if (!d.joins || bytes.IndexByte(text, d.eol) < 0) && (!d.slash || bytes.IndexByte(text, d.Delim) < 0) {
		return text, arena
	}
	start := len(arena)
	for i := 0; i < len(text); i++ {
		next := byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		if text[i] == '\\' && (d.slash && next == d.Delim || d.joins && next == d.eol ||
			d.joins && bytes.HasPrefix(text[i+1:], []byte("\r\n"))) {
			continue
		}
		arena = append(arena, text[i])
	}
	return arena[start:len(arena):len(arena)], arena
}

// goesOn says whether a line ends with a backslash, so that its end is part of the last cell.
func (d Dialect) goesOn(line []byte) bool {
	return d.joins && escaped(bytes.TrimSuffix(line, []byte{'\r'}), '\\')
}

// pieces splits a record into its fields as they stand, quotes included. It answers false where a quote
// is opened and never closed.
func (d Dialect) pieces(record []byte) ([][]byte, bool) {
	var all [][]byte
	for i := 0; ; {
		if d.pad && i > 0 && i < len(record) && d.blank(record[i]) {
			i++
		}
		if at := d.quoteAt(record, i); at >= 0 {
			closing, next, _, q := d.quotedEnd(record, at)
			if q == Open {
				return nil, false
			}
			all = append(all, record[at:closing+1])
			if next >= len(record) {
				return all, true
			}
			i = next + 1
			continue
		}
		k := d.nextDelim(record[i:])
		if k < 0 {
			return append(all, record[i:]), true
		}
		all = append(all, record[i:i+k])
		i += k + 1
	}
}

// quoteAt is where the quote stands of a cell that begins at i, -1 if it has none. Blanks around a quoted
// cell are no part of it.
func (d Dialect) quoteAt(record []byte, i int) int {
	if d.Quote == 0 {
		return -1
	}
	for i < len(record) && d.blank(record[i]) {
		i++
	}
	if d.formulas && i+1 < len(record) && record[i] == '=' && record[i+1] == d.Quote {
		i++
	}
	if i < len(record) && record[i] == d.Quote {
		return i
	}
	return -1
}

// formula is the text in a quoted cell that is a formula.
func (d Dialect) formula(text []byte) []byte {
	if n := len(text); d.formulas && n > 2 && text[0] == '=' && text[1] == d.Quote && text[n-1] == d.Quote {
		return text[2 : n-1]
	}
	return text
}

// cellEnd is where the delimiter stands that ends a cell, or the end of the record, if nothing but blanks
// stands between; else -1.
func (d Dialect) cellEnd(record []byte, i int) int {
	for i < len(record) && d.blank(record[i]) {
		i++
	}
	if i == len(record) || record[i] == d.Delim {
		return i
	}
	return -1
}

func (d Dialect) blank(c byte) bool { return (c == ' ' || c == '\t') && c != d.Delim && c != d.Quote }

// quotedEnd finds the quote that closes the field opened at start: the first one that a delimiter or
// the end of the record follows, which is next. Clean means nothing inside has to be unquoted.
func (d Dialect) quotedEnd(record []byte, start int) (end, next int, clean bool, q Quoting) {
	clean = true
	for i := start + 1; i < len(record); {
		k := bytes.IndexByte(record[i:], d.Quote)
		if k < 0 {
			return 0, 0, false, Open
		}
		at := i + k
		next := -1
		if doubled := at+1 < len(record) && record[at+1] == d.Quote; !doubled {
			next = d.cellEnd(record, at+1)
		}
		switch {
		case d.escape != 0 && d.escape != d.Quote && escaped(record[start+1:at], d.escape):
			clean, i = false, at+1
		case at+1 < len(record) && record[at+1] == d.Quote:
			clean, i = false, at+2
		case next >= 0:
			if d.escape != 0 && clean {
				clean = bytes.IndexByte(record[start+1:at], d.escape) < 0
			}
			return at, next, clean, q
		default:
			i, q = at+1, Messy // a quote that was not doubled: part of the text
		}
	}
	return 0, 0, false, Open
}

func escaped(before []byte, escape byte) bool {
	n := 0
	for n < len(before) && before[len(before)-1-n] == escape {
		n++
	}
	return n%2 == 1
}

// unquote appends text with doubled and escaped quotes made single.
func (d Dialect) unquote(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		next := i+1 < len(text)
		switch {
		case c == d.Quote && next && text[i+1] == d.Quote:
			i++
		case d.escape != 0 && c == d.escape && next && (text[i+1] == d.Quote || text[i+1] == d.escape):
			i++
			c = text[i]
		}
		out = append(out, c)
	}
	return out
}
