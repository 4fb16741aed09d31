package extract

import (
	"context"
	"ferry/extract/discovery"
	"ferry/extract/jsontext"
	"ferry/extract/source"
	"ferry/extract/xtremepush"
	"ferry/internal/run"
	"fmt"
	"os"
)

// api lands what was read from the API.
func (l *landing) api(ctx context.Context, all []fetched, before previous, seq int) ([]*tally, error) {
	var out []*tally
	for _, f := range all {
		entity, _ := xtremepush.ByName(f.endpoint.Entity)
		s := discovery.Input{File: source.File{Name: apiName(f.endpoint)}, Entity: entity}
		if f.spool == nil {
			s.Ignore(f.note)
			out = append(out, &tally{source: s, kind: "api", note: f.note})
			continue
		}
		st := f.spool.State
		seq++
		t := &tally{source: s, seq: seq, kind: "api", format: "json", coding: source.CodingUTF8, bytes: st.Bytes, api: &st}
		sum, err := run.DigestFile(f.spool.path)
		if err != nil {
			return nil, err
		}
		t.sha256 = sum
		old := before.of(s.Name)
		delta := st.From != ""
		switch {
		case !delta && len(old) == 1 && old[0].SHA256 == sum && l.carryAll(old, t) == nil:
			t.note = "unchanged since the run before"
			out = append(out, t)
			continue
		case delta:
			carried := &tally{source: s, seq: seq, kind: "carried", format: "json", coding: source.CodingUTF8,
				note: "read by an earlier run"}
			if err := l.carryAll(old, carried); err != nil {
				return nil, err
			}
			out = append(out, carried)
			t.note = fmt.Sprintf("rows with %s from %s on", f.endpoint.Watermark, st.From)
			seq++
			t.seq = seq
		default:
			t.note = "full sweep"
		}
		if f.empty {
			t.note = discovery.JoinNotes(t.note, "the list is empty, or its feature is switched off")
		}
		if err := l.spooled(ctx, t, f); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// notOffered lists the tables that neither the API nor a file fills.
func notOffered(read []fetched, tallies []*tally) []*tally {
	var endpoints []xtremepush.Endpoint
	for _, f := range read {
		endpoints = append(endpoints, f.endpoint)
	}
	filled := map[string]bool{}
	for _, t := range tallies {
		filled[t.source.Entity.Name] = true
	}
	var out []*tally
	for _, name := range xtremepush.NotOffered(endpoints) {
		if filled[name] {
			continue
		}
		s := discovery.Input{File: source.File{Name: "api:" + name}}
		s.Entity, _ = xtremepush.ByName(name)
		s.Ignore("the API does not offer this: drop a file")
		out = append(out, &tally{source: s, kind: "api", note: s.Note})
	}
	return out
}

// spooled lands the rows of one endpoint.
func (l *landing) spooled(ctx context.Context, t *tally, f fetched) error {
	in, err := os.Open(f.spool.path)
	if err != nil {
		return err
	}
	defer in.Close()
	how := newJSONRows(l, t.source, f.endpoint.Add)
	how.api = true
	return l.file(ctx, t, in, jsontext.Lines{}, how, fixedDictionary(t.source.Entity))
}
