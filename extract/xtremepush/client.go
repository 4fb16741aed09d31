package xtremepush

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"
)

// Config is all that a client needs to know; why these defaults: API.md 1.5. Clocks and waiting are handed in.
type Config struct {
	BaseURL     string // https://…; plain http to this machine only
	Token       string // the App Token, sent in the body
	OAuth       *OAuth // instead of a token
	Shape       Shape  // how conditions are written
	PageSize    int    // 500
	Concurrency int    // requests at a time, 2
	PerSecond   float64
	Tries       int           // 8
	Backoff     time.Duration // before the second try, doubled each time, 500 ms
	Longest     time.Duration // most that is waited between tries, 2 min
	Timeout     time.Duration // of one request, 60 s
	HTTP        *http.Client
	Now         func() time.Time
	Sleep       func(context.Context, time.Duration) error
	Retried     func(path, why string, wait time.Duration) // told before a call is made again
}

// Shape is one of the two ways the API writes a condition (API.md 1.3).
type Shape string

// Shapes of conditions.
const (
	Triples  Shape = "triples"  // [["id",">",5]]
	Numbered Shape = "numbered" // {"0":["id",">",5],"operator":"AND"}
)

// Client speaks to one project.
type Client struct {
	c     Config
	pace  *rate.Limiter
	slots chan struct{}
	oauth bearer
}

// New makes a client; nothing is sent yet.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the address of the API must look like https://api.eu.xtremepush.com")
	}
	host := u.Hostname()
	if u.Scheme != "https" && !(u.Scheme == "http" && (host == "127.0.0.1" || host == "localhost" || host == "::1")) {
		return nil, fmt.Errorf("the address of the API must begin with https://")
	}
	if (c.Token == "") == (c.OAuth == nil) {
		return nil, fmt.Errorf("the API needs either an App Token or an OAuth client")
	}
	if c.OAuth != nil {
		if err := c.OAuth.readKey(); err != nil {
			return nil, err
		}
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Shape == "" {
		c.Shape = Triples
	}
	set := func(n *int, byDefault int) {
		if *n == 0 {
			*n = byDefault
		}
	}
	set(&c.PageSize, 500)
	set(&c.Concurrency, 2)
	set(&c.Tries, 8)
	if c.PerSecond == 0 {
		c.PerSecond = 5
	}
	for d, byDefault := range map[*time.Duration]time.Duration{&c.Backoff: 500 * time.Millisecond,
		&c.Longest: 2 * time.Minute, &c.Timeout: time.Minute} {
		if *d == 0 {
			*d = byDefault
		}
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{}
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	return &Client{c: c, pace: rate.NewLimiter(rate.Limit(c.PerSecond), c.Concurrency),
		slots: make(chan struct{}, c.Concurrency)}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// list posts one request and gives the rows, trying again where that can help.
func (c *Client) list(ctx context.Context, path string, body map[string]any) ([]json.RawMessage, error) {
	renewed := false
	waits := backoff.ExponentialBackOff{InitialInterval: c.c.Backoff, Multiplier: 2, RandomizationFactor: 0.5,
		MaxInterval: c.c.Longest}
	for try := 1; ; try++ {
		if err := c.pace.Wait(ctx); err != nil {
			return nil, err
		}
		rows, wait, err := c.inTurn(ctx, path, body)
		if err == nil || ctx.Err() != nil {
			return rows, errors.Join(err, ctx.Err())
		}
		if c.isStale(err) && !renewed {
			renewed = true
			continue
		}
		if KindOf(err) != Temporary || try >= c.c.Tries {
			return nil, err
		}
		if longer := waits.NextBackOff(); wait == 0 { // what the server asks for counts as a try too
			wait = longer
		}
		wait = min(wait, c.c.Longest)
		if c.c.Retried != nil {
			c.c.Retried(path, err.Error(), wait)
		}
		if err := c.c.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// inTurn posts a request when one of the slots is free; while a list waits to be asked again, others have it.
func (c *Client) inTurn(ctx context.Context, path string, body map[string]any) ([]json.RawMessage, time.Duration,
	error) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	defer func() { <-c.slots }()
	return c.once(ctx, path, body)
}

// once posts a request. A wait is what the server asked for.
func (c *Client) once(ctx context.Context, path string, body map[string]any) (rows []json.RawMessage,
	wait time.Duration, err error) {
	sent := map[string]any{}
	for k, v := range body {
		sent[k] = v
	}
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}
	if err := c.authorise(ctx, sent, header); err != nil {
		return nil, 0, err
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return nil, 0, err
	}
	status, header, got, err := c.post(ctx, "/api/external/"+path, header, text)
	if err != nil {
		return nil, 0, &Error{Kind: Temporary, Path: path, Text: c.redact(err.Error())}
	}
	return c.read(path, status, header, got)
}

// post sends and receives; only what the network did is an error here.
func (c *Client) post(ctx context.Context, path string, header http.Header, body []byte) (int, http.Header,
	[]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.c.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header = header
	res, err := c.c.HTTP.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, 1<<30))
	return res.StatusCode, res.Header, got, err
}

// redact takes the secrets out of a text.
func (c *Client) redact(text string) string {
	for _, secret := range c.secrets() {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return text
}
