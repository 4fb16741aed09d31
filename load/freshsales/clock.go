package freshsales

import (
	"context"
	"time"
)

// Clock tells the time and wakes people up. The pacer lives by it, so a quota of a day can be
// rehearsed in seconds.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once after d on this clock; stop prevents it.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// SystemClock is the clock on the wall.
func SystemClock() SleepingClock { return wallClock{} }

// SleepingClock is a clock that can also be waited on.
type SleepingClock interface {
	Clock
	Sleep(ctx context.Context, d time.Duration) error
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

func (c wallClock) Sleep(ctx context.Context, d time.Duration) error { return Sleep(ctx, c, d) }

// ScaledClock starts at a time and runs factor times as fast as the wall's.
func ScaledClock(start time.Time, factor float64) SleepingClock {
	return scaledClock{start: start, origin: time.Now(), factor: factor}
}

type scaledClock struct {
	start, origin time.Time
	factor        float64
}

func (c scaledClock) Now() time.Time {
	return c.start.Add(time.Duration(float64(time.Since(c.origin)) * c.factor))
}

func (c scaledClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(time.Duration(float64(d)/c.factor), f).Stop
}

// Sleep makes this clock do for servers that only want to wait.
func (c scaledClock) Sleep(ctx context.Context, d time.Duration) error { return Sleep(ctx, c, d) }

// Sleep waits on a clock, or until the context ends.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	done := make(chan struct{})
	stop := c.AfterFunc(d, func() { close(done) })
	defer stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return nil
	}
}
