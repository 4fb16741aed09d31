package twin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaultsByKind(t *testing.T) {
	contact := m{"contact": m{"email": "a@example.com"}}
	for _, c := range []struct {
		kind   string
		status int // 0: no whole answer
		acted  bool
	}{
		{err500Before, 500, false}, {err500After, 500, true}, {cutBefore, 0, false}, {cutAfter, 0, true}, {cutBody, 0, true},
		{gatewayBefore, 502, false}, {gatewayAfter, 504, true}, {limited, 429, false}, {limitedSilent, 429, false},
		{edgeLimited, 429, false}, {keyRevoked, 401, false}, {forbidden, 403, false},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b := start(t, free(Config{Faults: []Fault{{Kind: c.kind, On: "contacts.*", Times: 1}}}))
			g := b.call("POST", "/contacts", contact)
			if whole := g.err == nil; whole != (c.status != 0) || whole && g.status != c.status {
				t.Errorf("status %d, error %v", g.status, g.err)
			}
			if acted := b.twin.Counts()["contacts"] == 1; acted != c.acted {
				t.Errorf("acted: %t", acted)
			}
			wait := g.header.Get("Retry-After")
			if want := map[string]string{limited: "5", edgeLimited: "180"}[c.kind]; wait != want {
				t.Errorf("Retry-After %q, want %q", wait, want)
			}
			if strings.HasPrefix(c.kind, "gateway") && !strings.Contains(g.body, "<html>") {
				t.Errorf("a gateway answers with %q", g.body)
			}
			b.call("GET", "/contacts/view/"+b.viewID("All Contacts"), nil).is(200) // only once
		})
	}
}

func TestBulkIsRefusedByFault(t *testing.T) {
	b := start(t, free(Config{Faults: []Fault{{Kind: bulkRefused, Times: 2}}}))
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(405)
	b.call("GET", "/selector/owners", nil).is(200)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(405)
	b.call("POST", "/contacts/bulk_upsert", m{"contacts": people(1)}).is(200)
}

func TestFaultsComeAtTheirRate(t *testing.T) {
	run := func(seed int64) string {
		b := start(t, free(Config{Faults: []Fault{{Kind: err500Before, On: "selector.*", Rate: 0.2, Skip: 5}},
			FaultSeed: seed}))
		var out strings.Builder
		for range 200 {
			fmt.Fprintf(&out, "%d ", b.call("GET", "/selector/owners", nil).status)
		}
		return out.String()
	}
	first := run(7)
	if n := strings.Count(first, "500"); n < 20 || n > 60 {
		t.Errorf("%d of 200 at a rate of 0.2", n)
	}
	if strings.Contains(first[:20], "500") {
		t.Error("a call that was to be spared was struck")
	}
	if run(7) != first {
		t.Error("the same seed strikes other calls")
	}
	if run(8) == first {
		t.Error("another seed strikes the same calls")
	}
}

func TestBurst(t *testing.T) {
	b := start(t, free(Config{Faults: []Fault{{Kind: limited, Skip: 2, Times: 1, Burst: 3}}}))
	got := ""
	for range 8 {
		got += fmt.Sprint(b.call("GET", "/selector/owners", nil).status, " ")
	}
	if got != "200 200 429 429 429 200 200 200 " {
		t.Error(got)
	}
}

// The answer comes later than the client waits; the act was done at once.
func TestLateAnswer(t *testing.T) {
	b := start(t, free(Config{Faults: []Fault{{Kind: lateAnswer, On: "contacts.create", Times: 1, Seconds: 30}}}))
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, "POST", b.url+"/contacts",
		strings.NewReader(`{"contact":{"email":"a@example.com"}}`))
	req.Header.Set("Authorization", "Token token="+DefaultKey)
	req.Header.Set("Content-Type", "application/json")
	done := make(chan error)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		done <- err
	}()
	for b.clock.Waiting() == 0 {
		select {
		case err := <-done:
			t.Fatalf("the answer was not late: %v", err)
		default:
		}
	}
	if b.twin.Counts()["contacts"] != 1 {
		t.Error("the act is late as well")
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The client is cut off; the server acts later than the client waits to see.
func TestLateAct(t *testing.T) {
	dir := t.TempDir()
	b := start(t, free(Config{StateDir: dir, Faults: []Fault{{Kind: lateAct, On: "tasks.create", Times: 1, Seconds: 90}}}))
	if g := b.call("POST", "/tasks", m{"task": m{"title": "x", "due_date": "2024-01-02"}}); g.err == nil {
		t.Fatalf("an answer: %d", g.status)
	}
	b.clock.Advance(60 * time.Second)
	b.call("GET", "/tasks", nil).is(200).has("meta.total", 0)
	if err := b.twin.Close(); err != nil {
		t.Fatal(err)
	}
	c := start(t, free(Config{StateDir: dir}))
	c.clock.Advance(89 * time.Second)
	c.call("GET", "/tasks", nil).is(200).has("meta.total", 0)
	c.clock.Advance(time.Second)
	g := c.call("GET", "/tasks", nil).is(200).has("meta.total", 1)
	g.has("tasks.0.created_at", "2026-03-02T05:01:30-04:00")
}

func TestUnknownFaultsAndSwitchesAreErrors(t *testing.T) {
	for _, c := range []Config{
		{Faults: []Fault{{Kind: "flood"}}}, {Faults: []Fault{{Kind: limited, On: "[a"}}}, {Plan: "gold"},
		{Switches: Switches{"nothing": "on"}}, {Switches: Switches{"restore": "maybe"}},
		{Switches: Switches{"bulk_max": "many"}},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v", c)
		}
	}
}
