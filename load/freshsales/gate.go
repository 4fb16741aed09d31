package freshsales

import (
	"context"
	"sync"
	"time"
)

// Gate lets a number of things happen at once that adapts to how they fare.
type Gate struct {
	clock  Clock
	mu     sync.Mutex
	width  aimd
	inside int
	queue  []chan struct{}
}

func newGate(c Clock, most int) *Gate { return &Gate{clock: c, width: newAIMD(1, most)} }

// Enter waits for a place. Leave must be called once, with whether all went well.
func (g *Gate) Enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if len(g.queue) == 0 && g.inside < g.width.places() {
		g.inside++
		g.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	g.queue = append(g.queue, ready)
	g.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, q := range g.queue {
		if q == ready {
			g.queue = append(g.queue[:i], g.queue[i+1:]...)
			return ctx.Err()
		}
	}
	g.inside-- // let in at the very moment it gave up
	g.admit()
	return ctx.Err()
}

// Leave gives the place back; a thing that went well widens the gate.
func (g *Gate) Leave(well bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if well {
		g.width.raise()
	}
	g.admit()
}

func (g *Gate) lower(started time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.width.lower(started, g.clock.Now())
}

func (g *Gate) admit() {
	for len(g.queue) > 0 && g.inside < g.width.places() {
		close(g.queue[0])
		g.queue = g.queue[1:]
		g.inside++
	}
}
