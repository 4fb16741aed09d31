// Package score runs the matching on a labelled list of people and counts how right it was. It owns the figures; it
// must not know how people are matched. Start at File.
package score

import (
	"context"
	"fmt"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
)

// Options say how to read a labelled file of persons.
type Options struct {
	engine.Options // how SQL is run; only the matching models are built
	// attribute of ferry → column of the file; empty: columns whose names settings.matching knows
	Map   map[string]string
	Truth string // column that is the same for all records of one person
	Why   bool   // explain pairs that came out wrong
}

// Score is how well the shipped matching did on a labelled file. Pairs are counted after
// clustering, and every true pair is in the denominator, compared or not.
type Score struct {
	Records, TruePersons, FoundPersons int64
	TruePairs, FoundPairs, RightPairs  int64
	BPrecision, BRecall                float64 // B³, averaged over records
	LargestTrue, LargestFound          int64
	WrongPersons                       int64 // found persons with records of several true ones
	WronglyMerged                      int64 // true persons that lie in such a found person
	Asked                              int64 // pairs put to the customer
	Why                                []Why `json:",omitempty"` // pairs that came out wrong, if asked for
}

// Precision is the share of the merged pairs that are one person.
func (s Score) Precision() float64 { return share(float64(s.RightPairs), float64(s.FoundPairs)) }

// Recall is the share of the true pairs that were merged.
func (s Score) Recall() float64 { return share(float64(s.RightPairs), float64(s.TruePairs)) }

// F1 is the harmonic mean of precision and recall.
func (s Score) F1() float64 { return harmonic(s.Precision(), s.Recall()) }

// B3 is the harmonic mean of the two B³ figures.
func (s Score) B3() float64 { return harmonic(s.BPrecision, s.BRecall) }

// String prints the figures one to a line.
func (s Score) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-26s"+format+"\n", append([]any{name}, args...)...)
	}
	line("records", "%d", s.Records)
	line("persons", "%d true, %d found", s.TruePersons, s.FoundPersons)
	line("pairs", "%d true, %d merged, %d of them right", s.TruePairs, s.FoundPairs, s.RightPairs)
	line("precision", "%.4f", s.Precision())
	line("recall", "%.4f", s.Recall())
	line("F1", "%.4f", s.F1())
	line("B³", "%.4f   (precision %.4f, recall %.4f)", s.B3(), s.BPrecision, s.BRecall)
	line("largest cluster", "%d   (largest true person %d)", s.LargestFound, s.LargestTrue)
	line("wrongly merged people", "%d   (in %d clusters)", s.WronglyMerged, s.WrongPersons)
	line("pairs to ask about", "%d", s.Asked)
	if len(s.Why) > 0 {
		b.WriteString(explanation(s.Why))
	}
	return b.String()
}

// File runs the matching on a labelled CSV file and compares the persons it finds with the truth.
// The records live in a private folder until the figures are known.
func File(ctx context.Context, path string, o Options) (Score, error) {
	room, err := enterPrivate(os.TempDir(), o.Time())
	if err != nil {
		return Score{}, err
	}
	defer room.leave()
	dir, err := run.OpenProject(room.folder).NewRun(o.Time())
	if err != nil {
		return Score{}, err
	}
	known, err := o.attributes()
	if err != nil {
		return Score{}, err
	}
	truth, err := landLabelled(path, dir, known, o)
	if err != nil {
		return Score{}, err
	}
	if err := dir.Mark("extract", run.Stage{Started: o.Time(), Ended: o.Time()}); err != nil {
		return Score{}, err
	}
	o.Only = []string{"matching.people", "matching.pairs"}
	if _, err := engine.Run(ctx, dir, o.Options); err != nil {
		return Score{}, err
	}
	found, err := foundPersons(dir)
	if err != nil {
		return Score{}, err
	}
	s := compare(truth, found)
	if s.Asked, err = countAsked(dir); err != nil || !o.Why {
		return s, err
	}
	s.Why, err = explain(ctx, dir, truth, found, o.Options)
	return s, err
}

// foundPersons gives the person of every profile.
func foundPersons(dir run.Dir) (map[string]string, error) {
	found := map[string]string{}
	err := run.ReadTable(dir.Model("matching", "people"), func(columns []run.Column, row run.Row) error {
		key, _ := row[place(columns, "profile_key")].(string)
		found[key], _ = row[place(columns, "person_key")].(string)
		return nil
	})
	return found, err
}

func countAsked(dir run.Dir) (int64, error) {
	t, err := run.OpenTable(dir.Model("matching", "pairs"))
	if err != nil {
		return 0, err
	}
	defer t.Close()
	return t.NumRows(), nil
}

func place(columns []run.Column, name string) int {
	for i, c := range columns {
		if c.Name == name {
			return i
		}
	}
	return 0
}

// compare counts pairs by the sizes of groups, never one by one.
func compare(truth, found map[string]string) Score {
	type cell struct{ truth, found string }
	cells, trues, founds := map[cell]int64{}, map[string]int64{}, map[string]int64{}
	for key := range truth {
		cells[cell{truth[key], found[key]}]++
		trues[truth[key]]++
		founds[found[key]]++
	}
	s := Score{Records: int64(len(truth)), TruePersons: int64(len(trues)), FoundPersons: int64(len(founds))}
	for _, n := range trues {
		s.TruePairs += n * (n - 1) / 2
		s.LargestTrue = max(s.LargestTrue, n)
	}
	for _, n := range founds {
		s.FoundPairs += n * (n - 1) / 2
		s.LargestFound = max(s.LargestFound, n)
	}
	mixed, wronged := map[string]bool{}, map[string]bool{}
	var precise, recalled float64
	for c, n := range cells { // sums of exact quotients differ by order only beyond the digits shown
		s.RightPairs += n * (n - 1) / 2
		precise += float64(n) * float64(n) / float64(founds[c.found])
		recalled += float64(n) * float64(n) / float64(trues[c.truth])
		if founds[c.found] > n {
			mixed[c.found], wronged[c.truth] = true, true
		}
	}
	s.BPrecision, s.BRecall = share(precise, float64(s.Records)), share(recalled, float64(s.Records))
	s.WrongPersons, s.WronglyMerged = int64(len(mixed)), int64(len(wronged))
	return s
}

// share of nothing is all of it: no merge is wrong where none was made.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}
