package answers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// layout is a list found in a workbook: which one it is and where its columns stand there.
type layout struct {
	spec  books.Sheet
	sheet string         // what it is called there
	at    map[string]int // where a column stands, by its name
	index map[string]int // which column of the list it is

	headed map[int]bool   // columns with a header, ours or not
	marked []books.Column // columns whose changes are noticed
}

// read finds the lists by their headers, whatever the sheets are called and in whichever order the
// columns stand, and collects the rows with answers.
func (s *sent) read(ctx context.Context) error {
	known := 0
	sheets := s.file.Sheets()
	s.found = map[string]int64{}
	// Answers for all of a kind come first: rows nobody answered are kept for the kinds that have one.
	slices.SortStableFunc(sheets, func(a, b string) int {
		return boolInt(b == s.page) - boolInt(a == s.page)
	})
	for _, name := range sheets {
		if err := s.readFields(name); err != nil {
			return err
		}
		is, err := s.readSheet(ctx, name)
		if err != nil {
			return err
		}
		if is {
			known++
		} else if err := s.beside(ctx, name); err != nil {
			return err
		}
		if err := s.remarks(name); err != nil {
			return err
		}
	}
	if known == 0 {
		return run.Problemf(s.path, "no sheet of this workbook asks questions that ferry knows").
			WithTry("use the quality.xlsx or mapping.xlsx that ferry report wrote; keep the header rows")
	}
	return s.summary()
}

// The header of a list is among its first rows; people insert a few above. The questions of the summary
// stand below its numbers.
const (
	headerWithin = 30
	onSummary    = 300
)

func (s *sent) readSheet(ctx context.Context, name string) (bool, error) {
	rows, err := s.file.Rows(name)
	if err != nil {
		return false, unreadable(s.path, err)
	}
	defer rows.Close()
	var list *layout
	var above []above
	title := name
	for rows.Next() {
		n, cells := rows.Number(), rows.Cells()
		if n == 1 && len(cells) > 0 && list == nil {
			title = books.Clean(cells[0].Text)
		}
		if list == nil {
			if n > headerWithin && (name != s.page || n > onSummary) {
				return false, nil
			}
			if list, err = header(texts(cells), s.name, name, n, name == s.page); err != nil {
				return false, err
			}
			if list == nil {
				above = append(above, s.aboveList(name, n, cells)...)
			} else {
				s.ignoreAbove(list, n, above)
			}
			continue
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		if !s.see(list, n, cells) {
			break
		}
		s.count(list, title, cells)
	}
	if rows.Err() != nil {
		return false, s.damaged(name, rows.Number(), rows.Err())
	}
	if list == nil {
		return false, nil
	}
	s.merged(list, rows.Merged())
	return true, nil
}

// damaged says behind which row a sheet cannot be read.
func (s *sent) damaged(sheet string, row int, err error) error {
	var big *xlsx.TooLarge
	if errors.As(err, &big) {
		return unreadable(s.path, err)
	}
	return run.Problemf(s.name+", sheet “"+sheet+"”", "what follows row %d cannot be read: %v", row, err).
		WithTry("open the workbook, save it, and try again")
}

// texts are what stands in cells.
func texts(cells []xlsx.Cell) []string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = c.Text
	}
	return list
}

// readFields reads the list of fields that attributes can go into, if a sheet holds it.
func (s *sent) readFields(name string) error {
	rows, err := s.file.Rows(name)
	if err != nil {
		return unreadable(s.path, err)
	}
	defer rows.Close()
	var at []int
	for rows.Next() && (at != nil || rows.Number() <= headerWithin) {
		cells := texts(rows.Cells())
		if at == nil {
			at = fieldColumns(cells)
			continue
		}
		get := func(i int) string {
			if at[i] < len(cells) {
				return books.Clean(cells[at[i]])
			}
			return ""
		}
		f := field{label: get(0), kind: get(1), entity: get(2), name: get(3)}
		for raw, word := range books.TypeWords {
			if books.Same(f.kind, word) {
				f.kind = raw
			}
		}
		if f.name != "" && f.name != "new" {
			s.fields = append(s.fields, f)
		}
	}
	if rows.Err() != nil {
		return s.damaged(name, rows.Number(), rows.Err())
	}
	return nil
}

// fieldColumns says where label, kind, record and technical name stand, nil if a row heads no such list.
func fieldColumns(cells []string) (at []int) {
	for _, c := range books.Fields.Columns {
		if c.Name != "label" && c.Name != "type" && c.Name != "entity" && c.Name != "name" {
			continue
		}
		i := slices.IndexFunc(cells, func(t string) bool { return books.Same(t, c.Title) })
		if i < 0 {
			return nil
		}
		at = append(at, i)
	}
	return at
}

