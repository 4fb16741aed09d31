package xtremepush

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Config is all that a client needs to know. Clocks and waiting are handed in.
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
}

// Shape is one of the two ways the API writes a condition.
type Shape string

// Shapes of conditions.
const (
	Triples  Shape = "triples"  // [["id",">",5]]
	Numbered Shape = "numbered" // {"0":["id",">",5],"operator":"AND"}
)

// Kind says what a failure means.
type Kind string

// Kinds of failures.
const (
	Unauthorised Kind = "unauthorised" // the token is wrong
	Forbidden    Kind = "forbidden"    // the token may not read this
	Unknown      Kind = "unknown"      // there is no such list
	Temporary    Kind = "temporary"    // trying again did not help
	Senseless    Kind = "senseless"    // the answer is not what the API documents
)

// Error is a failed call. It never holds the token.
type Error struct {
	Kind   Kind
	Path   string
	Status int
	Text   string
}

func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Text)
	}
	return fmt.Sprintf("%s: status %d: %s", e.Path, e.Status, e.Text)
}

// KindOf is the kind of an error, "" for one that is not of the API.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

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
	for d, byDefault := range map[*time.Duration]time.Duration{&c.Backoff: 500 * time.Millisecond, &c.Longest: 2 * time.Minute, &c.Timeout: time.Minute} {
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
	return &Client{c: c, pace: rate.NewLimiter(rate.Limit(c.PerSecond), c.Concurrency), slots: make(chan struct{}, c.Concurrency)}, nil
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

// answer is the envelope of every response.
type answer struct {
	Success *bool             `json:"success"`
	Code    json.Number       `json:"code"`
	Message string            `json:"message"`
	Errors  json.RawMessage   `json:"errors"`
	Data    []json.RawMessage `json:"data"`
}

// list posts one request and gives the rows, trying again where that can help.
func (c *Client) list(ctx context.Context, path string, body map[string]any) ([]json.RawMessage, error) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.slots }()
	renewed := false
	for try := 1; ; try++ {
		if err := c.pace.Wait(ctx); err != nil {
			return nil, err
		}
		rows, wait, err := c.once(ctx, path, body)
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
		if wait == 0 {
			wait = c.backoff(try)
		}
		if err := c.c.Sleep(ctx, min(wait, c.c.Longest)); err != nil {
			return nil, err
		}
	}
}

// backoff doubles from try to try, and is spread so that workers do not come back together.
func (c *Client) backoff(try int) time.Duration {
	d := min(c.c.Backoff<<(try-1), c.c.Longest)
	return d/2 + rand.N(d/2+1)
}

// once posts a request. A wait is what the server asked for.
func (c *Client) once(ctx context.Context, path string, body map[string]any) (rows []json.RawMessage, wait time.Duration, err error) {
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
func (c *Client) post(ctx context.Context, path string, header http.Header, body []byte) (int, http.Header, []byte, error) {
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

// read judges an answer by its status and by what it says of itself.
func (c *Client) read(path string, status int, header http.Header, got []byte) ([]json.RawMessage, time.Duration, error) {
	var a answer
	parsed := json.Unmarshal(got, &a) == nil
	fail := func(k Kind) *Error {
		said := a.Message
		if said == "" && len(a.Errors) > 0 {
			said = string(a.Errors)
		}
		return &Error{Kind: k, Path: path, Status: status, Text: c.redact(said)}
	}
	switch {
	case status == http.StatusTooManyRequests || status >= 500:
		return nil, c.retryAfter(header), fail(Temporary)
	case status == http.StatusUnauthorized:
		c.oauth.forget()
		return nil, 0, fail(Unauthorised)
	case status == http.StatusForbidden:
		return nil, 0, fail(Forbidden)
	case status >= 400:
		return nil, 0, fail(Unknown)
	case !parsed:
		e := fail(Temporary)
		e.Text = "the answer is cut off or is not JSON"
		return nil, 0, e
	case a.Success == nil:
		e := fail(Senseless)
		e.Text = "the answer does not say whether it succeeded"
		return nil, 0, e
	case !*a.Success:
		return nil, 0, fail(refusal(a.Code.String()))
	}
	return a.Data, 0, nil
}

// refusal is what a failure told in the body of a good status means.
func refusal(code string) Kind {
	switch code {
	case "401":
		return Unauthorised
	case "403":
		return Forbidden
	case "400", "404", "405":
		return Unknown
	}
	return Temporary
}

// retryAfter reads both forms of the header.
func (c *Client) retryAfter(header http.Header) time.Duration {
	said := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(said); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(said); err == nil && c.c.Now != nil {
		return max(at.Sub(c.c.Now()), 0)
	}
	return 0
}

// redact takes the secrets out of a text.
func (c *Client) redact(text string) string {
	for _, secret := range c.secrets() {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return text
}
