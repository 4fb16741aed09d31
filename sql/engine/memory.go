package engine

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
)

// How the memory that ferry may use is divided. DuckDB counts most of what it holds, not all: its writers, its
// compiled plans and what the allocator keeps are not in its own figure, and the program itself needs some.
const (
	shareOfMachine = 0.5       // of the machine or its container, where ferry.yaml names nothing
	leastMemory    = 512 << 20 // below this nothing can be built
	ownMemory      = 200 << 20 // the program, its buffers, what Go holds
	countedShare   = 0.70      // of the rest, what DuckDB is told it may count
	perThread      = 256 << 20 // a thread with less than this waits for the disk instead of working
)

var memorySize = regexp.MustCompile(`(?i)^\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b)\s*$`)

// MemoryBytes reads an amount of memory such as 2GB or 1500 MiB; "" is the share of the machine that is ferry's
// without a setting.
func MemoryBytes(text string) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return max(int64(float64(machineMemory())*shareOfMachine), leastMemory), nil
	}
	m := memorySize.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no amount of memory; it is written like 2GB or 1500MB", text)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, err
	}
	unit := strings.ToLower(m[2])
	base := 1000.0
	if strings.Contains(unit, "i") {
		base = 1024
	}
	for range 1 + strings.IndexByte("kmgt", unit[0]) {
		n *= base
	}
	if n < 100e6 {
		return 0, fmt.Errorf("%q is too little memory to build anything; give at least 512MB", text)
	}
	return int64(n), nil
}

// machineMemory is what this process may use at most: the machine's memory, or its container's where that is less.
func machineMemory() int64 {
	least := int64(4 << 30) // a guess for systems that do not tell
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "MemTotal:" {
				if kb, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					least = kb << 10
				}
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 && n < least {
				least = n
			}
		}
	}
	return least
}

// budget is how the memory of one build is divided.
type budget struct {
	duck    int64 // what DuckDB may count
	threads int
}

func (o Options) budget() (budget, error) {
	all, err := MemoryBytes(o.MemoryLimit)
	if err != nil {
		return budget{}, run.Problemf("ferry.yaml", "limits.memory: %v", err).WithTry("limits: {memory: 4GB}").
			WithExit(run.ExitUsage)
	}
	duck := int64(float64(all-ownMemory) * countedShare)
	duck = max(duck, all/4)
	return budget{duck: duck, threads: min(runtime.GOMAXPROCS(0), max(1, int(duck/perThread)))}, nil
}

// partsTried are into how many parts a model is cut when it found no room, one after the other.
var partsTried = []int{8, 64, 512}

// partsFor is into how many parts a model is cut from the start, 0 for none: as its header says; else so many that the
// rows of one part fit into the memory there is, and no fewer than the build before this one came to need.
func (e *Engine) partsFor(ctx context.Context, m *model.Model) (int, error) {
	if m.PartBy == "" || m.Parts > 0 || m.Outside != nil {
		return m.Parts, nil
	}
	cut, err := e.cutBy(ctx, m)
	if err != nil {
		return 0, err
	}
	var bytes int64
	for _, c := range cut {
		files, err := filepath.Glob(e.filesOf(c.schema, c.name))
		if err != nil {
			return 0, err
		}
		for _, f := range files {
			n := int64(0)
			err := e.One(ctx, "select coalesce(sum(total_uncompressed_size), 0)::bigint from parquet_metadata("+
				model.Literal(Absolute(f))+")", &n)
			if err != nil {
				return 0, err
			}
			bytes += n
		}
	}
	parts := int((bytes + e.budget.duck - 1) / e.budget.duck)
	if e.memory != nil {
		for _, s := range e.memory.before[m.Qualified()] {
			parts = max(parts, s.Parts)
		}
	}
	if parts < 2 {
		return 0, nil
	}
	return min(parts, partsTried[len(partsTried)-1]), nil
}

// lookEvery is how often a build is looked at to say what its tables cost. What takes less is not worth a figure.
const lookEvery = 250 * time.Millisecond

// watch looks at a build until it is over: how much DuckDB holds, and how much lies in scratch files.
func (e *Engine) watch(ctx context.Context, p *progress) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		held := int64(0)
		if e.One(ctx, "select coalesce(sum(memory_usage_bytes), 0)::bigint from duckdb_memory()", &held) != nil {
			continue // it is over
		}
		p.saw(held, bytesBelow(e.temp))
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

// bytesBelow is how much the files in a folder hold.
func bytesBelow(folder string) (bytes int64) {
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil // what is gone meanwhile holds nothing
	})
	return bytes
}

// keysAtOnce is how many keys are held side by side to see whether one is there twice: each costs some 50 bytes.
func (e *Engine) keysAtOnce() int64 { return max(e.budget.duck/200, 100_000) }
