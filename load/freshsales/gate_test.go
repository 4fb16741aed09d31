package freshsales

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestWidthHalvesOncePerTroubleAndGrowsAgain(t *testing.T) {
	a := newAIMD(2, 32)
	for range 40 {
		a.raise()
	}
	if a.places() != 32 {
		t.Fatalf("width %d after 40 good calls", a.places())
	}
	now := time.Now()
	for range 10 { // ten calls of one burst fail
		a.lower(now.Add(-time.Second), now)
	}
	if a.places() != 16 {
		t.Fatalf("width %d after one burst", a.places())
	}
	for range 100 {
		a.raise()
	}
	if got := a.places(); got < 19 || got > 25 {
		t.Errorf("width %d after 100 good calls: growth is not additive", got)
	}
}

func TestGateKeepsItsWidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(SystemClock(), 8)
		var mu sync.Mutex
		inside, most := 0, 0
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if g.Enter(context.Background()) != nil {
					return
				}
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				inside--
				mu.Unlock()
				g.Leave(true)
			})
		}
		gone, cancel := context.WithCancel(context.Background())
		all.Go(func() {
			if g.Enter(gone) == nil {
				t.Error("entered after giving up")
			}
		})
		cancel()
		all.Wait()
		if most != 8 || inside != 0 {
			t.Errorf("%d at once, %d left", most, inside)
		}
	})
}
