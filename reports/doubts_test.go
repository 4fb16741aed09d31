package reports

import (
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/reportstest"
)

// TestDoubtsOfExtractAreShown: what extract says of a file stands in run.json, in its words.
func TestDoubtsOfExtractAreShown(t *testing.T) {
	dir := reportstest.Fixture(t, "scope.xlsx")
	type doubt struct{ File, Why string } // as extract marks it
	facts := map[string]any{"doubts": []doubt{{"people.csv", "half of its records could not be read"}}}
	if err := dir.Mark("extract", run.Stage{Output: "x", Facts: facts}); err != nil {
		t.Fatal(err)
	}
	write(t, dir)
	f, err := excelize.OpenFile(filepath.Join(dir.Reports(), "scope.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, _ := f.GetCellValue("Doubtful files", "B5"); got != "half of its records could not be read" {
		t.Errorf("the sheet says %q", got)
	}
}
