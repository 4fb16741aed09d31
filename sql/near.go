package sql

import (
	"fmt"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"
)

// closest is the known name most like what was written, or "" when none is near.
func closest(written string, known []string) string {
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

// didYouMean is a sentence to append, with a space before it, or nothing.
func didYouMean(written string, known []string) string {
	if c := closest(written, known); c != "" {
		return fmt.Sprintf(" Did you mean %q?", c)
	}
	return ""
}
