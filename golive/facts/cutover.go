package facts

import (
	"slices"
	"strings"
	"time"

	"ferry/golive/audit"
	"ferry/golive/cutover"
	"ferry/golive/gate"
	"ferry/golive/hypercare"
	"ferry/internal/run"
)

// Cutover gathers what runs, gates, audit and history show of the day an account takes over.
func (p Project) Cutover(target string, now time.Time) (cutover.Facts, error) {
	f := cutover.Facts{Target: target, Now: now.UTC(), Ticks: map[string]cutover.Tick{}, Landed: map[string]time.Time{}}
	runs, err := p.AllRuns()
	if err != nil {
		return f, err
	}
	var newest *run.Dir
	for i, d := range runs {
		m, err := d.ReadManifest()
		if err != nil {
			return f, err
		}
		if e, landed := m.Stages["extract"]; landed {
			f.Landed[d.ID()] = e.Ended
		}
		newest = &runs[i]
	}
	gates, err := p.Gates(target, newest)
	if err != nil {
		return f, err
	}
	so, _, err := p.Signed()
	if err != nil {
		return f, err
	}
	for _, g := range gates {
		if g.Name == gate.RehearsalSigned && g.IsOpen {
			f.SignedBy, f.SignedAt, f.ImagesAlone = so.Name, so.RecordedAt, so.ImagesAlone
		} else if g.Name == gate.RehearsalSigned {
			f.Unsigned = strings.Join(g.Why, "; ")
		}
	}
	if err := p.auditFacts(&f); err != nil {
		return f, err
	}
	if newest != nil {
		g := gate.Facts{Target: target}
		if err := p.copyFacts(&g, *newest); err != nil {
			return f, err
		}
		if g.Copy != nil && len(g.NotCopied) == 0 {
			f.CopiedBy, f.CopiedAt = g.Copy.By, g.Copy.At
		}
	}
	return f, p.sinceFacts(&f, newest)
}

func (p Project) auditFacts(f *cutover.Facts) error {
	lines, err := audit.Read(p.Target(f.Target))
	if err != nil {
		return err
	}
	for _, l := range lines {
		switch l.Act {
		case audit.StepDone:
			if _, ticked := f.Ticks[l.About]; !ticked {
				f.Ticks[l.About] = cutover.Tick{By: l.Who, At: l.At}
			}
		case audit.Loaded:
			f.Loads = append(f.Loads, cutover.Load{Run: strings.TrimPrefix(l.About, "run "), At: l.At})
		case audit.RolledBack: // what was undone was not loaded
			f.Loads = nil
		}
	}
	days, err := hypercare.History(p.Target(f.Target))
	for _, d := range days {
		x := cutover.Day{At: d.At, Run: d.Run, Lost: d.Lost(), Wrong: d.WrongOptOuts(), Differs: d.Differ()}
		for _, l := range d.Lines {
			x.Read += l.Read
		}
		f.Days = append(f.Days, x)
	}
	return err
}

// sinceFacts are what came after the load: files that changed, and people who refused.
func (p Project) sinceFacts(f *cutover.Facts, newest *run.Dir) error {
	if len(f.Loads) == 0 || newest == nil {
		return nil
	}
	loaded, err := p.Run(f.Loads[len(f.Loads)-1].Run)
	if err != nil || newest.ID() == loaded.ID() {
		return nil // its folder is gone, or nothing came: there is nothing to compare
	}
	if f.Changed, err = changedSources(loaded, *newest); err != nil {
		return err
	}
	f.OptOuts, err = newRefusals(loaded, *newest)
	return err
}

// changedSources are the files a newer run read that the loaded one did not, or read differently.
func changedSources(loaded, newest run.Dir) (changed []string, err error) {
	was := map[string]bool{}
	before, err := run.RowsOf(loaded.Sources())
	if err != nil {
		return nil, err
	}
	for _, r := range before {
		was[r.Text("source")+r.Text("sha256")] = true
	}
	after, err := run.RowsOf(newest.Sources())
	for _, r := range after {
		if !was[r.Text("source")+r.Text("sha256")] && !slices.Contains(changed, r.Text("source")) {
			changed = append(changed, r.Text("source"))
		}
	}
	return changed, err
}
