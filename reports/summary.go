package reports

import (
	"ferry/reports/books"
	"ferry/reports/letters"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The summary: title, verdict, numbers that add up (figures.go), a chart, what is in the workbook, and how to
// answer or sign.
const (
	lastColumn  = 10 // the page is A to J
	chartColumn = 5
)

var summaryWidths = []float64{32, 12, 40, 7, 12, 12, 12, 12, 12, 12}

// verdict is a row of reports.verdicts.
type verdict struct{ state, words, sentence string }

// figure is a row of reports.figures.
type figure struct {
	section, label, note string
	value                any
	isTotal              bool
}

// summary fills the first sheet.
func (w *workbook) summary(b books.Book, runID string, v verdict, figures []figure) error {
	w.before(books.SummaryName, dark)
	for i, width := range summaryWidths {
		w.keep(w.file.SetColWidth(books.SummaryName, letter(i+1), letter(i+1), width))
	}
	w.put(1, 1, b.Title, style{role: "title"})
	w.tall(1, 34)
	w.put(1, 2, b.Question+"   Made from run "+runID+" (times are UTC).", style{role: "plainAbout"})
	if w.lastLoad != "" {
		w.put(1, 3, w.lastLoad, style{role: "progress"})
	}
	w.banner(4, v)
	if b.OnePage {
		printed := w.heads(w.figuresAbreast(7, figures), w.audits)
		w.page(books.SummaryName, b.Title, 1, 1)
		w.printTo(printed)
		w.contents(printed+2, b)
		w.about(b.Title, runID)
		return w.err
	}
	row := w.figures(7, figures)
	row = max(row, 7+chartRows(figures)) + 1
	row, err := w.askForAll(row, b)
	if err != nil {
		return err
	}
	row = w.contents(row, b)
	row = w.heads(w.howTo(row+1, b), w.audits)
	w.page(books.SummaryName, b.Title, 1, pagesHigh(w.height(row)))
	w.printTo(row)
	w.about(b.Title, runID)
	if b.IsReadBack() && w.err == nil {
		w.keep(w.markSummary())
	}
	return w.err
}

// markSummary says in a column beyond the page what every cell held, so that what somebody writes between our own
// sentences is noticed when the workbook comes back, and told to have no effect.
func (w *workbook) markSummary() error {
	rows, err := w.file.GetRows(books.SummaryName, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	w.put(books.SummaryMarks, 1, books.MarksTitle, style{role: "key"})
	for n, cells := range rows {
		marks, isWritten := make([]string, books.SummaryMarked), n == 0
		for i := range marks {
			text := ""
			if i < len(cells) {
				text = cells[i]
			}
			marks[i] = books.Mark(text)
			if w.free[cell(i+1, n+1)] {
				marks[i] = books.FreeCell
			}
			isWritten = isWritten || text != "" || marks[i] == books.FreeCell
		}
		if isWritten && n > 0 {
			w.put(books.SummaryMarks, n+1, books.WithMarks("", marks), style{role: "key"})
		}
	}
	return w.file.SetColVisible(books.SummaryName, letter(lastColumn+2)+":"+letter(books.SummaryMarks), false)
}

// printTo says down to which row the summary is printed.
func (w *workbook) printTo(row int) {
	w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: books.SummaryName,
		RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", books.SummaryName, letter(lastColumn), row)}))
}

func letter(column int) string { return strings.TrimRight(cell(column, 1), "1") }

func (w *workbook) put(column, row int, v any, s style) {
	at := cell(column, row)
	w.keep(w.file.SetCellValue(books.SummaryName, at, v))
	w.keep(w.file.SetCellStyle(books.SummaryName, at, at, w.styleID(s)))
}

// A page holds so many points of a summary at the smallest size that is read with ease; of two, a little is lost where
// one ends.
const (
	onePage  = 650
	twoPages = 1290
)

// pagesHigh is on how many pages a summary of a height is printed: more than two are as many as it takes (0), rather
// than small print.
func pagesHigh(height float64) int {
	switch {
	case height <= onePage:
		return 1
	case height <= twoPages:
		return 2
	}
	return 0
}

// height is how high the first rows of the summary are together.
func (w *workbook) height(rows int) (sum float64) {
	for row := 1; row <= rows; row++ {
		h, err := w.file.GetRowHeight(books.SummaryName, row)
		w.keep(err)
		sum += h
	}
	return sum
}

func (w *workbook) tall(row int, height float64) {
	w.keep(w.file.SetRowHeight(books.SummaryName, row, height))
}

// across writes a text over columns from to to, high enough for all of it.
func (w *workbook) across(from, to, row int, text string, s style) {
	w.spread(from, to, row, text, s)
	w.tall(row, float64(13*letters.Lines(text, between(from, to)-indented)+4))
}

// indented is what a cell that begins a little to the right keeps free.
const indented = 3

func (w *workbook) banner(row int, v verdict) {
	w.across(1, lastColumn, row, v.words, style{role: "banner", tone: v.state})
	w.tall(row, 32)
	w.across(1, lastColumn, row+1, v.sentence, style{role: "bannerText", tone: v.state})
	w.tall(row+1, float64(15*letters.Lines(v.sentence, between(1, lastColumn)/1.1-indented)+6)) // its letters are larger
}

// contents lists the other sheets with links, and below them what a sheet would say that has nothing to list.
func (w *workbook) contents(row int, b books.Book) int {
	if len(w.lists) == 0 {
		return row
	}
	w.sectionHead(row, 1, lastColumn, books.ContentsTitle)
	for _, l := range w.lists {
		if l.rows == 0 {
			continue
		}
		row++
		w.put(1, row, l.sheet, style{role: "link"})
		w.keep(w.file.SetCellHyperLink(books.SummaryName, cell(1, row), "'"+l.sheet+"'!A1", "Location"))
		w.put(2, row, l.rows, style{role: "figure", format: "number"})
		w.across(3, lastColumn, row, l.about, style{role: "note"})
	}
	if len(w.tooLong) > 0 {
		row++
		w.across(1, lastColumn, row, "Lists of several sheets stand beside this workbook as one file each, too.",
			style{role: "note"})
	}
	if !slices.ContainsFunc(w.lists, func(l written) bool { return l.rows == 0 }) {
		return row + 1
	}
	row += 2
	w.sectionHead(row, 1, lastColumn, "Nothing to list")
	for _, l := range w.lists {
		if l.rows == 0 {
			row++
			w.put(1, row, l.sheet, style{role: "label"})
			w.across(2, lastColumn, row, l.about, style{role: "note"})
		}
	}
	return row + 1
}

// howTo says how to answer, and asks for a name.
func (w *workbook) howTo(row int, b books.Book) int {
	if len(b.HowTo) == 0 || w.asked == 0 {
		return row
	}
	w.sectionHead(row, 1, lastColumn, "How to answer")
	for _, line := range b.HowTo {
		row++
		head, rest, _ := strings.Cut(line, ": ")
		w.put(1, row, head, style{role: "label"})
		w.across(2, lastColumn, row, rest, style{role: "note"})
	}
	row++
	w.put(1, row, books.NameLabel, style{role: "label"})
	w.across(2, 3, row, "", style{role: "input", format: "text"})
	w.free[cell(2, row)] = true
	w.tall(row, 20)
	return row + 1
}
