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
	// AfterFunc calls f once after d on this clock; stop prevents it.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
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

func (c *scaledClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(time.Duration(float64(d)/c.factor), f).Stop
}

// sleep returns when d has passed on a clock, or with the context's error.
func sleep(ctx context.Context, c Clock, d time.Duration) error {
	done := make(chan struct{})
	stop := c.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ManualClock stands still until somebody moves it.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	alarms map[*alarm]bool
}

type alarm struct {
	at time.Time
	f  func()
}

// NewManualClock is a clock that shows a moment.
func NewManualClock(now time.Time) *ManualClock {
	return &ManualClock{now: now, alarms: map[*alarm]bool{}}
}

// Now is the moment shown.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and calls what has become due.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	for a := range c.alarms {
		if !a.at.After(c.now) {
			due = append(due, a.f)
			delete(c.alarms, a)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// AfterFunc calls f from within the Advance that reaches its time.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.now.Add(d), f: f}
	c.alarms[a] = true
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		waiting := c.alarms[a]
		delete(c.alarms, a)
		return waiting
	}
}

// Waiting is how many calls are waiting for the clock to be moved.
func (c *ManualClock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.alarms)
}
