package reports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
	"ferry/reports/letters"
)

const (
	headerRow = 4         // title, sentence, space, header
	fullSheet = 1_000_000 // rows; a sheet ends at 1,048,576
)

// list writes a table as one sheet, or as several when it is longer than a sheet; then the summary is their index.
func (w *workbook) list(ctx context.Context, s books.Sheet, src *source, tab string) error {
	columns := layout(s, src)
	widths := measure(columns, src)
	page := widestList
	if s.Upright {
		page = uprightWide
	}
	squeeze(columns, widths, printedColumns(columns, widths, ""), src.ahead, page)
	isSplit := src.total > int64(w.split)
	groups := newGroups(s, src, isSplit)
	name := s.Title
	for part := 1; ; part++ {
		if isSplit {
			name = fmt.Sprintf("%s (%d)", s.Title, part)
		}
		about := groups.begin(s, columns, src)
		rows, more, err := w.listPart(ctx, name, s, columns, widths, src, tab, groups)
		if err != nil {
			return err
		}
		w.rows += rows
		if src.total == 0 {
			about = s.WhenEmpty()
		} else if s.HasAnswers() {
			w.asked += rows
		}
		w.lists = append(w.lists, written{name, about, rows})
		if !more {
			break
		}
	}
	if isSplit {
		w.tooLong = append(w.tooLong, s)
	}
	return w.err
}

// placed is a column and where its values come from: position in the table, or -1.
type placed struct {
	books.Column
	at, choicesAt int
	markAt        int // which column says that this one differs, or -1
	linkAt        int // which column holds the number of the record it opens, or -1
	isOurs        bool
	format        string
}

// layout puts a sheet's columns in order; what an analyst added comes last.
func layout(s books.Sheet, src *source) []placed {
	var list []placed
	known := []string{"position", books.Differs} // these say where a row stands and which cells differ
	known = append(known, s.Hide...)
	for _, c := range s.Columns {
		at := -1
		if c.Kind < books.Before {
			at = src.at(c.Name)
			known = append(known, c.Name, c.Choices.From)
		}
		if at < 0 && c.Kind < books.Answer {
			continue
		}
		list = append(list, place(c, at, src))
	}
	for i, c := range src.columns {
		if !slices.Contains(known, c.Name) {
			list = append(list, place(books.Column{Name: c.Name, Title: inWords(c.Name)}, i, src))
		}
	}
	// A table may not have two columns of one name.
	seen := map[string]int{}
	for i, c := range list {
		seen[strings.ToLower(c.Title)]++
		if n := seen[strings.ToLower(c.Title)]; n > 1 {
			list[i].Title = fmt.Sprintf("%s (%d)", c.Title, n)
		}
	}
	return list
}

func place(c books.Column, at int, src *source) placed {
	p := placed{Column: c, at: at, choicesAt: -1, markAt: -1, linkAt: -1, format: c.Format, isOurs: c.IsOurs()}
	if p.Format == "" && at >= 0 {
		p.Format = formatOf(src.columns[at].Type)
	}
	if c.Mark != "" {
		p.markAt = src.at(books.Differs)
	}
	if c.LinkTo != "" {
		p.linkAt = src.at(c.LinkTo)
	}
	if c.Choices.From != "" {
		p.choicesAt = src.at(c.Choices.From)
	}
	return p
}

// listPart writes one sheet and says whether rows are left for another.
func (w *workbook) listPart(ctx context.Context, name string, s books.Sheet, columns []placed, widths []float64,
	src *source, tab string, groups *groups) (rows int64, more bool, err error) {
	if _, err := w.file.NewSheet(name); err != nil {
		return 0, false, err
	}
	w.before(name, tab)
	if src.total == 0 { // its sentence stands on the summary; an empty grid is nothing to read or to print
		w.keep(w.file.SetSheetVisible(name, false))
	}
	if scaleOf(s, widths, printedColumns(columns, widths, s.About), src.total) > 0 {
		no := false
		w.keep(w.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &no}))
	}
	out, err := w.file.NewStreamWriter(name)
	if err != nil {
		return 0, false, err
	}
	from, to := forTheWayBack(columns)
	for i, width := range slices.Backward(widths) { // the last one set is written first, and Excel wants them in order
		w.keep(out.SetColWidth(i+1, i+1, width))
		if i >= from && i < to { // one click folds them away
			w.keep(out.SetColOutlineLevel(i+1, 1))
		}
	}
	top := cell(s.Freeze+1, headerRow+1)
	w.keep(out.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.Freeze, YSplit: headerRow, TopLeftCell: top,
		ActivePane: pane(s.Freeze)}))
	w.head(out, name, s, columns, widths, src.total == 0)
	asked := newQuestions(columns)
	row, bands, blocks := headerRow, newBands(s, src), newBlocks(s, src)
	for ; row-headerRow < w.split; row++ {
		values, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && row%4096 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return 0, false, err
		}
		if groups.isOther(values) {
			src.ahead = append([]run.Row{values}, src.ahead...)
			break
		}
		cells, lines := w.cells(s, columns, widths, values, bands.next(values))
		if err := out.SetRow(cell(1, row+1), cells, heightOf(s, lines)); err != nil {
			return 0, false, err
		}
		asked.see(columns, values, row+1)
		blocks.see(values, row+1, heightOf(s, lines).Height)
		w.link(name, columns, values, row+1)
	}
	blocks.part(w, out)
	w.foot(out, name, s, columns, widths, asked, row, src.total)
	if more = len(src.ahead) > 0; !more && row-headerRow == w.split {
		if next, err := src.reader.Next(); err == nil {
			src.ahead, more = append(src.ahead, next), true
		}
	}
	return int64(row - headerRow), more, w.err
}

