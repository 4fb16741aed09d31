package reports

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/reports/books"
	"ferry/reports/reportstest"
)

// readable is the contrast that text needs (WCAG 2, level AA). It is made of luminance alone, so it holds in grey.
const readable = 4.5

// luminance is how bright a colour is, from 0 to 1.
func luminance(colour string) float64 {
	n, err := strconv.ParseUint(colour[len(colour)-6:], 16, 32)
	if err != nil {
		return 0
	}
	part := func(shift int) float64 {
		c := float64(n>>shift&255) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestNothingIsToldByColourAlone: every text can be read in grey, every cell with the colour of a state says the state
// in words, and values that differ stand out by their letters.
func TestNothingIsToldByColourAlone(t *testing.T) {
	toned := map[string]bool{}
	for _, x := range tones {
		toned[x.paper] = true
	}
	seen := 0
	for _, path := range write(t, reportstest.Fixture(t)).Files {
		if !strings.HasSuffix(path, ".xlsx") {
			continue
		}
		f, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		looks := map[int]*excelize.Style{}
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for r, row := range rows {
				for c, text := range row {
					at := cell(c+1, r+1)
					id, err := f.GetCellStyle(sheet, at)
					if err != nil {
						t.Fatal(err)
					}
					if looks[id] == nil {
						if looks[id], err = f.GetStyle(id); err != nil {
							t.Fatal(err)
						}
					}
					ground := "FFFFFF"
					if fill := looks[id].Fill.Color; len(fill) > 0 {
						ground = strings.TrimPrefix(fill[0], "#")
					}
					isToned := toned[ground] && r >= headerRow && sheet != books.SummaryName
					switch font := looks[id].Font; {
					case isToned && text == "":
						t.Errorf("%s, %s!%s: a state is told by colour alone", path, sheet, at)
					case text == "" || font == nil || font.Color == "":
					case contrast(font.Color, ground) < readable:
						t.Errorf("%s, %s!%s: #%s on #%s has a contrast of %.1f", path, sheet, at, font.Color, ground,
							contrast(font.Color, ground))
					case isToned:
						seen++
						if isDifference(sheet, rows, c) && !font.Bold {
							t.Errorf("%s, %s!%s: that it differs is told by colour alone", path, sheet, at)
						}
					}
				}
			}
		}
		_ = f.Close()
	}
	if seen < 20 {
		t.Errorf("only %d cells have the colour of a state", seen)
	}
}

// isDifference says whether a column marks the values that differ.
func isDifference(sheet string, rows [][]string, column int) bool {
	for _, b := range books.All {
		for _, s := range b.Sheets {
			if s.Title != sheet {
				continue
			}
			return slices.ContainsFunc(s.Columns, func(c books.Column) bool {
				return c.Mark != "" && column < len(rows[headerRow-1]) && c.Title == rows[headerRow-1][column]
			})
		}
	}
	return false
}
