package twin

import (
	"errors"
	"fmt"
	"os"
)

// compactFrom is the size from which on a state file is worth rewriting.
const compactFrom = 64 << 20

// compact rewrites the state file when most of it does not count any more.
func (s *store) compact() error {
	if s.log.disk == nil || s.log.end < compactFrom || s.bytes()*3 > s.log.end {
		return nil
	}
	return s.rewrite()
}

// rewrite makes a new state file of what still counts. It takes the old one's place by a rename,
// so that there is a whole one at any moment.
func (s *store) rewrite() error {
	path := s.log.path + ".new"
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("twin: rewrite the state file: %w", err)
	}
	next := &log{disk: file, path: s.log.path, lock: s.log.lock, frame: make([]byte, frameHeader, 2<<20)}
	if err := s.copyTo(next); err != nil {
		return errors.Join(err, file.Close(), os.Remove(path))
	}
	if err := file.Sync(); err != nil {
		return errors.Join(fmt.Errorf("twin: rewrite the state file: %w", err), file.Close(), os.Remove(path))
	}
	if err := os.Rename(path, s.log.path); err != nil {
		return errors.Join(fmt.Errorf("twin: rewrite the state file: %w", err), file.Close())
	}
	old := s.log.disk
	s.log = next
	return old.Close()
}

// bytes is the size of all documents that still count.
func (s *store) bytes() int64 {
	var sum int64
	for _, t := range s.tables {
		for i := range t.records {
			sum += int64(t.records[i].now.size)
		}
	}
	return sum
}

func (s *store) copyTo(next *log) error {
	for _, t := range s.tables {
		for i := range t.records {
			r := &t.records[i]
			if r.now.state == absent {
				continue
			}
			text, err := s.log.read(r.now.at, r.now.size)
			if err != nil {
				return err
			}
			r.now.at = next.put(op{t.number, r.now.state, t.id(int32(i)), text})
			r.shown = r.now
			if len(next.frame) > 1<<20 {
				if err := next.commit(); err != nil {
					return err
				}
			}
		}
	}
	return next.commit()
}
