// Package hypercare keeps what reading an account back showed, day after day: one file for each
// reconciliation, never changed. It computes nothing of an account itself; what a reconciliation
// found is handed to it.
package hypercare

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ferry/internal/run"
)

// Line is what one reconciliation found of one entity.
type Line struct {
	Entity       string `json:"entity"`
	Sent         int64  `json:"sent"`
	Read         int64  `json:"read"`
	Lost         int64  `json:"lost"`               // sent, and not there
	Changed      int64  `json:"changed_by_people"`  // there, with other values than were sent
	Moved        int64  `json:"changed_by_account"` // by the account's own rule
	Extra        int64  `json:"extra"`              // carries our mark, and we know nothing of it
	Duplicate    int64  `json:"duplicate"`
	Ours         int64  `json:"changed_by_us"` // made or changed by the run's load since the look before
	OptOuts      int64  `json:"opt_outs"`
	OptOutsWrong int64  `json:"opt_outs_wrong"`
}

// Day is one reconciliation.
type Day struct {
	At      time.Time `json:"at"`
	Run     string    `json:"run"`
	Depth   string    `json:"depth"`
	IsClean bool      `json:"is_clean"`
	Lines   []Line    `json:"lines"`
}

// WrongOptOuts is how many refusals were not as they were sent.
func (d Day) WrongOptOuts() (n int64) {
	for _, l := range d.Lines {
		n += l.OptOutsWrong
	}
	return n
}

// Lost is how many records were sent and are not there.
func (d Day) Lost() (n int64) {
	for _, l := range d.Lines {
		n += l.Lost
	}
	return n
}

// Differ is how many other records are not as they were sent, or should not be there.
func (d Day) Differ() (n int64) {
	for _, l := range d.Lines {
		n += l.Changed + l.Extra + l.Duplicate
	}
	return n
}

// Keep adds a reconciliation to the history of a target.
func Keep(t run.Target, d Day) error {
	path := ""
	for n := 1; path == "" || run.Exists(path); n++ {
		path = filepath.Join(t.Hypercare(), fmt.Sprintf("%s-%d.json", d.At.UTC().Format("20060102T150405Z"), n))
	}
	return run.WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(d)
	})
}

// History gives every reconciliation of a target, oldest first.
func History(t run.Target) ([]Day, error) {
	entries, err := os.ReadDir(t.Hypercare())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Day
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		path := filepath.Join(t.Hypercare(), e.Name())
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var d Day
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, &run.Problem{Where: path, What: "this reconciliation of an earlier day cannot be read: " +
				err.Error(), Err: err,
				Try: "put the file back from a backup, or move it away: ferry goes on without that day"}
		}
		all = append(all, d)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].At.Before(all[j].At) })
	return all, nil
}
