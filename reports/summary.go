package reports

import (
	"ferry/reports/books"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The summary: title, verdict, numbers that add up (figures.go), a chart, what is in the workbook, and how to
// answer or sign.
const (
	lastColumn  = 10 // the page is A to J; D is air
	chartColumn = 5
	pageWidth   = 140 // characters of a sentence that fit across the page
)

var summaryWidths = []float64{32, 12, 44, 2, 12, 12, 12, 12, 12, 12}

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
	high := 1
	if w.height(row) > onePage { // as many pages as it takes, rather than small print
		high = 0
	}
	w.page(books.SummaryName, b.Title, 1, high)
	w.printTo(row)
	w.about(b.Title, runID)
	return w.err
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

// onePage is how many points high a summary may be and still be read on one page.
const onePage = 620

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
func (w *workbook) across(from, to, row int, text string, s style, perLine int) {
	w.put(from, row, text, s)
	w.keep(w.file.MergeCell(books.SummaryName, cell(from, row), cell(to, row)))
	w.keep(w.file.SetCellStyle(books.SummaryName, cell(from, row), cell(to, row), w.styleID(s)))
	lines := 0
	for _, l := range strings.Split(text, "\n") {
		lines += 1 + utf8.RuneCountInString(l)/perLine
	}
	w.tall(row, float64(15*lines+3))
}

func (w *workbook) banner(row int, v verdict) {
	w.across(1, lastColumn, row, v.words, style{role: "banner", tone: v.state}, pageWidth)
	w.tall(row, 32)
	w.across(1, lastColumn, row+1, v.sentence, style{role: "bannerText", tone: v.state}, pageWidth)
}

// contents lists the other sheets with links.
func (w *workbook) contents(row int, b books.Book) int {
	if len(w.lists) == 0 {
		return row
	}
	w.sectionHead(row, 1, lastColumn, "In this workbook")
	for _, l := range w.lists {
		row++
		w.put(1, row, l.sheet, style{role: "link"})
		w.keep(w.file.SetCellHyperLink(books.SummaryName, cell(1, row), "'"+l.sheet+"'!A1", "Location"))
		w.put(2, row, l.rows, style{role: "figure", format: "number"})
		w.across(3, lastColumn, row, l.about, style{role: "note"}, pageWidth-5)
	}
	if len(w.tooLong) > 0 {
		row++
		w.across(1, lastColumn, row, "Lists of several sheets stand beside this workbook as one file each, too.",
			style{role: "note"}, pageWidth)
	}
	return row + 1
}

// howTo says how to answer, and asks for a name.
func (w *workbook) howTo(row int, b books.Book) int {
	if len(b.HowTo) == 0 {
		return row
	}
	w.sectionHead(row, 1, lastColumn, "How to answer")
	for _, line := range b.HowTo {
		row++
		head, rest, _ := strings.Cut(line, ": ")
		w.put(1, row, head, style{role: "label"})
		w.across(2, lastColumn, row, rest, style{role: "note"}, pageWidth+5)
	}
	row++
	w.put(1, row, books.NameLabel, style{role: "label"})
	w.across(2, 3, row, "", style{role: "input", format: "text"}, pageWidth)
	w.tall(row, 20)
	return row + 1
}
