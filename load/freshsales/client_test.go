package freshsales

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const testKey = "s3cret-key-0815"

// talk starts a server and a client that waits for nothing.
func talk(t *testing.T, handler http.HandlerFunc, change ...func(*Config)) (*Client, *[]Attempt) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	var mu sync.Mutex
	var attempts []Attempt
	clock := ScaledClock(time.Now(), 10000)
	pacer, err := NewPacer(PaceConfig{Clock: clock, Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	config := Config{URL: server.URL, Key: testKey, Clock: clock, Pacer: pacer, Timeout: 5 * time.Second,
		OnAttempt: func(a Attempt) {
			mu.Lock()
			defer mu.Unlock()
			attempts = append(attempts, a)
		}}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c, &attempts
}

func TestAddressesPeopleWrite(t *testing.T) {
	good := map[string]string{
		"https://acme.myfreshworks.com/crm/sales":      "https://acme.myfreshworks.com/crm/sales/api",
		"https://acme.myfreshworks.com/crm/sales/api/": "https://acme.myfreshworks.com/crm/sales/api",
		"acme.myfreshworks.com":                        "https://acme.myfreshworks.com/crm/sales/api",
		"https://acme.freshsales.io":                   "https://acme.freshsales.io/api",
		"http://127.0.0.1:8080":                        "http://127.0.0.1:8080/crm/sales/api",
		"http://localhost:8080/crm/sales/":             "http://localhost:8080/crm/sales/api",
		"http://[::1]:80/crm/sales":                    "http://[::1]:80/crm/sales/api",
	}
	for text, want := range good {
		if got, err := baseURL(text); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "http://acme.myfreshworks.com", "http://10.0.0.1/crm/sales",
		"http://localhost.evil.com",
		"ftp://acme.myfreshworks.com", "https://user:pass@acme.myfreshworks.com",
		"https://acme.myfreshworks.com?x=1", "https://"} {
		if got, err := baseURL(text); err == nil {
			t.Errorf("%s was accepted as %s", text, got)
		}
	}
}

func TestWhatAnswersMean(t *testing.T) {
	cases := []struct {
		name   string
		status int
		body   string
		bulk   bool
		want   Outcome
	}{
		{"created", 201, `{"contact":{"id":1}}`, false, Done},
		{"deleted", 200, `true`, false, Done},
		{"no content", 204, ``, false, Done},
		{"a gateway's page instead of an answer", 200, `<html>hello</html>`, false, Unknown},
		{"a cut answer", 200, `{"contact":{"id":`, false, Unknown},
		{"refused", 400, `{"errors":{"code":400,"message":["x already exists."]}}`, false, Refused},
		{"refused in another way", 422, `{"error_code":422}`, false, Refused},
		{"too large", 413, ``, false, Refused},
		{"key", 401, `{"login":"failed","message":null}`, false, BadKey},
		{"permission", 403, ``, false, Forbidden},
		{"gone", 404, ``, false, Gone},
		{"jobs", 405, ``, true, Later},
		{"address", 405, ``, false, Unsupported},
		{"redirect", 302, ``, false, Unsupported},
		{"xml", 406, ``, false, Unsupported},
		{"limit", 429, `<html>slow down</html>`, false, Later},
		{"fault", 500, `{"error_code":500}`, false, Unknown},
		{"gateway", 502, `<html>`, false, Unknown},
		{"gateway time", 504, ``, false, Unknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := classify(answer{status: c.status, body: []byte(c.body), sends: 1}, c.bulk); got != c.want {
				t.Errorf("%s (%d): %s, want %s", c.name, c.status, got, c.want)
			}
		})
	}
	if got := classify(answer{err: io.EOF}, false); got != NotSent {
		t.Errorf("no connection: %s", got)
	}
	if got := classify(answer{err: io.EOF, sends: 1}, false); got != Unknown {
		t.Errorf("cut connection: %s", got)
	}
}

func TestWordsInEveryShape(t *testing.T) {
	for body, want := range map[string]string{
		`{"errors":{"code":400,"message":["A","B"]}}`:            "A; B",
		`{"errors":{"code":400,"message":"A"}}`:                  "A",
		`{"errors":["A",{"message":"B"}]}`:                       "A; B",
		`{"message":"A"}`:                                        "A",
		`{"error":"A","description":"B"}`:                        "A; B",
		`{"login":"failed","message":null}`:                      "login failed",
		`{"error_code":500}`:                                     "error code 500",
		`<html>`:                                                 "",
		`{"errors":{"code":400,"message":[" ",null,{"x":"y"}]}}`: "",
	} {
		t.Run(body, func(t *testing.T) {
			if got := strings.Join(messages([]byte(body)), "; "); got != want {
				t.Errorf("%s: %q, want %q", body, got, want)
			}
		})
	}
}

