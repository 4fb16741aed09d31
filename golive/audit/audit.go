// Package audit keeps who did what to a target: one line of JSON for each act, appended and never
// changed, each carrying the digest of the line before it. It knows nothing of what the acts are;
// the front door says so. Start reading at Append; Verify is what an auditor asks a year later.
package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"ferry/internal/run"
)

// Acts that are written down.
const (
	Confirmed  = "confirmed"
	Decided    = "decided"
	Signed     = "signed"
	Opened     = "gate opened"
	Closed     = "gate closed"
	LoadBegun  = "load begun"
	Loaded     = "loaded"
	UndoBegun  = "rollback begun"
	RolledBack = "rolled back"
	Reconciled = "reconciled"
	BackedUp   = "backed up"
	Purged     = "purged"
	StepDone   = "step done"
)

// CopyDigest is the name under which a line carries the digest of a copy of the account.
const CopyDigest = "copy"

// Entry is one line. It carries no personal data of customers; Who is whoever acted for the company.
type Entry struct {
	Number  int64             `json:"number"`
	At      time.Time         `json:"at"`
	Act     string            `json:"act"`
	About   string            `json:"about,omitempty"` // the gate, the run, the step
	Text    string            `json:"text,omitempty"`
	Who     string            `json:"who"`
	Command string            `json:"command"`
	Version string            `json:"version"`
	Digests map[string]string `json:"digests,omitempty"`
	Before  string            `json:"before"` // digest of the line before
	Digest  string            `json:"digest"` // of this line, without this field
}

// seal gives the digest of an entry: of its text as it is written, without the digest itself.
func (e Entry) seal() (string, error) {
	e.Digest = ""
	text, err := encode(e)
	return run.DigestText(string(text)), err
}

func encode(e Entry) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return b.Bytes(), err
}

// first is what the first line of a target carries as the digest before it: the target's name, so
// that a folder under another name is noticed.
func first(t run.Target) string { return run.DigestText("the audit of target", t.Name) }

// tolerance is how far a clock may lie behind the last line: clocks are adjusted by moments.
const tolerance = time.Minute

// CheckClock refuses to act when the clock stands before the last line: what happened after what
// could no longer be told.
func CheckClock(t run.Target, now time.Time) error {
	r, err := Verify(t)
	if err != nil || r.Entries == 0 || !now.Before(r.last.At.Add(-tolerance)) {
		return err
	}
	return run.Problemf(t.Audit(),
		"the clock of this machine says %s, but the last line of the audit is of %s; nothing was done",
		now.UTC().Format(time.DateTime), r.last.At.Format(time.DateTime)).
		WithTry("set the clock right (timedatectl), and run the same command again").WithExit(run.ExitStop)
}

// Append adds one line, and is back when it is durable; it gives the line as it stands. A broken
// chain takes no further line: it would look whole at its end.
func Append(ctx context.Context, t run.Target, e Entry) (Entry, error) {
	lock, err := run.WaitLock(ctx, t.AuditLock())
	if err != nil {
		return e, err
	}
	defer lock.Release()
	r, err := Verify(t)
	if err != nil {
		return e, err
	}
	if r.Broken != nil {
		return e, r.Problem(t)
	}
	e.Number, e.Before, e.At = r.Entries+1, r.Head, e.At.UTC().Truncate(time.Millisecond)
	if e.At.Before(r.last.At) {
		e.At = r.last.At
	}
	if e.Digest, err = e.seal(); err != nil {
		return e, err
	}
	text, err := encode(e)
	if err != nil {
		return e, err
	}
	return e, run.CannotWrite(t.Audit(), write(t.Audit(), r.size, text))
}

// write puts a line at the end of what is whole; half a line, left by a process that was killed
// before it had said so to anybody, goes.
func write(path string, size int64, text []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, run.FileMode)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		return err
	}
	run.Boundary()
	if _, err := f.WriteAt(text, size); err != nil {
		return err
	}
	run.Boundary()
	return f.Sync()
}

// Read gives all lines of a chain that is whole, oldest first.
func Read(t run.Target) ([]Entry, error) {
	var all []Entry
	r, err := verify(t, func(e Entry) { all = append(all, e) })
	if err == nil && r.Broken != nil {
		err = r.Problem(t)
	}
	return all, err
}

// Broken is the first line that is not as it was written.
type Broken struct {
	Line int64  `json:"line"`
	Why  string `json:"why"`
}

// Report is what a look at a chain found.
type Report struct {
	Entries int64   `json:"entries"` // lines that are whole, up to the first broken one
	Head    string  `json:"head"`    // digest of the last of them
	Half    bool    `json:"half"`    // half a line stands at the end: a process was killed while it wrote
	Broken  *Broken `json:"broken,omitempty"`
	last    Entry
	size    int64 // of the whole lines
	heads   map[string]bool
}

// Knows says whether a head that was printed somewhere is one of this chain: if not, its end was
// cut off or the chain was written anew.
func (r Report) Knows(head string) bool { return r.heads[head] }

// Problem says which line is broken.
func (r Report) Problem(t run.Target) error {
	return run.Problemf(fmt.Sprintf("%s:%d", t.Audit(), r.Broken.Line), "the audit is broken here: %s", r.Broken.Why).
		WithTry("put the file back from a backup of the project; ferry writes nothing to this target before").
		WithExit(run.ExitStop)
}

// Verify reads a chain and checks every line. A target without one has an empty chain.
func Verify(t run.Target) (Report, error) { return verify(t, func(Entry) {}) }

func verify(t run.Target, each func(Entry)) (Report, error) {
	r := Report{Head: first(t), heads: map[string]bool{first(t): true}}
	text, err := os.ReadFile(t.Audit())
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			r.Half = true
			return r, nil
		}
		text = rest
		e, why := check(append(line, '\n'), r, t)
		if why != "" {
			r.Broken = &Broken{Line: r.Entries + 1, Why: why}
			return r, nil
		}
		r.Entries, r.Head, r.last, r.size = r.Entries+1, e.Digest, e, r.size+int64(len(line))+1
		r.heads[e.Digest] = true
		each(e)
	}
	return r, nil
}

// check says why a line is not the next one of a chain, "" when it is.
func check(line []byte, r Report, t run.Target) (Entry, string) {
	var e Entry
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return e, "it is not a line ferry wrote"
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return e, "there is more in it than ferry wrote"
	}
	again, err := encode(e)
	if err != nil || !bytes.Equal(again, line) {
		return e, "it is not spelt as ferry wrote it"
	}
	seal, err := e.seal()
	switch {
	case err != nil || seal != e.Digest:
		return e, "it was changed after it was written: its digest is another"
	case e.Before != r.Head && r.Entries == 0:
		return e,
			fmt.Sprintf("it is not the beginning of the audit of target %s: lines were cut off, or the folder had another name",
				t.Name)
	case e.Before != r.Head:
		return e, "the line before it is missing or was changed"
	case e.Number != r.Entries+1:
		return e, fmt.Sprintf("it carries number %d", e.Number)
	}
	return e, ""
}
