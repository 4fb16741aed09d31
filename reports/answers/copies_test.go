package answers

import (
	"archive/zip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestWhatPeopleUnmistakablyTypeIsUnderstood(t *testing.T) {
	for typed, want := range map[string]string{
		"yes": "merge", "Same": "merge", " SAME PERSON. ": "merge", "different": "apart", "No": "apart",
		"keep apart":  "apart",
		"Keep-apart!": "apart", "two people": "apart", "maybe": "", "accept": "", "yes and no": "",
	} {
		t.Run(typed, func(t *testing.T) {
			c := newCustomer(t, "quality.xlsx")
			c.fill(map[string]any{"Same person!" + pairDecision + "5": typed})
			d := c.decide()
			if got := d.Answers[0]; got.State != Taken && want != "" || want != "" && got.Decision != want || want == "" &&
				got.State != Refused {
				t.Errorf("%q: %+v", typed, got)
			}
		})
	}
	for _, test := range []struct{ row, typed, want string }{
		{"5", "Remove", "delete"}, {"5", "yes", ""}, {"7", "use suggestion", "clean"},
		{"7", "ok", ""}, // take it, or the suggestion?
		{"9", "OK", "accept"}, {"9", "keep as is", "accept"},
	} {
		c := newCustomer(t, "quality.xlsx")
		c.fill(map[string]any{finding(findingDecision, test.row): test.typed})
		got := c.decide().Answers[0]
		if test.want == "" && got.State != Refused || test.want != "" && (got.State != Taken || got.Decision != test.want) {
			t.Errorf("row %s, %q: %+v", test.row, test.typed, got)
		}
	}
}

func TestANewValueIsReadAsTheRulesWould(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.value = func(field, value string) (string, string) {
		if field == "email" && !strings.Contains(value, "@") {
			return "", "this is no e-mail address"
		}
		return strings.ToLower(value), ""
	}
	c.fill(map[string]any{finding(findingDecision, "5"): "clean", finding(findingValue, "5"): "ask her"})
	d := c.decide()
	if d.Refused != 1 || d.Answers[0].Cell != "Findings!I5" || c.file(decisionsFile) != "" {
		t.Fatalf("%+v", d)
	}
	c.fill(map[string]any{finding(findingValue, "5"): "Ciara.Byrne@example.com"})
	if d = c.decide(); d.Taken != 1 || d.Answers[0].Value != "ci…om" || !strings.Contains(c.file(decisionsFile),
		"ciara.byrne@") {
		t.Fatalf("%+v\n%s", d, c.file(decisionsFile))
	}
}

func TestEveryEditThatIsNoAnswerIsNamed(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	if d := c.decide(); len(d.Ignored) != 0 {
		t.Fatalf("nobody touched it: %+v", d.Ignored)
	}
	c.fill(map[string]any{
		"Findings!B6":    "Thomas Pryce",      // a changed name
		"Findings!T7":    "please call me",    // a remark beside the list
		"Findings!C20":   "and also this",     // below it
		"Same person!C5": "Niamh Kelly-Burke", // in a cell of another list
	})
	c.edit(func(f *excelize.File) {
		_ = f.AddComment("Findings", excelize.Comment{Cell: "H8", Author: "Ada",
			Paragraph: []excelize.RichTextRun{{Text: "not sure"}}})
	})
	d := c.decide()
	var got []string
	for _, i := range d.Ignored {
		got = append(got, i.Cell)
		if strings.Contains(i.What, "Pryce") || strings.Contains(i.What, "call me") {
			t.Errorf("what somebody wrote is shown: %s", i.What)
		}
	}
	for _, want := range []string{"Findings!B6", "Findings!T7", "Findings!A20", "Same person!C5", "Findings!H8"} {
		if !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s is not named in %v", want, got)
		}
	}
	if len(d.Answers) != 0 {
		t.Errorf("%+v", d.Answers)
	}
}

