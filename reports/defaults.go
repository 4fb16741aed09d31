package reports

import (
	"cmp"
	"errors"
	"io"

	"ferry/reports/books"
	"ferry/reports/letters"
)

// The questions on the summary that one answer settles for many rows. What people read stands in the
// columns of the page, what ties the answers to their rows beyond its right edge.
const (
	keysColumn   = 12
	maxQuestions = 200
)

// asks is where the parts of a question stand: over which columns of the page.
var asks = map[string]struct{ from, to int }{"question": {1, 3}, "open": {4, 4}, "sample": {5, 8}, "decision": {9, 10}}

// askForAll writes the questions, and gives the next free row.
func (w *workbook) askForAll(row int, b books.Book) (int, error) {
	src := w.defaults
	if src == nil || src.total == 0 {
		return row, nil
	}
	s := *b.Defaults
	columns := layout(s, src)
	w.sectionHead(row, 1, lastColumn, s.Title)
	w.across(1, lastColumn, row+1, s.About, style{role: "note"})
	row += 2
	at, next := map[string]int{}, keysColumn
	for name, where := range asks {
		at[name] = where.from
	}
	for _, c := range columns {
		if _, placed := at[c.Name]; !placed && c.Kind >= books.Key && c.Kind != books.Answer {
			at[c.Name] = next
			next++
		}
	}
	for _, c := range columns {
		role := map[books.Kind]string{books.Answer: "answerHeader", books.Plain: "header"}[c.Kind]
		if i, here := at[c.Name]; here {
			w.spread(i, max(i, asks[c.Name].to), row, c.Title, style{role: cmp.Or(role, "key")})
		}
	}
	w.tall(row, 32)
	asked := newQuestions(columns)
	for n := 0; n < maxQuestions; n++ {
		values, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return row, err
		}
		row++
		w.question(row, s, columns, at, values)
		asked.see(columns, values, row)
	}
	asked.addTo(w, books.SummaryName, func(i int) int { return at[columns[i].Name] })
	return row + 2, w.err
}

// question writes one of them.
func (w *workbook) question(row int, s books.Sheet, columns []placed, at map[string]int, values []any) {
	lines := 1
	for _, c := range columns {
		i, here := at[c.Name]
		if !here {
			continue
		}
		var v any
		if c.at >= 0 {
			v = c.shown(values)
		}
		look := style{role: "key"}
		switch c.Kind {
		case books.Plain:
			look = style{role: "label", format: c.format}
			if t, is := v.(string); is {
				lines = max(lines, letters.Lines(t, between(i, asks[c.Name].to)-indented))
				look.format = ""
			}
			if c.Name == "sample" {
				look.role = "note"
			}
			if c.Name == "open" {
				look.role = "figure"
			}
		case books.Answer:
			look = style{role: "answer", format: "text"}
			w.free[cell(i, row)] = true
		case books.Before:
			v = answered(columns, values)
		case books.RowCode:
			v = w.codeOf(s, columns, values)
		}
		w.spread(i, max(i, asks[c.Name].to), row, v, look)
	}
	w.tall(row, float64(13*lines+4))
}
