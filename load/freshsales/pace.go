package freshsales

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// margins keep us clear of rounding on the far side.
const (
	hourWindow   = time.Hour + time.Second
	minuteWindow = time.Minute + time.Second/2
)

// Pacer spends the calls of one account on behalf of all workers. A call occupies a place from
// before it is sent until a whole window after its answer came, so however long it travelled, no
// window of theirs, fixed or sliding, can hold more than the budget.
type Pacer struct {
	config PaceConfig
	clock  Clock

	mu       sync.Mutex
	hour     window
	minute   window
	width    aimd // how many calls may be in flight
	inFlight int
	paused   time.Time // nobody calls before
	waits    *backoff.ExponentialBackOff
	queue    []*waiter
	stop     func() bool // of the armed timer
	total    int64
	loose    int       // a limit some header stated without saying of what
	counts   bool      // a header counts down what remains
	told     time.Time // until when a wait was told already
}

type waiter struct {
	ready   chan struct{}
	granted bool
	at      time.Time
}

// NewPacer starts a pacer, with the calls the journal remembers already counted.
func NewPacer(c PaceConfig) (*Pacer, error) {
	if c.Share == 0 {
		c.Share = 0.95
	}
	if c.Share < 0 || c.Share > 1 {
		return nil, fmt.Errorf("a share of the quota is between 0 and 1, not %v", c.Share)
	}
	if c.Workers <= 0 {
		c.Workers = 8
	}
	if c.CallTimeout == 0 {
		c.CallTimeout = defaultTimeout
	}
	if c.UnstatedWait == 0 {
		c.UnstatedWait = time.Minute
	}
	if c.Clock == nil {
		c.Clock = SystemClock()
	}
	budget := c.Limits.Share(c.Share)
	p := &Pacer{config: c, clock: c.Clock, width: newAIMD(2, c.Workers),
		hour:   window{budget: budget.Hour, length: hourWindow},
		minute: window{budget: budget.Minute, length: minuteWindow},
		waits: &backoff.ExponentialBackOff{InitialInterval: c.UnstatedWait, Multiplier: 2,
			RandomizationFactor: 0.1, MaxInterval: max(15*time.Minute, c.UnstatedWait)},
	}
	return p, p.remember()
}

func (p *Pacer) remember() error {
	if p.config.Journal == nil {
		return nil
	}
	now := p.clock.Now()
	spent, err := p.config.Journal.Spent(now.Add(-hourWindow - p.config.CallTimeout))
	if err != nil {
		return err
	}
	for _, s := range spent {
		// When it was answered is not known, only that it cannot have taken longer.
		answered := s.At.Add(p.config.CallTimeout)
		p.hour.spend(answered, s.N)
		p.minute.spend(answered, s.N)
	}
	return nil
}

// Permit is the right to make one call.
type Permit struct {
	pacer *Pacer
	at    time.Time
}

// Wait blocks until a call may be made. The permit must be given back with Done.
func (p *Pacer) Wait(ctx context.Context) (*Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &waiter{ready: make(chan struct{})}
	p.mu.Lock()
	p.queue = append(p.queue, w)
	p.dispatch()
	p.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		p.leave(w)
		return nil, ctx.Err()
	}
	if j := p.config.Journal; j != nil && p.isLimited() {
		if err := j.Spending(w.at, 1); err != nil {
			(&Permit{p, w.at}).give(result{outcome: Done})
			return nil, err
		}
	}
	return &Permit{p, w.at}, nil
}

// leave takes a waiter that gave up out of the queue, or gives its place back.
func (p *Pacer) leave(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.granted {
		p.inFlight--
	}
	for i, q := range p.queue {
		if q == w {
			p.queue = append(p.queue[:i], p.queue[i+1:]...)
			break
		}
	}
	p.dispatch()
}

func (p *Pacer) isLimited() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hour.budget > 0 || p.minute.budget > 0
}

