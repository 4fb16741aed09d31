package reportstest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ferry/internal/xlsx"
)

// SameCells reads a workbook with the reader that writes our workbooks and with the fast one that reads answers: both
// must see the same cells.
func SameCells(t testing.TB, path string) {
	t.Helper()
	slow, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fast, err := xlsx.Open(path, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer fast.Close()
	for _, sheet := range slow.GetSheetList() {
		want, err := slow.GetRows(sheet)
		if err != nil {
			continue // a chart
		}
		got := map[string]string{}
		rows, err := fast.Rows(sheet)
		if err != nil || rows == nil {
			t.Fatalf("no sheet “%s”: %v", sheet, err)
		}
		for rows.Next() {
			for i, c := range rows.Cells() {
				if c.Text != "" {
					got[xlsx.CellName(i+1, rows.Number())] = c.Text
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("sheet “%s”: %v", sheet, err)
		}
		_ = rows.Close()
		expected := map[string]string{}
		for n, row := range want {
			for i, text := range row {
				if text != "" {
					expected[xlsx.CellName(i+1, n+1)] = text
				}
			}
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s, sheet “%s”:\n%s", path, sheet, diff)
		}
		notes, err := slow.GetComments(sheet)
		hung, e := fast.Notes(sheet)
		if err != nil || e != nil || len(notes) != len(hung) {
			t.Errorf("%s, sheet “%s”: %d notes (%v), read %d (%v)", path, sheet, len(notes), err, len(hung), e)
		}
	}
}
