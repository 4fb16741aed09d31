package load

import (
	"ferry/load/freshsales"
)

// PhaseCalls is how many calls of one kind a phase is expected to make.
type PhaseCalls struct {
	Phase, Kind string
	Planned     int64
}

// Estimate is what a load costs: calls, and hours at this account's quota.
type Estimate struct {
	Calls []PhaseCalls
	Total int64
	Hours float64 // 0: no limit on calls
}

// estimate adds what the plan itself cost to what sending will cost.
func (p *planner) estimate() Estimate {
	var e Estimate
	add := func(phase, kind string, n int64) {
		if n > 0 {
			e.Calls = append(e.Calls, PhaseCalls{phase, kind, n})
			e.Total += n
		}
	}
	p.calls.mu.Lock()
	for k, u := range p.calls.used {
		add(k.phase, k.kind, u.calls)
	}
	p.calls.mu.Unlock()
	for _, k := range kinds {
		n, name := p.counts[k.entity], entityOf(k).Name
		if k.perContact {
			add(k.entity, name+" create", n[actCreate])
			add(k.entity, name+" update", n[actUpdate])
			continue
		}
		add(k.entity, name+" bulk_upsert", batches(n[actCreate])+batches(n[actUpdate]))
		add(k.entity, name+" view", batches(n[actCreate]))
		add(k.entity, "job_statuses read", batches(n[actUpdate]))
	}
	if p.o.LifecycleMoves == UndoMoves {
		add(stageMoves, "contacts update", p.counts["deals"][actCreate])
	}
	if n := p.counts[accountLinks]; n[actCreate]+n[actUpdate] > 0 {
		due := n[actCreate] + n[actUpdate]
		add(accountLinks, "contacts read", 1)
		if !p.o.AccountsFirst {
			add(accountLinks, "contacts bulk_upsert", batches(due))
			add(accountLinks, "job_statuses read", batches(due))
		}
	}
	if hour := p.client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	return e
}

func batches(n int64) int64 { return (n + freshsales.MaxBatch - 1) / freshsales.MaxBatch }
