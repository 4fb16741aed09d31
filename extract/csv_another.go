package extract

import (
	"fmt"
	"sync/atomic"
)

// anotherTable notices that a file read in a stream seems to go on with a table of another width. It
// belongs to one block.
type anotherTable struct {
	width, count int   // the records in a row that have this number of cells and do not fit
	line         int64 // of the first of them, which could be a header
}

// enoughRows is how many records of another width below a header make a table.
const enoughRows = 3

// rejected is told of each record that does not fit; it answers true when these make a table.
func (a *anotherTable) rejected(cells []cell, line int64) bool {
	switch {
	case a.count > 0 && len(cells) == a.width:
		a.count++
	case len(cells) > 1 && headerLike(cells):
		*a = anotherTable{len(cells), 1, line}
	default:
		a.count = 0
	}
	return a.count == enoughRows+1
}

// firstLine keeps the lowest line that blocks worked on side by side come upon; 0 for none.
type firstLine struct{ atomic.Int64 }

func (f *firstLine) found(line int64) {
	for {
		old := f.Load()
		if old != 0 && old <= line || f.CompareAndSwap(old, line) {
			return
		}
	}
}

// remark says where another table seems to begin, "" if there is none.
func (f *firstLine) remark() string {
	if f.Load() == 0 {
		return ""
	}
	return fmt.Sprintf("from line %d on there seems to be another table: its rows are rejected; put it into a file of its own", f.Load())
}
