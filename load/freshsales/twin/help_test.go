package twin

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// testStart is where the clock of a test stands at first.
var testStart = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// bench is a twin behind a real server, with a clock that a test moves.
type bench struct {
	*testing.T
	twin  *Twin
	clock *ManualClock
	url   string
	key   string
}

// start opens a twin without limits, job time and lag unless the switches say otherwise.
func start(t *testing.T, c Config) *bench {
	t.Helper()
	clock := NewManualClock(testStart)
	if c.Clock == nil {
		c.Clock = clock
	}
	quick := Switches{"job_seconds": "0", "index_lag_seconds": "0"}
	for name, value := range c.Switches {
		quick[name] = value
	}
	c.Switches = quick
	tw, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tw)
	t.Cleanup(func() {
		server.Close()
		_ = tw.Close()
	})
	return &bench{t, tw, clock, server.URL + "/crm/sales/api", DefaultKey}
}

func free(c Config) Config { c.LimitsOff = true; return c }

// got is an answer as a client sees it.
type got struct {
	*testing.T
	status int
	header http.Header
	body   string
	err    error
}

func (b *bench) call(method, path string, body any) got {
	b.Helper()
	var r io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			b.Fatal(err)
		}
		r = strings.NewReader(string(text))
	}
	url := path
	if !strings.HasPrefix(path, "http") {
		url = b.url + path
	}
	req, err := http.NewRequest(method, url, r)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Token token="+b.key)
	req.Header.Set("Content-Type", "application/json")
	return b.do(req)
}

// callWith asks with another Authorization.
func (b *bench) callWith(method, path, authorization string) got {
	b.Helper()
	req, err := http.NewRequest(method, b.url+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	return b.do(req)
}

func (b *bench) do(req *http.Request) got {
	b.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return got{T: b.T, err: err}
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	return got{b.T, res.StatusCode, res.Header, string(all), err}
}

// at reads a value out of the answer: "contact.emails.0.value". Numbers come as json.Number.
func (g got) at(path string) any {
	g.Helper()
	var v any
	d := json.NewDecoder(strings.NewReader(g.body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		g.Fatalf("not JSON: %q (%v)", g.body, err)
	}
	for _, p := range strings.Split(path, ".") {
		switch now := v.(type) {
		case map[string]any:
			next, there := now[p]
			if !there {
				g.Fatalf("no %s in %s", path, g.body)
			}
			v = next
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(now) {
				g.Fatalf("no %s in %s", path, g.body)
			}
			v = now[i]
		default:
			g.Fatalf("no %s in %s", path, g.body)
		}
	}
	return v
}

func (g got) is(status int) got {
	g.Helper()
	if g.err != nil {
		g.Fatalf("no answer: %v", g.err)
	}
	if g.status != status {
		g.Fatalf("status %d, want %d: %s", g.status, status, g.body)
	}
	return g
}

// has checks values by path.
func (g got) has(pairs ...any) got {
	g.Helper()
	for i := 0; i < len(pairs); i += 2 {
		want := pairs[i+1]
		switch n := want.(type) {
		case int:
			want = json.Number(fmt.Sprint(n))
		case int64:
			want = json.Number(fmt.Sprint(n))
		}
		if v := g.at(pairs[i].(string)); v != want {
			g.Fatalf("%s is %#v, want %#v in %s", pairs[i], v, want, g.body)
		}
	}
	return g
}

// says checks the sentences of a refusal.
func (g got) says(words ...string) got {
	g.Helper()
	list, isList := g.at("errors.message").([]any)
	if !isList || len(list) != len(words) {
		g.Fatalf("messages %s, want %q", g.body, words)
	}
	for i, w := range words {
		if list[i] != any(w) {
			g.Fatalf("message %q, want %q", list[i], w)
		}
	}
	return g
}

func (g got) count(path string) int {
	g.Helper()
	list, isList := g.at(path).([]any)
	if !isList {
		g.Fatalf("%s is not a list in %s", path, g.body)
	}
	return len(list)
}

func (g got) id(path string) string { g.Helper(); return fmt.Sprint(g.at(path)) }

type m = map[string]any
