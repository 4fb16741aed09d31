package run

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
)

// Built is what is remembered of a table that was built: enough to know whether it would come out the same again,
// and what it cost.
type Built struct {
	Model  string `json:"model"`
	Inputs string `json:"inputs"` // digest of its text and of everything it reads
	Digest string `json:"digest"` // of the file
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	Millis int64  `json:"millis"`           // of the build that made the file
	Memory int64  `json:"memory,omitempty"` // the most DuckDB held meanwhile, with what was built beside it
	Spill  int64  `json:"spill,omitempty"`  // the most that lay in scratch files meanwhile, likewise
	Parts  int    `json:"parts,omitempty"`  // in how many it was built; 0: whole
	Reused bool   `json:"reused,omitempty"` // the file is one that an earlier build made
}

// IsAt is true when the file of the table is still what was built.
func (b Built) IsAt(path string) bool {
	d, err := DigestFile(path)
	return err == nil && DigestText(d) == b.Digest
}

// ReadBuilt reads the record of builds; of a line that a crash cut off, nothing is believed.
func (d Dir) ReadBuilt() ([]Built, error) {
	f, err := os.Open(d.Built())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	last := map[string]Built{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var b Built
		if json.Unmarshal(lines.Bytes(), &b) == nil && b.Model != "" {
			last[b.Model] = b
		}
	}
	all := make([]Built, 0, len(last))
	for _, q := range slices.Sorted(maps.Keys(last)) {
		all = append(all, last[q])
	}
	return all, lines.Err()
}

// AppendBuilt writes down that a table is built, at once: a build that is stopped goes on from what is noted.
func (d Dir) AppendBuilt(b Built) error {
	line, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(d.Built()), DirMode); err != nil {
		return CannotWrite(d.Built(), err)
	}
	f, err := os.OpenFile(d.Built(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, FileMode)
	if err != nil {
		return CannotWrite(d.Built(), err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Timings are the tables of a run with what they cost, slowest first.
func (d Dir) Timings() ([]Built, error) {
	all, err := d.ReadBuilt()
	sort.SliceStable(all, func(i, j int) bool { return all[i].Millis > all[j].Millis })
	return all, err
}
