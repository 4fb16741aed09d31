package answers

import (
	"slices"
	"strconv"
	"strings"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// typedColumns are those in which people type values, not words.
var typedColumns = []string{"decision_value", "new_label", "new_value", "second_value"}

// typed is what somebody typed into a yellow cell: a number with its digits and without the noise of its storage, a
// day as a day. Text that looks like a number stays as it was typed: 007 is not 7. What a formula lost is no answer;
// then it says why.
func (s *sent) typed(column books.Column, c xlsx.Cell) (text, wrong string) {
	switch {
	case c.Kind == xlsx.Failed:
		return "", "this formula comes to “" + c.Text + "”; write the answer itself"
	case c.Kind == xlsx.Formula:
		return "", "this is a formula, and the program that saved the workbook left out what it comes to; " +
			"write the answer itself"
	case c.Kind == xlsx.Boolean:
		return strconv.FormatBool(c.Text == "1"), ""
	case !slices.Contains(typedColumns, column.Name):
		return books.Clean(c.Text), ""
	}
	number, err := strconv.ParseFloat(c.Text, 64)
	switch {
	case c.Kind == xlsx.Date && err != nil: // written as text, as ISO 8601 has it
		return strings.Replace(strings.TrimSuffix(c.Text, "T00:00:00"), "T", " ", 1), ""
	case c.Kind == xlsx.Date && xlsx.IsDays(number):
		t := s.file.AsTime(number)
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			return t.Format("2006-01-02"), ""
		}
		return t.Format("2006-01-02 15:04:05"), ""
	case (c.Kind == xlsx.Number || c.Kind == xlsx.Elapsed) && err == nil:
		if shown, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64); err == nil {
			number = shown // spreadsheets show fifteen digits
		}
		return strconv.FormatFloat(number, 'f', -1, 64), ""
	}
	return books.Clean(c.Text), ""
}
