package reports

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/reportstest"
	"ferry/reports/signoff"
)

// rehearsal is a run that was loaded, and its reconciliation.
func rehearsal(t *testing.T) (run.Dir, string) {
	t.Helper()
	dir := reportstest.Fixture(t, "reconciliation.xlsx")
	out, err := run.CreateTable(dir.Loaded("twin", "outcomes"), run.Texts("outcomes", "entity", "key", "outcome"))
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Write(run.Row{"contacts", "p1", "created"}); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	o := Options{Target: "twin", Only: []string{"reconciliation.xlsx"}, AuditHead: "line 3, abc"}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir.TargetReports("twin"), "reconciliation.xlsx")
}

var signature = signoff.Signed{Name: "Anna Keane", Role: "Head of service", Date: "2026-03-12", Verdict: "accept",
	MapDefault: true, NoBackup: true}

func TestASignatureIsReadAsItWasWritten(t *testing.T) {
	dir, book := rehearsal(t)
	path := filepath.Join(t.TempDir(), "signed.xlsx")
	if err := signoff.Fill(book, path, signature); err != nil {
		t.Fatal(err)
	}
	got, err := signoff.Read(path, dir.Project())
	if err != nil {
		t.Fatal(err)
	}
	want := signature
	want.Target, want.Run, want.Result, want.AuditHead, want.Workbook = "twin", dir.ID(), got.Result,
		"line 3, abc", "signed.xlsx"
	if diff := cmp.Diff(want, got); diff != "" || len(got.Result) != 64 {
		t.Error(diff)
	}
}

// TestWhatIsNoSignatureIsRefused: with the cell, and whoever typed it knows what to do.
func TestWhatIsNoSignatureIsRefused(t *testing.T) {
	cases := map[string]struct {
		set  map[string]string // cells after signing
		want []string
	}{
		"nobody":   {map[string]string{"Name": ""}, []string{"“Name” is empty", "cell B"}},
		"a number": {map[string]string{"Name": "12"}, []string{"“12” is no name"}},
		"no role":  {map[string]string{"Role": " "}, []string{"“Role” is empty"}},
		"no date":  {map[string]string{"Date": ""}, []string{"“Date” is empty"}},
		"any day": {map[string]string{"Date": "03/04/26"},
			[]string{"no date that can be read without guessing", "cell B"}},
		"another word": {map[string]string{"Verdict": "perhaps"}, []string{"“perhaps” is no possible answer",
			"accept, accept with remarks, reject"}},
		"no remarks": {map[string]string{"Verdict": "reject"}, []string{"“reject” needs remarks"}},
		"neither yes or no": {map[string]string{"What nobody answered in the field map stands as proposed": "maybe"},
			[]string{"yes, no"}},
		"another digest": {map[string]string{"Digest of this rehearsal": strings.Repeat("0", 64)},
			[]string{"the sheet was edited"}},
		"another run":    {map[string]string{"Run": "20200101T000000Z"}, []string{"a workbook of another project"}},
		"another target": {map[string]string{"Account": "sandbox"}, []string{"was not loaded to a target"}},
		"a line gone":    {map[string]string{"Remarks": "\x00label"}, []string{"the line “Remarks” is missing"}},
		"a code changed": {map[string]string{"Verdict": "\x00code"}, []string{"the code beside “Verdict”"}},
	}
	dir, book := rehearsal(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "signed.xlsx")
			if err := signoff.Fill(book, path, signature); err != nil {
				t.Fatal(err)
			}
			edit(t, path, c.set)
			got, err := signoff.Read(path, dir.Project())
			if err == nil || run.ExitOf(err) != run.ExitStop {
				t.Fatalf("read as %+v, %v", got, err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in: %v", w, err)
				}
			}
		})
	}
}

func TestAWorkbookFromBeforeALaterLoadIsRefused(t *testing.T) {
	dir, book := rehearsal(t)
	path := filepath.Join(t.TempDir(), "signed.xlsx")
	if err := signoff.Fill(book, path, signature); err != nil {
		t.Fatal(err)
	}
	out, err := run.CreateTable(dir.Loaded("twin", "outcomes"), run.Texts("outcomes", "entity", "key", "outcome"))
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := signoff.Read(path, dir.Project()); err == nil ||
		!strings.Contains(err.Error(), "loaded or read back after it was written") {
		t.Error(err)
	}
}

// edit sets the yellow cell beside a label, or the label, or the code.
func edit(t *testing.T, path string, set map[string]string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(signoff.Name)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) == 0 {
			continue
		}
		value, asked := set[row[0]]
		column := 2
		switch value {
		case "\x00label":
			column, value = 1, "Something else"
		case "\x00code":
			column, value = signoff.CodeColumn, "00000000"
		}
		if asked {
			if err := f.SetCellStr(signoff.Name, cell(column, i+1), value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}
