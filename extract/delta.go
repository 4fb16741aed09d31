package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"ferry/extract/discovery"
	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// fact is what the manifest keeps about one source, for people a year later and for the next delta.
type fact struct {
	Source   string   `json:"source"`
	Kind     string   `json:"kind"` // file, api, carried
	Entity   string   `json:"entity,omitempty"`
	SHA256   string   `json:"sha256,omitempty"`
	Bytes    int64    `json:"bytes,omitempty"`
	Records  int64    `json:"records"`
	Landed   int64    `json:"landed"`
	Rejected int64    `json:"rejected"`
	Note     string   `json:"note,omitempty"`
	Columns  []string `json:"columns,omitempty"` // of a delimited file, as its header writes them
	// how often the header is repeated at the top; 0: the columns are numbered
	Header int        `json:"header_lines,omitempty"`
	Parts  []partFact `json:"parts,omitempty"`
	API    *apiFact   `json:"api,omitempty"`
}

// partFact is one Parquet file of a source.
type partFact struct {
	Entity string `json:"entity"`
	File   string `json:"file"`
	Rows   int64  `json:"rows"`
}

// apiFact is how an endpoint was read.
type apiFact struct {
	Sweep           string `json:"sweep"` // full or delta; only a full one shows what has vanished
	From            string `json:"from,omitempty"`
	Pages           int    `json:"pages"`
	Cap             int    `json:"page_limit_seen,omitempty"`
	FirstID         string `json:"first_id,omitempty"`
	LastID          string `json:"last_id,omitempty"`
	Earliest        string `json:"earliest,omitempty"`
	Latest          string `json:"latest,omitempty"`
	WatermarkBefore string `json:"watermark_before,omitempty"`
	WatermarkAfter  string `json:"watermark_after,omitempty"`
}

func (t *tally) fact() fact {
	f := fact{Source: t.source.Name, Kind: kindOf(t), Entity: t.source.Entity.Name, SHA256: t.sha256, Bytes: t.bytes,
		Records: t.records, Landed: t.landed, Rejected: t.rejected, Note: t.remarks(), Columns: t.columns,
		Header: t.header, Parts: t.parts}
	if t.api != nil {
		s := t.api
		f.API = &apiFact{Sweep: "full", From: s.From, Pages: s.Cursor.Pages, Cap: s.Cursor.Cap, FirstID: s.Low,
			LastID: s.High, Earliest: s.Early, Latest: s.Late, WatermarkBefore: s.Before, WatermarkAfter: s.Late}
		if s.From != "" {
			f.API.Sweep = "delta"
		}
		if s.Late == "" || s.Before != "" && xtremepush.Less(s.Late, s.Before) {
			f.API.WatermarkAfter = s.Before
		}
	}
	return f
}

// previous is the run a delta builds on; the zero value is none.
type previous struct {
	dir   *run.Dir
	facts map[string][]fact
}

// readPrevious reads what the manifest of a run says about its sources.
func readPrevious(dir *run.Dir) (previous, error) {
	p := previous{dir: dir, facts: map[string][]fact{}}
	if dir == nil {
		return p, nil
	}
	stage, err := dir.Done("extract", "ferry extract   (without --since-last)")
	if err != nil {
		return p, err
	}
	text, err := json.Marshal(stage.Facts["read"])
	if err != nil {
		return p, err
	}
	var all []fact
	if err := json.Unmarshal(text, &all); err != nil || len(all) == 0 {
		return p, run.Problemf(dir.Manifest(), "the run before does not say what it read").
			WithTry("ferry extract   (without --since-last)")
	}
	for _, f := range all {
		p.facts[f.Source] = append(p.facts[f.Source], f)
	}
	return p, nil
}

func (p previous) of(source string) []fact { return p.facts[source] }

// watermark is how far an endpoint was read, "" if it was not.
func (p previous) watermark(e xtremepush.Endpoint) string {
	at := ""
	for _, f := range p.facts[apiName(e)] {
		if f.API != nil && (at == "" || xtremepush.Less(at, f.API.WatermarkAfter)) {
			at = f.API.WatermarkAfter
		}
	}
	return at
}

