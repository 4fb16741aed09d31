package target

import "ferry/load/freshsales"

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

func (e *Estimate) Add(phase, kind string, n int64) {
	if n > 0 {
		e.Calls = append(e.Calls, PhaseCalls{phase, kind, n})
		e.Total += n
	}
}

func Batches(n int64) int64 { return (n + freshsales.MaxBatch - 1) / freshsales.MaxBatch }
