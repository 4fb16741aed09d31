package target

import (
	"cmp"
	"sync"

	"ferry/internal/run"
)

// mostRefused is the share of refusals among the last 200 records that stops a load.
const mostRefused = 0.5

// RefusalWatch stops a load that Freshsales refuses: a bad rule must not spend the day's calls.
type RefusalWatch struct {
	Most float64 // share of the last 200 records; 0 is the usual
	mu   sync.Mutex
	last [200]bool
	seen int
	bad  int
}

const fewestToJudge = 50

// Saw counts one more record, and says when it is time to stop.
func (w *RefusalWatch) Saw(isRefused bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.seen % len(w.last)
	if w.seen >= len(w.last) && w.last[at] {
		w.bad--
	}
	w.last[at] = isRefused
	w.seen++
	if isRefused {
		w.bad++
	}
	if n := min(w.seen, len(w.last)); n >= fewestToJudge && float64(w.bad) > cmp.Or(w.Most, mostRefused)*float64(n) {
		return run.Problemf("load",
			"Freshsales refused %d of the last %d records, so the load stopped before it spent more calls", w.bad, n).
			WithTry("look at the refusals (ferry report), repair the rule or the account, then: ferry transform && ferry load")
	}
	return nil
}
