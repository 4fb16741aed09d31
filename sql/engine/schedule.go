package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Together is how many models are built at the same time. DuckDB spreads one query over all cores, but small tables and
// the ends of large ones leave cores idle.
const Together = 2

// together is how many of these tables are: one where much was landed for the memory there is, because two would take
// room from each other, and both go through scratch files. What DuckDB does not count of two is also twice as much.
func (e *Engine) together() int {
	if e.landed > e.budget.duck/2 {
		return 1
	}
	return Together
}

// buildAll builds models, each as soon as what it reads is there.
func (e *Engine) buildAll(ctx context.Context, models []*model.Model, o Options, done *progress) error {
	ready := map[string]chan struct{}{}
	for _, m := range models {
		ready[m.Qualified()] = make(chan struct{})
	}
	slots := make(chan struct{}, e.together())
	var alone sync.RWMutex
	building, over := context.WithCancel(ctx)
	var watcher conc.WaitGroup
	watcher.Go(func() { e.watch(building, done) })
	defer watcher.Wait()
	defer over()
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, m := range models {
		group.Go(func(ctx context.Context) error {
			for _, r := range m.Reads {
				if before, ok := ready[r.Qualified()]; ok && r.Qualified() != m.Qualified() {
					select {
					case <-before:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			defer func() { <-slots }()
			done.begin(m)
			b, err := e.buildOrReuse(ctx, m, o, &alone)
			if err != nil {
				return err
			}
			done.end(m, b.Reused)
			close(ready[m.Qualified()])
			return nil
		})
	}
	return group.Wait()
}

// buildOne builds a model beside others, and gives the number of parts it took, 0 when it was built whole. One in parts
// changes what names mean while it runs, so it runs alone; so does, a second time, one that found no room beside
// another. One that says by what it may be cut is then cut into more and more parts until it fits. What still finds none
// is built by one thread.
func (e *Engine) buildOne(ctx context.Context, m *model.Model, o Options, alone *sync.RWMutex) (int, error) {
	e.budget.giveBackFirst()
	cut := *m
	cut.Parts = e.partsFor(m)
	if cut.Parts == 0 {
		alone.RLock()
		err := e.build(ctx, m, o)
		alone.RUnlock()
		if err == nil || !foundNoRoom(err) {
			return 0, err
		}
	}
	alone.Lock()
	defer alone.Unlock()
	err := e.build(ctx, &cut, o)
	for _, n := range partsTried {
		if !foundNoRoom(err) || m.PartBy == "" {
			break
		}
		if n <= cut.Parts {
			continue
		}
		o.Events.Send(run.Event{Stage: stage, Kind: run.Note, Subject: m.Qualified(),
			Text: fmt.Sprintf("does not fit into memory at once; it is built in %d parts", n)})
		cut.Parts = n
		err = e.build(ctx, &cut, o)
	}
	if foundNoRoom(err) {
		err = e.byOneThread(ctx, &cut, o)
	}
	return cut.Parts, err
}

func foundNoRoom(err error) bool { return err != nil && strings.Contains(err.Error(), noRoom) }

// stopped says what was being built when somebody ended it.
func (p *progress) stopped() string {
	if p == nil {
		return ""
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.running) == 0 {
		return ""
	}
	verb := "was"
	if len(p.running) > 1 {
		verb = "were"
	}
	return fmt.Sprintf(" %d of %d are done, and stay; %s %s being built.", p.done, p.total,
		strings.Join(p.running, " and "), verb)
}

// progress tells how many models of how many are built.
type progress struct {
	mutex       sync.Mutex
	events      run.Events
	done, total int
	reused      int
	running     []string
	memory      map[string]int64 // per table, the most that was seen while it was built
	spill       map[string]int64
}

func (p *progress) begin(m *model.Model) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running = append(p.running, m.Qualified())
	p.events.Send(run.Event{Stage: stage, Kind: run.Started, Subject: m.Qualified()})
}

func (p *progress) end(m *model.Model, reused bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.done++
	p.running = slices.DeleteFunc(p.running, func(r string) bool { return r == m.Qualified() })
	if reused {
		p.reused++
	}
	p.events.Send(run.Event{Stage: stage, Kind: run.Progress, Subject: m.Qualified(), Done: int64(p.done),
		Total: int64(p.total), Unit: "models"})
}
