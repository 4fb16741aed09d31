package delimited

import "bytes"

// beside finds where a second table stands beside the first: behind a column without name or value, when the rows
// of one end before those of the other. 0: there is only one. Perhaps is where one may stand of which the rows end
// together.
func beside(header []Cell, rows []Record) (at, perhaps int) {
	for c := 1; c < len(header)-1; c++ {
		if emptyAt(header[c]) && allNamed(header[:c]) && allNamed(header[c+1:]) {
			left, okLeft := lengthOf(rows, 0, c)
			right, okRight := lengthOf(rows, c+1, len(header))
			switch {
			case !okLeft || !okRight || min(left, right) < 2 || !noneAt(rows, c):
			case left != right:
				return c, 0
			case perhaps == 0:
				perhaps = c
			}
		}
	}
	return 0, perhaps
}

// spans finds columns without a name of their own that are filled like those named, and stand behind one with a name.
func spans(header []Cell, looks columnLooks, beside int) []bool {
	all := make([]bool, len(header))
	for i := 1; i < min(len(header), len(looks)); i++ {
		named := !emptyAt(header[i-1]) || all[i-1]
		all[i] = i != beside && named && emptyAt(header[i]) && looks[i].cells > 0 &&
			looks[i].kinds[kindEmpty]*2 < looks[i].cells
	}
	return all
}

func emptyAt(c Cell) bool { return len(bytes.TrimSpace(c.Text)) == 0 }

func allNamed(cells []Cell) bool {
	for _, c := range cells {
		if emptyAt(c) {
			return false
		}
	}
	return true
}

func noneAt(rows []Record, column int) bool {
	for _, r := range rows {
		if column < len(r.Cells) && !emptyAt(r.Cells[column]) {
			return false
		}
	}
	return true
}

// lengthOf counts the rows of some columns: all of them filled in the first, and nothing below.
func lengthOf(rows []Record, from, to int) (n int, ok bool) {
	ended := false
	for _, r := range rows {
		if len(r.Cells) < to {
			return 0, false
		}
		switch blank := Blank(r.Cells[from:to]); {
		case blank:
			ended = true
		case ended || emptyAt(r.Cells[from]):
			return 0, false
		default:
			n++
		}
	}
	return n, true
}
