package freshsales

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ferry/internal/long"
)

// account is a server of limits only: it refuses what breaks a fixed or a sliding window of either
// length, counts a call somewhere between its sending and its answer, and may state its limits.
type account struct {
	limits  Limits
	latency func() time.Duration
	headers func(h http.Header)

	mu       sync.Mutex
	arrivals []time.Time
	counted  map[string]int // of fixed windows
	refused  int
}

func (a *account) RoundTrip(r *http.Request) (*http.Response, error) {
	total := a.latency()
	before := time.Duration(rand.Int64N(int64(total)))
	time.Sleep(before)
	wait, ok := a.count(time.Now())
	time.Sleep(total - before)
	reply := &http.Response{StatusCode: 200, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(`{"users":[]}`)), Request: r}
	if a.headers != nil {
		a.headers(reply.Header)
	}
	if !ok {
		reply.StatusCode = http.StatusTooManyRequests
		if wait > 0 {
			reply.Header.Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		}
	}
	return reply, nil
}

func (a *account) count(now time.Time) (time.Duration, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.counted == nil {
		a.counted = map[string]int{}
	}
	for _, w := range []struct {
		length time.Duration
		most   int
	}{{time.Minute, a.limits.Minute}, {time.Hour, a.limits.Hour}} {
		fixed := fixedWindow(w.length, now)
		sliding := len(a.arrivals) - sort.Search(len(a.arrivals),
			func(i int) bool { return a.arrivals[i].After(now.Add(-w.length)) })
		if sliding >= w.most || a.counted[fixed] >= w.most {
			a.refused++
			return w.length / 4, false
		}
	}
	for _, length := range []time.Duration{time.Minute, time.Hour} {
		a.counted[fixedWindow(length, now)]++
	}
	a.arrivals = append(a.arrivals, now)
	return 0, true
}

func fixedWindow(length time.Duration, now time.Time) string {
	return fmt.Sprint(length, now.Unix()/int64(length/time.Second))
}

func someLatency() time.Duration {
	return 40*time.Millisecond + time.Duration(rand.Int64N(int64(900*time.Millisecond)))
}

// work calls with all workers until a time has passed.
func work(t *testing.T, a *account, p *Pacer, workers int, length time.Duration) {
	c, err := New(Config{URL: "http://localhost", Key: testKey, Pacer: p, Transport: a})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil {
				_, _ = c.Owners(ctx) // what the account thinks of it is counted there
			}
		})
	}
	all.Wait()
}

func TestADayUsesTheShareAndNeverTooMuch(t *testing.T) {
	long.Only(t)
	for plan, share := range map[string]float64{"growth": 0.95, "pro": 0.95, "enterprise": 0.95, "pro at its edge": 1} {
		t.Run(plan, func(t *testing.T) {
			limits, _ := PlanLimits(strings.Fields(plan)[0])
			synctest.Test(t, func(t *testing.T) {
				p, err := NewPacer(PaceConfig{Limits: limits, Share: share, Workers: 16})
				if err != nil {
					t.Fatal(err)
				}
				a := &account{limits: limits, latency: someLatency}
				work(t, a, p, 16, 24*time.Hour)
				ours := float64(24*limits.Hour) * share
				used := float64(len(a.arrivals)) / ours
				t.Logf("%s: %d calls, %.2f %% of the share, %d refused", plan, len(a.arrivals), 100*used, a.refused)
				if a.refused > 0 {
					t.Errorf("%d calls were refused that could have been avoided", a.refused)
				}
				if used < 0.97 {
					t.Errorf("used %.2f %% of the share", 100*used)
				}
			})
		})
	}
}

type memory struct {
	mu    sync.Mutex
	spent []Spend
}

func (m *memory) Spending(at time.Time, n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent = append(m.spent, Spend{at, n})
	return nil
}

func (m *memory) Spent(since time.Time) ([]Spend, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Spend
	for _, s := range m.spent {
		if !s.At.Before(since) {
			found = append(found, s)
		}
	}
	return found, nil
}

func TestARestartDoesNotSpendTheHourTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{1000, 400}
		a := &account{limits: limits, latency: someLatency}
		journal := &memory{}
		for range 9 { // 9 processes, each killed after a while
			p, err := NewPacer(PaceConfig{Limits: limits, Share: 0.95, Workers: 8, Journal: journal})
			if err != nil {
				t.Fatal(err)
			}
			work(t, a, p, 8, 17*time.Minute)
		}
		if a.refused > 0 {
			t.Errorf("%d refused", a.refused)
		}
		if n := len(a.arrivals); n < 2700 {
			t.Errorf("only %d calls in 2 h 33 min", n)
		}
	})
}

func TestAStatedWaitIsObeyedByEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wait = 7 * time.Minute
		p, err := NewPacer(PaceConfig{Workers: 12})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var told time.Time
		calls, late := 0, 0
		server := roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			calls++
			reply := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`))}
			if calls == 100 {
				told = time.Now()
				reply.StatusCode = http.StatusTooManyRequests
				reply.Header.Set("Retry-After", "420")
			} else if !told.IsZero() && time.Since(told) < wait {
				late++
			}
			return reply, nil
		})
		c, err := New(Config{URL: "http://localhost", Key: testKey, Pacer: p, Transport: &slow{RoundTripper: server}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
		defer cancel()
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				for ctx.Err() == nil {
					_, _ = c.Ping(ctx)
				}
			})
		}
		all.Wait()
		// Calls that were already on their way when the wait was stated cannot be called back.
		if late > 12 {
			t.Errorf("%d calls during a stated wait", late)
		}
		if calls < 200 {
			t.Errorf("work did not go on after the wait: %d calls", calls)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slow takes a little longer with each call: of two that arrived at one instant, which came first would be chance.
type slow struct {
	http.RoundTripper
	calls atomic.Int64
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(100*time.Millisecond + time.Duration(s.calls.Add(1))*time.Microsecond)
	return s.RoundTripper.RoundTrip(r)
}

func TestHeadersLowerTheLimitsAndNeverRaiseThem(t *testing.T) {
	for name, c := range map[string]struct {
		name, value string
		want        Limits
	}{
		"the hour's, lower":      {"X-RateLimit-Limit", "800", Limits{760, 380}},
		"the hour's, higher":     {"X-RateLimit-Limit", "5000", Limits{950, 380}},
		"the minute's, unnamed":  {"X-RateLimit-Limit", "200", Limits{950, 190}},
		"the minute's, named":    {"X-RateLimit-Minute-Limit", "300", Limits{950, 285}},
		"the hour's, named":      {"RateLimit-Limit-Hour", "100, 100;w=3600", Limits{95, 380}},
		"what remains":           {"X-RateLimit-Limit-Remaining", "3", Limits{950, 380}},
		"nonsense":               {"X-RateLimit-Limit", "many", Limits{950, 380}},
		"nothing about limits":   {"X-Request-Id", "5", Limits{950, 380}},
		"zero would end all":     {"X-RateLimit-Limit", "0", Limits{950, 380}},
		"a size is not a limit":  {"Content-Length", "12", Limits{950, 380}},
		"when it begins anew":    {"X-RateLimit-Reset", "12", Limits{950, 380}},
		"a policy in many parts": {"RateLimit-Policy", "12", Limits{950, 380}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := NewPacer(PaceConfig{Limits: Limits{1000, 400}})
			if err != nil {
				t.Fatal(err)
			}
			h := http.Header{}
			h.Set(c.name, c.value)
			p.learn(time.Now(), result{header: h})
			if got := p.State().Budget; got != c.want {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		})
	}
}

func TestAnAccountSmallerThanConfiguredIsLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPacer(PaceConfig{Limits: Limits{5000, 400}, Workers: 8})
		if err != nil {
			t.Fatal(err)
		}
		real := Limits{300, 400} // smaller than the minute's: the header alone cannot tell which it is
		a := &account{limits: real, latency: someLatency, headers: func(h http.Header) { h.Set("X-RateLimit-Limit", "300") }}
		work(t, a, p, 8, 12*time.Hour)
		if a.refused == 0 || a.refused > 8 {
			t.Errorf("%d refused: the limit must be met once and then kept", a.refused)
		}
		if n := len(a.arrivals); n < 11*285 {
			t.Errorf("%d calls in 12 hours", n)
		}
	})
}

func TestGivingUpLeavesNoPlaceTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPacer(PaceConfig{Limits: Limits{100, 10}, Share: 1, Workers: 4})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i)*time.Second)
				defer cancel()
				if permit, err := p.Wait(ctx); err == nil {
					time.Sleep(300 * time.Millisecond)
					permit.give(result{sends: 1, outcome: Done})
				}
			})
		}
		all.Wait()
		if s := p.State(); s.InFlight != 0 || len(p.queue) != 0 {
			t.Errorf("%+v, %d queued", s, len(p.queue))
		}
	})
}

// Whoever watches is told at once that everybody waits for the hour's calls, once for each wait.
func TestAWaitForTheHoursCallsIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []QuotaWait
		began := time.Now()
		p, err := NewPacer(PaceConfig{Limits: Limits{Hour: 10}, Share: 1, OnWait: func(w QuotaWait) {
			if w.Until.Before(time.Now().Add(time.Minute)) {
				t.Errorf("told of a short wait: %v", w)
			}
			told = append(told, w)
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 25 {
			permit, err := p.Wait(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			permit.give(result{sends: 1, outcome: Done})
		}
		if len(told) != 2 || told[0].Used != 10 || told[0].Budget != 10 || told[0].Until.Sub(began) < time.Hour {
			t.Errorf("%+v", told)
		}
	})
}
