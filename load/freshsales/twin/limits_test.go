package twin

import (
	"strings"
	"testing"
	"time"
)

// API.md 2.
func TestPlanLimits(t *testing.T) {
	for plan, hour := range map[string]int{"free": 1000, "growth": 1000, "pro": 2000, "enterprise": 5000} {
		b := start(t, Config{Plan: plan})
		calls := 0
		for range 30 {
			for b.call("GET", "/selector/territories", nil).status == 200 {
				calls++
			}
			if calls >= hour {
				break
			}
			b.clock.Advance(time.Minute)
		}
		if calls != hour {
			t.Errorf("%s: %d calls in an hour", plan, calls)
		}
	}
}

func TestLimitHeaders(t *testing.T) {
	b := start(t, Config{PerHour: 10, PerMinute: 3})
	for left := 9; left >= 7; left-- {
		g := b.call("GET", "/selector/owners", nil).is(200)
		if g.header.Get("X-Ratelimit-Limit") != "10" || g.header.Get("X-Ratelimit-Remaining") != string(rune('0'+left)) {
			t.Errorf("%v", g.header)
		}
	}
	b.clock.Advance(20 * time.Second)
	g := b.call("GET", "/selector/owners", nil).is(429)
	if g.header.Get("Retry-After") != "40" || g.body != "" {
		t.Errorf("%v %q", g.header, g.body)
	}
	b.clock.Advance(40 * time.Second)
	b.call("GET", "/selector/owners", nil).is(200)
}

func TestSlidingAndFixedWindows(t *testing.T) {
	for window, want := range map[string]int{"fixed": 200, "sliding": 429} {
		b := start(t, Config{PerHour: 100, PerMinute: 2, Switches: Switches{"limit_window": window}})
		b.clock.Advance(50 * time.Second)
		b.call("GET", "/selector/owners", nil).is(200)
		b.call("GET", "/selector/owners", nil).is(200)
		b.clock.Advance(11 * time.Second) // over the full minute
		g := b.call("GET", "/selector/owners", nil).is(want)
		if want == 429 {
			if g.header.Get("Retry-After") != "49" {
				t.Errorf("Retry-After %s", g.header.Get("Retry-After"))
			}
			b.clock.Advance(49 * time.Second)
			b.call("GET", "/selector/owners", nil).is(200)
		}
	}
}

// A refused call is not counted, and the limit is the account's, not the key's.
func TestLimitIsTheAccounts(t *testing.T) {
	b := start(t, Config{PerHour: 3, PerMinute: 10, Keys: []Key{{Token: "two"}}})
	b.call("GET", "/selector/owners", nil).is(200)
	b.key = "two"
	b.call("GET", "/selector/owners", nil).is(200)
	b.key = "wrong"
	b.call("GET", "/selector/owners", nil).is(401)
	b.key = DefaultKey
	b.call("GET", "/selector/owners", nil).is(200)
	for range 5 {
		b.call("GET", "/selector/owners", nil).is(429)
	}
	b.clock.Advance(time.Hour)
	b.call("GET", "/selector/owners", nil).is(200)
}

func TestLimitSwitches(t *testing.T) {
	for _, c := range []struct {
		s    Switches
		test func(*testing.T, got)
	}{
		{Switches{"limit_headers": "off", "retry_after": "off", "limit_body": "html"}, func(t *testing.T, g got) {
			for name := range g.header {
				if strings.Contains(strings.ToLower(name), "limit") || name == "Retry-After" {
					t.Errorf("header %s", name)
				}
			}
			if !strings.Contains(g.body, "<html>") || g.header.Get("Content-Type") != "text/html" {
				t.Errorf("%q", g.body)
			}
		}},
		{Switches{"limit_header": "X-Quota", "remaining_header": "X-Left", "limit_body": "json"}, func(t *testing.T, g got) {
			if g.header.Get("X-Quota") != "1" || g.header.Get("X-Left") != "0" || g.at("errors.code") == nil {
				t.Errorf("%v %s", g.header, g.body)
			}
		}},
	} {
		b := start(t, Config{PerHour: 1, PerMinute: 10, Switches: c.s})
		b.call("GET", "/selector/owners", nil).is(200)
		c.test(t, b.call("GET", "/selector/owners", nil).is(429))
	}
}

func TestBulkCountsAsTheSwitchSays(t *testing.T) {
	b := start(t, Config{PerHour: 10, PerMinute: 100, Switches: Switches{"bulk_counts": "5"}})
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(200)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(200)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(429)
}

// A quota hour passes in a moment on a scaled clock.
func TestScaledClock(t *testing.T) {
	clock := ScaledClock(testStart, 360000)
	b := start(t, Config{Clock: clock, PerHour: 1})
	b.call("GET", "/selector/owners", nil).is(200)
	deadline := time.Now().Add(10 * time.Second)
	for b.call("GET", "/selector/owners", nil).status != 200 {
		if time.Now().After(deadline) {
			t.Fatal("an hour at a hundred hours a second takes ten seconds")
		}
	}
}

// Times never run backwards over a restart, also after a clock that ran ahead.
func TestClockGoesOnAfterARestart(t *testing.T) {
	dir := t.TempDir()
	b := start(t, free(Config{StateDir: dir}))
	b.clock.Advance(5 * time.Hour)
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200)
	if err := b.twin.Close(); err != nil {
		t.Fatal(err)
	}
	c := start(t, free(Config{StateDir: dir}))
	c.call("POST", "/contacts", m{"contact": m{"email": "b@example.com"}}).is(200).
		has("contact.created_at", "2026-03-02T10:00:00-04:00")
}
