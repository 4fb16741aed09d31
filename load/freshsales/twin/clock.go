package twin

import (
	"context"
	"sync"
	"time"
)

// Clock is where the twin takes the time from. A clock may run faster than the wall, so that a
// quota hour passes in seconds, or stand still until a test moves it.
type Clock interface {
	Now() time.Time
	// Sleep returns when d has passed on this clock, or with the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// WallClock is the time of the machine.
func WallClock() Clock { return ScaledClock(time.Time{}, 1) }

// ScaledClock starts at a moment (zero: now) and runs factor times as fast as the wall.
func ScaledClock(start time.Time, factor float64) Clock {
	now := time.Now()
	if start.IsZero() {
		start = now
	}
	return &scaledClock{began: now, start: start, factor: factor}
}

type scaledClock struct {
	began, start time.Time
	factor       float64
}

func (c *scaledClock) Now() time.Time {
	return c.start.Add(time.Duration(float64(time.Since(c.began)) * c.factor))
}

func (c *scaledClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(time.Duration(float64(d) / c.factor))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ManualClock stands still until somebody moves it.
type ManualClock struct {
	mu      sync.Mutex
	now     time.Time
	waiters []waiter
}

type waiter struct {
	at   time.Time
	done chan struct{}
}

// NewManualClock is a clock that shows a moment.
func NewManualClock(now time.Time) *ManualClock { return &ManualClock{now: now} }

// Now is the moment shown.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and wakes who has slept long enough.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	asleep := c.waiters[:0]
	for _, w := range c.waiters {
		if w.at.After(c.now) {
			asleep = append(asleep, w)
			continue
		}
		close(w.done)
	}
	c.waiters = asleep
}

// Sleep waits until the clock has been advanced by d.
func (c *ManualClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	w := waiter{at: c.now.Add(d), done: make(chan struct{})}
	if d <= 0 {
		close(w.done)
	} else {
		c.waiters = append(c.waiters, w)
	}
	c.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
