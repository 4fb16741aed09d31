package delimited

import "bytes"

// headerLike says whether the cells could be names of columns.
func headerLike(cells []Cell) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		k := look(c.Text)
		if k == kindEmpty {
			continue
		}
		if k != kindToken && k != kindText || len(c.Text) > 100 || seen[string(c.Text)] {
			return false
		}
		seen[string(c.Text)] = true
	}
	return len(seen)*2 > len(cells)
}

// headerCells reads a line of the header of a table of some width, mended where it is damaged.
func headerCells(r Record, width int, d Dialect) []Cell {
	blind := Repairer{D: d, Width: width, Looks: newLooks(width), bold: true}
	var best reading
	consider := func(one reading) {
		if len(one.cells) == width && (best.cells == nil || one.cost < best.cost) {
			best = one
		}
	}
	pieces, ok := d.pieces(r.Text)
	switch {
	case len(r.Cells) == width:
		return r.Cells
	case ok && len(pieces) > width:
		blind.without(pieces, len(pieces)-width, consider)
	case width > 1 && len(r.Text) <= longestMend:
		consider(blind.requote(r.Text, cutsAt(r.Text, d.Delim), true, never))
		blind.atQuotes(r.Text, consider)
		blind.otherDelimiters(r.Text, false, consider)
	}
	if best.cells == nil {
		return r.Cells
	}
	return best.cells
}

// headerRows counts the lines of the header.
func headerRows(records []Record, looks columnLooks, known Known) int {
	if !known.header(Texts(records[0].Cells)) && !known.names(Texts(records[0].Cells)) &&
		!isHeader(records[0].Cells, looks, len(records)) {
		return 0
	}
	n := 1
	for n < len(records) && n < 4 && SameCells(records[n].Cells, records[0].Cells) {
		n++
	}
	return n
}

func SameCells(a, b []Cell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i].Text, b[i].Text) {
			return false
		}
	}
	return true
}

// isHeader says whether the first record names the columns rather than being one more row.
func isHeader(cells []Cell, looks columnLooks, records int) bool {
	names, typed, agree := 0, 0, 0
	for i, c := range cells {
		if i >= len(looks) {
			break
		}
		k := look(c.Text)
		if best, ok := looks.typed(i); ok {
			typed++
			if k == best {
				agree++
			}
			continue
		}
		if k == kindToken || k == kindText {
			names++
		}
	}
	switch {
	case records == 1:
		return headerLike(cells) || allTokens(cells)
	case typed > 0:
		return agree*2 < typed
	}
	return names*2 > len(cells) && !seenBelow(cells, looks)
}

func allTokens(cells []Cell) bool {
	for _, c := range cells {
		if k := look(c.Text); k != kindToken && k != kindText {
			return false
		}
	}
	return true
}

// seenBelow says whether the first record is longer text than a name would be.
func seenBelow(cells []Cell, looks columnLooks) bool {
	long := 0
	for _, c := range cells {
		if len(c.Text) > 60 {
			long++
		}
	}
	return long > 0
}

// likeRows says whether a first record that was taken for names could be a row: no column holds anything
// but text, none of its cells is written otherwise than those below, and none is a word headers use.
func likeRows(cells []Cell, rows []Record, looks columnLooks) bool {
	var buf [2 * maxShape]byte
	for i, c := range cells[:min(len(cells), len(looks))] {
		if newAmongFew(c, rows, i) {
			return false
		}
		if _, typed := looks.typed(i); typed || len(c.Text) == 0 || usualName(c.Text) {
			return false
		}
		_, runs := shapeText(c.Text, buf[:0])
		if looks[i].cells > 0 && looks[i].runs.of[string(runs)] == 0 {
			return false
		}
	}
	return true
}

// newAmongFew says whether a column holds a few texts again and again, and this one is none of them.
func newAmongFew(c Cell, rows []Record, column int) bool {
	seen, n := map[string]bool{}, 0
	for _, r := range rows[:min(len(rows), learnFrom)] {
		if column < len(r.Cells) {
			seen[string(r.Cells[column].Text)] = true
			n++
		}
	}
	return n >= 6 && len(seen)*2 <= n && !seen[string(c.Text)]
}

// usualNames are words that stand in the headers of all kinds of tables.
var usualNames = []string{"name", "id", "key", "code", "type", "kind", "date", "time", "year", "month", "day", "status",
	"state", "city", "town", "country", "region",
	"address", "street", "email", "mail", "phone", "mobile", "title", "label", "category", "class", "group", "description",
	"comment", "comments", "note", "notes",
	"value", "amount", "price", "number", "count", "total", "url", "link", "source", "language", "gender", "company",
	"colour", "color", "first", "last", "user"}

// usualName says whether a cell has a word in it that headers use.
func usualName(text []byte) bool {
	for _, word := range bytes.FieldsFunc(bytes.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		for _, w := range usualNames {
			if string(word) == w {
				return true
			}
		}
	}
	return false
}
