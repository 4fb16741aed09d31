package reports

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
)

// answered writes the workbooks, lets a customer fill one in, and reads it back.
type customer struct {
	t         *testing.T
	path      string
	decisions string
	now       time.Time
}

// pristine keeps each workbook of the fixture as it was written, once.
var pristine sync.Map

func newCustomer(t *testing.T, book string) *customer {
	t.Helper()
	if _, ok := pristine.Load(book); !ok {
		dir := fixture(t, book)
		o := testOptions()
		o.Only = []string{book}
		if _, err := Run(context.Background(), dir, o); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir.Reports(), book))
		if err != nil {
			t.Fatal(err)
		}
		pristine.Store(book, text)
	}
	text, _ := pristine.Load(book)
	path := filepath.Join(t.TempDir(), book)
	if err := os.WriteFile(path, text.([]byte), 0o600); err != nil {
		t.Fatal(err)
	}
	return &customer{t: t, path: path, decisions: filepath.Join(t.TempDir(), "decisions"), now: testDay}
}

// edit opens the workbook, changes it and saves it, as Excel would.
func (c *customer) edit(change func(f *excelize.File)) {
	c.t.Helper()
	f, err := excelize.OpenFile(c.path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	change(f)
	if err := f.Save(); err != nil {
		c.t.Fatal(err)
	}
}

// fill writes values into cells "Sheet!A1"; the name goes on the summary.
func (c *customer) fill(values map[string]any) {
	c.t.Helper()
	c.edit(func(f *excelize.File) {
		rows, _ := f.GetRows(summaryName)
		for i, r := range rows {
			if len(r) > 0 && r[0] == nameLabel {
				_ = f.SetCellValue(summaryName, cell(2, i+1), "Grace")
			}
		}
		for at, v := range values {
			sheet, name, _ := strings.Cut(at, "!")
			if err := f.SetCellValue(sheet, name, v); err != nil {
				c.t.Fatal(err)
			}
		}
	})
}

func (c *customer) decide() Decided {
	c.t.Helper()
	d, err := c.try()
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c *customer) try() (Decided, error) {
	return Decide(context.Background(), c.path, Options{Decisions: c.decisions, Now: func() time.Time { return c.now }})
}

func (c *customer) file(name string) string {
	text, err := os.ReadFile(filepath.Join(c.decisions, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.t.Fatal(err)
	}
	return string(text)
}

// The columns of the yellow cells in the workbooks of the fixture.
const (
	findingDecision, findingValue, findingWho = "G", "H", "I"
	pairDecision                              = "K"
	mapAnswer, mapLabel, mapType              = "J", "K", "L"
)

func finding(column, row string) string { return "Findings!" + column + row }

func TestAnswersAboutFindingsBecomeDecisions(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{
		finding(findingDecision, "5"): "clean", finding(findingValue, "5"): "ciara@example.com",
		finding(findingDecision, "7"):       " Clean ", // takes the suggestion
		finding(findingDecision, "9"):       "accept",
		finding(findingWho, "9"):            "Linus",
		"Same person!" + pairDecision + "5": "merge",
	})
	d := c.decide()
	if d.Taken != 4 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	want := `rule,key,field,decision,value,who,decided_at,source_cell
checks.email_missing,41000017,email,clean,ciara@example.com,Grace,2026-03-02T08:30:00Z,quality.xlsx!Findings!G5
checks.email_typo,41000021,email,clean,nora@example.com,Grace,2026-03-02T08:30:00Z,quality.xlsx!Findings!G7
checks.future_dates,41000023,cf_birth_date,accept,,Linus,2026-03-02T08:30:00Z,quality.xlsx!Findings!G9
matching.pairs,41000030|41000931,,merge,,Grace,2026-03-02T08:30:00Z,quality.xlsx!Same person!K5
`
	if diff := cmp.Diff(want, c.file(decisionsFile)); diff != "" {
		t.Fatal(diff)
	}
	c.now = c.now.AddDate(0, 1, 0)
	if d := c.decide(); d.Taken != 0 || d.Same != 4 || len(d.Files) != 0 {
		t.Fatalf("the same workbook again: %+v", d)
	}
	if diff := cmp.Diff(want, c.file(decisionsFile)); diff != "" {
		t.Fatal("the same workbook changed something", diff)
	}
}

func TestAnswersAboutAttributesBecomeTheFieldMap(t *testing.T) {
	c := newCustomer(t, "mapping.xlsx")
	c.fill(map[string]any{
		"Attributes!" + mapAnswer + "5": "confirm",
		"Attributes!" + mapAnswer + "7": "skip",
		"Attributes!" + mapAnswer + "8": "change", "Attributes!" + mapLabel + "8": "Schuhgröße (EU)", "Attributes!" + mapType + "8": "text",
	})
	if d := c.decide(); d.Taken != 3 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	want := `attribute,entity,name,label,type,decision,who,decided_at
birth_date,contact,cf_birth_date,Date of birth,date,confirm,Grace,2026-03-02T08:30:00Z
comment,contact,cf_comment,Comment,text_area,skip,Grace,2026-03-02T08:30:00Z
shoe_size,contact,cf_schuhgröße_eu,Schuhgröße (EU),text,change,Grace,2026-03-02T08:30:00Z
`
	if diff := cmp.Diff(want, c.file(fieldMapFile)); diff != "" {
		t.Fatal(diff)
	}
}

func TestWhatIsNotUnderstoodIsRefusedWithItsCell(t *testing.T) {
	for name, test := range map[string]struct {
		book   string
		cells  map[string]any
		at     string
		reason string
	}{
		"misspelt":           {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delet"}, "Findings!G5", "did you mean “delete”?"},
		"not offered here":   {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "accept"}, "Findings!G5", "no possible answer here (clean, delete)"},
		"clean to what":      {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "clean"}, "Findings!H5", "needs a value"},
		"value, no decision": {"quality.xlsx", map[string]any{finding(findingValue, "5"): "x@example.com"}, "Findings!G5", "no decision"},
		"value with delete":  {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delete", finding(findingValue, "5"): "x"}, "Findings!H5", "goes with “clean” only"},
		"key was changed":    {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delete", "Findings!K5": "41000018"}, "Findings!G5", "row code does not fit"},
		"choices widened":    {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "accept", "Findings!M5": "clean delete accept"}, "Findings!G5", "row code does not fit"},
		"pair":               {"quality.xlsx", map[string]any{"Same person!" + pairDecision + "5": "yes"}, "Same person!K5", "merge, apart"},
		"change to nothing":  {"mapping.xlsx", map[string]any{"Attributes!J5": "change"}, "Attributes!K5", "needs another field name"},
		"confirm and change": {"mapping.xlsx", map[string]any{"Attributes!J5": "confirm", "Attributes!K5": "Other"}, "Attributes!J5", "decide “change”"},
		"unknown kind":       {"mapping.xlsx", map[string]any{"Attributes!J5": "change", "Attributes!L5": "datum"}, "Attributes!L5", "did you mean “date”?"},
		"no letter":          {"mapping.xlsx", map[string]any{"Attributes!J5": "change", "Attributes!K5": "???"}, "Attributes!K5", "no letter"},
		"proposal changed":   {"mapping.xlsx", map[string]any{"Attributes!J5": "confirm", "Attributes!F5": "number"}, "Attributes!J5", "row code does not fit"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t, test.book)
			c.fill(test.cells)
			d := c.decide()
			if d.Refused != 1 || d.Taken != 0 || len(d.Answers) != 1 {
				t.Fatalf("%+v", d)
			}
			if a := d.Answers[0]; a.Cell != test.at || !strings.Contains(a.Reason, test.reason) {
				t.Errorf("refused %s: %s", a.Cell, a.Reason)
			}
			if c.file(decisionsFile)+c.file(fieldMapFile) != "" {
				t.Error("a refused answer was written")
			}
		})
	}
}

