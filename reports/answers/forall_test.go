package answers

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// forAllCells finds the cells of answers for all of a kind, by the rule beside them.
func (c *customer) forAllCells() map[string]string {
	cells := map[string]string{}
	c.edit(func(f *excelize.File) {
		rows, _ := f.GetRows(books.SummaryName)
		answer, rule := -1, -1
		for n, row := range rows {
			for i, v := range row {
				switch v {
				case "Answer for all":
					answer = i
				case "Rule name":
					rule = i
				}
			}
			if rule >= 0 && rule < len(row) && row[rule] != "Rule name" && row[rule] != "" {
				cells[row[rule]] = books.SummaryName + "!" + xlsx.CellName(answer+1, n+1)
			}
		}
	})
	return cells
}

func TestOneAnswerSettlesAllOfAKindAndARowWinsOverIt(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	cells := c.forAllCells()
	c.fill(map[string]any{
		cells["checks.email_typo"]:    "clean", // takes the suggestions
		finding(findingDecision, "8"): "accept",
		cells["possible_duplicates"]:  "same person",
	})
	d := c.decide()
	if d.Refused != 0 || d.Taken != 3 || !strings.Contains(d.Answers[0].Reason, "settles 1 rows") {
		t.Fatalf("%+v", d)
	}
	got := c.file(decisionsFile)
	for _, want := range []string{
		"checks.email_typo,,,clean,,Grace",
		"checks.email_typo,41000021,email,clean,nora@example.com,Grace",
		"checks.email_typo,41000022,email,accept,,Grace",
		"possible_duplicates,,\"same phone, same birth date\",merge,,Grace",
		"possible_duplicates,41000030|41000931,,merge,,Grace",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if again := c.decide(); again.Taken != 0 || c.file(decisionsFile) != got {
		t.Errorf("the second reading: %+v\n%s", again, c.file(decisionsFile))
	}
	c.fill(map[string]any{cells["checks.email_typo"]: "accept"})
	if d = c.decide(); d.Taken != 1 || !strings.Contains(c.file(decisionsFile), "41000021,email,accept") {
		t.Errorf("another answer: %+v\n%s", d, c.file(decisionsFile))
	}
}

func TestAnAnswerNoRowOfTheKindOffersIsRefused(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{c.forAllCells()["checks.email_missing"]: "accept"})
	if d := c.decide(); d.Refused != 1 || !strings.Contains(d.Answers[0].Reason, "no possible answer here (delete)") {
		t.Fatalf("%+v", d)
	}
}

func TestMergingWithTheContactThatHasTheSameAddressIsAnAnswer(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "10"): "same person"})
	if d := c.decide(); d.Taken != 1 || !strings.Contains(c.file(decisionsFile),
		"possible_duplicates,41000099|41000024,,merge,,Grace") {
		t.Fatalf("%+v\n%s", d, c.file(decisionsFile))
	}
	c.fill(map[string]any{finding(findingDecision, "10"): "delete"})
	if d := c.decide(); d.Taken != 1 || strings.Contains(c.file(decisionsFile), "merge") {
		t.Fatalf("%+v\n%s", d, c.file(decisionsFile))
	}
}
