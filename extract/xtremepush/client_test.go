package xtremepush_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ferry/extract/xtremepush"
	"ferry/extract/xtremepush/fake"
)

const token = "very-secret-token"

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// serve starts a fake and a client of it that waits for nothing but remembers how long it was told to.
func serve(t *testing.T, c fake.Config, with func(*xtremepush.Config)) (*fake.Server, *xtremepush.Client,
	*[]time.Duration) {
	t.Helper()
	if c.Token == "" && c.ClientID == "" {
		c.Token = token
	}
	server := fake.New(c)
	h := httptest.NewServer(server)
	t.Cleanup(h.Close)
	waits := &[]time.Duration{}
	config := xtremepush.Config{BaseURL: h.URL, Token: token, PageSize: 10, PerSecond: 1e6,
		Now:   func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil }}
	if with != nil {
		with(&config)
	}
	client, err := xtremepush.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return server, client, waits
}

func numbered(n int) []fake.Row {
	var rows []fake.Row
	for i := 1; i <= n; i++ {
		rows = append(rows, fake.Row{"id": i, "user_id": fmt.Sprintf("u%d", i), "update_time": 1_700_000_000 + i})
	}
	return rows
}

var (
	profiles = xtremepush.Endpoint{Name: "profile", Path: "list/profile", IDField: "id"}
	byOffset = xtremepush.Endpoint{Name: "profile", Path: "list/profile"}
)

// ids scans a list and gives the ids in the order they came.
func ids(c *xtremepush.Client, e xtremepush.Endpoint, from xtremepush.Cursor, where ...xtremepush.Where) ([]string,
	xtremepush.Cursor, error) {
	var all []string
	last := from
	err := c.Scan(context.Background(), e, where, from, func(p xtremepush.Page) error {
		for _, r := range p.Rows {
			all = append(all, xtremepush.Field(r, "id"))
		}
		last = p.Cursor
		return nil
	})
	return all, last, err
}

func TestAScanSeesEveryRowOnceWhateverTheServerDoes(t *testing.T) {
	for name, c := range map[string]struct {
		config   fake.Config
		endpoint xtremepush.Endpoint
		with     func(*xtremepush.Config)
	}{
		"by id":                          {endpoint: profiles},
		"by offset":                      {endpoint: byOffset},
		"a silent page limit":            {config: fake.Config{Cap: 3}, endpoint: profiles},
		"a silent page limit, by offset": {config: fake.Config{Cap: 3}, endpoint: byOffset},
		"numbers as text":                {config: fake.Config{TextNumbers: true}, endpoint: profiles},
		"the other shape of conditions": {endpoint: profiles,
			with: func(c *xtremepush.Config) { c.Shape = xtremepush.Numbered }},
		"rows come while we read": {config: fake.Config{Insert: func(_ string, page int,
			rows []fake.Row) []fake.Row {
			return append(rows, fake.Row{"id": -page})
		}}, endpoint: profiles},
		"every fault there is": {config: fake.Config{Seed: 3, Faults: []fake.Fault{{Kind: fake.TooMany, Share: 0.1},
			{Kind: fake.TooManyWaitSecs, Share: 0.1}, {Kind: fake.Broken, Share: 0.1},
			{Kind: fake.CutBody, Share: 0.1}, {Kind: fake.NotSuccess, Share: 0.1}, {Kind: fake.HangUp, Share: 0.1}}},
			endpoint: profiles},
		"OAuth": {config: fake.Config{ClientID: "me", ClientSecret: "shh"}, endpoint: profiles,
			with: func(c *xtremepush.Config) {
				c.Token, c.OAuth = "", &xtremepush.OAuth{ClientID: "me", Secret: "shh"}
			}},
	} {
		t.Run(name, func(t *testing.T) {
			c.config.Lists = map[string][]fake.Row{"profile": numbered(57)}
			_, client, _ := serve(t, c.config, c.with)
			got, cursor, err := ids(client, c.endpoint, c.endpoint.Start())
			if err != nil || !cursor.Done {
				t.Errorf("%s: %v", name, err)
				return
			}
			seen := map[string]int{}
			for _, id := range got {
				seen[id]++
			}
			for i := 1; i <= 57; i++ {
				if seen[fmt.Sprint(i)] != 1 {
					t.Errorf("%s: row %d came %d times", name, i, seen[fmt.Sprint(i)])
				}
			}
			if c.config.Cap > 0 && cursor.Cap != c.config.Cap {
				t.Errorf("%s: the limit of the server was taken for %d", name, cursor.Cap)
			}
		})
	}
}

