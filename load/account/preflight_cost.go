package account

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/load/record"
	"ferry/load/target"
)

// affordable refuses a load that takes longer than the customer allows, and says which setting
// would fit.
func (a *Account) affordable(e target.Estimate, o target.Options) error {
	if o.MaxLoadHours <= 0 || e.Hours <= o.MaxLoadHours {
		return nil
	}
	p := &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop, Excerpt: strings.Join(mostCostly(e), "\n"),
		What: fmt.Sprintf("this load needs %d calls, which take %.1f hours at this account's quota; max_load_hours is %g",
			e.Total, e.Hours, o.MaxLoadHours),
		Try: "raise load.max_load_hours in ferry.yaml"}
	fits, err := a.fitting(e, o)
	if err != nil {
		return err
	}
	p.Try += fits
	return p
}

func mostCostly(e target.Estimate) []string {
	byPhase := map[string]int64{}
	for _, c := range e.Calls {
		byPhase[c.Phase] += c.Planned
	}
	var phases []string
	for phase := range byPhase {
		phases = append(phases, phase)
	}
	sort.Slice(phases, func(i, j int) bool { return byPhase[phases[i]] > byPhase[phases[j]] })
	var lines []string
	for _, phase := range phases {
		lines = append(lines, fmt.Sprintf("%-16s %8d calls  %6.1f hours", phase, byPhase[phase],
			e.Hours*float64(byPhase[phase])/float64(e.Total)))
	}
	return lines
}

// candidates are how many activities per contact people would settle for.
var candidates = []int64{50, 20, 10, 5, 3, 2, 1}

// fitting looks for the activity setting that fits: the latest n per contact, or none at all. The
// tasks are read for it only here, when a load is refused anyway.
func (a *Account) fitting(e target.Estimate, o target.Options) (string, error) {
	var tasks int64
	for _, c := range e.Calls {
		if c.Phase == "tasks" {
			tasks += c.Planned
		}
	}
	if tasks == 0 {
		return "", nil
	}
	perContact, total, err := tasksPerContact(a.dir)
	if err != nil || total == 0 {
		return "", err
	}
	hours := func(kept int64) float64 {
		return e.Hours * (float64(e.Total-tasks) + float64(tasks)*float64(kept)/float64(total)) / float64(e.Total)
	}
	for _, n := range candidates {
		var kept int64
		for _, have := range perContact {
			kept += min(have, n)
		}
		if hours(kept) <= o.MaxLoadHours {
			return fmt.Sprintf(", or carry less activity: activity.events: latest with activity.latest_n: %d would need about "+
				"%.1f hours (%d tasks instead of %d)",
				n, hours(kept), kept, total), nil
		}
	}
	if hours(0) <= o.MaxLoadHours {
		return fmt.Sprintf(", or carry no activity: activity.events: none and activity.campaigns: none "+
			"would need about %.1f hours", hours(0)), nil
	}
	return fmt.Sprintf("; even without any activity it takes %.1f hours", hours(0)), nil
}

func tasksPerContact(dir run.Dir) (map[string]int64, int64, error) {
	t, err := run.OpenTable(dir.Model("freshsales", "tasks"))
	if err != nil {
		return nil, 0, err
	}
	defer t.Close()
	at := t.Column("contact_key")
	perContact := map[string]int64{}
	var total int64
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return perContact, total, nil
		}
		if err != nil {
			return nil, 0, err
		}
		perContact[record.TextAt(row, at)]++
		total++
	}
}
