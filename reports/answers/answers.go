package answers

import (
	"context"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// answerRow is a row of a workbook in which somebody answered, or took an answer back.
type answerRow struct {
	sheet  string
	spec   books.Sheet
	row    int
	values map[string]string // by column name
	cells  map[string]string // the name of each cell
}

// about says what a row is about without saying whom.
func (r answerRow) about() string {
	if r.spec.Model == "mapping" {
		return r.values["attribute"]
	}
	if r.spec.Model == "pairs" {
		return pairRule
	}
	return r.values["rule"]
}

// answersBook is what was found in a workbook.
type answersBook struct {
	rows []answerRow
	open int
}

// readAnswers finds the sheets by their headers, whatever they are called and in whichever order
// their columns stand, and collects the rows with answers.
func readAnswers(ctx context.Context, f *excelize.File, book string) (answersBook, error) {
	var found answersBook
	known := 0
	for _, name := range f.GetSheetList() {
		is, err := found.readSheet(ctx, f, book, name)
		if err != nil {
			return found, err
		}
		if is {
			known++
		}
	}
	if known == 0 {
		return found, run.Problemf(book, "no sheet of this workbook asks questions that ferry knows").
			WithTry("use the quality.xlsx or mapping.xlsx that ferry report wrote; keep the header rows")
	}
	return found, nil
}

const headerWithin = 30 // rows; people insert a few above

func (b *answersBook) readSheet(ctx context.Context, f *excelize.File, book, name string) (bool, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return false, nil // a chart sheet
	}
	defer rows.Close()
	var spec books.Sheet
	var at map[string]int
	n := 0
	for rows.Next() {
		n++
		cells, err := rows.Columns()
		if err != nil {
			return false, run.Problemf(book+", sheet “"+name+"”", "row %d cannot be read: %v", n, err).WithTry("open the workbook, save it, and try again")
		}
		if at == nil {
			if n > headerWithin {
				return false, nil
			}
			if spec, at, err = header(cells, book, name, n); err != nil {
				return false, err
			}
			continue
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		b.see(spec, at, name, n, cells)
	}
	return at != nil, rows.Error()
}

// header says which list a row heads, and where its columns are. A row that heads none is nothing;
// one that nearly does is an error that names what is missing.
func header(cells []string, book, name string, row int) (books.Sheet, map[string]int, error) {
	for _, s := range books.Questions() {
		at, missing, wanted := map[string]int{}, []string{}, 0
		for _, c := range s.Columns {
			if c.Kind == books.FieldLabel {
				continue
			}
			needed := c.Kind == books.RowCode || c.Kind == books.Answer && c.Name == "decision" || slices.Contains(s.Code, c.Name)
			if !needed && c.Kind != books.Answer && c.Kind != books.Before {
				continue
			}
			i := slices.IndexFunc(cells, func(t string) bool { return books.Same(t, c.Title) })
			if i >= 0 {
				at[c.Name] = i
				if slices.ContainsFunc(cells[i+1:], func(t string) bool { return books.Same(t, c.Title) }) {
					return s, nil, run.Problemf(place(book, name, 1, row), "two columns are called “%s”", c.Title).WithTry("delete the copy, or give it another name")
				}
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
			return s, at, nil
		case len(missing) <= wanted/2:
			return s, nil, run.Problemf(place(book, name, 1, row), "this list has lost a column, or it was renamed: %s", strings.Join(missing, ", ")).
				WithTry("put the column back, or copy the answers into the workbook as ferry wrote it")
		}
	}
	return books.Sheet{}, nil, nil
}

func place(book, sheet string, column, row int) string {
	return book + ", sheet “" + sheet + "”, cell " + cell(column, row)
}

// see keeps a row if there is, or was, an answer in it.
func (b *answersBook) see(spec books.Sheet, at map[string]int, name string, n int, cells []string) {
	r := answerRow{sheet: name, spec: spec, row: n, values: map[string]string{}, cells: map[string]string{}}
	empty, answers := true, ""
	for column, i := range at {
		r.cells[column] = cell(i+1, n)
		if i < len(cells) {
			r.values[column] = books.Clean(cells[i])
		}
		empty = empty && r.values[column] == ""
	}
	for _, c := range spec.Columns {
		for raw, word := range c.Words { // back from what it is called to what it is
			if books.Same(r.values[c.Name], word) {
				r.values[c.Name] = raw
			}
		}
		if c.Kind == books.Answer && c.Name != "who" {
			answers += r.values[c.Name]
		}
	}
	switch {
	case empty:
	case answers == "" && r.values["before"] == "":
		b.open++
	default:
		b.rows = append(b.rows, r)
	}
}

// cell is the name of a cell: cell(1, 4) is "A4".
func cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // columns and rows are ours
	}
	return name
}
