package freshsales

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// window counts calls over a stretch of time. A call's place is free again when its end has passed.
type window struct {
	budget int // 0: no limit
	length time.Duration
	ends   []time.Time // in order, because calls are added when they are answered
}

func (w *window) spend(answered time.Time, n int) {
	if w.budget == 0 {
		return
	}
	end := answered.Add(w.length)
	if last := len(w.ends) - 1; last >= 0 && w.ends[last].After(end) {
		end = w.ends[last]
	}
	for ; n > 0; n-- {
		w.ends = append(w.ends, end)
	}
}

// free is when one more call fits; false when that depends on a call in flight.
func (w *window) free(now time.Time, inFlight int) (time.Time, bool) {
	if w.budget == 0 {
		return time.Time{}, true
	}
	past := 0
	for past < len(w.ends) && !w.ends[past].After(now) {
		past++
	}
	w.ends = w.ends[past:]
	over := len(w.ends) + inFlight - w.budget + 1
	switch {
	case over <= 0:
		return time.Time{}, true
	case over > len(w.ends):
		return time.Time{}, false
	}
	return w.ends[over-1], true
}

func (w *window) lower(budget int) {
	if w.budget > 0 && budget < w.budget {
		w.budget = budget
	}
}

// aimd is a width that grows while all goes well and halves at trouble: quickly at first, one
// place per round once it has met its match.
type aimd struct {
	width   float64
	most    int
	steady  bool
	lowered time.Time
}

func newAIMD(start, most int) aimd { return aimd{width: float64(min(start, most)), most: most} }

func (a *aimd) places() int { return int(a.width) }

func (a *aimd) raise() {
	step := 1.0
	if a.steady {
		step = 1 / a.width
	}
	a.width = min(a.width+step, float64(a.most))
}

// lower halves the width, once for all calls that were under way at the time.
func (a *aimd) lower(started, now time.Time) {
	if started.Before(a.lowered) {
		return
	}
	a.width, a.steady, a.lowered = max(1, a.width/2), true, now
}

// learn lowers the limits to what a header states; nothing raises them. A limit whose header does
// not say of what is taken for the minute's if it is smaller than that; only a refusal that asks
// for more than a minute shows that it was the hour's.
func (p *Pacer) learn(h http.Header, refused bool, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, values := range h {
		n, ok := statedLimit(name, values)
		if !ok {
			continue
		}
		mine := max(1, int(float64(n)*p.config.Share+1e-9))
		lower := strings.ToLower(name)
		switch {
		case strings.Contains(lower, "hour"):
			p.hour.lower(mine)
		case strings.Contains(lower, "minute"):
			p.minute.lower(mine)
		case p.config.Limits.Minute > 0 && n < p.config.Limits.Minute:
			p.minute.lower(mine)
			p.loose = mine
		default:
			p.hour.lower(mine)
		}
	}
	if refused && wait > minuteWindow && p.loose > 0 {
		p.hour.lower(p.loose)
	}
}

// statedLimit reads headers such as X-RateLimit-Limit; what remains or when it resets is not a limit.
func statedLimit(name string, values []string) (int, bool) {
	lower := strings.ToLower(name)
	if !strings.Contains(lower, "limit") || len(values) == 0 {
		return 0, false
	}
	for _, other := range []string{"remaining", "reset", "used", "policy"} {
		if strings.Contains(lower, other) {
			return 0, false
		}
	}
	text, _, _ := strings.Cut(values[0], ",")
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil && n > 0
}