func TestStatedWait(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{"": 0, "30": 30 * time.Second, "1.5": 1500 * time.Millisecond,
		"-3": 0, "soon": 0, "NaN": 0, "inf": 0, "1767268890": 90 * time.Second, "1767268000": 0, "99999999999": longestWait,
		now.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second, now.Add(-time.Hour).Format(http.TimeFormat): 0} {
		t.Run(text, func(t *testing.T) {
			if got := statedWait(http.Header{"Retry-After": {text}}, now); got != want {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
	theirs := now.Add(time.Hour) // their clock is ahead by an hour
	h := http.Header{"Retry-After": {theirs.Add(time.Minute).Format(http.TimeFormat)},
		"Date": {theirs.Format(http.TimeFormat)}}
	if got := statedWait(h, now); got != time.Minute {
		t.Errorf("measured on the wrong clock: %v", got)
	}
}

func TestReadsAreRepeatedAndCreatesAreNot(t *testing.T) {
	calls := map[string]int{}
	c, attempts := talk(t, func(w http.ResponseWriter, r *http.Request) {
		calls[r.Method]++
		if r.Method == http.MethodGet && calls[r.Method] == 3 {
			_, _ = io.WriteString(w, `{"contact":{"id":7}}`)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
	})
	r, err := c.Get(WithPhase(context.Background(), "contacts"), Contacts, 7)
	if err != nil || r.ID() != 7 || calls["GET"] != 3 {
		t.Fatalf("read: %v, %v after %d calls", r, err, calls["GET"])
	}
	_, err = c.Create(context.Background(), Tasks, Attributes(`{"title":"x"}`))
	if OutcomeOf(err) != Unknown || calls["POST"] != 1 {
		t.Fatalf("a create whose outcome is unknown was made %d times: %v", calls["POST"], err)
	}
	_, err = c.Upsert(context.Background(), Contacts, "emails", "a@b.c", Attributes(`{}`))
	if OutcomeOf(err) != Unknown || calls["POST"] != 9 {
		t.Fatalf("an upsert was made %d times: %v", calls["POST"]-1, err)
	}
	if a := (*attempts)[2]; a.Phase != "contacts" || a.Number != 3 || a.Outcome != Done || a.Sends != 1 {
		t.Errorf("attempt: %+v", a)
	}
	if len(*attempts) != 3+1+8 {
		t.Errorf("%d attempts shown, %d made", len(*attempts), 12)
	}
}

func TestCreatesWaitWhileNothingWasMade(t *testing.T) {
	n := 0
	c, attempts := talk(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n < 3 {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"task":{"id":"9"}}`)
	})
	r, err := c.Create(context.Background(), Tasks, Attributes(`{}`))
	if err != nil || r.ID() != 9 {
		t.Fatal(r, err)
	}
	if gap := (*attempts)[1].Started.Sub((*attempts)[0].Started); gap < 120*time.Second {
		t.Errorf("a stated wait of 120 s was %v", gap)
	}
}

func TestNoConnectionIsNotSent(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	c, err := New(Config{URL: address, Key: testKey, Clock: ScaledClock(time.Now(), 10000)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Create(context.Background(), Tasks, Attributes(`{}`))
	var e *Error
	if !errors.As(err, &e) || e.Outcome != NotSent || e.Calls != 6 {
		t.Fatalf("%v", err)
	}
	if _, err := c.Ping(context.Background()); !errors.As(err, &e) || e.Outcome != NotSent || e.Calls != 1 {
		t.Fatalf("ping insists: %v", err)
	}
	if used := c.Pacer().State().Calls; used != 0 {
		t.Errorf("%d calls counted that never went out", used)
	}
}

func TestCutAnswersAreUnknown(t *testing.T) {
	c, _ := talk(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"task":{"id":1}}`)
	})
	if _, err := c.Create(context.Background(), Tasks, Attributes(`{}`)); OutcomeOf(err) != Unknown {
		t.Fatalf("%v", err)
	}
	c, _ = talk(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	if _, err := c.Create(context.Background(), Tasks, Attributes(`{}`)); OutcomeOf(err) != Unknown {
		t.Fatalf("%v", err)
	}
}

func TestSlowAnswersAreUnknown(t *testing.T) {
	release := make(chan struct{})
	c, _ := talk(t, func(w http.ResponseWriter, r *http.Request) { <-release },
		func(c *Config) { c.Timeout = 50 * time.Millisecond })
	defer close(release)
	_, err := c.Create(context.Background(), Tasks, Attributes(`{}`))
	if OutcomeOf(err) != Unknown || !errors.Is(err, errTimeout) {
		t.Fatalf("%v", err)
	}
}

func TestErrorsHoldNeitherKeyNorPerson(t *testing.T) {
	c, attempts := talk(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Token token="+testKey {
			t.Error("wrong header")
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"errors":{"code":400,"message":["ann@example.com already exists."]}}`)
	})
	_, err := c.Lookup(context.Background(), Contacts, "email", "ann@example.com")
	if err == nil || MessagesOf(err) != "ann@example.com already exists." {
		t.Fatal(err)
	}
	shown, jsonErr := json.Marshal(*attempts)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, secret := range []string{testKey, "ann"} {
		if strings.Contains(err.Error(), secret) || strings.Contains(string(shown), secret) {
			t.Errorf("%q is in the open: %v", secret, err)
		}
	}
	c.config.Timeout = time.Nanosecond
	if _, err = c.Lookup(context.Background(), Contacts, "email", "ann@example.com"); err == nil ||
		strings.Contains(err.Error(), "ann") {
		t.Errorf("%v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter,
		*http.Request) {
		t.Error("the key went elsewhere")
	}))
	defer elsewhere.Close()
	c, _ := talk(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	if _, err := c.Ping(context.Background()); OutcomeOf(err) != Unsupported {
		t.Fatal(err)
	}
}

func TestKeyMustBeAKey(t *testing.T) {
	for _, key := range []string{"", "a b", "a\n", "ключ"} {
		if _, err := New(Config{URL: "https://a.myfreshworks.com", Key: key}); err == nil || key != "" &&
			strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v", key, err)
		}
	}
}
