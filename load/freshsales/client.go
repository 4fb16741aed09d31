// Package freshsales is the only package that knows the Freshsales API: its addresses, its record
// shapes, what its answers mean and how fast it may be called. It must not know the ledger, the
// plan or anything else of ferry, and it imports none of it. Start at Client; outcome.go says what an
// answer means, pace.go how fast calls go out, entities.go what there is; API.md is what all of it
// rests on, and what nobody knows.
//
// Every attempt of every call passes the pacer and is shown to Config.OnAttempt. The client repeats
// what is safe to repeat: reads, updates, upserts and deletes always, creates only while it is
// certain that they were not carried out. A create whose answer was lost comes back as Unknown.
package freshsales

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	defaultTimeout = 60 * time.Second
	maxBody        = 64 << 20
)

// Config is what a client needs to know; zero values take the stated defaults.
type Config struct {
	URL       string        // https://acme.myfreshworks.com/crm/sales, with or without /api
	Key       string        // of a user who sees and may do everything
	Timeout   time.Duration // of one attempt: 60 s
	Pacer     *Pacer        // one per account, shared by all its clients; nil: no limits
	Clock     Clock         // for waits between attempts; the wall's
	Patience  Patience
	OnAttempt func(Attempt)     // called after every attempt, from many goroutines
	Transport http.RoundTripper // for tests; nil: TLS 1.2 and up, connections kept
	Workers   int               // connections to keep: 8
	Agent     string            // User-Agent: "ferry"
}

// Patience is how often a call is attempted before its trouble is reported.
type Patience struct {
	Unreachable int           // no connection: 6
	Unknown     int           // lost answers of calls that are safe to repeat: 8
	Busy        int           // 405 on bulk: 40
	OverLimit   int           // 429: 60
	First       time.Duration // first wait between attempts, growing with jitter: 500 ms
	Most        time.Duration // longest such wait: 60 s
}

// Attempt is one request and what came of it. It holds nothing of a record.
type Attempt struct {
	Phase   string // of the context, see WithPhase
	Call    string // "contacts bulk_upsert"
	Number  int    // 1 for the first
	Sends   int    // times it went out on a connection; 0: never
	Started time.Time
	Took    time.Duration
	Outcome Outcome
	Status  int           // for logs; outcome is decided here and nowhere else
	Wait    time.Duration // before the next attempt, or 0
}

// Client calls one Freshsales account.
type Client struct {
	config Config
	base   string
	http   *http.Client
	pacer  *Pacer
	clock  Clock
	jobs   *Gate
}

// New checks the address and the key; it makes no call.
func New(c Config) (*Client, error) {
	base, err := baseURL(c.URL)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Key == "":
		return nil, errors.New("the API key is missing")
	case strings.ContainsFunc(c.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("the API key holds a space, a line break or another character no key has")
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Workers <= 0 {
		c.Workers = 8
	}
	if c.Clock == nil {
		c.Clock = SystemClock()
	}
	if c.Agent == "" {
		c.Agent = "ferry"
	}
	c.Patience = c.Patience.orDefault()
	if c.Pacer == nil {
		if c.Pacer, err = NewPacer(PaceConfig{Workers: c.Workers, Clock: c.Clock, CallTimeout: c.Timeout}); err != nil {
			return nil, err
		}
	}
	if c.Transport == nil {
		c.Transport = transport(c.Workers, c.Timeout)
	}
	h := &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the key goes to this host and no other
	}}
	return &Client{config: c, base: base, http: h, pacer: c.Pacer, clock: c.Clock, jobs: newGate(c.Clock, c.Workers)}, nil
}

func (p Patience) orDefault() Patience {
	set := func(n *int, d int) {
		if *n <= 0 {
			*n = d
		}
	}
	set(&p.Unreachable, 6)
	set(&p.Unknown, 8)
	set(&p.Busy, 40)
	set(&p.OverLimit, 60)
	if p.First <= 0 {
		p.First = 500 * time.Millisecond
	}
	if p.Most <= 0 {
		p.Most = time.Minute
	}
	return p
}

func transport(workers int, timeout time.Duration) http.RoundTripper {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: min(15*time.Second, timeout), KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: min(15*time.Second, timeout),
		MaxIdleConnsPerHost: workers + 4,
		IdleConnTimeout:     55 * time.Second,
		ForceAttemptHTTP2:   true,
	}
}

// baseURL makes the address of the API out of what people write for it.
func baseURL(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", errors.New("the address of the Freshsales account is missing")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "",
			errors.New("the address of the Freshsales account cannot be read; it looks like " +
				"https://acme.myfreshworks.com/crm/sales")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("the address of the Freshsales account is host and path only, without user, query or #")
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !isLoopback(u.Hostname()) {
			return "", fmt.Errorf("%s would be called without TLS; use https:// (http:// is for this machine only)", u.Host)
		}
	default:
		return "", fmt.Errorf("the address of the Freshsales account starts with https://, not %s://", u.Scheme)
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/api")
	if path == "" && !strings.HasSuffix(u.Hostname(), ".freshsales.io") {
		path = "/crm/sales"
	}
	return u.Scheme + "://" + u.Host + path + "/api", nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Host is the account's host name, for people.
func (c *Client) Host() string {
	u, err := url.Parse(c.base)
	if err != nil {
		return ""
	}
	return u.Host
}

// Pacer is the pacer this client shares with others of its account.
func (c *Client) Pacer() *Pacer { return c.pacer }

// Jobs is the gate for bulk jobs: hold a place from before BulkUpsert until the job has ended.
// It starts with one job, widens while all goes well and halves when Freshsales answers "not now".
func (c *Client) Jobs() *Gate { return c.jobs }

type phaseKey struct{}

// WithPhase names what calls under this context are made for; OnAttempt sees it.
func WithPhase(ctx context.Context, phase string) context.Context {
	return context.WithValue(ctx, phaseKey{}, phase)
}

func phaseOf(ctx context.Context) string {
	phase, _ := ctx.Value(phaseKey{}).(string)
	return phase
}

func (p Patience) waits() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: p.First, Multiplier: 2, RandomizationFactor: 0.5,
		MaxInterval: p.Most}
}
