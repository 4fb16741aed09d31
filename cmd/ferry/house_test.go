package main

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

// What a package may hold, tests not counted, so that one person can hold it in their head.
const (
	mostFiles = 25
	mostLines = 3000
)

// larger are the packages that may hold more, and why they are not cut.
var larger = map[string]struct {
	files, lines int
	why          string
}{
	"cmd/ferry": {50, 6000, "one file per verb: each stands alone and is found by its verb's name"},
	"sql/engine": {30, 5600,
		"files, order, contract and building share the models they read; cutting would export them all"},
	"extract":              {25, 3600, "discovery, landing, delta and the API fill one tally; discovery is the next to get a room"},
	"load/freshsales/twin": {55, 8500, "a whole server: its handlers share one store and one transaction"},
}

// TestHowMuchAFolderHolds keeps rooms small enough to live in.
func TestHowMuchAFolderHolds(t *testing.T) {
	for _, p := range ourPackages(t) {
		files, lines := mostFiles, mostLines
		more, isLarger := larger[p.room()]
		if isLarger {
			files, lines = more.files, more.lines
		}
		has := 0
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			has += bytes.Count(text, []byte("\n"))
		}
		if len(p.GoFiles) > files || has > lines {
			t.Errorf("%s has %d files and %d lines, and may have %d and %d (%s): give what can be understood "+
				"alone a package of its own",
				p.room(), len(p.GoFiles), has, files, lines, cmp.Or(more.why, "as any"))
		}
		if isLarger && len(p.GoFiles) <= mostFiles && has <= mostLines {
			t.Errorf("%s is no longer larger than others: take it off the list of exemptions", p.room())
		}
	}
}
