package reports

import (
	"path/filepath"
	"strconv"
	"unicode/utf8"

	"ferry/reports/books"
)

// Extra is a sheet that comes from no table of a run: what is known of an account over many days.
type Extra struct {
	Title, About string
	Head         []string
	Rows         [][]string
	State        int  // the column whose words colour their cells; less than 0: none
	AsText       bool // what looks like a number may be a key, and stays the text it was
}

// stateTones colour how a row stands.
var stateTones = map[string]string{"done": "good", "fine": "good", "due": "attention", "look": "attention",
	"waiting": "plain", "failed": "stop", "stop": "stop", "missed": "attention",
	"added": "good", "removed": "stop", "changed": "attention"}

// WriteExtras writes a workbook of such sheets alone. The scratch folder is the caller's.
func WriteExtras(path, title, scratch string, sheets []Extra) error {
	w, err := newWorkbook(filepath.Join(scratch, "report"), fullSheet)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		w.extra(s)
	}
	w.keep(w.file.DeleteSheet(books.SummaryName))
	w.about(title, "")
	return w.save(path)
}

// Widths of columns, in characters.
const (
	leastWidth = 10
	mostWidth  = 36
)

// extra draws one sheet.
func (w *workbook) extra(s Extra) {
	if _, err := w.file.NewSheet(s.Title); err != nil {
		w.keep(err)
		return
	}
	w.before(s.Title, dark)
	put := func(column, row int, text string, look style) {
		at := cell(column, row)
		if number, err := strconv.Atoi(text); err == nil && look.format == "number" {
			w.keep(w.file.SetCellInt(s.Title, at, int64(number)))
		} else {
			w.keep(w.file.SetCellStr(s.Title, at, printable(text)))
		}
		w.keep(w.file.SetCellStyle(s.Title, at, at, w.styleID(look)))
	}
	put(1, 1, s.Title, style{role: "title"})
	w.keep(w.file.SetRowHeight(s.Title, 1, 34))
	put(1, 2, s.About, style{role: "plainAbout"})
	widths := make([]int, len(s.Head))
	for i, h := range s.Head {
		put(i+1, headerRow, h, style{role: "header"})
		widths[i] = max(leastWidth, utf8.RuneCountInString(h)+2)
		for _, row := range s.Rows {
			widths[i] = min(mostWidth, max(widths[i], utf8.RuneCountInString(row[i])+2))
		}
		w.keep(w.file.SetColWidth(s.Title, letter(i+1), letter(i+1), float64(widths[i])))
	}
	for n, row := range s.Rows {
		lines := 1
		for i, text := range row {
			look := style{format: "text", wrap: true}
			if i == s.State {
				look.tone = stateTones[text]
			}
			if _, err := strconv.Atoi(text); err == nil && !s.AsText {
				look.format = "number"
			}
			put(i+1, headerRow+1+n, text, look)
			lines = max(lines, 1+(utf8.RuneCountInString(text)-1)/(widths[i]-2))
		}
		w.keep(w.file.SetRowHeight(s.Title, headerRow+1+n, float64(14*lines+4)))
	}
	w.page(s.Title, s.Title, 1, 0)
	w.lists = append(w.lists, written{s.Title, s.About, int64(len(s.Rows))})
}

// heads prints the head of every audit of the project, by which lines cut off at its end are found.
func (w *workbook) heads(row int, heads []string) int {
	for _, h := range heads {
		row++
		w.across(1, lastColumn, row, h, style{role: "small"})
	}
	return row
}
