package reports

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
	"ferry/reports/reportstest"
)

// findingsOf makes a run with so many findings: of three rules, each a third.
func findingsOf(t *testing.T, n int) run.Dir {
	t.Helper()
	dir := reportstest.Fixture(t, "quality.xlsx")
	schema := run.Texts("quality", "rule", "severity", "entity", "key", "who_is_it", "field", "value", "reason",
		"suggestion", "decisions", "decision", "decision_value", "who", "other", "other_key")
	table, err := run.CreateTable(dir.Model("reports", "quality"), schema)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		kind := 3 * i / n
		row := run.Row{fmt.Sprint("rule_", kind), "hold", []string{"contacts", "contacts", "deals"}[kind],
			fmt.Sprint("key-", i), fmt.Sprintf("=Person %d of a long name", i), "email",
			fmt.Sprintf("person%d@example.cmo", i), fmt.Sprint("reason ", kind),
			fmt.Sprintf("person%d@example.com", i), "clean delete", nil, nil, nil, nil, nil}
		if err := table.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFindingsLongerThanASheetAreSplitByRuleWithAnIndexAndAWholeList(t *testing.T) {
	dir := findingsOf(t, 30)
	o := testOptions()
	o.rowsPerSheet, o.Only = 8, []string{"quality.xlsx"}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(filepath.Join(dir.Reports(), "quality.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []string
	index, err := f.GetRows(books.SummaryName)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range index {
		if len(row) > 2 && strings.HasPrefix(row[0], "Findings (") {
			got = append(got, strings.Join(row[:3], " "))
		}
	}
	want := "Findings (1) 8 Contacts: reason 0, Findings (2) 2 Contacts: reason 0, Findings (3) 8 Contacts: reason 1, " +
		"Findings (4) 2 Contacts: reason 1, Findings (5) 8 Deals: reason 2, Findings (6) 2 Deals: reason 2"
	if strings.Join(got, ", ") != want {
		t.Errorf("the index says %s", strings.Join(got, ", "))
	}
	text, err := os.ReadFile(filepath.Join(dir.Reports(), "quality-findings.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(rows) != 31 || rows[1][1] != "'=Person 0 of a long name" {
		t.Errorf("the whole list has %d rows: %v %v", len(rows), rows[:2], err)
	}
}

// TestManyFindingsCostLittleMoreThanTheirCells writes findings and, for comparison, the same cells bare;
// FERRY_FINDINGS_N says how many, a million being what the largest customer has.
func TestManyFindingsCostLittleMoreThanTheirCells(t *testing.T) {
	n := 3_000
	if text := os.Getenv("FERRY_FINDINGS_N"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	dir := findingsOf(t, n)
	o := testOptions()
	o.Only = []string{"quality.xlsx"}
	began, used := time.Now(), processor(t)
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	ours, used := time.Since(began), processor(t)-used
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	bare, alone := bareCells(t, filepath.Join(dir.Reports(), "quality.xlsx"), n)
	t.Logf("%d findings in %.1f s, their cells alone in %.1f s: %.2f times, %.2f by processor; %d MB taken from the system",
		n, ours.Seconds(), bare.Seconds(), ours.Seconds()/bare.Seconds(), used.Seconds()/alone.Seconds(), after.Sys>>20)
}

// processor is how long this process has kept the processor.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareCells writes the values of the first row of findings so often, with one style, and nothing else.
func bareCells(t *testing.T, workbook string, n int) (took, used time.Duration) {
	t.Helper()
	f, err := excelize.OpenFile(workbook)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.Rows("Findings")
	if err != nil {
		t.Fatal(err)
	}
	var cells []any
	for i := 0; rows.Next() && i <= headerRow; i++ {
		texts, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		cells = cells[:0]
		for _, text := range texts {
			cells = append(cells, excelize.Cell{StyleID: 1, Value: text})
		}
	}
	_, _ = rows.Close(), f.Close()
	began, before := time.Now(), processor(t)
	bare := excelize.NewFile()
	defer bare.Close()
	if _, err := bare.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		t.Fatal(err)
	}
	out, err := bare.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := out.SetRow(cell(1, i+1), cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := bare.SaveAs(filepath.Join(t.TempDir(), "bare.xlsx")); err != nil {
		t.Fatal(err)
	}
	return time.Since(began), processor(t) - before
}
