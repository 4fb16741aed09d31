package purge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ferry/internal/run"
)

// Result is what a purge did, or would do.
type Result struct {
	What   string           `json:"what"`
	Done   bool             `json:"done"`
	Runs   []Erased         `json:"runs,omitempty"`
	Ledger map[string]int64 `json:"ledger_entries_emptied,omitempty"`
	Copies int64            `json:"rows_of_copies,omitempty"` // of accounts
	Stays  []string         `json:"stays"`
	ToDo   []string         `json:"to_do"`
}

// Text says it to a person.
func (r Result) Text() string {
	verb := "erased"
	if !r.Done {
		verb = "would erase"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-11s %s\n", verb, r.What)
	for _, x := range r.Runs {
		var rows int64
		for _, n := range x.Rows {
			rows += n
		}
		fmt.Fprintf(&b, "  run %s  %s rows in %d tables, %s values in others\n", x.Run, run.Thousands(rows), len(x.Rows),
			run.Thousands(x.Cells))
	}
	for _, t := range slices.Sorted(maps.Keys(r.Ledger)) {
		fmt.Fprintf(&b, "  ledger of %s  %s entries emptied\n", t, run.Thousands(r.Ledger[t]))
	}
	if r.Copies > 0 {
		fmt.Fprintf(&b, "  copies of accounts  %s rows\n", run.Thousands(r.Copies))
	}
	for _, s := range r.Stays {
		fmt.Fprintf(&b, "stays       %s\n", s)
	}
	for _, t := range r.ToDo {
		fmt.Fprintf(&b, "to do       %s\n", t)
	}
	if !r.Done {
		b.WriteString("\nnothing was changed; next: the same command with --yes\n")
	}
	return b.String()
}
