package backup

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// line is one record as it was read.
type line struct {
	ID     int64             `json:"id"`
	IsGone bool              `json:"is_gone,omitempty"`
	Record freshsales.Record `json:"record,omitempty"`
}

// pageLine is one page of a list, or how many pages a list has.
type pageLine struct {
	List  string  `json:"list"`
	Page  int     `json:"page,omitempty"`
	Pages int     `json:"pages,omitempty"`
	IDs   []int64 `json:"ids,omitempty"`
}

// work is the scratch of a copy that is not finished: one file of records for each entity, one of
// pages. Whatever stands there whole is not read again.
type work struct {
	folder  string // of the copy
	kind    string
	run     string
	begun   time.Time
	mu      sync.Mutex
	files   map[string]*os.File
	done    map[string]map[int64]bool
	lists   map[string]map[int][]int64
	lengths map[string]int
}

// begun is what a copy says of itself before it is complete.
type begun struct {
	Kind string    `json:"kind"`
	Run  string    `json:"run,omitempty"`
	At   time.Time `json:"at"`
}

// scratch is the part of a copy's folder that goes when it is complete.
const scratch = "unfinished"

const pagesFile = "pages"

// openWork goes on with a copy of the same kind that was stopped, else begins one if it may.
func openWork(t run.Target, kind, of string, now time.Time, mayBegin bool) (*work, error) {
	w := &work{kind: kind, run: of, begun: now.UTC(), files: map[string]*os.File{}, done: map[string]map[int64]bool{},
		lists: map[string]map[int][]int64{}, lengths: map[string]int{}}
	entries, err := os.ReadDir(t.Backups())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		folder := filepath.Join(t.Backups(), e.Name())
		var b begun
		if err := readJSON(filepath.Join(folder, scratch, "begun.json"), &b); err != nil || b.Kind != kind || b.Run != of {
			continue
		}
		w.folder, w.begun = folder, b.At
		return w, w.recall()
	}
	if !mayBegin {
		return w, nil
	}
	for n := 1; ; n++ {
		w.folder = filepath.Join(t.Backups(), now.UTC().Format("20060102T150405Z"))
		if n > 1 {
			w.folder += fmt.Sprintf("-%d", n)
		}
		if _, err := os.Stat(w.folder); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return w, writeJSON(filepath.Join(w.folder, scratch, "begun.json"), begun{kind, of, w.begun})
}

func readJSON(path string, to any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

func writeJSON(path string, from any) error {
	return run.WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(from)
	})
}

// recall reads what was done before a stop.
func (w *work) recall() error {
	for _, entity := range append(append([]string{}, copied...), listed...) {
		if err := w.eachLine(entity, func(l line) error {
			w.mark(entity, l.ID)
			return nil
		}); err != nil {
			return err
		}
	}
	return eachJSON(w.path(pagesFile), func(text []byte) error {
		var p pageLine
		if err := json.Unmarshal(text, &p); err != nil {
			return err
		}
		if p.Pages > 0 {
			w.lengths[p.List] = p.Pages
			return nil
		}
		w.listOf(p.List)[p.Page] = p.IDs
		return nil
	})
}

func (w *work) path(name string) string { return filepath.Join(w.folder, scratch, name+".ndjson") }

func (w *work) mark(entity string, id int64) {
	if w.done[entity] == nil {
		w.done[entity] = map[int64]bool{}
	}
	w.done[entity][id] = true
}

func (w *work) listOf(name string) map[int][]int64 {
	if w.lists[name] == nil {
		w.lists[name] = map[int][]int64{}
	}
	return w.lists[name]
}

// listed are the pages of a list that were read already.
func (w *work) listed(name string) map[int][]int64 { return w.listOf(name) }

func (w *work) length(name string) int { return w.lengths[name] }

func (w *work) pages(name string) int64 { return int64(len(w.lists[name])) }

func (w *work) has(entity string, id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done[entity][id]
}

// keep writes one record down; when it is back, the record need not be read again.
func (w *work) keep(entity string, l line) error {
	if err := w.append(entity, l); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mark(entity, l.ID)
	return nil
}

func (w *work) keepPage(name string, page int, ids []int64) error {
	return w.append(pagesFile, pageLine{List: name, Page: page, IDs: ids})
}

func (w *work) keepLength(name string, pages int) error {
	return w.append(pagesFile, pageLine{List: name, Pages: pages})
}

// append writes one line in one go. Half a line, which a kill leaves, is no line: it is cut off before the next.
func (w *work) append(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[name]
	if f == nil {
		if f, err = openWhole(w.path(name)); err != nil {
			return run.CannotWrite(w.path(name), err)
		}
		w.files[name] = f
	}
	_, err = f.Write(append(text, '\n'))
	return run.CannotWrite(w.path(name), err)
}

// openWhole opens a file of lines behind its last whole one.
func openWhole(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, run.FileMode)
	if err != nil {
		return nil, err
	}
	var whole int64
	r := bufio.NewReaderSize(f, 1<<16)
	for at := int64(0); ; {
		part, err := r.ReadSlice('\n')
		if at += int64(len(part)); err == nil {
			whole = at
		} else if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
	}
	if err := f.Truncate(whole); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	_, err = f.Seek(whole, io.SeekStart)
	return f, err
}

// eachLine gives the records of an entity that were read.
func (w *work) eachLine(entity string, do func(line) error) error {
	return eachJSON(w.path(entity), func(text []byte) error {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber() // amounts are kept as they were spelt
		var l line
		if err := d.Decode(&l); err != nil {
			return run.Problemf(w.path(entity), "this copy is damaged: %v", err).
				WithTry("remove the folder %s and run the same command again", w.folder)
		}
		return do(l)
	})
}

// eachJSON gives the whole lines of a file; one that is not there has none.
func eachJSON(path string, do func([]byte) error) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for r := bufio.NewReaderSize(f, 1<<16); ; {
		text, err := r.ReadBytes('\n')
		if err != nil { // what is left is half a line, or nothing
			return nil
		}
		if err := do(text); err != nil {
			return err
		}
	}
}

func (w *work) close() {
	for _, f := range w.files {
		_ = f.Close()
	}
	w.files = map[string]*os.File{}
}

// sync makes sure that what was read is on the disk.
func (w *work) sync() error {
	for _, f := range w.files {
		if err := f.Sync(); err != nil {
			return run.CannotWrite(w.folder, err)
		}
	}
	return nil
}
