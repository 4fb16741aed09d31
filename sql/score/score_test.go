package score

import (
	"strconv"
	"strings"
	"testing"
)

// numbered gives every value the key of its place.
func numbered(values ...string) map[string]string {
	m := map[string]string{}
	for i, v := range values {
		m[strconv.Itoa(i)] = v
	}
	return m
}

func TestScoreCountsEveryTruePairAfterClustering(t *testing.T) {
	// persons: a a a, b b; found: x x | y, z z with one a and one b
	s := compare(numbered("a", "a", "a", "b", "b"), numbered("x", "x", "z", "z", "y"))
	if s.TruePairs != 4 || s.FoundPairs != 2 || s.RightPairs != 1 {
		t.Errorf("pairs %d true, %d found, %d right; want 4, 2, 1", s.TruePairs, s.FoundPairs, s.RightPairs)
	}
	if s.Precision() != 0.5 || s.Recall() != 0.25 || s.LargestFound != 2 || s.LargestTrue != 3 || s.WronglyMerged != 2 ||
		s.WrongPersons != 1 {
		t.Errorf("wrong figures:\n%s", s)
	}
	if got, want := s.BPrecision, (1+1+0.5+0.5+1)/5; got < want-1e-9 || got > want+1e-9 {
		t.Errorf("B³ precision %v, want %v", got, want)
	}
	if got, want := s.BRecall, (2.0/3+2.0/3+1.0/3+0.5+0.5)/5; got < want-1e-9 || got > want+1e-9 {
		t.Errorf("B³ recall %v, want %v", got, want)
	}
}

func TestScoreOfNoMergesIsNoError(t *testing.T) {
	s := compare(numbered("a", "b"), numbered("x", "y"))
	if s.Precision() != 1 || s.Recall() != 1 || s.BPrecision != 1 {
		t.Errorf("nothing to find and nothing found is right:\n%s", s)
	}
}

func TestScoreUnderstandsFebrlIds(t *testing.T) {
	got := febrlNumbers(numbered("rec-12-org", "rec-12-dup-0", "rec-7-dup-11"))
	if got["0"] != "12" || got["1"] != "12" || got["2"] != "7" {
		t.Errorf("got %v", got)
	}
	if got := febrlNumbers(numbered("rec-12-org", "other")); got["0"] != "rec-12-org" {
		t.Errorf("a column with other ids is taken as it is, got %v", got)
	}
}

func TestPairsThatCameOutWrongAreTheLostAndTheWronglyMerged(t *testing.T) {
	lost, wrong := wrongPairs(numbered("a", "a", "a", "b", "b"), numbered("x", "x", "z", "z", "y"))
	if len(lost) != 3 || len(wrong) != 1 || wrong[0] != [2]string{"2", "3"} {
		t.Errorf("lost %v, wrong %v", lost, wrong)
	}
	text := explanation([]Why{{Left: "1", Right: "2", Where: "never compared"},
		{Left: "3", Right: "4", Where: "never compared", For: "email +9.0"}})
	if !strings.Contains(text, "2  never compared") ||
		!strings.Contains(text, "records 3 and 4: never compared\n    for      email +9.0") {
		t.Error(text)
	}
}
