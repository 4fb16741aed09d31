package facts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ferry/golive/audit"
	"ferry/internal/run"
	"ferry/load"
)

// AuditStatus is what `ferry status --audit` tells of one target.
type AuditStatus struct {
	Target string        `json:"target"`
	Report audit.Report  `json:"chain"`
	Lines  []audit.Entry `json:"lines"`
	Why    string        `json:"why,omitempty"` // it is not whole
}

// Audits verifies the chain of every target, and looks for heads that were printed elsewhere.
func (p Project) Audits(head string) ([]AuditStatus, error) {
	var all []AuditStatus
	head = head[strings.LastIndex(head, " ")+1:] // as workbooks print it: "line 12, 3f…"
	found := head == ""
	for _, name := range slices.Sorted(maps.Keys(p.Targets)) {
		t := p.Target(name)
		r, err := audit.Verify(t)
		if err != nil {
			return nil, err
		}
		a := AuditStatus{Target: name, Report: r}
		known, err := load.AuditHead(t)
		if err != nil {
			return nil, err
		}
		if r.Broken == nil && known != "" && !r.Knows(known) {
			r.Broken = &audit.Broken{Line: r.Entries + 1,
				Why: "lines are missing at the end: the ledger knows one that is not there"}
			a.Report = r
		}
		if r.Broken != nil {
			a.Why = fmt.Sprintf("line %d: %s", r.Broken.Line, r.Broken.Why)
		} else if a.Lines, err = audit.Read(t); err != nil {
			return nil, err
		}
		found = found || r.Knows(head)
		all = append(all, a)
	}
	if !found {
		return all, run.Problemf("--head "+head,
			"no audit of this project has a line with this digest: lines were cut off at the end, or the "+
				"workbook is of another project").
			WithTry("put audit.jsonl back from a backup of the project").WithExit(run.ExitStop)
	}
	return all, nil
}
