package extract

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"ferry/internal/run"

	"ferry/extract/source"
)

// rawLimit is how much of a rejected record is kept.
const rawLimit = 64 << 10

// reject is a record that could not land.
type reject struct {
	record, line int64
	reason, raw  string
}

// rejects gathers them in one file for each source, so that the table has the order of the sources
// however many are read side by side.
type rejects struct {
	folder string
	mutex  sync.Mutex
	tables map[int]*run.TableWriter
}

func (r *rejects) path(seq int) string {
	return filepath.Join(r.folder, fmt.Sprintf("rejects-%05d.parquet", seq))
}

// table is the file of a source; only the source's own goroutines write to it, one at a time.
func (r *rejects) table(seq int) (*run.TableWriter, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if w := r.tables[seq]; w != nil {
		return w, nil
	}
	w, err := run.CreateTable(r.path(seq), RejectsTable())
	r.tables[seq] = w
	return w, err
}

func (r *rejects) add(t *tally, all []reject) error {
	if len(all) == 0 {
		return nil
	}
	w, err := r.table(t.seq)
	if err != nil {
		return err
	}
	for _, x := range all {
		var line any
		if x.line > 0 {
			line = strconv.FormatInt(x.line, 10)
		}
		err := w.Write(run.Row{t.source.Name, strconv.FormatInt(x.record, 10), line, t.source.entity.Name, x.reason, x.raw})
		if err != nil {
			return err
		}
	}
	return nil
}

// join writes the table of all rejects and removes the files it was gathered in.
func (r *rejects) join(path string) error {
	out, err := run.CreateTable(path, RejectsTable())
	if err != nil {
		return err
	}
	for _, seq := range slices.Sorted(maps.Keys(r.tables)) {
		w := r.tables[seq]
		if err := w.Close(); err != nil {
			out.Abort()
			return err
		}
		err := run.ReadTable(r.path(seq), func(_ []run.Column, row run.Row) error { return out.Write(row) })
		if err != nil {
			out.Abort()
			return err
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.RemoveAll(r.folder)
}

// rawText is a rejected record as it was, at most rawLimit of it.
func rawText(b []byte) string {
	cut := ""
	if len(b) > rawLimit {
		b, cut = b[:rawLimit], "…"
	}
	text, _, _ := source.RepairUTF8(b, nil)
	return string(text) + cut
}