// where is the condition of a delta, and the time it begins at; none means everything.
func (a API) where(e xtremepush.Endpoint, before previous) ([]xtremepush.Where, string) {
	at := before.watermark(e)
	if e.Watermark == "" || at == "" || a.FullSweep {
		return nil, ""
	}
	back := orDuration(a.Overlap, 2*time.Hour)
	if e.Window {
		back = orDuration(a.Window, 30*24*time.Hour)
	}
	from, ok := earlier(at, back)
	if !ok {
		return nil, ""
	}
	var value any = from
	if n, err := strconv.ParseInt(from, 10, 64); err == nil {
		value = n
	}
	return []xtremepush.Where{{Field: e.Watermark, Operator: ">=", Value: value}}, from
}

func orDuration(d, byDefault time.Duration) time.Duration {
	if d == 0 {
		return byDefault
	}
	return d
}

// earlier moves a time back, in the spelling it has.
func earlier(at string, by time.Duration) (string, bool) {
	if n, err := strconv.ParseInt(at, 10, 64); err == nil {
		if n > 1e11 { // milliseconds
			return strconv.FormatInt(n-by.Milliseconds(), 10), true
		}
		return strconv.FormatInt(n-int64(by.Seconds()), 10), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05",
		"2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, at); err == nil {
			return t.Add(-by).Format(layout), true
		}
	}
	return "", false
}

// unchanged says whether the run before landed the same bytes as the same entity, and all of it is still there.
func (p previous) unchanged(s discovery.Input, sum string) bool {
	old := p.of(s.Name)
	return len(old) == 1 && old[0].SHA256 == sum && old[0].Entity == s.Entity.Name && old[0].Kind != "api"
}

// carryAll links the Parquet files of earlier facts into this run and counts them for a source.
func (l *landing) carryAll(old []fact, t *tally) error {
	for _, f := range old {
		for _, p := range f.Parts {
			name := partName(t.seq, len(t.parts))
			to := filepath.Join(l.dir.Landed(p.Entity), name)
			if err := link(filepath.Join(l.before.dir.Landed(p.Entity), p.File), to); err != nil {
				return err
			}
			t.parts = append(t.parts, partFact{p.Entity, name, p.Rows})
		}
		t.records += f.Records
		t.landed += f.Landed
		t.rejected += f.Rejected
		if t.sha256 == "" {
			t.sha256, t.bytes, t.columns, t.header = f.SHA256, f.Bytes, f.Columns, f.Header
		}
		l.carried = append(l.carried, carriedSource{f.Source, t})
	}
	return nil
}

func partName(seq, sub int) string { return fmt.Sprintf("part-%05d-%02d.parquet", seq, sub) }

// carriedSource is a source whose rejects come along from the run before.
type carriedSource struct {
	name string
	to   *tally
}

// link makes a hard link, or a copy where the disk knows none.
func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
		return run.CannotWrite(to, err)
	}
	if err := os.Link(from, to); err == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return &run.Problem{Where: from, What: "a file of the run before is missing", Err: err,
			Try: "ferry extract   (without --since-last)"}
	}
	defer in.Close()
	return run.WriteFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

func (p previous) rejects() string {
	if p.dir == nil {
		return ""
	}
	return p.dir.Rejects()
}

func (p previous) repairs() string {
	if p.dir == nil {
		return ""
	}
	return repairsPath(*p.dir)
}

// repairsPath is the file of the repaired records of a run.
func repairsPath(dir run.Dir) string {
	return filepath.Join(dir.Landed("_repairs"), "part-00000-00.parquet")
}

// carryAside brings the rejected or repaired records of carried sources along.
func (l *landing) carryAside(from string, to *sideTable) error {
	if len(l.carried) == 0 {
		return nil
	}
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil // a run of before repairs were written down
	}
	carried := map[string]*tally{}
	for _, c := range l.carried {
		if _, ok := carried[c.name]; !ok {
			carried[c.name] = c.to
		}
	}
	return run.ReadTable(from, func(_ []run.Column, row run.Row) error {
		name, _ := row[0].(string)
		t, ok := carried[name]
		if !ok {
			return nil
		}
		w, err := to.table(t.seq)
		if err != nil {
			return err
		}
		for len(row) < len(to.schema.Columns) {
			row = append(row, nil)
		}
		return w.Write(row)
	})
}
