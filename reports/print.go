package reports

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
	"ferry/reports/letters"
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
	side, end, edge := 0.4, 0.55, 0.3
	w.keep(w.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &side,
		Bottom: &end, Header: &edge, Footer: &edge})) // no printer reaches the edge of the paper
	no := false // the footer stays as large as it is, however small the list becomes
	w.keep(w.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddFooter: "&L&10" + title + "&R&10Page &P of &N", ScaleWithDoc: &no}))
}

// squeeze makes columns of text narrower, where a list then fits on one page across: a row that wraps is read more
// easily than one that goes on over the page. Each step is taken where it costs the fewest lines of the first rows.
// Numbers and days keep their room.
func squeeze(columns []placed, widths []float64, n int, rows []run.Row, page float64) {
	least, all, slack := make([]float64, n), 0.0, 0.0
	for i := range n {
		all += widths[i]
		least[i] = min(widths[i], leastOf(columns[i]))
		slack += widths[i] - least[i]
	}
	if over := all - page; over <= 0 || over > slack {
		return
	}
	var some []run.Row // from all of those read ahead: lists begin with rows of one kind
	for i := 0; i < len(rows); i += 1 + len(rows)/squeezedBy {
		some = append(some, rows[i])
	}
	rows = some
	lines := make([][]int, n) // of each column, row by row
	for i := range n {
		lines[i] = linesIn(columns[i], rows, widths[i])
	}
	for ; all > page; all-- {
		best, fewest, then := -1, 0.0, []int(nil)
		for i := range n {
			if widths[i]-1 < least[i] {
				continue
			}
			narrower := linesIn(columns[i], rows, widths[i]-1)
			cost := -widths[i] / 1e6 // of equals, the widest
			for r := range rows {
				high := narrower[r]
				for k := range n {
					if k != i {
						high = max(high, lines[k][r])
					}
				}
				cost += float64(high)
			}
			if best < 0 || cost < fewest {
				best, fewest, then = i, cost, narrower
			}
		}
		if best < 0 {
			return
		}
		widths[best]--
		lines[best] = then
	}
}

// squeezedBy is by how many rows columns are made narrower.
const squeezedBy = 60

// linesIn is how many lines each row takes in a column.
func linesIn(c placed, rows []run.Row, width float64) []int {
	list := make([]int, len(rows))
	for r, row := range rows {
		list[r] = 1
		if text, isText := c.shown(row).(string); isText && !letters.Fits(text, width) {
			list[r] = letters.Lines(text, width)
		}
	}
	return list
}

// widestList is what goes on one page across, less a little that spreadsheets round.
const widestList = fullPage/smallestSize - 2

// leastOf is how narrow a column may become.
func leastOf(c placed) float64 {
	word := 0.0
	for w := range strings.FieldsSeq(c.Title) {
		word = max(word, letters.Room(w)+2.5)
	}
	switch {
	case c.format != "" || c.Format != "" && c.Format != "text":
		return mostColumn
	case c.Kind == books.FieldLabel:
		return max(word, 12.5)
	case c.Kind == books.Long:
		return max(word, 13)
	case c.Width == 0 || c.Width > 20:
		return max(word, 12)
	}
	return max(word, 9)
}

// mostColumn is wider than any column.
const mostColumn = 255

// A list of many rows is printed smaller: fewer pages, and still read with ease.
const (
	manyRows    = 40
	smallScale  = 82 // percent; 10 points become 8.2
	smallLists  = fullPage * 100 / smallScale * 0.97
	headerChars = 255 // of a page's header, at most
)

// isSmall says whether a list is printed at the smaller scale; wider ones are fitted to the page.
func isSmall(widths []float64, n int, rows int64) bool {
	all := 0.0
	for _, w := range widths[:min(n, len(widths))] {
		all += w
	}
	return rows > manyRows && all <= smallLists
}

// scaleOf is the scale of a list that has one of its own; 0 for those fitted to the page.
func scaleOf(s books.Sheet, widths []float64, n int, rows int64) uint {
	switch {
	case isUpright(s, widths, n):
		return smallestSize * 100
	case isSmall(widths, n, rows) && pagesWide(widths, n, s.Freeze) == 1:
		return smallScale
	}
	return 0
}

// print sets what of a list goes on paper: not the keys, which are for the way back. A list too wide to
// be read on one page goes over several, its first columns and its header on each.
func (w *workbook) print(name string, s books.Sheet, columns []placed, widths []float64, end int, rows int64) {
	if rows == 0 {
		w.page(name, name, 1, 0)
		return
	}
	n := printedColumns(columns, widths, s.About)
	wide, first := pagesWide(widths, n, s.Freeze), 1
	w.page(name, name, wide, 0)
	if scale := scaleOf(s, widths, n, rows); scale > 0 {
		w.keep(w.file.SetPageLayout(name, &excelize.PageLayoutOptions{AdjustTo: &scale}))
	}
	if isUpright(s, widths, n) {
		upright := "portrait"
		w.keep(w.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &upright}))
	}
	if wide > 1 { // the title would be cut where the next page begins: it stands over every page instead
		first = headerRow
		w.over(name, s.About)
	}
	titles := fmt.Sprintf("'%s'!$%d:$%d", name, headerRow, headerRow)
	if wide > 1 && s.Freeze > 0 {
		titles = fmt.Sprintf("'%s'!$A:$%s,%s", name, letter(s.Freeze), titles)
	}
	w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: name,
		RefersTo: fmt.Sprintf("'%s'!$A$%d:$%s$%d", name, first, letter(n), end)}))
	w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: name, RefersTo: titles}))
}

// over writes a list's title and sentence over each of its pages.
func (w *workbook) over(name, about string) {
	clean := func(s string) string { return strings.ReplaceAll(s, "&", "&&") }
	text := "&L&\"Calibri,Bold\"&14" + clean(name)
	if rest := "\n&\"Calibri,Regular\"&9" + clean(about); len(text)+len(rest) < headerChars-40 {
		text += rest
	}
	no, top := false, 1.0
	w.keep(w.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: text,
		OddFooter: "&L&10" + clean(name) + "&R&10Page &P of &N", ScaleWithDoc: &no}))
	w.keep(w.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Top: &top}))
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

// printedColumns is how many columns go on paper: enough for the sentence above the list, if there is nothing beside it
// that is not for reading.
func printedColumns(columns []placed, widths []float64, about string) int {
	n := len(columns)
	for n > 1 && (columns[n-1].Kind == books.Key || columns[n-1].Kind >= books.Before) {
		n--
	}
	all := 0.0
	for i := 0; i < n; i++ {
		all += widths[i]
	}
	for ; n >= len(columns) && all < min(letters.Room(about)+letters.Padding, fullPage); all += usualColumn {
		n++
	}
	return n
}

// usualColumn is how wide columns are that nobody made wider.
const usualColumn = 9

// saying writes the sentence above a list; one too long for the page is broken over what is printed.
func (w *workbook) saying(out *excelize.StreamWriter, about string, columns []placed, widths []float64) {
	n := printedColumns(columns, widths, about)
	across := float64(max(0, n-len(widths))) * usualColumn
	for _, width := range widths[:min(n, len(widths))] {
		across += width
	}
	look, lines := style{role: "plainAbout"}, 1
	if n > 1 && letters.Room(about)+letters.Padding > across {
		look.wrap, lines = true, letters.Lines(about, across)
		w.keep(out.MergeCell("A2", cell(n, 2)))
	}
	w.keep(out.SetRow("A2", []any{excelize.Cell{StyleID: w.styleID(look), Value: about}},
		excelize.RowOpts{Height: float64(13*lines + 3)}))
}