func TestAScanGoesOnWhereItWasInterrupted(t *testing.T) {
	for _, e := range []xtremepush.Endpoint{profiles, byOffset} {
		_, client, _ := serve(t, fake.Config{Lists: map[string][]fake.Row{"profile": numbered(35)}}, nil)
		stop := errors.New("stop")
		var saved xtremepush.Cursor
		var before int
		err := client.Scan(context.Background(), e, nil, e.Start(), func(p xtremepush.Page) error {
			if p.Cursor.Pages == 3 {
				return stop
			}
			saved, before = p.Cursor, before+len(p.Rows)
			return nil
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		got, _, err := ids(client, e, saved)
		if err != nil || before+len(got) != 35 || got[0] != "21" {
			t.Errorf("%d and then %d rows, first %v: %v", before, len(got), got, err)
		}
	}
}

func TestAServerThatRepeatsPagesIsAnError(t *testing.T) {
	for _, e := range []xtremepush.Endpoint{profiles, byOffset} {
		_, client, _ := serve(t, fake.Config{IgnoreOffset: true, Lists: map[string][]fake.Row{"profile": numbered(35)}}, nil)
		if _, _, err := ids(client, e, e.Start()); xtremepush.KindOf(err) != xtremepush.Senseless {
			t.Errorf("got %v", err)
		}
	}
}

func TestFailuresHaveAKindAndNeverTheToken(t *testing.T) {
	for name, c := range map[string]struct {
		config fake.Config
		with   func(*xtremepush.Config)
		kind   xtremepush.Kind
		calls  int
	}{
		"wrong token": {config: fake.Config{Token: "another"}, kind: xtremepush.Unauthorised, calls: 1},
		"no permission": {config: fake.Config{Forbidden: map[string]bool{"profile": true}},
			kind: xtremepush.Forbidden, calls: 1},
		"unknown list": {config: fake.Config{Lists: map[string][]fake.Row{}}, kind: xtremepush.Unknown, calls: 1},
		"always broken": {config: fake.Config{Faults: []fake.Fault{{Kind: fake.Broken, Share: 1}}},
			kind: xtremepush.Temporary, calls: 8},
		"always closed": {config: fake.Config{Faults: []fake.Fault{{Kind: fake.HangUp, Share: 1}}},
			kind: xtremepush.Temporary},
		"no envelope": {config: fake.Config{Faults: []fake.Fault{{Kind: fake.NoEnvelope, Share: 1}}},
			kind: xtremepush.Senseless, calls: 1},
		"wrong OAuth": {config: fake.Config{ClientID: "me", ClientSecret: "x"},
			with: func(c *xtremepush.Config) { c.Token, c.OAuth = "", &xtremepush.OAuth{ClientID: "me", Secret: token} },
			kind: xtremepush.Unauthorised},
		"server is gone": {with: func(c *xtremepush.Config) { c.BaseURL = "http://127.0.0.1:1" },
			kind: xtremepush.Temporary},
		"too many always": {config: fake.Config{Faults: []fake.Fault{{Kind: fake.TooMany, Share: 1}}},
			kind: xtremepush.Temporary, calls: 8},
	} {
		t.Run(name, func(t *testing.T) {
			if c.config.Lists == nil {
				c.config.Lists = map[string][]fake.Row{"profile": numbered(3)}
			}
			server, client, _ := serve(t, c.config, c.with)
			_, err := client.Probe(context.Background(), profiles)
			if xtremepush.KindOf(err) != c.kind {
				t.Errorf("%s: got %v", name, err)
			}
			if err != nil && strings.Contains(err.Error(), token) {
				t.Errorf("%s: the error shows the secret: %v", name, err)
			}
			if n := len(server.Calls()); c.calls > 0 && n != c.calls {
				t.Errorf("%s: %d calls, want %d", name, n, c.calls)
			}
		})
	}
}

func TestAStatedWaitIsObeyed(t *testing.T) {
	_, client, waits := serve(t, fake.Config{Lists: map[string][]fake.Row{"profile": numbered(3)},
		Faults: []fake.Fault{{Kind: fake.TooManyWaitSecs, At: 1}, {Kind: fake.TooManyWaitDate, At: 2},
			{Kind: fake.Broken, At: 3}}}, nil)
	if _, err := client.Probe(context.Background(), profiles); err != nil {
		t.Fatal(err)
	}
	w := *waits
	if len(w) != 3 || w[0] != 7*time.Second || w[1] != 9*time.Second || w[2] < time.Second || w[2] > 3*time.Second {
		t.Errorf("waited %v", w)
	}
}

func TestConditionsNarrowAScan(t *testing.T) {
	for _, shape := range []xtremepush.Shape{xtremepush.Triples, xtremepush.Numbered} {
		_, client, _ := serve(t, fake.Config{Lists: map[string][]fake.Row{"profile": numbered(30)}},
			func(c *xtremepush.Config) { c.Shape = shape })
		got, _, err := ids(client, profiles, profiles.Start(), xtremepush.Where{Field: "update_time", Operator: ">=",
			Value: 1_700_000_021})
		if err != nil || len(got) != 10 || got[0] != "21" {
			t.Errorf("%s: %v, %v", shape, got, err)
		}
	}
}

func TestAddressesMustBeSafe(t *testing.T) {
	for url, ok := range map[string]bool{"https://api.eu.xtremepush.com": true, "http://127.0.0.1:80": true,
		"http://api.eu.xtremepush.com": false, "api.eu.xtremepush.com": false, "": false} {
		if _, err := xtremepush.New(xtremepush.Config{BaseURL: url, Token: "t"}); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := xtremepush.New(xtremepush.Config{BaseURL: "https://a.example"}); err == nil {
		t.Error("a client without token and OAuth was made")
	}
}
