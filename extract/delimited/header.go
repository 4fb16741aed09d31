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
func headerRows(records []Record, looks columnLooks, known func([]string) bool) int {
	if !(known != nil && known(Texts(records[0].Cells))) && !isHeader(records[0].Cells, looks, len(records)) {
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
