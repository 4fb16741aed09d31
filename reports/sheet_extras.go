package reports

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// pane is the part of a window that scrolls, beside so many columns that do not.
func pane(columns int) string {
	if columns == 0 {
		return "bottomLeft"
	}
	return "bottomRight"
}

// bands shade every other person of a list, so that the rows of one are seen together.
type bands struct {
	at   int
	last any
	on   bool
	rows int
}

func newBands(s books.Sheet, src *source) *bands {
	b := &bands{at: -1}
	if s.Band != "" {
		b.at = src.at(s.Band)
	}
	return b
}

// next says whether a row is shaded.
func (b *bands) next(row run.Row) bool {
	if b.at < 0 {
		return false
	}
	if b.rows > 0 && row[b.at] != b.last {
		b.on = !b.on
	}
	b.last, b.rows = row[b.at], b.rows+1
	return b.on
}

// isMarked says whether the words in a cell of marks hold one.
func isMarked(marks any, word string) bool {
	text, _ := marks.(string)
	return slices.Contains(strings.Fields(text), word)
}

// backAndProgress is the row above the header: the way back to the summary, and how much is answered.
// It is a formula, so that it moves while somebody answers.
func (w *workbook) backAndProgress(s books.Sheet, columns []placed, isEmpty bool) []any {
	row := make([]any, len(columns))
	row[0] = excelize.Cell{StyleID: w.styleID(style{role: "back"}), Value: "← " + books.SummaryName}
	if isEmpty { // nothing of nothing is no progress
		return row
	}
	for i, c := range columns {
		if c.Name == "looked_at" && len(columns) > 1 {
			row[i+1] = excelize.Cell{StyleID: w.styleID(style{role: "progress"}),
				Formula: counted("", i+1, i+2) + `&" looked at"`}
		}
		if c.Name == "done" {
			row[i] = excelize.Cell{StyleID: w.styleID(style{role: "progress"}),
				Formula: counted("", i+1, 1) + `&" done"`}
		}
		if c.Kind == books.Answer && c.Name == "decision" && len(s.Code) > 0 && !s.IsOptional {
			row[i] = excelize.Cell{StyleID: w.styleID(style{role: "progress"}), Formula: progress("", i+1, len(columns))}
		}
	}
	return row
}

// mostLinks is how many links a sheet can hold, less a few of its own.
const mostLinks = 65_000

// opens is the number of the record whose page a cell opens; "" where there is none, or no account to open it in.
func (w *workbook) opens(c placed, row run.Row) string {
	if c.linkAt < 0 || w.account == "" || w.links >= mostLinks {
		return ""
	}
	id, _ := row[c.linkAt].(string)
	return id
}

// link ties the cells of a row to the records they are about in the account (API.md 2: pages stand beside the API).
func (w *workbook) link(sheet string, columns []placed, row run.Row, n int) {
	for i, c := range columns {
		if id := w.opens(c, row); id != "" {
			w.links++
			w.keep(w.file.SetCellHyperLink(sheet, cell(i+1, n), w.account+"/contacts/"+url.PathEscape(id), "External"))
		}
	}
}

// progress counts answers and rows, by the last column, which every row has.
func progress(sheet string, answer, every int) string {
	return counted(sheet, answer, every) + `&" answered"`
}

func counted(sheet string, some, every int) string {
	whole := func(column int) string {
		return fmt.Sprintf("%s%s%d:%s%d", sheet, letter(column), headerRow+1, letter(column), headerRow+fullSheet)
	}
	return fmt.Sprintf(`COUNTA(%s)&" of "&COUNTA(%s)`, whole(some), whole(every))
}

// heat colours numbers, the higher the darker; in grey the numbers themselves say it.
func (w *workbook) heat(name string, s books.Sheet, columns []placed, end int) {
	for i, c := range columns {
		if !slices.Contains(s.Heat, c.Name) {
			continue
		}
		where := fmt.Sprintf("%s%d:%s%d", letter(i+1), headerRow+1, letter(i+1), end)
		w.keep(w.file.SetConditionalFormat(name, where, []excelize.ConditionalFormatOptions{
			{Type: "2_color_scale", Criteria: "=", MinType: "num", MinValue: "0", MinColor: "#FFFFFF", MaxType: "max",
				MaxColor: "#F2B36B"}}))
	}
}
