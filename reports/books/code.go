package books

import (
	"strconv"
	"strings"

	"ferry/internal/run"
)

// Code ties an answer to its row: a digest of the values that say what the row is about.
func Code(values []string) string {
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	return run.DigestText(values...)[:8]
}

// Marked are the columns of a list whose cells are no answers: what somebody changes there is noticed by
// the marks behind the row code, and named.
func Marked(s Sheet) (list []Column) {
	for _, c := range s.Columns {
		if c.Kind < Answer && c.Kind != FieldLabel {
			list = append(list, c)
		}
	}
	return list
}

// markLength is how many letters say what a cell held.
const markLength = 3

// Mark is a few letters that change when a cell does. A number and its text have the same, because
// spreadsheets turn one into the other.
func Mark(cell string) string {
	if !isPlain(cell) {
		cell = strings.Join(strings.Fields(Clean(cell)), " ")
	}
	if cell != "" && strings.IndexByte("+-.0123456789iInN", cell[0]) >= 0 { // what a number may begin with
		if x, err := strconv.ParseFloat(cell, 64); err == nil {
			cell = strconv.FormatFloat(x, 'g', 9, 64)
		}
	}
	h := uint32(2166136261) // FNV-1a, a million times over: no object, no formatting
	for i := range len(cell) {
		h = (h ^ uint32(cell[i])) * 16777619
	}
	const digits = "0123456789abcdef"
	return string([]byte{digits[h>>8&15], digits[h>>4&15], digits[h&15]})
}

// isPlain says whether there is nothing to clean in a cell: ASCII, words parted by single blanks.
func isPlain(cell string) bool {
	last := byte(' ')
	for i := range len(cell) {
		b := cell[i]
		if b >= 0x80 || b < ' ' || b == ' ' && last == ' ' {
			return false
		}
		last = b
	}
	return cell == "" || last != ' '
}

// WithMarks puts the marks of a row's cells behind its code.
func WithMarks(code string, marks []string) string { return code + "-" + strings.Join(marks, "") }

// Marks takes them apart again; none in workbooks made before there were marks.
func Marks(rowCode string) (marks []string) {
	_, all, _ := strings.Cut(rowCode, "-")
	for ; len(all) >= markLength; all = all[markLength:] {
		marks = append(marks, all[:markLength])
	}
	return marks
}

// The summary is marked row by row, in a column beyond the page: what its cells held, up to the first that is no more
// of the page. Cells in which somebody may write have a mark of their own.
const (
	SummaryMarks  = 30 // the column, counted from 1
	SummaryMarked = 11 // columns
	FreeCell      = "---"
)

// MarksTitle heads the marks of rows in which nothing can be answered.
const MarksTitle = "Row marks"

// CodeOnly is a row code without the marks behind it.
func CodeOnly(rowCode string) string {
	code, _, _ := strings.Cut(rowCode, "-")
	return code
}

// Together writes the yellow cells of a row in one. An empty cell before a full one shows as a dash, so
// that an answer which moved to another cell is another answer.
func Together(parts []string) string {
	for len(parts) > 0 && Clean(parts[len(parts)-1]) == "" {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		if Clean(p) == "" {
			parts[i] = "–"
		}
	}
	return strings.Join(parts, " · ")
}

// Clean takes away what spreadsheets and people put around a value.
func Clean(s string) string {
	return strings.Trim(strings.ReplaceAll(s, "\u00a0", " "), " \t\r\n\u200b\ufeff")
}

// Same says whether two cells hold the same words.
func Same(a, b string) bool { return strings.EqualFold(Clean(a), Clean(b)) }
