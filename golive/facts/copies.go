package facts

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ferry/golive/audit"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/load"
)

// copyFacts are the copies of the account that the audit knows, and what the planned load changes beyond them.
func (p Project) copyFacts(f *gate.Facts, dir run.Dir) error {
	t := p.Target(f.Target)
	copies, newest, err := p.copies(f.Target)
	if err != nil || newest == nil {
		return err
	}
	f.Copy = newest
	f.NotCopied, err = load.NotCopied(t, dir, copies)
	return err
}

// copies gives the copies whose making the audit recorded and whose files are all there; a folder somebody
// put there or emptied is none.
func (p Project) copies(target string) (kept []load.BackupCopy, newest *gate.Copy, err error) {
	t := p.Target(target)
	all, err := load.Copies(t)
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	lines, err := audit.Read(t)
	if err != nil {
		return nil, nil, err
	}
	made := map[string]audit.Entry{}
	for _, l := range lines {
		if l.Act == audit.BackedUp || l.Act == audit.Purged {
			made[l.Digests[audit.CopyDigest]] = l
		}
	}
	for _, c := range all {
		l, known := made[c.Digest]
		if !known || !isWhole(c) {
			continue
		}
		kept = append(kept, c)
		newest = &gate.Copy{By: l.Who, At: c.Ended, Kind: c.Kind}
	}
	return kept, newest, nil
}

func isWhole(c load.BackupCopy) bool {
	for name := range c.Files {
		if _, err := os.Stat(filepath.Join(c.Folder, name)); errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return true
}
