package reports

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"ferry/reports/books"
	"ferry/reports/letters"
)

// abreast is where a section of numbers stands: below the title, or right of another one.
type abreast struct{ label, labelTo, number, note, noteTo int }

var (
	left  = abreast{1, 1, 2, 3, 3}
	right = abreast{5, 6, 7, 8, lastColumn}
)

// sections are the figures section by section.
func sections(figures []figure) (list [][]figure) {
	for i, f := range figures {
		if i == 0 || f.section != figures[i-1].section {
			list = append(list, nil)
		}
		list[len(list)-1] = append(list[len(list)-1], f)
	}
	return list
}

// figures writes the numbers section by section and draws the first one. It gives the next free row.
func (w *workbook) figures(row int, figures []figure) int {
	for i, part := range sections(figures) {
		if i > 0 {
			row++
		}
		row = w.section(row, left, part)
		if i == 0 {
			w.chart(part, row-len(part))
		}
	}
	return row
}

// figuresAbreast writes the sections in two columns of one height, the first with its chart beside it.
func (w *workbook) figuresAbreast(row int, figures []figure) int {
	parts := sections(figures)
	if len(parts) == 0 {
		return row
	}
	next := map[abreast]int{left: row, right: row}
	next[left] = w.section(row, left, parts[0]) + 1
	w.bars(row+1, parts[0])
	size, where := map[abreast]int{left: len(parts[0])}, make([]abreast, len(parts))
	bySize := make([]int, 0, len(parts))
	for i := 1; i < len(parts); i++ {
		bySize = append(bySize, i)
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return len(parts[b]) - len(parts[a]) })
	for _, i := range bySize { // the largest first, each where there is less
		where[i] = left
		if size[right] <= size[left] {
			where[i] = right
		}
		size[where[i]] += len(parts[i]) + 2
	}
	for i := 1; i < len(parts); i++ {
		next[where[i]] = w.section(next[where[i]], where[i], parts[i]) + 1
	}
	return max(next[left], next[right]) - 1
}

// section writes the numbers of one section and gives the row behind it.
func (w *workbook) section(row int, at abreast, part []figure) int {
	w.sectionHead(row, at.label, at.noteTo, part[0].section)
	for _, f := range part {
		row++
		label, number, note := style{role: "label"}, style{role: "figure"}, style{role: "note"}
		if f.isTotal {
			label.role, number.role, note.role = "totalText", "total", "totalText"
		}
		number.format = "number"
		if x, ok := f.value.(float64); ok && x != float64(int64(x)) {
			number.format = "decimal"
		}
		w.spread(at.label, at.labelTo, row, f.label, label)
		w.put(at.number, row, f.value, number)
		w.spread(at.note, at.noteTo, row, f.note, note)
		lines := max(letters.Lines(f.note, between(at.note, at.noteTo)-2),
			letters.Lines(f.label, between(at.label, at.labelTo)), 1)
		w.atLeast(row, float64(2+13*lines))
	}
	return row + 1
}

// between is how wide columns of the summary are together.
func between(from, to int) (sum float64) {
	for i := from; i <= to; i++ {
		sum += summaryWidths[i-1]
	}
	return sum
}

// spread writes a value over columns from to to.
func (w *workbook) spread(from, to, row int, v any, s style) {
	w.put(from, row, v, s)
	if to > from {
		w.keep(w.file.MergeCell(books.SummaryName, cell(from, row), cell(to, row)))
		w.keep(w.file.SetCellStyle(books.SummaryName, cell(from, row), cell(to, row), w.styleID(s)))
	}
}

// atLeast makes a row so high, if what stands beside has not made it higher.
func (w *workbook) atLeast(row int, height float64) {
	if w.heights == nil {
		w.heights = map[int]float64{}
	}
	w.heights[row] = max(w.heights[row], height)
	w.tall(row, w.heights[row])
}

func (w *workbook) sectionHead(row, from, to int, text string) {
	s := style{role: "section"}
	w.put(from, row, text, s)
	w.keep(w.file.SetCellStyle(books.SummaryName, cell(from, row), cell(to, row), w.styleID(s)))
	w.atLeast(row, 22)
}

// chartBars is how many bars the first section has.
func chartBars(figures []figure) (n int) {
	for _, f := range figures {
		if f.section == figures[0].section && !f.isTotal {
			n++
		}
	}
	return n
}

func chartHeight(bars int) int { return 110 + 30*max(bars, 3) }

// chartRows is how many rows of the sheet the chart covers.
func chartRows(figures []figure) int {
	if isAllNothing(figures) {
		return 0
	}
	return chartHeight(chartBars(figures))/20 + 1
}

// isAllNothing says whether the section that is drawn has no figure above nought.
func isAllNothing(figures []figure) bool {
	for _, f := range figures {
		if x, ok := f.value.(float64); ok && x > 0 && f.section == figures[0].section && !f.isTotal {
			return false
		}
	}
	return true
}

// bars draws the figures of a section as bars beside their numbers, row by row; the first stands in row first.
func (w *workbook) bars(first int, figures []figure) {
	n := chartBars(figures)
	if n == 0 || isAllNothing(figures) {
		return
	}
	for i, f := range figures[:n] {
		w.put(left.note, first+i, f.value, style{role: "figure", format: "number"})
	}
	where := cell(left.note, first) + ":" + cell(left.note, first+n-1)
	w.keep(w.file.SetConditionalFormat(books.SummaryName, where, []excelize.ConditionalFormatOptions{{Type: "data_bar",
		Criteria: "=", MinType: "num", MinValue: "0", MaxType: "max", BarColor: "#" + accent, BarSolid: true, BarOnly: true}}))
}

// chart draws one bar for every figure of a section that is no total; the first stands in row first.
func (w *workbook) chart(figures []figure, first int) {
	bars := chartBars(figures)
	if bars == 0 || isAllNothing(figures) { // nothing to see in it
		return
	}
	title, last := figures[0].section, first+bars-1
	ref := func(column string) string {
		return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", books.SummaryName, column, first, column, last)
	}
	gap := uint(45)
	no := false
	small := &excelize.Font{Family: fontName, Size: 10, Color: ink}
	w.keep(w.file.AddChart(books.SummaryName, cell(chartColumn, 7), &excelize.Chart{
		Type: excelize.Bar,
		Series: []excelize.ChartSeries{{
			Name: title, Categories: ref("A"), Values: ref("B"), Fill: solid(accent),
			DataLabel: excelize.ChartDataLabel{Font: *small},
		}},
		Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title,
			Font: &excelize.Font{Family: fontName, Size: 12, Bold: true, Color: dark}}}},
		Legend:     excelize.ChartLegend{Position: "none"},
		VaryColors: &no,
		XAxis:      excelize.ChartAxis{ReverseOrder: true, Font: *small},
		YAxis:      excelize.ChartAxis{None: true, Font: *small, Maximum: beyond(figures)},
		PlotArea:   excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: formats["number"]}},
		GapWidth:   &gap,
		Dimension:  excelize.ChartDimension{Width: 520, Height: uint(chartHeight(bars))},
		Border:     excelize.LineOptions{Type: excelize.LineNone},
		Format:     excelize.GraphicOptions{AltText: title, Positioning: "oneCell"},
	}))
}

// beyond is how far the axis goes: so far that the number beside the longest bar has room.
func beyond(figures []figure) *float64 {
	longest := 1.0
	for _, f := range figures {
		if x, ok := f.value.(float64); ok && f.section == figures[0].section && !f.isTotal {
			longest = max(longest, x)
		}
	}
	longest *= 1.2
	return &longest
}
