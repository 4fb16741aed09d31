package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// told is one number that somebody reads somewhere, and which figure it is.
type told struct {
	figure, where string
	value         int
}

// tally collects where figures of one run are told.
type tally struct {
	t    *testing.T
	dir  run.Dir
	list []told
}

func (c *tally) add(figure, where string, value int) {
	c.list = append(c.list, told{figure, where, value})
}

// disagree names the figures that are not the same everywhere.
func disagree(list []told) (problems []string) {
	first := map[string]told{}
	for _, x := range list {
		if f, had := first[x.figure]; !had {
			first[x.figure] = x
		} else if f.value != x.value {
			problems = append(problems, fmt.Sprintf("%s: %d in %s, %d in %s", x.figure, f.value, f.where, x.value, x.where))
		}
	}
	return problems
}

// checkFigures: the same figure is the same number in every workbook, in the texts beside them, on the screens and in
// the tables, and no place of them could count otherwise without somebody noticing.
func checkFigures(t *testing.T, dir, screen string) {
	t.Helper()
	runs, err := run.OpenProject(dir).AllRuns()
	if err != nil {
		t.Fatal(err)
	}
	d := runs[0] // the rehearsal
	c := &tally{t: t, dir: d}
	c.tables()
	c.scope(filepath.Join(d.Reports(), "scope.xlsx"))
	c.text("scope.md")
	c.text("handover.md")
	c.mapping()
	c.quality()
	c.reconciliation()
	c.handover()
	c.screens(screen)
	for _, p := range disagree(c.list) {
		t.Error(p)
	}
	places := map[string]int{}
	for _, x := range c.list {
		places[x.figure]++
	}
	for i, x := range c.list {
		isTag := strings.HasPrefix(x.figure, "contacts with the tag ") && x.where == "freshsales.contacts"
		if places[x.figure] < 2 && isTag {
			continue // a tag that no list of the map asks about
		}
		if places[x.figure] < 2 {
			t.Errorf("%s is told in %s only: nothing says whether it is right", x.figure, x.where)
			continue
		}
		changed := slices.Clone(c.list)
		changed[i].value++
		if len(disagree(changed)) == 0 {
			t.Errorf("nobody would notice if %s told %s otherwise", x.where, x.figure)
		}
	}
	for figure, least := range map[string]int{"contacts that arrive": 10, "contacts that wait": 8, "records planned": 6,
		"records not arrived": 6, "records in Freshsales": 5, "records read": 6, "tasks that arrive": 4, "campaigns": 5} {
		if places[figure] < least {
			t.Errorf("%s is looked for in %d places and found in %d", figure, least, places[figure])
		}
	}
	c.planted()
}

// planted: a number that was changed in a real workbook is found.
func (c *tally) planted() {
	from, err := os.ReadFile(filepath.Join(c.dir.Reports(), "scope.xlsx"))
	if err != nil {
		c.t.Fatal(err)
	}
	path := filepath.Join(c.t.TempDir(), "scope.xlsx")
	if err := os.WriteFile(path, from, 0o600); err != nil {
		c.t.Fatal(err)
	}
	before := len(disagree(c.list))
	changeCell(c.t, path, books.SummaryName, "Contacts")
	c.scope(path)
	if len(disagree(c.list)) == before {
		c.t.Error("one contact more on the first page of scope.xlsx, and nobody noticed")
	}
}

// rows are those of a sheet below its header, by the titles of their columns.
func (c *tally) rows(path, sheet string) (list []map[string]string) {
	c.t.Helper()
	var header []string
	c.cells(path, sheet, func(n int, cells []string) {
		switch {
		case n == 4:
			header = cells
		case n > 4:
			row := map[string]string{}
			for i, text := range cells {
				if i < len(header) {
					row[header[i]] = text
				}
			}
			list = append(list, row)
		}
	})
	if header == nil {
		c.t.Fatalf("%s has no list “%s”", filepath.Base(path), sheet)
	}
	return list
}

func (c *tally) cells(path, sheet string, see func(n int, cells []string)) {
	c.t.Helper()
	f, err := xlsx.Open(path, c.t.TempDir())
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows(sheet)
	if err != nil || rows == nil {
		c.t.Fatalf("%s has no sheet “%s”: %v", filepath.Base(path), sheet, err)
	}
	defer rows.Close()
	for rows.Next() {
		texts := make([]string, len(rows.Cells()))
		for i, x := range rows.Cells() {
			texts[i] = x.Text
		}
		see(rows.Number(), texts)
	}
	if rows.Err() != nil {
		c.t.Fatal(rows.Err())
	}
}

// summary are the numbers of a first page, as "section/label"; sections may stand in two columns. Links to the other
// sheets are under "In this workbook".
func (c *tally) summary(path string) (figures map[string]int, verdict string) {
	figures = map[string]int{}
	section := map[int]string{}
	c.cells(path, books.SummaryName, func(n int, cells []string) {
		at := func(i int) string {
			if i < len(cells) {
				return cells[i]
			}
			return ""
		}
		if n == 5 {
			verdict = at(0)
		}
		for _, i := range []int{0, 4} {
			label, number := at(i), at(i+1)
			if i == 4 {
				number = at(6)
			}
			value, err := strconv.ParseFloat(number, 64)
			switch {
			case label == "" || n < 7:
			case err != nil:
				section[i] = label
			default:
				figures[section[i]+"/"+label] = int(value)
			}
		}
	})
	return figures, verdict
}

func number(text string) int {
	x, _ := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	return int(x)
}

// adding adds up columns of the rows that are wanted.
func adding(rows []map[string]string, wanted func(map[string]string) bool, columns ...string) (n int) {
	for _, r := range rows {
		for _, column := range columns {
			if wanted == nil || wanted(r) {
				n += number(r[column])
			}
		}
	}
	return n
}

func having(column string, words ...string) func(map[string]string) bool {
	return func(r map[string]string) bool { return slices.Contains(words, r[column]) }
}

// inFreshsales are the words for records that arrive.
func inFreshsales() (words []string) {
	for _, fate := range []string{"pending", "conflict", "unchanged", "updated", "created"} {
		words = append(words, books.FateWords[fate])
	}
	return words
}

// changeCell adds one to the number of a label in the second column of a first page.
func changeCell(t *testing.T, path, sheet, label string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		if len(row) > 6 && row[4] == label {
			if err := f.SetCellInt(sheet, xlsx.CellName(7, n+1), int64(number(row[6])+1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}
