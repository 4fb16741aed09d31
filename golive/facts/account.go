package facts

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"ferry/golive/gate"
	"ferry/internal/run"
)

// Seen is what a plan saw of an account.
type Seen struct {
	At      time.Time `json:"at"`
	Run     string    `json:"run"`
	Lacking []string  `json:"lacking"`
	Needed  []string  `json:"needed"` // side effects to acknowledge
	Writes  string    `json:"writes"` // what a load would do, as it is shown before anybody says yes
}

// KeepSeen keeps what a plan saw.
func (p Project) KeepSeen(target string, seen Seen) error {
	return run.WriteFile(p.Target(target).Account(), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(seen)
	})
}

// Seen reads what the last plan saw; it is empty when none was made.
func (p Project) Seen(target string) (seen Seen, err error) {
	path := p.Target(target).Account()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return seen, err
	}
	if err := json.Unmarshal(text, &seen); err != nil {
		return seen, run.Problemf(path, "this file cannot be read: %v", err).
			WithTry("ferry plan --target %s   (writes it again)", target)
	}
	return seen, nil
}

// accountFacts are what the last plan saw of the account. One for another run does not count: what
// is sent decides what the account must have.
func (p Project) accountFacts(f *gate.Facts, dir run.Dir) error {
	seen, err := p.Seen(f.Target)
	if err == nil && seen.Run == dir.ID() {
		f.Looked, f.Lacking, f.Needed = seen.At, seen.Lacking, seen.Needed
	}
	if err != nil {
		return err
	}
	return p.copyFacts(f, dir)
}
