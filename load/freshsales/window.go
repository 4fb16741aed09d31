package freshsales

import (
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

// aimd is a width that grows while all goes well and halves at trouble: quickly until it has met
// its match, one place per round from there.
type aimd struct {
	width   float64
	most    int
	known   float64 // up to here it grew well before; 0: trouble was never met
	lowered time.Time
}

func newAIMD(start, most int) aimd { return aimd{width: float64(min(start, most)), most: most} }

func (a *aimd) places() int { return int(a.width) }

func (a *aimd) raise() {
	step := 1.0
	if a.known > 0 && a.width >= a.known {
		step = 1 / a.width
	}
	a.width = min(a.width+step, float64(a.most))
}

// lower halves the width, once for all calls that were under way at the time.
func (a *aimd) lower(started, now time.Time) {
	if started.Before(a.lowered) {
		return
	}
	a.width = max(1, a.width/2)
	a.known, a.lowered = a.width, now
}

// probe lets one call find out alone whether a refusal is over.
func (a *aimd) probe(started, now time.Time) {
	if !started.Before(a.lowered) {
		a.known, a.lowered = max(1, a.width/2), now
	}
	a.width = 1
}

// learn lowers the limits to what a header states; nothing raises them. A limit whose header does
// not say of what is taken for the minute's if it is smaller than that; only a refusal that asks
// for more than a minute shows that it was the hour's.
func (p *Pacer) learn(now time.Time, r result) {
	for name, values := range r.header {
		kind, n := statedNumber(name, values)
		switch {
		case kind == "limit" && n > 0:
			p.lower(strings.ToLower(name), n)
		case kind == "remaining" && n > 0:
			p.counts = true
		case kind == "remaining" && p.counts && !r.over:
			// Others have spent what was left: a call now would only be refused.
			p.counts = false
			p.hold(now.Add(p.waits.NextBackOff()))
		}
	}
	if r.over && r.stated > minuteWindow && p.loose > 0 {
		p.hour.lower(p.loose)
	}
}

func (p *Pacer) lower(header string, stated int) {
	mine := max(1, int(float64(stated)*p.config.Share+1e-9))
	configured := p.config.Limits
	switch {
	case strings.Contains(header, "hour"):
		p.hour.lower(mine)
	case strings.Contains(header, "minute"):
		p.minute.lower(mine)
	case stated == configured.Hour, stated == configured.Minute:
	case stated < configured.Minute:
		p.minute.lower(mine)
		p.loose = mine
	default:
		p.hour.lower(mine)
	}
}

// statedNumber reads headers such as X-RateLimit-Limit and X-RateLimit-Remaining.
func statedNumber(name string, values []string) (kind string, n int) {
	lower := strings.ToLower(name)
	if !strings.Contains(lower, "limit") || len(values) == 0 {
		return "", 0
	}
	for _, other := range []string{"reset", "used", "policy"} {
		if strings.Contains(lower, other) {
			return "", 0
		}
	}
	text, _, _ := strings.Cut(values[0], ",")
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return "", 0
	}
	if strings.Contains(lower, "remaining") {
		return "remaining", n
	}
	return "limit", n
}
