package answers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// What somebody did where nothing can be answered: on sheets without questions, between the sentences of the summary,
// on sheets of their own, and to rows that are gone. None of it has an effect, and all of it is told.

// beside looks at a sheet that asks nothing.
func (s *sent) beside(ctx context.Context, name string) error {
	if name == s.page {
		return nil
	}
	rows, err := s.file.Rows(name)
	if err != nil {
		return unreadable(s.path, err)
	}
	defer rows.Close()
	var list *layout
	var above []above
	title, isWritten := name, false
	for rows.Next() {
		n, cells := rows.Number(), rows.Cells()
		if n == 1 && len(cells) > 0 {
			title = books.Clean(cells[0].Text)
		}
		isWritten = isWritten || slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return books.Clean(c.Text) != "" })
		if list == nil {
			if n > headerWithin {
				break
			}
			if list = headOf(name, cells); list == nil {
				above = append(above, s.aboveList(name, n, cells)...)
			} else {
				s.ignoreAbove(list, n, above)
			}
			continue
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s.look(list, n, cells)
		s.count(list, title, cells)
	}
	if rows.Err() != nil {
		return s.damaged(name, rows.Number(), rows.Err())
	}
	if list == nil && isWritten && !isList(title) { // of ours, from before there were marks
		s.ignored = append(s.ignored, Ignored{Cell: s.prefix + name,
			What: "this sheet is none of the workbook's own; nothing on it is read"})
	}
	return nil
}

// headOf is the list without questions that a row heads, or nil.
func headOf(sheet string, cells []xlsx.Cell) *layout {
	titles := texts(cells)
	if !slices.Contains(titles, books.MarksTitle) {
		return nil
	}
	var best *layout
	for _, spec := range books.Beside() {
		l := &layout{spec: spec, sheet: sheet, at: map[string]int{}, index: map[string]int{}, headed: map[int]bool{},
			marked: books.Marked(spec)}
		for i, c := range spec.Columns {
			l.index[c.Name] = i
			if k := slices.IndexFunc(titles, func(t string) bool { return books.Same(t, c.Title) }); k >= 0 {
				l.at[c.Name] = k
			}
		}
		for i, t := range titles {
			l.headed[i] = books.Clean(t) != ""
		}
		if best == nil || len(l.at)*len(best.spec.Columns) > len(best.at)*len(spec.Columns) {
			best = l // the one of whose columns most are here
		}
	}
	return best
}

// look names what was changed in a row, or written beside it.
func (s *sent) look(list *layout, n int, cells []xlsx.Cell) {
	r := answerRow{from: s, list: list, row: n, values: make([]string, len(list.spec.Columns))}
	isEmpty := true
	for k, c := range list.spec.Columns {
		if i, here := list.at[c.Name]; here && i < len(cells) {
			r.values[k] = books.Clean(cells[i].Text)
			isEmpty = isEmpty && r.values[k] == ""
		}
	}
	if !isEmpty && r.get("code") == "" {
		s.ignore(r, 0, "this row is none of the list; it has no effect")
		return
	}
	s.strangers(r, cells)
}

// count counts the rows of a list that are still there.
func (s *sent) count(list *layout, title string, cells []xlsx.Cell) {
	if i, here := list.at["code"]; here && i < len(cells) && books.Clean(cells[i].Text) != "" {
		s.found[title]++
	}
}

// summary names what was written on the summary where nothing is asked, and the rows that its contents tell of and
// that are not there any more. Workbooks made before there were marks say nothing about it.
func (s *sent) summary() error {
	rows, err := s.file.Rows(s.page)
	if rows == nil || err != nil {
		return err
	}
	defer rows.Close()
	at, isContents := -1, false
	for rows.Next() {
		n, cells := rows.Number(), rows.Cells()
		if n == 1 {
			at = slices.IndexFunc(cells, func(c xlsx.Cell) bool { return c.Text == books.MarksTitle })
			if at >= 0 && at != books.SummaryMarks-1 {
				s.ignored = append(s.ignored, Ignored{Cell: s.prefix + s.page,
					What: "a column was inserted or deleted; what else was changed between the questions was not looked at"})
				return nil
			}
		}
		if at < 0 {
			return nil
		}
		if n > 1 {
			s.betweenOurs(n, at, cells)
			if isContents {
				s.gone(cells)
			}
			isContents = isContents || len(cells) > 0 && cells[0].Text == books.ContentsTitle
		}
	}
	return rows.Err()
}

// betweenOurs names the cells of a row of the summary that hold something else than they did.
func (s *sent) betweenOurs(n, at int, cells []xlsx.Cell) {
	var marks []string
	if at < len(cells) {
		marks = books.Marks(cells[at].Text)
	}
	nothing := books.Mark("")
	for i := range books.SummaryMarked {
		text, was := "", nothing
		if i < len(cells) {
			text = cells[i].Text
		}
		if i < len(marks) {
			was = marks[i]
		}
		if was != books.FreeCell && was != books.Mark(text) {
			s.ignored = append(s.ignored, Ignored{Cell: s.prefix + s.page + "!" + xlsx.CellName(i+1, n),
				What: "nothing is asked in this cell; what was written or changed there has no effect"})
		}
	}
}

// gone names the rows that are missing from a list of the contents.
func (s *sent) gone(cells []xlsx.Cell) {
	if len(cells) < 2 || cells[1].Kind != xlsx.Number {
		return
	}
	title := books.Clean(cells[0].Text)
	had, err := strconv.ParseInt(cells[1].Text, 10, 64)
	if err != nil || !isList(title) || s.found[title] >= had {
		return
	}
	what := fmt.Sprintf("%d of its %d rows are missing; what is not there counts as not answered", had-s.found[title], had)
	if s.found[title] == 0 {
		what = fmt.Sprintf("this sheet with its %d rows is missing; they count as not answered", had)
	}
	s.ignored = append(s.ignored, Ignored{Cell: s.prefix + title, What: what})
}

// isList says whether a title is that of a list of ours, or of a part of one.
func isList(title string) bool {
	return slices.ContainsFunc(slices.Concat(books.Questions(), books.Beside()), func(s books.Sheet) bool {
		return s.Title == title || strings.HasPrefix(title, s.Title+" (")
	})
}
