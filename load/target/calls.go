package target

import (
	"sort"
	"strings"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
)

// callCounter counts every request by what it was made for.
type callCounter struct {
	mu   sync.Mutex
	used map[callKey]*callUse
}

type callKey struct{ phase, kind string }

type callUse struct {
	calls int64
	took  time.Duration
}

func newCallCounter() *callCounter { return &callCounter{used: map[callKey]*callUse{}} }

func (c *callCounter) attempt(a freshsales.Attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := callKey{a.Phase, a.Call}
	u := c.used[k]
	if u == nil {
		u = &callUse{}
		c.used[k] = u
	}
	u.calls += int64(a.Sends)
	u.took += a.Took
}

// Each gives what was called so far.
func (c *callCounter) Each(see func(phase, kind string, calls int64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, u := range c.used {
		see(k.phase, k.kind, u.calls)
	}
}

func (c *callCounter) Total() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var n int64
	for _, u := range c.used {
		n += u.calls
	}
	return n
}

// Writes are requests that change something.
func (c *callCounter) Writes() (n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, u := range c.used {
		switch k.kind[strings.LastIndexByte(k.kind, ' ')+1:] {
		case "create", "update", "upsert", "bulk_upsert", "delete", "bulk_destroy", "field":
			n += u.calls
		}
	}
	return n
}

// Beyond are the calls made besides those planned: answers were lost, or something was refused.
func (c *callCounter) Beyond(planned []PhaseCalls) (more []PhaseCalls) {
	left := map[callKey]int64{}
	for _, p := range planned {
		left[callKey{p.Phase, p.Kind}] += p.Planned
	}
	c.Each(func(phase, kind string, n int64) {
		if n -= left[callKey{phase, kind}]; n > 0 {
			more = append(more, PhaseCalls{phase, kind, n})
		}
	})
	sort.Slice(more, func(i, j int) bool { return more[i].Phase+more[i].Kind < more[j].Phase+more[j].Kind })
	return more
}

// Write puts planned and used calls side by side.
func (c *callCounter) Write(path string, planned []PhaseCalls) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := map[callKey]run.Row{}
	row := func(k callKey) run.Row {
		if rows[k] == nil {
			rows[k] = run.Row{k.phase, k.kind, int64(0), int64(0), 0.0}
		}
		return rows[k]
	}
	for _, p := range planned {
		r := row(callKey{p.Phase, p.Kind})
		r[2] = r[2].(int64) + p.Planned
	}
	for k, u := range c.used {
		r := row(k)
		r[3], r[4] = u.calls, u.took.Seconds()
	}
	keys := make([]callKey, 0, len(rows))
	for k := range rows {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		return a.phase < b.phase || a.phase == b.phase && a.kind < b.kind
	})
	table := make([]run.Row, len(keys))
	for i, k := range keys {
		table[i] = rows[k]
	}
	return record.WriteRows(path, record.CallsSchema, table)
}

// holdTime is how long a bulk job keeps its place in the gate after its call was answered. It is
// nothing until Freshsales says that too many jobs are unfinished.
type holdTime struct {
	mu   sync.Mutex
	hold time.Duration
}

func (h *holdTime) attempt(a freshsales.Attempt) {
	if a.Outcome != freshsales.Later || !strings.HasSuffix(a.Call, "bulk_upsert") {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hold = min(max(time.Second, h.hold*3/2), 10*time.Second)
}

func (h *holdTime) Get() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hold
}

// WriteSideTables writes what is not about single records.
func (s *Act) WriteSideTables(e Estimate) error {
	name := s.Options.Target.Name
	if err := s.Calls.Write(s.Dir.Loaded(name, record.CallsTable), e.Calls); err != nil {
		return err
	}
	s.Notices.mu.Lock()
	defer s.Notices.mu.Unlock()
	rows := make([]run.Row, len(s.Notices.All))
	for i, n := range s.Notices.All {
		rows[i] = run.Row{n.Kind, record.OrNull(n.Entity), record.OrNull(n.Key), n.Text}
	}
	return record.WriteRows(s.Dir.Loaded(name, record.NoticesTable), record.NoticesSchema, rows)
}
