package facts

import (
	"strings"

	"ferry/golive/audit"
	"ferry/golive/gate"
	"ferry/internal/run"
)

// Changed are the lines that an audit lacks to say which gates are open now.
func Changed(t run.Target, all []gate.Gate) ([]audit.Entry, error) {
	lines, err := audit.Read(t)
	if err != nil {
		return nil, err
	}
	was := map[string]bool{}
	for _, l := range lines {
		if l.Act == audit.Opened || l.Act == audit.Closed {
			was[l.About] = l.Act == audit.Opened
		}
	}
	var changed []audit.Entry
	for _, g := range all {
		if g.IsOpen == was[g.Name] {
			continue
		}
		e := audit.Entry{Act: audit.Closed, About: g.Name, Text: strings.Join(g.Why, "; "), Who: g.By}
		if g.IsOpen {
			e.Act, e.Text = audit.Opened, strings.Join(g.Notes, "; ")
		}
		changed = append(changed, e)
	}
	return changed, nil
}
