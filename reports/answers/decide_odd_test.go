package answers

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
	"ferry/reports/reportstest"
)

func TestColumnsMayMoveAndSheetsMayBeRenamed(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "5"): "delete"})
	c.edit(func(f *excelize.File) {
		rows, err := f.GetRows("Findings")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("Mine"); err != nil {
			t.Fatal(err)
		}
		for r, row := range rows { // backwards, with an empty column between and a row above
			for i, v := range row {
				_ = f.SetCellValue("Mine", xlsx.CellName(40-2*i, r+3), v)
			}
		}
		if err := f.DeleteSheet("Findings"); err != nil {
			t.Fatal(err)
		}
	})
	if d := c.decide(); d.Taken != 1 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
}

func TestALostColumnOrAStrangeFileIsExplained(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	problem := func(want string) {
		t.Helper()
		_, err := c.try()
		var p *run.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Error(), want) || p.Try == "" {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	c.edit(func(f *excelize.File) { _ = f.SetCellValue("Findings", "L4", "Our key") })
	problem("lost a column, or it was renamed: “Key”")
	c.edit(func(f *excelize.File) {
		_ = f.SetCellValue("Findings", "L4", "Key")
		_ = f.SetCellValue("Findings", "Z4", "Key")
	})
	problem("two columns are called “Key”")
	c.path = filepath.Join(t.TempDir(), "other.xlsx")
	f := excelize.NewFile()
	_ = f.SetCellValue("Sheet1", "A1", "hello")
	if err := f.SaveAs(c.path); err != nil {
		t.Fatal(err)
	}
	problem("no sheet of this workbook asks questions")
	_ = os.WriteFile(c.path, []byte("not a zip"), 0o600)
	problem("not a workbook that can be read")
	c.path = filepath.Join(t.TempDir(), "nowhere.xlsx")
	problem("no such file")
}

func TestADecisionNeedsAName(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.edit(func(f *excelize.File) { _ = f.SetCellValue("Findings", "H5", "delete") })
	_, err := c.try()
	if err == nil || !strings.Contains(err.Error(), books.NameLabel) || c.file(decisionsFile) != "" {
		t.Errorf("got %v", err)
	}
}

func TestTwoAnswersToOneQuestionAreRefused(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "7"): "accept"})
	c.edit(func(f *excelize.File) { // the row again below, with another answer
		rows, _ := f.GetRows("Findings")
		for i, v := range rows[6] {
			_ = f.SetCellValue("Findings", xlsx.CellName(i+1, 20), v)
		}
		_ = f.SetCellValue("Findings", "H20", "clean")
	})
	d := c.decide()
	if d.Taken != 0 || d.Refused != 2 || !strings.Contains(d.Answers[0].Reason, "Findings!H7 and Findings!H20") {
		t.Fatalf("%+v", d)
	}
}

func TestNumbersAndDatesTypedInAreWhatWasSeen(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.edit(func(f *excelize.File) {
		format := "dd.mm.yyyy"
		day, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		_ = f.SetCellStyle("Findings", "I9", "H9", day)
		number, _ := f.NewStyle(&excelize.Style{NumFmt: 0})
		_ = f.SetCellStyle("Findings", "I5", "H5", number)
	})
	c.fill(map[string]any{
		finding(findingDecision, "5"): "clean", finding(findingValue, "5"): 353850123456.0,
		finding(findingDecision, "7"): "clean", finding(findingValue, "7"): "007",
		finding(findingDecision, "9"): "clean", finding(findingValue, "9"): 29221, // 1 January 1980
		"Findings!L9": 41000023, // a key that became a number
	})
	if d := c.decide(); d.Taken != 3 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	for _, want := range []string{",clean,353850123456,", ",clean,007,", ",clean,1980-01-01,"} {
		if !strings.Contains(c.file(decisionsFile), want) {
			t.Errorf("%s is not in %s", want, c.file(decisionsFile))
		}
	}
}

func TestAWorkbookThatLibreOfficeSavedIsReadTheSame(t *testing.T) {
	long.Only(t)
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed")
	}
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingDecision, "8"): "clean", "Same person!" +
		pairDecision + "6": "merge"})
	folder := t.TempDir()
	out, err := exec.Command("soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to",
		"xlsx:Calc MS Excel 2007 XML", "--outdir", folder, c.path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.path = filepath.Join(folder, "quality.xlsx")
	reportstest.SameCells(t, c.path)
	d := c.decide()
	if d.Taken != 3 || d.Refused != 0 || len(d.Ignored) != 0 {
		t.Fatalf("%+v", d)
	}
	if !strings.Contains(c.file(decisionsFile), "checks.email_typo,41000022,email,clean,+1@example.com,Grace") {
		t.Error(c.file(decisionsFile))
	}
}

func TestAWorkbookWithAnswersIsKeptWhenReportsAreWrittenAgain(t *testing.T) {
	dir := reportstest.Fixture(t)
	if r := write(t, dir); len(r.Kept) != 0 {
		t.Fatalf("kept %v", r.Kept)
	}
	if r := write(t, dir); len(r.Kept) != 0 {
		t.Fatalf("nobody touched them, kept %v", r.Kept)
	}
	c := &customer{t: t, path: filepath.Join(dir.Reports(), "quality.xlsx")}
	c.fill(map[string]any{finding(findingDecision, "5"): "delete"})
	r := write(t, dir)
	if len(r.Kept) != 1 {
		t.Fatalf("kept %v", r.Kept)
	}
	c.path, c.decisions = r.Kept[0], t.TempDir()
	if d := c.decide(); d.Taken != 1 {
		t.Errorf("the kept workbook lost its answers: %+v", d)
	}
}
