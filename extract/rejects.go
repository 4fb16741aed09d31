package extract

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ferry/internal/run"

	"ferry/extract/delimited"
	"ferry/extract/jsontext"
	"ferry/extract/source"
)

// rawLimit is how much of a rejected record is kept.
const rawLimit = 64 << 10

// reject is a record that could not land.
type reject struct {
	record, line int64
	reason, raw  string
	readings     string // ways to read it, as JSON, where there is more than one
}

// repair is a record that landed otherwise than its text, read plainly, has it.
type repair struct {
	record, line  int64
	before, after string // the text, and the cells as JSON
}

// sideTable gathers what is not a record of an entity in one file for each source, so that the table has
// the order of the sources however many are read side by side.
type sideTable struct {
	schema run.Schema
	folder string
	mutex  sync.Mutex
	tables map[int]*run.TableWriter
}

func newSideTable(schema run.Schema, temp string) *sideTable {
	return &sideTable{schema: schema, folder: filepath.Join(temp, schema.Name), tables: map[int]*run.TableWriter{}}
}

func (r *sideTable) path(seq int) string {
	return filepath.Join(r.folder, fmt.Sprintf("part-%05d.parquet", seq))
}

// table is the file of a source; only the source's own goroutines write to it, one at a time.
func (r *sideTable) table(seq int) (*run.TableWriter, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if w := r.tables[seq]; w != nil {
		return w, nil
	}
	w, err := run.CreateTable(r.path(seq), r.schema)
	r.tables[seq] = w
	return w, err
}

// add writes a row: the file, the place in it, and what there is to say.
func (r *sideTable) add(t *tally, record, line int64, said ...any) error {
	w, err := r.table(t.seq)
	if err != nil {
		return err
	}
	row := run.Row{t.source.Name, strconv.FormatInt(record, 10), nil, t.source.Entity.Name}
	if line > 0 {
		row[2] = strconv.FormatInt(line, 10)
	}
	return w.Write(append(row, said...))
}

func (l *landing) aside(t *tally, out outcome) error {
	for _, x := range out.rejects {
		if err := l.rejects.add(t, x.record, x.line, x.reason, x.raw, nullable(x.readings)); err != nil {
			return err
		}
	}
	for _, x := range out.repairs {
		if err := l.repairs.add(t, x.record, x.line, x.before, x.after); err != nil {
			return err
		}
	}
	return nil
}

// join writes the whole table and removes the files it was gathered in.
func (r *sideTable) join(path string) error {
	out, err := run.CreateTable(path, r.schema)
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
	return strings.ReplaceAll(string(text), "\x00", "␀") + cut
}

// cellsText is a record as its cells, written as JSON.
func cellsText(cells []delimited.Cell) string {
	out := []byte{'['}
	for i, c := range cells {
		if i > 0 {
			out = append(out, ',')
		}
		if len(out) > rawLimit {
			out = append(out, `"…"`...)
			break
		}
		text, _, _ := source.RepairUTF8(c.Text, nil)
		out = jsontext.AppendText(out, text)
	}
	return string(append(out, ']'))
}
