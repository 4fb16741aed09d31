package twin

import "maps"

// Count is how often an endpoint kind was called, and how that went.
type Count struct {
	Calls    int64         `json:"calls"`
	Cut      int64         `json:"cut,omitempty"`    // answers kept back
	Statuses map[int]int64 `json:"statuses"`         // by status
	Writes   bool          `json:"writes,omitempty"` // the kind of call that changes something
}

type counters map[string]*Count

func (c counters) add(kind string, status int, cut cutting) {
	k := c[kind]
	if k == nil {
		k = &Count{Statuses: map[int]int64{}}
		c[kind] = k
	}
	k.Calls++
	if cut == cutAll {
		k.Cut++
		return
	}
	k.Statuses[status]++
}

// Calls is what was counted since the start or the last ResetCalls, by endpoint kind.
func (t *Twin) Calls() map[string]Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]Count{}
	for kind, c := range t.counts {
		out[kind] = Count{c.Calls, c.Cut, maps.Clone(c.Statuses), writesKind(kind)}
	}
	return out
}

// WriteCalls is how many calls of a kind that changes something were made.
func (t *Twin) WriteCalls() int64 {
	var n int64
	for _, c := range t.Calls() {
		if c.Writes {
			n += c.Calls
		}
	}
	return n
}

// ResetCalls starts counting again.
func (t *Twin) ResetCalls() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts = counters{}
}
