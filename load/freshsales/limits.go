package freshsales

import (
	"strings"
	"time"
)

// Limits is how many calls an account accepts; 0 means no limit.
type Limits struct{ Hour, Minute int }

// PlanLimits is what a plan accepts, for all users of the account together.
func PlanLimits(plan string) (Limits, bool) {
	switch strings.ToLower(plan) {
	case "free", "growth":
		return Limits{1000, 400}, true
	case "pro":
		return Limits{2000, 400}, true
	case "enterprise":
		return Limits{5000, 400}, true
	case "unlimited":
		return Limits{}, true
	}
	return Limits{}, false
}

// Share is the part of the limits that is ours; the account's users live on the rest.
func (l Limits) Share(share float64) Limits {
	part := func(n int) int {
		if n <= 0 {
			return 0
		}
		return max(1, int(float64(n)*share+1e-9))
	}
	return Limits{part(l.Hour), part(l.Minute)}
}

// Journal remembers calls over restarts, so that a process that was killed and started again does
// not spend an hour's calls twice.
type Journal interface {
	// Spending is told of n calls before they are made and returns when that is durable.
	Spending(at time.Time, n int) error
	// Spent is everything told since a time, in order.
	Spent(since time.Time) ([]Spend, error)
}

// Spend is n calls made at a time.
type Spend struct {
	At time.Time
	N  int
}

// PaceConfig is what a pacer needs to know; zero values take the stated defaults.
type PaceConfig struct {
	Limits       Limits          // of the account; zero = none
	Share        float64         // 0.95
	Workers      int             // most calls in flight: 8
	CallTimeout  time.Duration   // longest a call may take: 60 s (for remembered calls)
	UnstatedWait time.Duration   // after a 429 that states no wait: 60 s, doubling
	Clock        Clock           // the wall's
	Journal      Journal         // none
	OnWait       func(QuotaWait) // told at once when everybody waits for the account's calls; it must not ask the pacer
}

// QuotaWait is a wait of everybody for the calls of the account.
type QuotaWait struct {
	Until  time.Time
	Used   int  // calls of ours in the last hour
	Budget int  // calls an hour of which we may make use; 0: no limit is known
	Asked  bool // Freshsales asked for it, rather than our own count
}
