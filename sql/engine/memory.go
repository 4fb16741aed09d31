package engine

import (
	"context"
	"runtime"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
)

// How the memory that ferry may use is divided. DuckDB counts most of what it holds, not all: its writers, its
// compiled plans and what the allocator keeps are not in its own figure, and the program itself needs some.
const (
	ownMemory    = 200 << 20 // the program, its buffers, what Go holds
	countedShare = 0.70      // of the rest, what DuckDB is told it may count
	perThread    = 256 << 20 // a thread with less than this waits for the disk instead of working
)

// budget is how the memory of one build is divided.
type budget struct {
	all     int64 // what the process may hold
	duck    int64 // what DuckDB may count
	threads int
}

func (o Options) budget() (budget, error) {
	all, err := run.MemoryBytes(o.MemoryLimit)
	if err != nil {
		return budget{}, run.Problemf("ferry.yaml", "limits.memory: %v", err).WithTry("limits: {memory: 4GB}").
			WithExit(run.ExitUsage)
	}
	duck := int64(float64(all-ownMemory) * countedShare)
	duck = max(duck, all/4)
	return budget{all: all, duck: duck, threads: min(runtime.GOMAXPROCS(0), max(1, int(duck/perThread)))}, nil
}

// partsTried are into how many parts a model is cut when it found no room, one after the other.
var partsTried = []int{8, 64, 512}

// partsFor is into how many parts a model is cut from the start, 0 for none: as its header says, or as the build before
// this one came to need. What a model reads says little of what it holds: one that hands its rows on needs no part of
// them, and each part reads all of its tables again. So what was never built is tried whole.
func (e *Engine) partsFor(m *model.Model) int {
	parts := m.Parts
	if m.PartBy != "" && m.Outside == nil && e.memory != nil {
		for _, s := range e.memory.before[m.Qualified()] {
			parts = max(parts, s.Parts)
		}
	}
	return parts
}

// lookEvery is how often a build is looked at to say what its tables cost. What takes less is not worth a figure.
const lookEvery = 250 * time.Millisecond

// watch looks at a build until it is over: how much DuckDB holds, and how much lies in scratch files. What is freed goes
// back to the system where the process holds more than it may.
func (e *Engine) watch(ctx context.Context, p *progress) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var gaveBack time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			gaveBack = e.budget.giveBack(gaveBack, now)
		}
		held := int64(0)
		if e.One(ctx, "select coalesce(sum(memory_usage_bytes), 0)::bigint from duckdb_memory()", &held) != nil {
			continue // it is over
		}
		p.saw(held, run.BytesBelow(e.temp))
	}
}

// saw takes down what all tables under construction hold together.
func (p *progress) saw(held, spilled int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.memory == nil {
		p.memory, p.spill = map[string]int64{}, map[string]int64{}
	}
	for _, r := range p.running {
		p.memory[r], p.spill[r] = max(p.memory[r], held), max(p.spill[r], spilled)
	}
}

// cost is the most that was seen while a table was built.
func (p *progress) cost(m *model.Model) (memory, spill int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.memory[m.Qualified()], p.spill[m.Qualified()]
}

// keysAtOnce is how many keys are held side by side to see whether one is there twice: each costs some 50 bytes.
func (e *Engine) keysAtOnce() int64 { return max(e.budget.duck/200, 100_000) }
