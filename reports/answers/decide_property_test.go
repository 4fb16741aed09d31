package answers

import (
	"ferry/internal/long"
	"ferry/reports/books"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// TestWhateverIsTypedInDecidingTwiceChangesNothing fills yellow cells with all sorts of things:
// every answer is taken, refused or as before, never lost; and a second reading changes nothing.
func TestWhateverIsTypedInDecidingTwiceChangesNothing(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "clean", "delete", "accept", "merge", "CLEAN ", "delet", "yes", "=1+1", "42",
		"2026-01-02", "\u00a0accept", "clean; delete", "кто", "007"})
	rapid.Check(t, func(rt *rapid.T) {
		c := newCustomer(t, "quality.xlsx")
		typed := map[string]any{}
		for row := 5; row <= 9; row++ {
			for _, column := range []string{findingDecision, findingValue, findingWho} {
				if rapid.Bool().Draw(rt, "fills") {
					typed[finding(column, fmt.Sprint(row))] = words.Draw(rt, column)
				}
			}
		}
		c.fill(typed)
		first := c.decide()
		if n := first.Taken + first.Same + first.Withdrawn + first.Refused; n != len(first.Answers) {
			rt.Fatalf("%d answers, %d in the sums", len(first.Answers), n)
		}
		if got := answeredRows(t, c.path) - unchangedRows(t, c.path); got != len(first.Answers) {
			rt.Fatalf("%d rows were answered, %d answers reported", got, len(first.Answers))
		}
		before := c.file(decisionsFile)
		if lines := strings.Count(before, "\n"); lines > 0 && lines-1 != first.Taken {
			rt.Fatalf("%d decisions were taken, %d written", first.Taken, lines-1)
		}
		c.now = c.now.AddDate(0, 0, 1)
		second := c.decide()
		if second.Taken != 0 || second.Withdrawn != 0 || second.Refused != first.Refused || c.file(decisionsFile) != before {
			rt.Fatalf("the second reading: %+v", second)
		}
		left, _ := filepath.Glob(filepath.Join(c.decisions, ".*"))
		if len(left) != 0 {
			rt.Fatalf("left behind: %v", left)
		}
	})
}

func TestAnAnswerInTheNextCellIsAnotherAnswer(t *testing.T) {
	if a, b := books.Together([]string{"delete", "", ""}), books.Together([]string{"", "delete", ""}); a == b {
		t.Errorf("both are %q", a)
	}
	if a, b := books.Together([]string{"change", "x", ""}), books.Together([]string{"change", "", "x"}); a == b {
		t.Errorf("both are %q", a)
	}
}

// answeredRows counts the rows of findings in which something stands, or stood, in a yellow cell.
func answeredRows(t *testing.T, path string) (n int) {
	eachFinding(t, path, func(row []string) {
		if row[7]+row[8]+row[16] != "" {
			n++
		}
	})
	return n
}

// unchangedRows counts those that hold what they held when the workbook was made.
func unchangedRows(t *testing.T, path string) (n int) {
	eachFinding(t, path, func(row []string) {
		if row[16] != "" && row[7] == row[16] && row[8] == "" {
			n++
		}
	})
	return n
}

func eachFinding(t *testing.T, path string, see func(row []string)) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Findings")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[firstHeader:] {
		row = append(row, make([]string, 20)...)
		for i := range row {
			row[i] = books.Clean(row[i])
		}
		see(row)
	}
}

func TestMain(m *testing.M) {
	// A rapid check of a workbook takes a twentieth of a second; twenty of them find what there is.
	if !long.Asked {
		for name, value := range map[string]string{"rapid.checks": "20", "rapid.seed": "1"} {
			if err := flag.Set(name, value); err != nil {
				panic(err)
			}
		}
	}
	os.Exit(m.Run())
}

// firstHeader is the row in which the lists of our workbooks begin.
const firstHeader = 4
