package books

import (
	"strings"

	"ferry/internal/run"
)

// Code ties an answer to its row: a digest of the values that say what the row is about.
func Code(values []string) string {
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	return run.DigestText(values...)[:8]
}

// Together writes the yellow cells of a row in one. An empty cell before a full one shows as a dash, so
// that an answer which moved to another cell is another answer.
func Together(parts []string) string {
	for len(parts) > 0 && Clean(parts[len(parts)-1]) == "" {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		if Clean(p) == "" {
			parts[i] = "–"
		}
	}
	return strings.Join(parts, " · ")
}

// Clean takes away what spreadsheets and people put around a value.
func Clean(s string) string {
	return strings.Trim(strings.ReplaceAll(s, "\u00a0", " "), " \t\r\n\u200b\ufeff")
}

// Same says whether two cells hold the same words.
func Same(a, b string) bool { return strings.EqualFold(Clean(a), Clean(b)) }