// head writes title, sentence and header.
func (w *workbook) head(out *excelize.StreamWriter, name string, s books.Sheet, columns []placed, widths []float64,
	isEmpty bool) {
	about := s.About
	if isEmpty {
		about = s.WhenEmpty()
	}
	w.keep(out.SetRow("A1", []any{excelize.Cell{StyleID: w.styleID(style{role: "title"}), Value: name}},
		excelize.RowOpts{Height: 30}))
	w.saying(out, about, columns, widths)
	w.keep(out.SetRow("A3", w.backAndProgress(s, columns, isEmpty), excelize.RowOpts{Height: 18}))
	header := make([]any, len(columns))
	for i, c := range columns {
		role := "header"
		switch {
		case c.Kind == books.Answer:
			role = "answerHeader"
		case c.Format != "":
			role = "numberHeader"
		}
		header[i] = excelize.Cell{StyleID: w.styleID(style{role: role}), Value: c.Title}
	}
	w.keep(out.SetRow(cell(1, headerRow), header, excelize.RowOpts{Height: 32}))
}

// rowHeight is what so many lines need, up to a point.
func rowHeight(lines int) excelize.RowOpts {
	if lines < 2 {
		return excelize.RowOpts{}
	}
	return excelize.RowOpts{Height: float64(13*min(lines, 12) + 4)}
}

// cells turns a row of the table into cells, and says how many lines the highest has.
func (w *workbook) cells(s books.Sheet, columns []placed, widths []float64, row run.Row,
	isBand bool) (cells []any, lines int) {
	cells = make([]any, len(columns))
	for i, c := range columns {
		look := style{format: c.Format, wrap: c.Kind == books.Long, band: isBand}
		v := c.shown(row)
		switch c.Kind {
		case books.Answer:
			if c.choicesAt < 0 || hasChoices(row[c.choicesAt]) { // nothing can be answered elsewhere
				look = style{role: "answer", format: "text", wrap: true}
			}
		case books.Key:
			look.role = "key"
		case books.Before:
			look.role, v = "key", answered(columns, row)
		case books.RowCode:
			look.role, v = "key", w.codeOf(s, columns, row)
		}
		if c.at >= 0 && c.Tones != nil {
			raw, _ := row[c.at].(string)
			if b, ok := row[c.at].(bool); ok {
				raw = fmt.Sprint(b)
			}
			look.tone = toneOf(c.Tones, raw)
		}
		if w.opens(c, row) != "" {
			look.role = "link"
		}
		if c.markAt >= 0 && isMarked(row[c.markAt], c.Mark) {
			look.tone, look.bold = cmp.Or(s.MarkTone, "attention"), true // bold is seen in grey
		}
		if _, isText := v.(string); isText && look.format != "text" {
			look.format = ""
		}
		if t, isText := v.(string); isText && (look.wrap || c.Kind < books.Key && !letters.Fits(t, widths[i])) {
			look.wrap = true // rather than cut off by the next cell
			lines = max(lines, letters.Lines(t, widths[i]))
		}
		cells[i] = excelize.Cell{StyleID: w.styleID(look), Value: v}
	}
	return cells, lines
}

// shown is what the cell of a column holds.
func (c placed) shown(row run.Row) any {
	if c.at < 0 {
		return nil
	}
	v := show(row[c.at], c.Words)
	text, isText := v.(string)
	switch {
	case !isText:
		return v
	case c.Kind == books.FieldLabel:
		return printable(books.FieldWords(text))
	case c.Words != nil && c.Kind < books.Key && isSnake(text):
		return inWords(text) // a word of ours that nobody has named yet
	case c.isOurs:
		return books.Spell(text)
	}
	return v
}

// toneOf says whether a value is good or bad news; "" stands for every text that has no tone of its own.
func toneOf(tones map[string]string, raw string) string {
	if raw == "" {
		return ""
	}
	if t, named := tones[raw]; named {
		return t
	}
	return tones[""]
}

// foot adds everything that must be there before the sheet is flushed: later it would vanish.
func (w *workbook) foot(out *excelize.StreamWriter, name string, s books.Sheet, columns []placed, widths []float64,
	asked *questions, last int, rows int64) {
	asked.add(w, name)
	end := max(last, headerRow+1)
	whole := "A" + fmt.Sprint(headerRow) + ":" + cell(len(columns), end)
	if s.Choices {
		w.keep(w.file.SetDefinedName(&excelize.DefinedName{Name: choicesOf + name,
			RefersTo: fmt.Sprintf("'%s'!$A$%d:$A$%d", name, headerRow+1, end)}))
	}
	w.tables++
	stripes := false
	w.keep(out.AddTable(&excelize.Table{Range: whole, Name: fmt.Sprintf("List%d", w.tables), StyleName: "TableStyleLight1",
		ShowRowStripes: &stripes}))
	w.keep(w.file.AddIgnoredErrors(name, whole, excelize.IgnoredErrorsNumberStoredAsText))
	w.print(name, s, columns, widths, end, rows)
	if len(s.Heat) > 0 {
		w.heat(name, s, columns, end)
	}
	w.keep(w.file.SetCellHyperLink(name, "A3", "'"+books.SummaryName+"'!A1", "Location"))
	w.keep(out.Flush())
}
