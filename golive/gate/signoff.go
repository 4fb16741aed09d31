package gate

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"ferry/internal/run"
)

// Verdicts of a sign-off.
const (
	Accept        = "accept"
	AcceptRemarks = "accept with remarks"
	Reject        = "reject"
)

// Part is one thing that was agreed, by its digest: a SQL file, a list, a setting, ferry itself.
type Part struct {
	Kind   string `json:"kind"` // model, off, list, macros, scope, version, load
	Name   string `json:"name"` // a file, or a setting
	Digest string `json:"digest"`
}

// Answer is a decision by its digests: which row it is about, and what was decided.
type Answer struct {
	About  string `json:"about"`
	Digest string `json:"digest"`
	Rule   string `json:"rule"` // for the sentence when it changes
}

// Item is one line of the map: an attribute, a stage, a tier, an owner or the rule for tags.
type Item struct {
	Kind        string `json:"kind"`
	Name        string `json:"name"`
	Becomes     string `json:"becomes"`
	IsConfirmed bool   `json:"is_confirmed"`
}

// Type is the type of the field that an attribute goes into, "" where it goes into none, or several.
func (i Item) Type() string {
	if strings.Contains(i.Becomes, "; ") || !strings.HasSuffix(i.Becomes, ")") {
		return ""
	}
	return i.Becomes[strings.LastIndex(i.Becomes, "(")+1 : len(i.Becomes)-1]
}

// ReadBack is what was known of the rehearsal from reading it back.
type ReadBack struct {
	Depth        string    `json:"depth"`
	At           time.Time `json:"at"`
	IsClean      bool      `json:"is_clean"`
	WrongOptOuts int64     `json:"wrong_opt_outs"`
}

// Signoff is what somebody signed, and digests of all it is about.
type Signoff struct {
	Name    string `json:"name"`
	Role    string `json:"role"`
	Date    string `json:"date"` // as signed
	Verdict string `json:"verdict"`
	Remarks string `json:"remarks,omitempty"`

	MapDefault      bool `json:"map_default"`      // what nobody answered stands as proposed
	FindingsDefault bool `json:"findings_default"` // what nobody answered stays held
	ImagesAlone     bool `json:"images_alone"`     // no golden copy: the before-images of the load are enough

	Target     string    `json:"target"` // the rehearsal
	On         string    `json:"on"`     // sandbox or twin
	Run        string    `json:"run"`
	Result     string    `json:"result"` // digest of what the rehearsal did
	RecordedAt time.Time `json:"recorded_at"`

	Parts     []Part           `json:"parts"`
	Answers   []Answer         `json:"answers"`
	Map       []Item           `json:"map"`
	Rehearsed map[string]int64 `json:"rehearsed"` // records that arrived, by entity
	ReadBack  ReadBack         `json:"read_back"`
}

// IsAccepted says that the rehearsal may lead to production.
func (s *Signoff) IsAccepted() bool {
	return s != nil && (s.Verdict == Accept || s.Verdict == AcceptRemarks)
}

// Repeats says that another sign-off says the same again.
func (s *Signoff) Repeats(again *Signoff) bool {
	if s == nil {
		return false
	}
	copied := *again
	copied.RecordedAt = s.RecordedAt
	a, errA := s.Digest()
	b, errB := copied.Digest()
	return errA == nil && errB == nil && a == b
}

// By is the signer as messages name them.
func (s *Signoff) By() string { return s.Name + " signed on " + s.RecordedAt.Format("2 January 2006") }

// Digest is what the audit carries of a sign-off.
func (s *Signoff) Digest() (string, error) {
	text, err := json.Marshal(s)
	return run.DigestText(string(text)), err
}

// Store keeps a sign-off with the target it was rehearsed on.
func (s *Signoff) Store(t run.Target) error {
	return run.WriteFile(t.Signoff(), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(s)
	})
}

// ReadSignoff gives the sign-off of a rehearsal; nil when nobody signed.
func ReadSignoff(t run.Target) (*Signoff, error) {
	text, err := os.ReadFile(t.Signoff())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &Signoff{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, &run.Problem{Where: t.Signoff(), What: "the sign-off cannot be read: " + err.Error(), Err: err,
			Exit: run.ExitStop,
			Try:  "ferry signoff FILE.xlsx   (reads the signed workbook again)"}
	}
	return s, nil
}
