package run

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Closest is the known name most like what was written, or "" when none is near.
func Closest(written string, known []string) string {
	limit := max(2, len(written)/3) // two letters changed places count as two
	if len(written) < 4 {
		limit = 1
	}
	best, bestAt := "", limit+1
	sorted := append([]string(nil), known...)
	sort.Strings(sorted)
	for _, k := range sorted {
		if d := levenshtein.ComputeDistance(strings.ToLower(written), strings.ToLower(k)); d < bestAt {
			best, bestAt = k, d
		}
	}
	return best
}

// DidYouMean is a sentence to append, with a space before it, or nothing.
func DidYouMean(written string, known []string) string {
	c := Closest(written, known)
	if i := slices.IndexFunc(known, func(k string) bool { return strings.HasSuffix(k, "."+written) }); c == "" && i >= 0 {
		c = known[i] // a table without its schema
	}
	if c != "" {
		return fmt.Sprintf(" Did you mean %q?", c)
	}
	return ""
}
