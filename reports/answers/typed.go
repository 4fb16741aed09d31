package answers

import (
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// typedColumns are those in which people type values, not words.
var typedColumns = []string{"decision_value", "new_label", "new_value", "second_value"}

// look finds out how the numbers that stand in columns of values are shown: a date that a spreadsheet
// keeps as a number is a date again. It reads the sheets once more, and only if there are such numbers.
func (s *sent) look() error {
	wanted := map[string]map[int]answerRow{} // by sheet and row
	for _, r := range s.rows {
		for _, column := range typedColumns {
			if isNumber(r.get(column)) {
				if wanted[r.list.sheet] == nil {
					wanted[r.list.sheet] = map[int]answerRow{}
				}
				wanted[r.list.sheet][r.row] = r
			}
		}
	}
	for sheet, rows := range wanted {
		if err := s.lookAt(sheet, rows); err != nil {
			return err
		}
	}
	return nil
}

func (s *sent) lookAt(sheet string, wanted map[int]answerRow) error {
	rows, err := s.file.Rows(sheet)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		r, is := wanted[n]
		if !is {
			continue
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: false})
		if err != nil {
			return err
		}
		for _, column := range typedColumns {
			if i, here := r.list.at[column]; here && i < len(cells) && isNumber(r.get(column)) {
				r.values[column] = asShown(r.get(column), cells[i])
			}
		}
	}
	return rows.Error()
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789.-+eE") == "" }

// asShown turns the raw number of a cell into what is seen in it: a date, or the number without the
// noise of its storage. Text that looks like a number stays as it was typed: 007 is not 7.
func asShown(raw, shown string) string {
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil || raw == shown {
		return raw
	}
	if looksLikeDate(number, shown) {
		if t, err := excelize.ExcelDateToTime(number, false); err == nil {
			if number == math.Trunc(number) {
				return t.Format("2006-01-02")
			}
			return t.Format("2006-01-02 15:04:05")
		}
	}
	return strconv.FormatFloat(number, 'f', -1, 64)
}

// looksLikeDate says whether a number is shown as a date: what is seen is not the number itself, with
// whatever signs and words its format puts around it.
func looksLikeDate(number float64, shown string) bool {
	if number < 1 || number > 2_958_465 { // 31 December 9999
		return false
	}
	digits := strings.Trim(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' {
			return r
		}
		if r == ',' {
			return -1 // between thousands
		}
		return ' '
	}, shown), " .")
	seen, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return strings.ContainsAny(digits, "0123456789") // several numbers: day, month and year
	}
	return math.Abs(seen-number) > 0.5 && math.Abs(seen-100*number) > 0.5
}
