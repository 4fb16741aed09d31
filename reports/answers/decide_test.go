package answers

import (
	"context"
	"errors"
	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports"
	"ferry/reports/books"
	"ferry/reports/reportstest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// answered writes the workbooks, lets a customer fill one in, and reads it back.
type customer struct {
	t         *testing.T
	path      string
	decisions string
	now       time.Time
	value     func(field, value string) (string, string)
	budget    Budget
	closed    []Field
}

// pristine keeps each workbook of the fixture as it was written, once.
var pristine sync.Map

func newCustomer(t *testing.T, book string) *customer {
	t.Helper()
	if _, ok := pristine.Load(book); !ok {
		dir := reportstest.Fixture(t, book)
		write(t, dir, book)
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
	return &customer{t: t, path: path, decisions: filepath.Join(t.TempDir(), "decisions"), now: reportstest.Day}
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
		setName(f, "Grace")
		for at, v := range values {
			sheet, name, _ := strings.Cut(at, "!")
			if err := f.SetCellValue(sheet, name, v); err != nil {
				c.t.Fatal(err)
			}
		}
	})
}

// setName writes a name on the summary.
func setName(f *excelize.File, name string) {
	rows, _ := f.GetRows(books.SummaryName)
	for i, r := range rows {
		if len(r) > 0 && r[0] == books.NameLabel {
			_ = f.SetCellValue(books.SummaryName, xlsx.CellName(2, i+1), name)
		}
	}
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
	return Read(context.Background(), []string{c.path},
		Options{Decisions: c.decisions, Now: func() time.Time { return c.now }, Value: c.value,
			Budget: c.budget, Closed: c.closed})
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
	findingDecision, findingValue, findingWho = "H", "I", "J"
	pairDecision                              = "P"
	mapAnswer, mapLabel, mapType              = "K", "L", "M"
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
checks.email_missing,41000017,email,clean,ciara@example.com,Grace,2026-03-02T08:30:00Z,quality.xlsx!Findings!H5
checks.email_typo,41000021,email,clean,nora@example.com,Grace,2026-03-02T08:30:00Z,quality.xlsx!Findings!H7
checks.future_dates,41000023,cf_birth_date,accept,,Linus,2026-03-02T08:30:00Z,quality.xlsx!Findings!H9
possible_duplicates,41000030|41000931,,merge,,Grace,2026-03-02T08:30:00Z,quality.xlsx!Same person!P5
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
		"Attributes!" + mapAnswer + "8": "change", "Attributes!" + mapLabel + "8": "Schuhgröße (EU)", "Attributes!" +
			mapType + "8": "List (one choice)",
	})
	if d := c.decide(); d.Taken != 3 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	want := `attribute,entity,name,label,type,decision,who,decided_at
birth_date,contacts,cf_birth_date,Date of birth,date,confirm,Grace,2026-03-02T08:30:00Z
comment,contacts,cf_comment,Comment,text_area,skip,Grace,2026-03-02T08:30:00Z
shoe_size,contacts,cf_schuhgröße_eu,Schuhgröße (EU),dropdown,change,Grace,2026-03-02T08:30:00Z
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
		"misspelt": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delet"}, "Findings!H5",
			"did you mean “delete”?"},
		"not offered here": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "accept"}, "Findings!H5",
			"no possible answer here (clean, delete)"},
		"clean to what": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "clean"}, "Findings!I5",
			"needs a value"},
		"value, no decision": {"quality.xlsx", map[string]any{finding(findingValue, "5"): "x@example.com"}, "Findings!H5",
			"no decision"},
		"value with delete": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delete",
			finding(findingValue, "5"): "x"}, "Findings!I5", "goes with “clean” only"},
		"key was changed": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "delete",
			"Findings!L5": "41000018"}, "Findings!H5", "row code does not fit"},
		"choices widened": {"quality.xlsx", map[string]any{finding(findingDecision, "5"): "accept",
			"Findings!P5": "clean delete accept"}, "Findings!H5", "row code does not fit"},
		"pair": {"quality.xlsx", map[string]any{"Same person!" + pairDecision + "5": "maybe"}, "Same person!P5",
			"merge, apart"},
		"change to nothing": {"mapping.xlsx", map[string]any{"Attributes!K5": "change"}, "Attributes!L5",
			"needs another field name"},
		"confirm and change": {"mapping.xlsx", map[string]any{"Attributes!K5": "confirm", "Attributes!L5": "Other"},
			"Attributes!K5", "decide “change”"},
		"unknown kind": {"mapping.xlsx", map[string]any{"Attributes!K5": "change", "Attributes!M5": "datum"},
			"Attributes!M5", "did you mean “Date”?"},
		"no letter": {"mapping.xlsx", map[string]any{"Attributes!K5": "change", "Attributes!L5": "???"},
			"Attributes!L5", "no letter"},
		"proposal changed": {"mapping.xlsx", map[string]any{"Attributes!K5": "confirm", "Attributes!F5": "number"},
			"Attributes!K5", "row code does not fit"},
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
	old := "rule,key,field,decision,value,who,decided_at,source_cell\n" +
		"checks.email_missing,41000018,email,delete,,Ada,2026-01-01T00:00:00Z,x\n" +
		"checks.other,1,,accept,,Ada,2026-01-01T00:00:00Z,y\n"
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

// write runs the report on a fixture.
func write(t testing.TB, dir run.Dir, only ...string) reports.Result {
	t.Helper()
	o := reports.Options{Target: "twin", Only: only, Now: func() time.Time { return reportstest.Day }}
	result, err := reports.Run(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}