// copyOf is the same workbook, sent to somebody else.
func (c *customer) copyOf(name string) *customer {
	c.t.Helper()
	text, err := os.ReadFile(c.path)
	if err != nil {
		c.t.Fatal(err)
	}
	other := *c
	other.path = filepath.Join(c.t.TempDir(), name)
	if err := os.WriteFile(other.path, text, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return &other
}

func (c *customer) savedAt(at time.Time) {
	c.t.Helper()
	if err := os.Chtimes(c.path, at, at); err != nil {
		c.t.Fatal(err)
	}
}

func (c *customer) together(o Options, paths ...string) Decided {
	c.t.Helper()
	o.Decisions, o.Now = c.decisions, func() time.Time { return c.now }
	d, err := Read(context.Background(), paths, o)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func TestCopiesThatDisagreeAreRefusedWithBothCells(t *testing.T) {
	ada := newCustomer(t, "quality.xlsx")
	bob := ada.copyOf("bob.xlsx")
	ada.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingDecision, "9"): "accept"})
	bob.fill(map[string]any{finding(findingDecision, "5"): "clean", finding(findingValue, "5"): "c@example.com",
		finding(findingDecision, "9"): "OK",
		finding(findingDecision, "8"): "accept"})
	ada.savedAt(ada.now.Add(time.Hour))
	bob.savedAt(ada.now.Add(2 * time.Hour))
	d := ada.together(Options{}, ada.path, bob.path)
	if d.Refused != 2 || d.Taken != 2 || d.Same != 1 {
		t.Fatalf("%+v", d)
	}
	why := d.Answers[0].Reason
	for _, want := range []string{"quality.xlsx Findings!H5 says “delete”",
		"bob.xlsx Findings!H5 says “clean”", "--newest"} {
		if !strings.Contains(why, want) {
			t.Errorf("%q is not in %q", want, why)
		}
	}
	d = ada.together(Options{Newest: true}, ada.path, bob.path)
	if d.Refused != 0 || d.Overruled != 1 || !strings.Contains(ada.file(decisionsFile),
		"41000017,email,clean,c@example.com") {
		t.Fatalf("%+v\n%s", d, ada.file(decisionsFile))
	}
}

func TestACopyOlderThanWhatWasAnsweredSinceIsRefused(t *testing.T) {
	ada := newCustomer(t, "quality.xlsx")
	bob := ada.copyOf("quality.xlsx")
	ada.fill(map[string]any{finding(findingDecision, "5"): "delete"})
	if d := ada.together(Options{}, ada.path); d.Taken != 1 {
		t.Fatalf("%+v", d)
	}
	bob.fill(map[string]any{finding(findingDecision, "5"): "clean", finding(findingValue, "5"): "c@example.com"})
	bob.edit(func(f *excelize.File) { setName(f, "Bob") })
	bob.savedAt(ada.now.Add(-time.Hour))
	d := ada.together(Options{}, bob.path)
	if d.Refused != 1 || !strings.Contains(d.Answers[0].Reason, "Grace answered “delete” (quality.xlsx!Findings!H5)") {
		t.Fatalf("%+v", d)
	}
	if d = ada.together(Options{Newest: true}, bob.path); d.Overruled != 1 || d.Taken != 0 {
		t.Fatalf("the older one won: %+v", d)
	}
	bob.savedAt(ada.now.Add(time.Hour))
	if d = ada.together(Options{Newest: true}, bob.path); d.Taken != 1 {
		t.Fatalf("the newer one lost: %+v", d)
	}
	// Who answers again in the same copy corrects, and is asked nothing.
	bob.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingValue, "5"): ""})
	bob.edit(func(f *excelize.File) { setName(f, "Bob") })
	if d = ada.together(Options{}, bob.path); d.Taken != 1 {
		t.Fatalf("a correction: %+v", d)
	}
}

func TestAnswersThatContradictEachOtherAboutOnePersonAreRefused(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	_ = os.MkdirAll(c.decisions, 0o700)
	old := strings.Join(decisionColumns, ",") + "\n" +
		"possible_duplicates,41000931|41000050,,merge,,Ada,2026-01-01T00:00:00Z,old.xlsx!Same person!K9\n" +
		"possible_duplicates,41000030|41000050,,apart,,Ada,2026-01-01T00:00:00Z,old.xlsx!Same person!K10\n"
	if err := os.WriteFile(filepath.Join(c.decisions, decisionsFile), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	c.fill(map[string]any{"Same person!" + pairDecision + "5": "merge"})
	d := c.decide()
	if d.Refused != 1 || !strings.Contains(d.Answers[0].Reason, "old.xlsx!Same person!K10") ||
		!strings.Contains(d.Answers[0].Reason, "Same person!K") {
		t.Fatalf("%+v", d)
	}
}

func TestAWorkbookThatUnpacksToTooMuchIsRefused(t *testing.T) {
	bomb := func(part string, write func(io.Writer)) string {
		path := filepath.Join(t.TempDir(), "bomb.xlsx")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		w, err := z.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		write(w)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	same := strings.Repeat("a", 1<<20)
	path := bomb("xl/worksheets/sheet1.xml", func(w io.Writer) {
		for range 64 {
			_, _ = io.WriteString(w, same)
		}
	})
	_, err := Read(context.Background(), []string{path}, Options{Decisions: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "this workbook is not read") {
		t.Error(err)
	}
}
