package target

import (
	"fmt"

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

func (e *Estimate) Add(phase, kind string, n int64) {
	if n > 0 {
		e.Calls = append(e.Calls, PhaseCalls{phase, kind, n})
		e.Total += n
	}
}

func Batches(n int64) int64 { return (n + freshsales.MaxBatch - 1) / freshsales.MaxBatch }

// Over says how long the calls take at so many in an hour; 0 is no limit.
func (e *Estimate) Over(perHour int) {
	if perHour > 0 {
		e.Hours = float64(e.Total) / float64(perHour)
	}
}

// HoursText is the time as a part of a sentence; nothing where calls are not limited.
func (e Estimate) HoursText() string {
	if e.Hours <= 0 {
		return ""
	}
	return fmt.Sprintf(", %.1f hours at this account's quota", e.Hours)
}

// Undo is how many records of one kind are taken back: Ours are deleted, Theirs are put back.
type Undo struct {
	Of           freshsales.Entity
	Ours, Theirs int64
	Pages        int64 // of a list that shows ours whole and spares their reads; 0: there is none
	Contacts     int64 // on which those hang that are listed with their contact
}

// AddUndo counts the calls that take records back: each is read, unless a list shows it untouched, and
// then deleted, together where a bulk call does that.
func (e *Estimate) AddUndo(u Undo) {
	add := func(kind string, n int64) { e.Add("rollback", kind, n) }
	switch {
	case u.Pages > 0:
		add(u.Of.Name+" list", u.Pages)
		add(u.Of.Name+" read", u.Theirs)
	case !u.Of.HasRead:
		add("contacts "+u.Of.Name, u.Contacts)
	default:
		add(u.Of.Name+" read", u.Ours+u.Theirs)
	}
	add(u.Of.Name+" update", u.Theirs)
	if u.Of.HasBulk {
		add(u.Of.Name+" bulk_destroy", Batches(u.Ours))
	} else {
		add(u.Of.Name+" delete", u.Ours)
	}
}
