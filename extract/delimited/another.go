package delimited

import (
	"fmt"
	"sync/atomic"
)

// AnotherTable notices that a file read in a stream seems to go on with a table of another width. It
// belongs to one block.
type AnotherTable struct {
	width, Count int   // the records in a row that have this number of cells and do not fit
	Line         int64 // of the first of them, which could be a header
}

// enoughRows is how many records of another width below a header make a table.
const enoughRows = 3

// Rejected is told of each record that does not fit; it answers true when these make a table.
func (a *AnotherTable) Rejected(cells []Cell, line int64) bool {
	switch {
	case a.Count > 0 && len(cells) == a.width:
		a.Count++
	case len(cells) > 1 && headerLike(cells):
		*a = AnotherTable{len(cells), 1, line}
	default:
		a.Count = 0
	}
	return a.Count == enoughRows+1
}

// FirstLine keeps the lowest line that blocks worked on side by side come upon; 0 for none.
type FirstLine struct{ atomic.Int64 }

func (f *FirstLine) Found(line int64) {
	for {
		old := f.Load()
		if old != 0 && old <= line || f.CompareAndSwap(old, line) {
			return
		}
	}
}

// Remark says where another table seems to begin, "" if there is none.
func (f *FirstLine) Remark() string {
	if f.Load() == 0 {
		return ""
	}
	return fmt.Sprintf("from line %d on there seems to be another table: its rows are rejected; put "+
		"it into a file of its own", f.Load())
}
