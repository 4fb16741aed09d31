package extract

import "bytes"

// headerLike says whether the cells could be names of columns.
func headerLike(cells []cell) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		k := look(c.text)
		if k == kindEmpty {
			continue
		}
		if k != kindToken && k != kindText || len(c.text) > 100 || seen[string(c.text)] {
			return false
		}
		seen[string(c.text)] = true
	}
	return len(seen)*2 > len(cells)
}

// headerCells reads a line of the header of a table of some width, mended where it is damaged.
func headerCells(r record, width int, d dialect) []cell {
	blind := repairer{d: d, width: width, looks: newLooks(width), bold: true}
	var best reading
	consider := func(one reading) {
		if len(one.cells) == width && (best.cells == nil || one.cost < best.cost) {
			best = one
		}
	}
	pieces, ok := d.pieces(r.text)
	switch {
	case len(r.cells) == width:
		return r.cells
	case ok && len(pieces) > width:
		blind.without(pieces, len(pieces)-width, consider)
	case width > 1 && len(r.text) <= longestMend:
		consider(blind.requote(r.text, cutsAt(r.text, d.delim), true, never))
		blind.atQuotes(r.text, consider)
		blind.otherDelimiters(r.text, false, consider)
	}
	if best.cells == nil {
		return r.cells
	}
	return best.cells
}

// headerRows counts the lines of the header.
func headerRows(records []record, looks columnLooks, known func([]string) bool) int {
	if !(known != nil && known(texts(records[0].cells))) && !isHeader(records[0].cells, looks, len(records)) {
		return 0
	}
	n := 1
	for n < len(records) && n < 4 && sameCells(records[n].cells, records[0].cells) {
		n++
	}
	return n
}

func sameCells(a, b []cell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i].text, b[i].text) {
			return false
		}
	}
	return true
}

// isHeader says whether the first record names the columns rather than being one more row.
func isHeader(cells []cell, looks columnLooks, records int) bool {
	names, typed, agree := 0, 0, 0
	for i, c := range cells {
		if i >= len(looks) {
			break
		}
		k := look(c.text)
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

func allTokens(cells []cell) bool {
	for _, c := range cells {
		if k := look(c.text); k != kindToken && k != kindText {
			return false
		}
	}
	return true
}

// seenBelow says whether the first record is longer text than a name would be.
func seenBelow(cells []cell, looks columnLooks) bool {
	long := 0
	for _, c := range cells {
		if len(c.text) > 60 {
			long++
		}
	}
	return long > 0
}
