package reports

import (
	"ferry/reports/reportstest"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// dump writes down everything a reader of a workbook meets: every cell, what may be chosen where,
// tables, frozen panes and print set-up.
func dump(t *testing.T, path string) string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		fmt.Fprintf(&b, "== %s\n", name)
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, v := range row {
				if v != "" {
					fmt.Fprintf(&b, "%s %q\n", cell(c+1, r+1), v)
				}
			}
		}
		b.WriteString(looks(f, name, rows))
		tables, _ := f.GetTables(name)
		for _, x := range tables {
			fmt.Fprintf(&b, "table %s %s\n", x.Name, x.Range)
		}
		validations, _ := f.GetDataValidations(name)
		for _, v := range validations {
			fmt.Fprintf(&b, "choose %s %s\n", v.Sqref, v.Formula1)
		}
		if p, _ := f.GetPanes(name); p.Freeze {
			fmt.Fprintf(&b, "frozen above and left of %s\n", p.TopLeftCell)
		}
		if p, _ := f.GetPageLayout(name); p.Orientation != nil && p.FitToWidth != nil {
			fmt.Fprintf(&b, "page %s, %d wide\n", *p.Orientation, *p.FitToWidth)
		}
	}
	return b.String()
}

// looks are the formats and colours of the first row of a list, and of the first cells of a summary.
func looks(f *excelize.File, sheet string, rows [][]string) string {
	var b strings.Builder
	n := headerRow + 1
	if len(rows) < n {
		return ""
	}
	for c := range rows[headerRow-1] {
		at := cell(c+1, n)
		id, err := f.GetCellStyle(sheet, at)
		if err != nil {
			continue
		}
		s, err := f.GetStyle(id)
		if err != nil {
			continue
		}
		format, fill := "general", "plain"
		if s.CustomNumFmt != nil {
			format = *s.CustomNumFmt
		}
		if len(s.Fill.Color) > 0 {
			fill = s.Fill.Color[0]
		}
		fmt.Fprintf(&b, "look %s %s, %s, %g points\n", at, format, fill, s.Font.Size)
	}
	return b.String()
}

func TestWorkbooksAreAsAgreedCellByCell(t *testing.T) {
	dir := reportstest.Fixture(t)
	for _, path := range write(t, dir).Files {
		name := strings.ReplaceAll(strings.TrimPrefix(path, dir.Reports()+"/"), "/", "-")
		got := ""
		if strings.HasSuffix(path, ".xlsx") {
			got = dump(t, path)
			reportstest.SameCells(t, path)
		} else {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got = string(text)
		}
		golden := filepath.Join("testdata", name+".golden")
		if os.Getenv("FERRY_UPDATE") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s is not as agreed (FERRY_UPDATE=1 go test writes what it is now):\n%s", name, diff)
		}
	}
}

func TestTheSameTablesGiveTheSameBytes(t *testing.T) {
	first, second := reportstest.Fixture(t), reportstest.Fixture(t)
	a, b := write(t, first), write(t, second)
	for i, path := range a.Files {
		x, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(b.Files[i])
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x, y) {
			t.Errorf("%s has other bytes the second time", filepath.Base(path))
		}
	}
}

func TestOnlyTheOwnerMayReadWorkbooks(t *testing.T) {
	for _, path := range write(t, reportstest.Fixture(t)).Files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %o", filepath.Base(path), info.Mode().Perm())
		}
	}
}
