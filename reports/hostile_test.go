package reports

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/reports/reportstest"
)

var hostile = []string{
	`=HYPERLINK("http://evil.example","click")`, "=1+1", "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1", "=cmd|' /C calc'!A0",
	"  spaces around  ", "two\nlines", "a\r\nb", "tab\there", "zero\x00byte", "bell\x07", "bad utf-8 \xff\xfe end",
	"\ufffe", "_x0041_ stays", "&amp; <b>\"quoted\"</b>",
	"🌻 さくら Ελένη", "\u202eright to left", strings.Repeat("x", 40_000), strings.Repeat("é", 20_000), "007", "1e5",
	"2026-03-01", "TRUE", "'apostrophe",
}

// listOf writes one list of two text columns and gives the path of the workbook.
func listOf(t *testing.T, o Options, rows int, value func(int) string) string {
	t.Helper()
	dir := reportstest.Fixture(t, "handover.xlsx")
	s := run.Texts("limitations", "topic", "limitation")
	table, err := run.CreateTable(dir.Model("reports", "limitations"), s)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < rows; i++ {
		if err := table.Write(run.Row{fmt.Sprint(i), value(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	o.Only = []string{"handover.xlsx"}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir.Reports(), "handover.xlsx")
}

func TestHostileTextStaysTheTextItWas(t *testing.T) {
	path := listOf(t, testOptions(), len(hostile), func(i int) string { return hostile[i] })
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, v := range hostile {
		at := cell(2, headerRow+1+i)
		got, err := f.GetCellValue("Limitations", at)
		if err != nil {
			t.Fatal(err)
		}
		if got != printable(v) {
			t.Errorf("%.40q came back as %.40q", printable(v), got)
		}
		if formula, _ := f.GetCellFormula("Limitations", at); formula != "" {
			t.Errorf("%.40q became the formula %q", v, formula)
		}
	}
	count := `COUNTA\([A-Z]+\d+:[A-Z]+\d+\)`
	ours := regexp.MustCompile(`^` + count + `&amp;&#34; of &#34;&amp;` + count + `&amp;&#34; [a-z ]+&#34;$`)
	for _, part := range parts(t, path) {
		if !strings.Contains(part.name, "worksheets/") {
			continue // a chart names its cells in formulas
		}
		for _, f := range regexp.MustCompile(`<f>([^<]*)</f>`).FindAllStringSubmatch(part.text, -1) {
			if !ours.MatchString(f[1]) {
				t.Errorf("%s holds the formula %s", part.name, f[1])
			}
		}
	}
}

// TestColumnsAreWrittenInOrder: Excel repairs a file whose columns are not.
func TestColumnsAreWrittenInOrder(t *testing.T) {
	column := regexp.MustCompile(`<col min="(\d+)" max="(\d+)"`)
	path := listOf(t, testOptions(), 3, func(int) string { return "x" })
	sheets := 0
	for _, part := range parts(t, path) {
		last := 0
		for _, c := range column.FindAllStringSubmatch(part.text, -1) {
			from, _ := strconv.Atoi(c[1])
			if from <= last {
				t.Errorf("%s: column %d stands behind column %d", part.name, from, last)
			}
			last, _ = strconv.Atoi(c[2])
		}
		if last > 0 {
			sheets++
		}
	}
	if sheets < 5 {
		t.Errorf("only %d sheets have columns", sheets)
	}
}

type part struct{ name, text string }

func parts(t *testing.T, path string) (list []part) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err) // a wrong check sum is told here
		}
		list = append(list, part{f.Name, string(text)})
	}
	return list
}

func TestALongListGoesOnInAnotherSheet(t *testing.T) {
	o := testOptions()
	o.rowsPerSheet = 1000
	for rows, sheets := range map[int]int{999: 1, 1000: 1, 1001: 2, 3500: 4} {
		f, err := excelize.OpenFile(listOf(t, o, rows, func(int) string { return "x" }))
		if err != nil {
			t.Fatal(err)
		}
		seen, total := 0, 0
		for _, name := range f.GetSheetList() {
			if strings.HasPrefix(name, "Limitations") {
				seen++
				all, err := f.GetRows(name)
				if err != nil {
					t.Fatal(err)
				}
				total += len(all) - headerRow
			}
		}
		_ = f.Close()
		if seen != sheets || total != rows {
			t.Errorf("%d rows became %d rows in %d sheets, want %d sheets", rows, total, seen, sheets)
		}
	}
}

// TestMemoryDoesNotGrowWithTheList compares what the process took from the system before and after
// a long list; with FERRY_LONG a full sheet of a million rows and one more.
func TestMemoryDoesNotGrowWithTheList(t *testing.T) {
	rows, limit := 25_000, uint64(150<<20)
	if long.Asked {
		rows, limit = 1_000_001, 350<<20
	}
	taken := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.Sys
	}
	text := strings.Repeat("words and words ", 6)
	before := taken()
	listOf(t, testOptions(), rows, func(i int) string { return fmt.Sprint(text, i) })
	grown := taken() - before
	t.Logf("%d rows took %d MB", rows, grown>>20)
	if grown > limit {
		t.Errorf("%d rows took %d MB", rows, grown>>20)
	}
}

func TestACancelledReportLeavesNoMarkAndNoHalfFile(t *testing.T) {
	dir := reportstest.Fixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, dir, testOptions()); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := dir.Done(Stage, "ferry report"); err == nil {
		t.Error("a cancelled report is marked as done")
	}
	left, _ := filepath.Glob(filepath.Join(dir.Reports(), ".*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAReportWithoutTablesSaysWhatToDo(t *testing.T) {
	dir, err := run.OpenProject(t.TempDir()).NewRun(reportstest.Day)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), dir, testOptions())
	var p *run.Problem
	if !errors.As(err, &p) || p.Try != "ferry transform" {
		t.Fatalf("got %v", err)
	}
}

func TestAMissingTableLeavesItsSheetOut(t *testing.T) {
	dir := reportstest.Fixture(t)
	if err := os.Remove(dir.Model("reports", "pairs")); err != nil {
		t.Fatal(err)
	}
	var warned []string
	o := testOptions()
	o.Events = func(e run.Event) {
		if e.Kind == run.Warning {
			warned = append(warned, e.Subject)
		}
	}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	if len(warned) != 1 || warned[0] != "reports.pairs" {
		t.Errorf("warned of %v", warned)
	}
}

func TestAColumnAnAnalystAddedIsShown(t *testing.T) {
	dir := reportstest.Fixture(t)
	reportstest.WriteTable(t, dir, "limitations", "topic|limitation|cost_in_euro:bigint", "Push|cannot|12")
	write(t, dir)
	got := dump(t, filepath.Join(dir.Reports(), "handover.xlsx"))
	if !strings.Contains(got, `C4 "Cost in euro"`) || !strings.Contains(got, `C5 "12"`) {
		t.Error("the added column is not in the sheet")
	}
}
