package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/xlsx"
	"ferry/reports/books"
	"ferry/reports/reportstest"
)

// TestAfterNewDecisionsTheLastLoadIsStillTold: a run that was not loaded says in every book which one was; one that was
// loaded, or has none before it, says nothing.
func TestAfterNewDecisionsTheLastLoadIsStillTold(t *testing.T) {
	dir := reportstest.Fixture(t)
	old := filepath.Join(dir.Project().Runs(), reportstest.Day.AddDate(0, 0, -1).UTC().Format("20060102T150405Z"))
	if err := os.Mkdir(old, 0o700); err != nil {
		t.Fatal(err)
	}
	earlier, err := dir.Project().Run(filepath.Base(old))
	if err != nil {
		t.Fatal(err)
	}
	said := func() (n int) {
		t.Helper()
		for _, path := range write(t, dir).Files {
			if !strings.HasSuffix(path, ".xlsx") {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				n += strings.Count(string(text), earlier.ID()+" (twin)")
				continue
			}
			f, err := xlsx.Open(path, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			rows, err := f.Rows(books.SummaryName)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() && rows.Number() < 7 {
				for _, c := range rows.Cells() {
					n += strings.Count(c.Text, earlier.ID()+" (twin)")
				}
			}
			_ = f.Close()
		}
		return n
	}
	if n := said(); n != 0 {
		t.Errorf("nothing was ever loaded, and %d books say so", n)
	}
	mark := func(path string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mark(earlier.Loaded("twin", "outcomes"))
	if n := said(); n != 7 { // five workbooks and two texts
		t.Errorf("%d of 7 books tell of the last load", n)
	}
	mark(dir.Loaded("twin", "outcomes"))
	if n := said(); n != 0 {
		t.Errorf("this run was loaded itself, and %d books tell of another", n)
	}
}
