package answers

import (
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// Ignored is something written into a workbook that is no answer and has no effect.
type Ignored struct {
	Cell string // "Findings!B12"
	What string // what was done there, without its words
}

// strangers notes what somebody wrote beside the yellow cells of a row: in a cell that had another
// value, or in one that no column of the list owns.
func (s *sent) strangers(r answerRow, cells []xlsx.Cell) {
	marks := books.Marks(r.get("code"))
	for k, c := range r.list.marked {
		i, here := r.list.at[c.Name]
		if here && k < len(marks) && marks[k] != books.Mark(r.get(c.Name)) {
			s.ignore(r, i, "the value of “"+c.Title+"” was changed; it is no answer and has no effect")
		}
	}
	for i, c := range cells {
		if !r.list.headed[i] && books.Clean(c.Text) != "" {
			s.ignore(r, i, "a remark beside the list; it is no answer and has no effect")
		}
	}
}

func (s *sent) ignore(r answerRow, column int, what string) {
	s.ignored = append(s.ignored, Ignored{Cell: s.prefix + r.list.sheet + "!" + xlsx.CellName(column+1, r.row), What: what})
}

// remarks are the notes that Excel hangs on cells.
func (s *sent) remarks(sheet string) error {
	notes, err := s.file.Notes(sheet)
	if err != nil {
		return unreadable(s.path, err)
	}
	for _, at := range notes {
		s.ignored = append(s.ignored, Ignored{Cell: s.prefix + sheet + "!" + at,
			What: "a note hangs on this cell; nobody reads it as an answer"})
	}
	return nil
}
