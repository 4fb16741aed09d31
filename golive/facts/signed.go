package facts

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"ferry/golive/audit"
	"ferry/golive/gate"
	"ferry/golive/hypercare"
	"ferry/internal/run"
)

// Signed gives the newest sign-off of a rehearsal, and why it cannot be trusted if it is not the one
// that the audit knows.
func (p Project) Signed() (newest *gate.Signoff, forged string, err error) {
	for name, t := range p.Targets {
		if !t.Rehearsal {
			continue
		}
		so, err := gate.ReadSignoff(p.Target(name))
		if err != nil {
			return nil, "", err
		}
		if so != nil && (newest == nil || so.RecordedAt.After(newest.RecordedAt)) {
			newest = so
			if forged, err = p.IsForged(name, so); err != nil {
				return nil, "", err
			}
		}
	}
	return newest, forged, nil
}

// IsForged says why a stored sign-off is not the one that was recorded; "" when it is.
func (p Project) IsForged(name string, so *gate.Signoff) (string, error) {
	t := p.Target(name)
	r, err := audit.Verify(t)
	if err != nil {
		return "", err
	}
	if r.Broken != nil {
		return fmt.Sprintf("the audit of %s, where the sign-off was recorded, is broken in line %d: %s", name, r.Broken.Line,
			r.Broken.Why), nil
	}
	lines, err := audit.Read(t)
	if err != nil {
		return "", err
	}
	digest, err := so.Digest()
	if err != nil {
		return "", err
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].Act != audit.Signed {
			continue
		}
		if lines[i].Digests["signoff"] == digest && so.Target == name {
			return "", nil
		}
		break
	}
	return fmt.Sprintf("the sign-off kept in %s is not the one that was recorded: it was edited, or "+
		"belongs to another target", t.Signoff()), nil
}

// IsRecorded says whether the newest signature that an audit knows is this one.
func (p Project) IsRecorded(target, digest string) (bool, error) {
	lines, err := audit.Read(p.Target(target))
	if err != nil {
		return false, err
	}
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].Act == audit.Signed {
			return lines[i].Digests["signoff"] == digest, nil
		}
	}
	return false, nil
}

// newSince compares the findings of a run with those that were there when somebody signed.
func (p Project) newSince(f *gate.Facts, dir run.Dir) error {
	f.WasKnown = func(string) bool { return true } // the signed run is gone: whatever changed closes
	signed, err := p.Run(f.Signoff.Run)
	if err != nil {
		return nil
	}
	known := map[string]bool{}
	if err := eachFinding(signed, func(rule, key, field string) {
		// An answer may be about one value, the whole record, or the whole rule.
		for _, about := range [][2]string{{key, field}, {key, ""}, {"", field}, {"", ""}} {
			known[p.AboutFinding(rule, about[0], about[1])[:digestKept]] = true
		}
	}); err != nil {
		return err
	}
	for _, i := range f.Signoff.Map {
		known[p.AboutField(i.Name)[:digestKept]] = true
	}
	f.WasKnown = func(about string) bool { return known[about[:digestKept]] }
	if signed.ID() == dir.ID() {
		return nil
	}
	seen := map[string]bool{}
	return eachFinding(dir, func(rule, key, field string) {
		d := p.AboutFinding(rule, key, field)[:digestKept]
		if !known[d] && !seen[d] {
			f.NewRows++
		}
		seen[d] = true
	})
}

// digestKept is how much of a digest tells two findings apart, in memory.
const digestKept = 16

func eachFinding(dir run.Dir, do func(rule, key, field string)) error {
	err := run.EachRow(dir.Model("checks", "findings"), func(r run.NamedRow) error {
		do(r.Text("rule"), r.Text("key"), r.Text("field"))
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Rehearsed counts the records of a run that stand in the account.
func Rehearsed(dir run.Dir, target string) (map[string]int64, error) {
	arrived := map[string]int64{}
	err := run.EachRow(dir.Loaded(target, "outcomes"), func(r run.NamedRow) error {
		switch r.Text("outcome") {
		case "created", "updated", "unchanged", "conflict":
			arrived[r.Text("entity")]++
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return arrived, nil
	}
	return arrived, err
}

// Written counts the records that a run's load made or changed after a moment.
func Written(dir run.Dir, target string, since time.Time) (map[string]int64, error) {
	written := map[string]int64{}
	err := run.EachRow(dir.Loaded(target, "outcomes"), func(r run.NamedRow) error {
		at, _ := r.Value("at").(time.Time)
		if o := r.Text("outcome"); (o == "created" || o == "updated") && at.After(since) {
			written[r.Text("entity")]++
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return written, nil
	}
	return written, err
}

// ReadBack is what the newest reconciliation of a run found that looked at records.
func (p Project) ReadBack(target, runID string) (gate.ReadBack, error) {
	days, err := hypercare.History(p.Target(target))
	var b gate.ReadBack
	for _, d := range days {
		if d.Run == runID && d.Depth != "counts" {
			b = gate.ReadBack{Depth: d.Depth, At: d.At, IsClean: d.IsClean, WrongOptOuts: d.WrongOptOuts()}
		}
	}
	return b, err
}
