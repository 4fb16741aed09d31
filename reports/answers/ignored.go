package answers

import (
	"strconv"
	"strings"

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
		if here && len(marks) == len(r.list.marked) && marks[k] != books.Mark(r.get(c.Name)) {
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

// above is a text that stands over a list.
type above struct {
	column, row int
	text        string
}

// aboveList are the texts of a row over a list; those of the summary, which has many of ours, are not looked at.
func (s *sent) aboveList(sheet string, row int, cells []xlsx.Cell) (list []above) {
	if sheet == s.page {
		return nil
	}
	for i, c := range cells {
		if text := books.Clean(c.Text); text != "" {
			list = append(list, above{i, row, text})
		}
	}
	return list
}

// ignoreAbove names what somebody wrote over a list: all but its title, its sentence, the way back, and how much is
// answered.
func (s *sent) ignoreAbove(list *layout, header int, texts []above) {
	for _, a := range texts {
		isOurs := a.column == 0 && a.row == header-3 ||
			strings.HasPrefix(a.text, "←") || strings.HasSuffix(a.text, " answered") ||
			a.column == 0 && a.row == header-2
		if !isOurs {
			s.ignored = append(s.ignored, Ignored{Cell: s.prefix + list.sheet + "!" + xlsx.CellName(a.column+1, a.row),
				What: "a remark above the list; it is no answer and has no effect"})
		}
	}
}

// merged refuses answers in cells that were merged over several rows: the file keeps them in the first row alone.
func (s *sent) merged(list *layout, ranges []string) {
	for _, ref := range ranges {
		from, to, isRange := strings.Cut(ref, ":")
		left, top, ok := xlsx.CellAt(from)
		right, bottom, ok2 := xlsx.CellAt(to)
		if !isRange || !ok || !ok2 || top == bottom {
			continue
		}
		for _, c := range list.spec.Columns {
			at, here := list.at[c.Name]
			if !here || c.Kind != books.Answer || c.Name == "who" || at+1 < left || at+1 > right {
				continue
			}
			for i, r := range s.rows {
				if r.list == list && r.row >= top && r.row <= bottom && r.get(c.Name) != "" {
					s.rows[i].wrongAt = c.Name
					s.rows[i].wrong = "the cells " + ref + " were merged, and only row " + strconv.Itoa(r.row) +
						" holds an answer; unmerge them and answer row by row"
				}
			}
		}
	}
}
