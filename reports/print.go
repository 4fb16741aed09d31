package reports

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"ferry/reports/books"
)

// A page of paper, in characters: what fits across a landscape A4 at full size, and at the smallest
// size that is still read at arm's length (10 points become 8).
const (
	fullPage     = 138.0
	smallestSize = 0.8
)

// page sets how a sheet prints: landscape A4, so many pages wide and high (0 high = as many as it
// takes), numbered.
func (w *workbook) page(sheet, title string, wide, high int) {
	size, orientation := 9, "landscape"
	w.keep(w.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{
		Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}))
	side, end := 0.4, 0.55
	w.keep(w.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &side,
		Bottom: &end}))
	no := false // the footer stays as large as it is, however small the list becomes
	w.keep(w.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddFooter: "&L&10" + title + "&R&10Page &P of &N", ScaleWithDoc: &no}))
}

// print sets what of a list goes on paper: not the keys, which are for the way back. A list too wide to
// be read on one page goes over several, its first columns and its header on each.
func (w *workbook) print(name string, s books.Sheet, columns []placed, widths []float64, end int) {
	n := printedColumns(columns, widths, s.About)
	wide := pagesWide(widths, n, s.Freeze)
	w.page(name, name, wide, 0)
	titles := fmt.Sprintf("'%s'!$%d:$%d", name, headerRow, headerRow)
	if wide > 1 && s.Freeze > 0 {
		titles = fmt.Sprintf("'%s'!$A:$%s,%s", name, letter(s.Freeze), titles)
	}
	w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: name,
		RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", name, letter(n), end)}))
	w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: name, RefersTo: titles}))
}

// pagesWide is over how many pages a list goes so that nothing is smaller than 8 points.
func pagesWide(widths []float64, n, frozen int) int {
	all, repeated := 0.0, 0.0
	for i := range min(n, len(widths)) {
		all += widths[i]
		if i < frozen {
			repeated += widths[i]
		}
	}
	page := fullPage / smallestSize
	if all <= page || repeated > page/2 {
		return max(1, int(math.Ceil(all/page)))
	}
	return 1 + int(math.Ceil((all-page)/(page-repeated)))
}

// printedColumns is how many columns go on paper; at least enough for the sentence above the list.
func printedColumns(columns []placed, widths []float64, about string) int {
	n := len(columns)
	for n > 1 && (columns[n-1].Kind == books.Key || columns[n-1].Kind >= books.Before) {
		n--
	}
	room := 0.0
	for i := 0; i < n; i++ {
		room += widths[i]
	}
	for ; room < float64(min(len(about), int(fullPage))); room += 9 { // the columns beyond are as wide as they always are
		n++
	}
	return n
}
