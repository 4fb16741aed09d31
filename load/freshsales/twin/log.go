package twin

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sort"

	"github.com/gofrs/flock"
)

// The state is one append-only file of frames. A frame is everything one request did, with its
// length and checksum in front, written by one call to the system before the request is answered:
// a process killed at any moment leaves whole frames and perhaps one torn frame, which is cut off
// when the file is opened again. Records are read back from the file, so memory holds only where
// they are.
type log struct {
	disk  *os.File // nil: everything stays in memory
	lock  *flock.Flock
	path  string
	end   int64  // length of what was written
	frame []byte // what the current request did; the first bytes are kept free for the header

	memory []memoryFrame
}

type memoryFrame struct {
	at   int64
	data []byte
}

const (
	logName     = "state.log"
	frameHeader = 8
	maxFrame    = 1 << 30
)

// An op is one line of a frame: a record, as it is from now on.
type op struct {
	table uint8
	state recordState
	id    int64
	doc   []byte
}

// openLog opens a state folder; what it holds is to be replayed next. An empty folder name keeps
// the state in memory.
func openLog(folder string) (*log, error) {
	l := &log{frame: make([]byte, frameHeader, 64<<10)}
	if folder == "" {
		return l, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("twin: state folder: %w", err)
	}
	l.path = filepath.Join(folder, logName)
	l.lock = flock.New(l.path + ".lock")
	if held, err := l.lock.TryLock(); err != nil || !held {
		return nil, errors.Join(fmt.Errorf("twin: the state in %s belongs to a twin that is running", folder), err)
	}
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("twin: state file: %w", err), l.lock.Unlock())
	}
	l.disk = file
	return l, nil
}

// replay hands over everything in the file, in the order it was written, and cuts off a torn end.
func (l *log) replay(each func(o op, at int64) error) error {
	if l.disk == nil {
		return nil
	}
	r := bufio.NewReaderSize(l.disk, 1<<20)
	var header [frameHeader]byte
	for {
		if _, err := io.ReadFull(r, header[:]); err != nil {
			break
		}
		size := binary.LittleEndian.Uint32(header[:4])
		if size > maxFrame {
			break
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(r, body); err != nil {
			break
		}
		if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(header[4:]) {
			break
		}
		start := l.end + frameHeader
		l.end = start + int64(size) // what each reads back is in the file
		if err := eachOp(body, start, each); err != nil {
			return err
		}
	}
	if err := l.disk.Truncate(l.end); err != nil {
		return fmt.Errorf("twin: cut the torn end of the state file: %w", err)
	}
	return nil
}

func eachOp(body []byte, at int64, each func(op, int64) error) error {
	for pos := 0; pos < len(body); {
		o := op{table: body[pos], state: recordState(body[pos+1])}
		id, n := binary.Uvarint(body[pos+2:])
		size, m := binary.Uvarint(body[pos+2+n:])
		start := pos + 2 + n + m
		o.id, o.doc = int64(id), body[start:start+int(size)]
		if err := each(o, at+int64(start)); err != nil {
			return err
		}
		pos = start + int(size)
	}
	return nil
}

// put adds an op to the current frame and says where its document will be.
func (l *log) put(o op) int64 {
	l.frame = append(l.frame, o.table, byte(o.state))
	l.frame = binary.AppendUvarint(l.frame, uint64(o.id))
	l.frame = binary.AppendUvarint(l.frame, uint64(len(o.doc)))
	at := l.end + int64(len(l.frame))
	l.frame = append(l.frame, o.doc...)
	return at
}

// commit writes the current frame, if anything was put in it.
func (l *log) commit() error {
	if len(l.frame) == frameHeader {
		return nil
	}
	body := l.frame[frameHeader:]
	binary.LittleEndian.PutUint32(l.frame[:4], uint32(len(body)))
	binary.LittleEndian.PutUint32(l.frame[4:8], crc32.ChecksumIEEE(body))
	if l.disk == nil {
		l.memory = append(l.memory, memoryFrame{at: l.end, data: append([]byte(nil), l.frame...)})
	} else if _, err := l.disk.WriteAt(l.frame, l.end); err != nil {
		return fmt.Errorf("twin: write the state file: %w", err)
	}
	l.end += int64(len(l.frame))
	l.frame = l.frame[:frameHeader]
	return nil
}

// read copies a document out of the file, the memory or the frame being built.
func (l *log) read(at int64, size uint32) ([]byte, error) {
	out := make([]byte, size)
	switch {
	case at >= l.end:
		copy(out, l.frame[at-l.end:])
	case l.disk == nil:
		i := sort.Search(len(l.memory), func(i int) bool { return l.memory[i].at > at }) - 1
		copy(out, l.memory[i].data[at-l.memory[i].at:])
	default:
		if _, err := l.disk.ReadAt(out, at); err != nil {
			return nil, fmt.Errorf("twin: read the state file: %w", err)
		}
	}
	return out, nil
}

func (l *log) close() error {
	if l.disk == nil {
		return nil
	}
	return errors.Join(l.disk.Close(), l.lock.Unlock())
}
