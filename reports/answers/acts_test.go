package answers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/reportstest"
)

// swap exchanges two rows, or only some of their cells.
func swap(t *testing.T, f *excelize.File, sheet string, a, b int, columns ...string) {
	t.Helper()
	for _, column := range columns {
		one, two := cellOf(column, a), cellOf(column, b)
		x, _ := f.GetCellValue(sheet, one)
		y, _ := f.GetCellValue(sheet, two)
		_ = f.SetCellStr(sheet, one, y)
		_ = f.SetCellStr(sheet, two, x)
	}
}

func cellOf(column string, row int) string { return column + xlsx.CellName(1, row)[1:] }

func letters(from, to byte) (list []string) {
	for c := from; c <= to; c++ {
		list = append(list, string(c))
	}
	return list
}

// TestWhatHappensToAListOnSomebodysDesk: lists are sorted, filtered, shortened and copied into other files, and every
// answer still belongs to its row; what was torn from its row is refused with its cell.
func TestWhatHappensToAListOnSomebodysDesk(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingDecision, "7"): " Accept. ",
		finding(findingDecision, "9"): "OK"})
	c.edit(func(f *excelize.File) {
		swap(t, f, "Findings", 5, 7, letters('A', 'R')...) // sorted, whole rows
		if err := f.RemoveRow("Findings", 6); err != nil { // a row nobody wants to see; all below move up
			t.Fatal(err)
		}
		hidden := false
		_ = f.SetRowVisible("Findings", 8, hidden) // filtered away
	})
	d := c.decide()
	if d.Taken != 3 || d.Refused != 0 {
		t.Fatalf("sorted, filtered and shortened: %+v", d)
	}
	rows := strings.Count(c.file(decisionsFile), "\n")

	// Sorted by the yellow column alone: each answer stands beside another row.
	torn := newCustomer(t, "quality.xlsx")
	torn.fill(map[string]any{finding(findingDecision, "5"): "delete"})
	torn.edit(func(f *excelize.File) { swap(t, f, "Findings", 5, 7, "Q", "R") })
	if d := torn.decide(); d.Taken != 0 || d.Refused != 1 || d.Answers[0].Cell != "Findings!H5" ||
		!strings.Contains(d.Answers[0].Reason, "sorted away from them") {
		t.Fatalf("torn from their rows: %+v", d)
	}

	// Copied into an empty file, the header with them.
	part := filepath.Join(t.TempDir(), "for Ada.xlsx")
	from, err := excelize.OpenFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	list, err := from.GetRows("Findings")
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	for n, row := range [][]string{list[3], list[4], list[6]} {
		for i, text := range row {
			_ = f.SetCellStr("Sheet1", xlsx.CellName(i+1, n+1), text)
		}
	}
	if err := f.SaveAs(part); err != nil {
		t.Fatal(err)
	}
	d, err = Read(context.Background(), []string{part}, Options{Decisions: c.decisions, Who: "Ada",
		Now: func() time.Time { return c.now.Add(time.Hour) }})
	if err != nil || d.Refused != 0 || strings.Count(c.file(decisionsFile), "\n") != rows {
		t.Fatalf("copied: %v %+v", err, d)
	}
}

// TestAFormulaIsNoAnswer: what a program left out of the file, or what came to nothing, is refused with its cell; a
// result is as good as what somebody typed.
func TestAFormulaIsNoAnswer(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "7"): true, finding(findingDecision, "9"): "accept"})
	c.edit(func(f *excelize.File) {
		if err := f.SetCellFormula("Findings", findingDecision+"5", `IF(A5="","","delete")`); err != nil {
			t.Fatal(err)
		}
	})
	d := c.decide()
	said := map[string]string{}
	for _, a := range d.Answers {
		said[a.Cell] = string(a.State) + " " + a.Reason
	}
	if d.Taken != 1 || !strings.HasPrefix(said["Findings!H5"], "refused this is a formula") ||
		!strings.HasPrefix(said["Findings!H7"], "refused “true” is no possible answer") {
		t.Fatalf("%+v", d)
	}
}

// TestAnotherProgramsFileIsNamed: what people send instead of a workbook, and what they can do.
func TestAnotherProgramsFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quality.ods")
	if err := os.WriteFile(path, []byte("Who or what;Your decision\nAda;delete\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(context.Background(), []string{path}, Options{Decisions: t.TempDir(),
		Now: func() time.Time { return reportstest.Day }})
	p, is := err.(*run.Problem)
	if !is || !strings.Contains(p.What, "text file") || !strings.Contains(p.Try, "save it as an Excel workbook (.xlsx)") {
		t.Fatalf("%v", err)
	}
}
