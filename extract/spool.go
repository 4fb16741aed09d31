package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// spool keeps the rows of an endpoint on disk, page by page, until all of them are there. A page is
// durable before the state that counts it, so that an interrupted reading goes on after the last page
// and nothing is read twice or lost.
type spool struct {
	path  string // rows, one to a line
	state string
	file  *os.File
	State spoolState
}

// spoolState is how far the reading of an endpoint came; it goes into the manifest too.
type spoolState struct {
	Key    string            `json:"key"` // what was asked for; another question starts afresh
	Cursor xtremepush.Cursor `json:"cursor"`
	Bytes  int64             `json:"bytes"`
	Rows   int64             `json:"rows"`
	Low    string            `json:"low,omitempty"` // least and greatest id
	High   string            `json:"high,omitempty"`
	Early  string            `json:"early,omitempty"` // least and greatest watermark
	Late   string            `json:"late,omitempty"`
	Before string            `json:"before,omitempty"` // watermark of the run before
	From   string            `json:"from,omitempty"`   // where this reading began, "" for everything
}

// openSpool takes a spool up where it was left, if it belongs to the same question.
func openSpool(path, key string, start xtremepush.Cursor) (*spool, error) {
	s := &spool{path: path + ".ndjson", state: path + ".json"}
	s.State = spoolState{Key: key, Cursor: start}
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return nil, run.CannotWrite(path, err)
	}
	var saved spoolState
	text, err := os.ReadFile(s.state)
	if err == nil && json.Unmarshal(text, &saved) == nil && saved.Key == key {
		s.State = saved
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if s.file, err = os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, run.FileMode); err != nil {
		return nil, run.CannotWrite(s.path, err)
	}
	if err := s.file.Truncate(s.State.Bytes); err != nil {
		return nil, run.CannotWrite(s.path, err)
	}
	_, err = s.file.Seek(0, io.SeekEnd)
	return s, err
}

// add makes a page durable.
func (s *spool) add(e xtremepush.Endpoint, p xtremepush.Page) error {
	var b bytes.Buffer
	for _, row := range p.Rows {
		if err := json.Compact(&b, row); err != nil {
			return err
		}
		b.WriteByte('\n')
		s.see(xtremepush.Field(row, e.IDField), xtremepush.Field(row, e.Watermark))
	}
	if _, err := s.file.Write(b.Bytes()); err != nil {
		return run.CannotWrite(s.path, err)
	}
	if err := s.file.Sync(); err != nil {
		return run.CannotWrite(s.path, err)
	}
	s.State.Cursor = p.Cursor
	s.State.Bytes += int64(b.Len())
	s.State.Rows += int64(len(p.Rows))
	return run.WriteFile(s.state, func(w io.Writer) error { return json.NewEncoder(w).Encode(s.State) })
}

// see widens the ranges of ids and times.
func (s *spool) see(id, at string) {
	widen := func(low, high *string, v string) {
		if v == "" {
			return
		}
		if *low == "" || xtremepush.Less(v, *low) {
			*low = v
		}
		if *high == "" || xtremepush.Less(*high, v) {
			*high = v
		}
	}
	widen(&s.State.Low, &s.State.High, id)
	widen(&s.State.Early, &s.State.Late, at)
}

func (s *spool) close() { _ = s.file.Close() }

// remove takes the spool back.
func (s *spool) remove() error { return errors.Join(os.RemoveAll(s.path), os.RemoveAll(s.state)) }