func TestAnAnswerCanBeTakenBack(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	_ = os.MkdirAll(c.decisions, 0o700)
	old := "rule,key,field,decision,value,who,decided_at,source_cell\nchecks.email_missing,41000018,email,delete,,Ada,2026-01-01T00:00:00Z,x\nchecks.other,1,,accept,,Ada,2026-01-01T00:00:00Z,y\n"
	if err := os.WriteFile(filepath.Join(c.decisions, decisionsFile), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	if d := c.decide(); len(d.Answers) != 0 {
		t.Fatalf("nobody touched it: %+v", d)
	}
	c.fill(map[string]any{finding(findingDecision, "6"): ""})
	if d := c.decide(); d.Withdrawn != 1 {
		t.Fatalf("%+v", d)
	}
	if got := c.file(decisionsFile); strings.Contains(got, "41000018") || !strings.Contains(got, "checks.other") {
		t.Errorf("left is %s", got)
	}
	if d := c.decide(); d.Withdrawn != 0 || d.Same != 1 {
		t.Fatalf("again: %+v", d)
	}
}

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
				_ = f.SetCellValue("Mine", cell(40-2*i, r+3), v)
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
	c.edit(func(f *excelize.File) { _ = f.SetCellValue("Findings", "K4", "Our key") })
	problem("lost a column, or it was renamed: “Key”")
	c.edit(func(f *excelize.File) {
		_ = f.SetCellValue("Findings", "K4", "Key")
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
	c.edit(func(f *excelize.File) { _ = f.SetCellValue("Findings", "G5", "delete") })
	_, err := c.try()
	if err == nil || !strings.Contains(err.Error(), nameLabel) || c.file(decisionsFile) != "" {
		t.Errorf("got %v", err)
	}
}

func TestTwoAnswersToOneQuestionAreRefused(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "7"): "accept"})
	c.edit(func(f *excelize.File) { // the row again below, with another answer
		rows, _ := f.GetRows("Findings")
		for i, v := range rows[6] {
			_ = f.SetCellValue("Findings", cell(i+1, 20), v)
		}
		_ = f.SetCellValue("Findings", "G20", "clean")
	})
	d := c.decide()
	if d.Taken != 1 || d.Refused != 1 || !strings.Contains(d.Answers[1].Reason, "Findings!G7") {
		t.Fatalf("%+v", d)
	}
}

