package score

import (
	"context"
	_ "embed"
	"fmt"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/sql/ask"
	"ferry/sql/engine"
)

// whyPairs is how many labelled pairs are explained: enough to see what goes wrong, few enough to read.
const whyPairs = 500

// Why says of one labelled pair that came out wrong where it went wrong, and what spoke for and against it.
type Why struct {
	Left, Right  string // numbers of the records in the file, the header not counted
	Where        string
	Probability  string `json:",omitempty"`
	For, Against string `json:",omitempty"`
}

//go:embed why.sql
var whySQL string

// explain asks the run about pairs that came out wrong: true ones that were not merged, and merged ones that are not
// true.
func explain(ctx context.Context, dir run.Dir, truth, found map[string]string, o engine.Options) ([]Why, error) {
	lost, wrong := wrongPairs(truth, found)
	pairs := append(lost, wrong...)
	if len(pairs) == 0 {
		return nil, nil
	}
	values := make([]string, len(pairs))
	for i, p := range pairs {
		values[i] = fmt.Sprintf("('%s', '%s', %t)", p[0], p[1], i < len(lost))
	}
	t, err := ask.Query(ctx, dir, strings.Replace(whySQL, "('', '', true)", strings.Join(values, ", "), 1), o)
	if err != nil {
		return nil, err
	}
	var all []Why
	for _, r := range t.Rows {
		text := func(i int) string {
			if r[i] == nil {
				return ""
			}
			return *r[i]
		}
		all = append(all, Why{Left: text(0), Right: text(1), Where: text(2), Probability: text(3), For: text(4),
			Against: text(5)})
	}
	return all, nil
}

// wrongPairs are the pairs of one true person in two found ones, and the other way round, the first of each.
func wrongPairs(truth, found map[string]string) (lost, wrong [][2]string) {
	return splitPairs(truth, found), splitPairs(found, truth)
}

// splitPairs are pairs that are together in one grouping and apart in the other.
func splitPairs(together, apart map[string]string) (pairs [][2]string) {
	groups := map[string][]string{}
	for key, group := range together {
		groups[group] = append(groups[group], key)
	}
	names := make([]string, 0, len(groups))
	for name := range groups {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		keys := groups[name]
		sort.Strings(keys)
		for i, l := range keys {
			for _, r := range keys[i+1:] {
				if apart[l] == apart[r] {
					continue
				}
				if pairs = append(pairs, [2]string{l, r}); len(pairs) == whyPairs/2 {
					return pairs
				}
			}
		}
	}
	return pairs
}

// explanation prints the pairs, and first how many there are of each kind.
func explanation(all []Why) string {
	var b strings.Builder
	counts := map[string]int{}
	for _, w := range all {
		counts[w.Where]++
	}
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	sort.Slice(kinds, func(i, j int) bool {
		return counts[kinds[i]] > counts[kinds[j]] || counts[kinds[i]] == counts[kinds[j]] && kinds[i] < kinds[j]
	})
	fmt.Fprintf(&b, "\n%d pairs that came out wrong (the first %d of each sort):\n", len(all), whyPairs/2)
	for _, kind := range kinds {
		fmt.Fprintf(&b, "%8d  %s\n", counts[kind], kind)
	}
	for _, w := range all {
		fmt.Fprintf(&b, "\nrecords %s and %s: %s", w.Left, w.Right, w.Where)
		if w.Probability != "" {
			fmt.Fprintf(&b, " (%s)", w.Probability)
		}
		b.WriteString("\n")
		if w.For != "" {
			fmt.Fprintf(&b, "    for      %s\n", w.For)
		}
		if w.Against != "" {
			fmt.Fprintf(&b, "    against  %s\n", w.Against)
		}
	}
	return b.String()
}
