package freshsales

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// TestOthersMaySpendMoreThanTheirPart lets the account's users take half of it, which our share
// knows nothing of: the header that counts down keeps us from running into refusals.
func TestOthersMaySpendMoreThanTheirPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{1000, 400}
		a := &account{limits: limits, latency: someLatency}
		a.headers = func(h http.Header) {
			h.Set("X-RateLimit-Limit", "1000")
			h.Set("X-RateLimit-Remaining", strconv.Itoa(a.remaining(time.Now())))
		}
		p, err := NewPacer(PaceConfig{Limits: limits, Workers: 8})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			others := time.NewTicker(time.Hour)
			defer others.Stop()
			for {
				a.mu.Lock()
				a.counted = map[string]int{fixedWindow(time.Hour, time.Now()): 500}
				a.mu.Unlock()
				select {
				case <-others.C:
				case <-done:
					return
				}
			}
		}()
		work(t, a, p, 8, 12*time.Hour)
		close(done)
		t.Logf("%d calls of ours, %d refused", len(a.arrivals), a.refused)
		// The account states a quarter of an hour each time: four refusals an hour are its own doing, and
		// a few calls may be on their way when the first comes.
		if a.refused > 12*8 {
			t.Errorf("%d refused in 12 hours", a.refused)
		}
		if n := len(a.arrivals); n < 12*400 || n > 12*500 {
			t.Errorf("%d calls of ours in 12 hours", n)
		}
	})
}

// remaining is what the fixed hour has left.
func (a *account) remaining(now time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return max(0, a.limits.Hour-a.counted[fixedWindow(time.Hour, now)])
}
