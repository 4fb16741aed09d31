package answers

import (
	"strings"
	"testing"
)

const merged = "Merged automatically!"

func TestAMergeCanBeUndone(t *testing.T) {
	for typed, want := range map[string]string{"apart": "apart", "Undo": "apart", "two people": "apart", "yes": "apart",
		"no": "", "merge": "", "delete": ""} {
		t.Run(typed, func(t *testing.T) {
			c := newCustomer(t, "quality.xlsx")
			before := c.decide().Open
			c.fill(map[string]any{merged + "O5": typed})
			d := c.decide()
			if d.Open != before {
				t.Errorf("%d rows were open, now %d: what was merged is no question", before, d.Open)
			}
			if want == "" {
				if d.Refused != 1 || c.file(decisionsFile) != "" {
					t.Fatalf("%+v", d)
				}
				return
			}
			if !strings.Contains(c.file(decisionsFile), "possible_duplicates,41000050|41000951,,apart,,Grace,") {
				t.Fatalf("%+v\n%s", d, c.file(decisionsFile))
			}
		})
	}
}

func TestOneUserIdCannotBeTwoPeople(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{merged + "O6": "apart"})
	d := c.decide()
	if d.Refused != 1 || d.Answers[0].Cell != merged+"O6" || !strings.Contains(d.Answers[0].Reason, "one user id") {
		t.Fatalf("%+v", d)
	}
}

// TestAnAnswerForAllPairsUndoesNoMerge: a group of pairs and a group of merges may have one name.
func TestAnAnswerForAllPairsUndoesNoMerge(t *testing.T) {
	kind := func(model string) string {
		l := &layout{index: map[string]int{"question_group": 0}}
		l.spec.Model = model
		return answerRow{list: l, values: []string{"same name"}}.kind()
	}
	if kind("merged_pairs") == kind("pairs") {
		t.Fatal("both are one question")
	}
}