// header says which list a row heads, and where its columns are. A row that heads none is nothing;
// one that nearly does is an error that names what is missing.
func header(cells []string, book, name string, row int, isSummary bool) (*layout, error) {
	var nearly error
	for _, s := range books.Questions() {
		at, missing, wanted := map[string]int{}, []string{}, 0
		for _, c := range s.Columns {
			if c.Kind == books.FieldLabel {
				continue
			}
			i := slices.IndexFunc(cells, func(t string) bool { return books.Same(t, c.Title) })
			if i >= 0 {
				at[c.Name] = i
			}
			isDecision := c.Kind == books.Answer && c.Name == "decision"
			needed := c.Kind == books.RowCode || isDecision || slices.Contains(s.Code, c.Name)
			if !needed && c.Kind != books.Answer && c.Kind != books.Before {
				continue
			}
			if i >= 0 && slices.ContainsFunc(cells[i+1:], func(t string) bool { return books.Same(t, c.Title) }) {
				return nil, run.Problemf(place(book, name, 1, row), "two columns are called “%s”", c.Title).
					WithTry("delete the copy, or give it another name")
			}
			if needed {
				wanted++
				if i < 0 {
					missing = append(missing, "“"+c.Title+"”")
				}
			}
		}
		switch {
		case len(missing) == 0:
			l := &layout{spec: s, sheet: name, at: at, index: map[string]int{}, headed: map[int]bool{},
				marked: books.Marked(s)}
			for i, c := range s.Columns {
				l.index[c.Name] = i
			}
			for i, t := range cells {
				l.headed[i] = books.Clean(t) != ""
			}
			return l, nil
		case len(missing) <= wanted/2 && (s.Model != forAll || isSummary):
			nearly = run.Problemf(place(book, name, 1, row), "this list has lost a column, or it was renamed: %s",
				strings.Join(missing, ", ")).WithTry("put the column back, or copy the answers into the workbook as ferry wrote it")
		}
	}
	return nil, nearly
}

func place(book, sheet string, column, row int) string {
	return book + ", sheet “" + sheet + "”, cell " + xlsx.CellName(column, row)
}

// see keeps a row if there is, or was, an answer in it, and looks at what else was written there. It
// says whether the list goes on; the one on the summary ends where other things begin.
func (s *sent) see(list *layout, n int, cells []xlsx.Cell) bool {
	r := answerRow{from: s, list: list, row: n, values: make([]string, len(list.spec.Columns))}
	empty, answers := true, ""
	for k, c := range list.spec.Columns {
		i, here := list.at[c.Name]
		if !here || i >= len(cells) || cells[i].Kind == xlsx.Empty {
			continue
		}
		if c.Kind == books.Answer {
			var wrong string
			if r.values[k], wrong = s.typed(c, cells[i]); wrong != "" {
				r.wrong, r.wrongAt = wrong, c.Name
			}
		} else {
			r.values[k] = books.Clean(cells[i].Text)
		}
		empty = empty && r.values[k] == "" && r.wrong == ""
	}
	isForAll := list.spec.Model == forAll
	if isForAll && r.get("code") == "" {
		return false
	}
	if !isForAll {
		s.strangers(r, cells)
	}
	if empty {
		return true
	}
	if r.get("code") == "" && r.now() == "" && r.wrong == "" {
		s.ignore(r, 0, "this row is none of the list; it has no effect")
		return true
	}
	for k, c := range list.spec.Columns {
		if c.Kind == books.Answer || slices.Contains(list.spec.Code, c.Name) {
			for raw, word := range c.Words { // back from what it is called to what it is
				if books.Same(r.values[k], word) {
					r.values[k] = raw
				}
			}
		}
		if c.Kind == books.Answer && c.Name != "who" {
			answers += r.values[k]
		}
	}
	switch isSilent := answers == "" && r.wrong == "" && r.get("before") == ""; {
	case isSilent && (isForAll || r.needsNoAnswer()):
	case isSilent:
		s.open++
		if list.spec.Model == "mapping" || s.isAnsweredForAll(r) {
			s.silent = append(s.silent, r)
		}
	default:
		s.rows = append(s.rows, r)
		if isForAll && r.isTouched() {
			s.settled[r.kind()] = true
		}
	}
	return true
}
