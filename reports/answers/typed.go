package answers

import (
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// typedCell turns the raw text of a cell into what is seen in it, by the cell's type and format.
func typedCell(f *excelize.File, sheet, at, raw string) string {
	kind, err := f.GetCellType(sheet, at)
	if err != nil {
		return raw
	}
	switch kind {
	case excelize.CellTypeBool:
		return strconv.FormatBool(raw == "1" || strings.EqualFold(raw, "true"))
	case excelize.CellTypeNumber, excelize.CellTypeUnset:
	default:
		return raw // text stays as it was typed: 007 is not 7
	}
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	if isDate(f, sheet, at) {
		if t, err := excelize.ExcelDateToTime(number, false); err == nil {
			if number == math.Trunc(number) {
				return t.Format("2006-01-02")
			}
			return t.Format("2006-01-02 15:04:05")
		}
	}
	return strconv.FormatFloat(number, 'f', -1, 64)
}

// isDate says whether a cell's number is shown as a date.
func isDate(f *excelize.File, sheet, at string) bool {
	id, err := f.GetCellStyle(sheet, at)
	if err != nil {
		return false
	}
	s, err := f.GetStyle(id)
	if err != nil || s == nil {
		return false
	}
	if s.CustomNumFmt != nil {
		return isDateFormat(*s.CustomNumFmt)
	}
	return s.NumFmt >= 14 && s.NumFmt <= 22 || s.NumFmt >= 27 && s.NumFmt <= 36 || s.NumFmt >= 45 && s.NumFmt <= 47 || s.NumFmt >= 50 && s.NumFmt <= 58
}

// isDateFormat looks for day or year in a format, outside of quotes and brackets.
func isDateFormat(format string) bool {
	inQuotes, inBrackets := false, false
	for _, r := range strings.ToLower(format) {
		switch {
		case r == '"':
			inQuotes = !inQuotes
		case r == '[':
			inBrackets = true
		case r == ']':
			inBrackets = false
		case (r == 'd' || r == 'y') && !inQuotes && !inBrackets:
			return true
		}
	}
	return false
}