// dispatch lets waiting calls go in the order they came, and arms the timer for the next.
func (p *Pacer) dispatch() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	for len(p.queue) > 0 {
		now := p.clock.Now()
		at, ok := p.next(now)
		if !ok {
			return // an answer will call us
		}
		if at.After(now) {
			p.tell(now, at)
			p.stop = p.clock.AfterFunc(at.Sub(now), func() {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.dispatch()
			})
			return
		}
		w := p.queue[0]
		p.queue = p.queue[1:]
		w.granted, w.at = true, now
		p.inFlight++
		p.total++
		close(w.ready)
	}
}

// noticeable is how long a wait must be to be told: shorter ones are the minute's, and pass.
const noticeable = minuteWindow + 30*time.Second

// tell says once that everybody waits for the hour's calls.
func (p *Pacer) tell(now, until time.Time) {
	if p.config.OnWait == nil || until.Sub(now) < noticeable || !until.After(p.told.Add(noticeable)) {
		return
	}
	p.told = until
	p.config.OnWait(QuotaWait{Until: until, Used: len(p.hour.ends) + p.inFlight, Budget: p.hour.budget,
		Asked: until.Equal(p.paused)})
}

// next is when one more call may go; false when that depends on a call in flight.
func (p *Pacer) next(now time.Time) (time.Time, bool) {
	if p.inFlight >= p.width.places() {
		return time.Time{}, false
	}
	at := p.paused
	for _, w := range []*window{&p.hour, &p.minute} {
		free, ok := w.free(now, p.inFlight)
		if !ok {
			return time.Time{}, false
		}
		if free.After(at) {
			at = free
		}
	}
	return at, true
}

// result is what the pacer must know of a call that was answered.
type result struct {
	sends   int // how often a request really went out
	outcome Outcome
	over    bool          // the account's calls are spent
	stated  time.Duration // how long they asked to wait
	header  http.Header
}

// give returns a place. After a refusal it says how long everybody waits: nobody may slip through
// between the answer and the wait.
func (t *Permit) give(r result) (wait time.Duration) {
	p := t.pacer
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.inFlight--
	p.total += int64(r.sends - 1)
	p.hour.spend(now, r.sends)
	p.minute.spend(now, r.sends)
	p.learn(now, r)
	switch {
	case r.over:
		p.width.probe(t.at, now)
		wait = p.pause(now, r.stated)
	case r.outcome == Later, r.outcome == Unknown:
		p.width.lower(t.at, now)
	case r.outcome == Done:
		p.width.raise()
		p.waits.Reset()
	}
	p.dispatch()
	return wait
}

// pause makes everybody wait: as long as was stated, or longer each time when nothing was.
func (p *Pacer) pause(now time.Time, stated time.Duration) time.Duration {
	wait := stated
	if wait <= 0 {
		if left := p.paused.Sub(now); left > 0 {
			return left // the same refusal, told to several workers
		}
		wait = p.waits.NextBackOff()
	} else {
		// Nobody should arrive on the very second it opens.
		wait += time.Duration(rand.Int64N(int64(time.Second)))
	}
	p.hold(now.Add(wait))
	return wait
}

func (p *Pacer) hold(until time.Time) {
	if until.After(p.paused) {
		p.paused = until
	}
}

// PaceState is a look at the pacer, for progress lines.
type PaceState struct {
	Calls    int64 // made by this process
	InFlight int
	Width    int       // how many may be in flight at present
	Hour     int       // calls of ours that still count against the hour
	Budget   Limits    // what is ours, as lowered by headers
	Next     time.Time // when the next call may go; zero: as soon as one returns
}

// State looks at the pacer.
func (p *Pacer) State() PaceState {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	next, _ := p.next(now)
	return PaceState{Calls: p.total, InFlight: p.inFlight, Width: p.width.places(), Next: next,
		Hour: len(p.hour.ends) + p.inFlight, Budget: Limits{p.hour.budget, p.minute.budget}}
}