func TestNumbersAndDatesTypedInAreWhatWasSeen(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.edit(func(f *excelize.File) {
		format := "dd.mm.yyyy"
		day, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		_ = f.SetCellStyle("Findings", "H9", "H9", day)
		number, _ := f.NewStyle(&excelize.Style{NumFmt: 0})
		_ = f.SetCellStyle("Findings", "H5", "H5", number)
	})
	c.fill(map[string]any{
		finding(findingDecision, "5"): "clean", finding(findingValue, "5"): 353850123456.0,
		finding(findingDecision, "7"): "clean", finding(findingValue, "7"): "007",
		finding(findingDecision, "9"): "clean", finding(findingValue, "9"): 29221, // 1 January 1980
		"Findings!K9": 41000023, // a key that became a number
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
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed")
	}
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingDecision, "8"): "clean", "Same person!" + pairDecision + "6": "merge"})
	folder := t.TempDir()
	out, err := exec.Command("soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, c.path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.path = filepath.Join(folder, "quality.xlsx")
	d := c.decide()
	if d.Taken != 3 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	if !strings.Contains(c.file(decisionsFile), "checks.email_typo,41000022,email,clean,+1@example.com,Grace") {
		t.Error(c.file(decisionsFile))
	}
}

func TestAWorkbookWithAnswersIsKeptWhenReportsAreWrittenAgain(t *testing.T) {
	dir := fixture(t)
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
