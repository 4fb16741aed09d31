package reportstest

import (
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// headerRow is where the header of a list stands.
const headerRow = 4

// FillIn writes an answer into a cell of a list, found by the title of its column, and saves the workbook
// elsewhere, as a customer would.
func FillIn(t testing.TB, from, to, sheet, column string, row int, answer any) {
	t.Helper()
	f, err := excelize.OpenFile(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) < headerRow {
		t.Fatalf("no list “%s”: %v", sheet, err)
	}
	at, err := excelize.CoordinatesToCellName(1+slices.Index(rows[headerRow-1], column), row)
	if err != nil {
		t.Fatalf("no column “%s” on “%s”: %v", column, sheet, err)
	}
	if err := f.SetCellValue(sheet, at, answer); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(to); err != nil {
		t.Fatal(err)
	}
}
