package load

import (
	"sort"
	"strings"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
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

// each gives what was called so far.
func (c *callCounter) each(see func(phase, kind string, calls int64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, u := range c.used {
		see(k.phase, k.kind, u.calls)
	}
}

func (c *callCounter) total() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var n int64
	for _, u := range c.used {
		n += u.calls
	}
	return n
}

// writes are requests that change something.
func (c *callCounter) writes() (n int64) {
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

// write puts planned and used calls side by side.
func (c *callCounter) write(path string, planned []PhaseCalls) error {
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
	return writeRows(path, callsSchema, table)
}

// holdTime is how long a bulk job keeps its place in the gate after its call was answered. It is
// nothing until Freshsales says that too many jobs are unfinished.
type holdTime struct {
	mu   sync.Mutex
	hold time.Duration
}

func (h *holdTime) attempt(a freshsales.Attempt) {
	if a.Meaning != freshsales.Later || !strings.HasSuffix(a.Call, "bulk_upsert") {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hold = min(max(time.Second, h.hold*3/2), 10*time.Second)
}

func (h *holdTime) get() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hold
}

// writeSideTables writes what is not about single records.
func (s *session) writeSideTables(e Estimate) error {
	name := s.o.Target.Name
	if err := s.calls.write(s.dir.Loaded(name, CallsTable), e.Calls); err != nil {
		return err
	}
	s.notices.mu.Lock()
	defer s.notices.mu.Unlock()
	rows := make([]run.Row, len(s.notices.all))
	for i, n := range s.notices.all {
		rows[i] = run.Row{n.kind, orNull(n.entity), orNull(n.key), n.text}
	}
	return writeRows(s.dir.Loaded(name, NoticesTable), noticesSchema, rows)
}
