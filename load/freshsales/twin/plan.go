package twin

import (
	"fmt"
	"strings"
	"time"
)

// plan is what a Freshsales plan allows (API.md 2, 4.9, 5.4, 7).
type plan struct {
	name      string
	perHour   int
	perMinute int
	storage   int64          // bytes per user
	total     int            // custom fields of all types, per entity
	budget    map[string]int // and by type
	custom    bool           // custom sales activities and custom modules
}

const gigabyte = 1 << 30

var plans = []plan{
	{name: "free", perHour: 1000, perMinute: 400, budget: map[string]int{}},
	{name: "growth", perHour: 1000, perMinute: 400, storage: 2 * gigabyte, total: 150, budget: map[string]int{
		"text": 20, "dropdown": 30, "textarea": 5, "multi_select_dropdown": 5, "number": 30, "checkbox": 30, "date": 30}},
	{name: "pro", perHour: 2000, perMinute: 400, storage: 5 * gigabyte, total: 250, budget: map[string]int{
		"text": 30, "dropdown": 40, "textarea": 10, "multi_select_dropdown": 10, "number": 50, "checkbox": 50, "date": 50}},
	{name: "enterprise", perHour: 5000, perMinute: 400, storage: 100 * gigabyte, total: 630, custom: true,
		budget: map[string]int{
			"text": 70, "dropdown": 250, "textarea": 20, "multi_select_dropdown": 30, "number": 70, "checkbox": 70, "date": 70}},
}

func planNamed(name string) (plan, error) {
	for _, p := range plans {
		if p.name == strings.ToLower(name) {
			return p, nil
		}
	}
	return plan{}, fmt.Errorf("twin: there is no plan %q; there are free, growth, pro and enterprise", name)
}

// limiter counts calls of the whole account, in two windows.
type limiter struct {
	perHour, perMinute int
	sliding            bool
	calls              []stamp // oldest first, none older than an hour
}

type stamp struct {
	at     time.Time
	weight int
}

// window is one limit at a moment.
type window struct {
	limit, used int
	free        time.Time // when enough of it is free again
}

// take counts a call, or says how long to wait. It also says what the tighter window has left.
func (l *limiter) take(now time.Time, weight int) (wait time.Duration, limit, left int) {
	for len(l.calls) > 0 && now.Sub(l.calls[0].at) >= time.Hour {
		l.calls = l.calls[1:]
	}
	hour := l.window(now, time.Hour, l.perHour)
	minute := l.window(now, time.Minute, l.perMinute)
	for _, w := range []window{hour, minute} {
		if w.used+weight > w.limit {
			wait = max(wait, w.free.Sub(now))
		}
	}
	if wait > 0 {
		return wait, hour.limit, 0
	}
	l.calls = append(l.calls, stamp{now, weight})
	return 0, hour.limit, hour.limit - hour.used - weight
}

func (l *limiter) window(now time.Time, length time.Duration, limit int) window {
	w := window{limit: limit, free: now.Truncate(length).Add(length)}
	start := now.Truncate(length)
	if l.sliding {
		start = now.Add(-length)
	}
	for i := len(l.calls) - 1; i >= 0; i-- {
		at := l.calls[i].at
		if at.Before(start) || l.sliding && !at.After(start) {
			break
		}
		w.used += l.calls[i].weight
		if l.sliding {
			w.free = at.Add(length)
		}
	}
	return w
}
