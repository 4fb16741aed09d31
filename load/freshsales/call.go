package freshsales

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// call is one thing asked of Freshsales; it may take several attempts.
type call struct {
	name   string // for people: "contacts bulk_upsert"
	method string
	path   string // below the API's base
	query  url.Values
	body   []byte
	stream func() (io.Reader, error) // instead of body
	length int64                     // of stream
	kind   string                    // content type; JSON
	repeat bool                      // carrying it out twice equals once
	bulk   bool
	once   bool // do not insist when there is no connection
	ui     bool // the path lies beside /api, where the browser's routes are
}

// do makes a call until its outcome is certain or patience ends. Waits are the pacer's where the
// whole account is concerned, and ours where only this call is.
func (c *Client) do(ctx context.Context, k call) (answer, error) {
	tries := map[Outcome]int{}
	waits := c.config.Patience.waits()
	for number := 1; ; number++ {
		permit, err := c.pacer.Wait(ctx)
		if err != nil {
			return answer{}, c.fail(k, unsure(tries, NotSent), answer{err: err}, number-1, 0)
		}
		started := c.clock.Now()
		a := c.attempt(ctx, k)
		m := classify(a, k.bulk)
		stated := statedWait(a.header, c.clock.Now())
		wait := permit.give(result{a.sends, m, isOverLimit(a), stated, a.header})
		tries[m]++
		again := c.again(ctx, k, a, m, tries[m])
		if again && wait == 0 {
			wait = max(stated, waits.NextBackOff())
		}
		c.tell(Attempt{Phase: phaseOf(ctx), Call: k.name, Number: number, Sends: a.sends, Started: started,
			Took: c.clock.Now().Sub(started), Outcome: m, Status: a.status, Wait: wait})
		if m == Done {
			return a, nil
		}
		if m == Later && k.bulk && !isOverLimit(a) {
			c.jobs.lower(started)
		}
		if !again {
			return a, c.fail(k, unsure(tries, m), a, number, stated)
		}
		if !isOverLimit(a) { // after a 429 the pacer holds everybody
			if err := Sleep(ctx, c.clock, wait); err != nil {
				return a, c.fail(k, unsure(tries, m), answer{status: a.status, err: err}, number, stated)
			}
		}
	}
}

// unsure is the outcome of a call whose last attempt certainly did nothing, when an earlier one may have.
func unsure(tries map[Outcome]int, last Outcome) Outcome {
	if tries[Unknown] > 0 && (last == NotSent || last == Later) {
		return Unknown
	}
	return last
}

// again says whether an attempt may be repeated, the nth with this outcome.
func (c *Client) again(ctx context.Context, k call, a answer, m Outcome, n int) bool {
	p := c.config.Patience
	switch {
	case ctx.Err() != nil:
		return false
	case isOverLimit(a):
		return n < p.OverLimit
	case m == Later:
		return n < p.Busy
	case m == NotSent:
		return !k.once && n < p.Unreachable
	case m == Unknown:
		return k.repeat && n < p.Unknown
	}
	return false
}

func (c *Client) tell(a Attempt) {
	if c.config.OnAttempt != nil {
		c.config.OnAttempt(a)
	}
}

func (c *Client) fail(k call, m Outcome, a answer, calls int, stated time.Duration) error {
	return &Error{Outcome: m, Call: k.name, Messages: c.masked(messages(a.body)), Wait: stated, Calls: calls, status: a.status,
		cause: bare(a.err)}
}

// masked takes our key out of what a server says: some repeat the headers they were sent, and words of theirs are
// kept in tables.
func (c *Client) masked(words []string) []string {
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, c.config.Key, "(the key)")
	}
	return words
}

// bare takes the address off an error: its query may hold an e-mail address.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// attempt sends a request once and reads the whole reply.
func (c *Client) attempt(ctx context.Context, k call) (a answer) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	var sends atomic.Int64
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sends.Add(1) }})
	defer func() { a.sends = int(sends.Load()) }()
	r, err := c.request(ctx, k)
	if err != nil {
		return answer{err: err}
	}
	resp, err := c.http.Do(r)
	if err != nil {
		if _, isTrace := c.http.Transport.(*http.Transport); !isTrace && !isDial(err) {
			sends.Store(max(1, sends.Load())) // a transport of a test does not trace
		}
		return answer{err: plainTimeout(err)}
	}
	defer resp.Body.Close()
	sends.Store(max(1, sends.Load()))
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = errors.New("the reply is larger than 64 MB")
	}
	if err != nil {
		err = plainTimeout(err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: body, err: err}
}

func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	var body io.Reader
	switch {
	case k.stream != nil:
		var err error
		if body, err = k.stream(); err != nil {
			return nil, err
		}
	case k.body != nil:
		// The type hides the buffer, so that net/http cannot send a body again on its own.
		body = struct{ io.Reader }{bytes.NewReader(k.body)}
	}
	address := c.base + "/" + k.path
	if k.ui {
		address = strings.TrimSuffix(c.base, "/api") + "/" + k.path
	}
	if len(k.query) > 0 {
		address += "?" + k.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, k.method, address, body)
	if err != nil {
		return nil, bare(err)
	}
	r.ContentLength = int64(len(k.body))
	if k.stream != nil {
		r.ContentLength = k.length
	}
	if body == nil {
		r.Body = nil
	}
	kind := k.kind
	if kind == "" {
		kind = "application/json"
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.config.Agent)
	r.Header.Set("Authorization", "Token token="+c.config.Key)
	return r, nil
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// plainTimeout tells our own limit on an attempt from a caller who gave up.
func plainTimeout(err error) error {
	err = bare(err)
	if errors.Is(err, context.DeadlineExceeded) {
		return errTimeout
	}
	return err
}

var errTimeout = errors.New("no whole answer in time")

// into decodes a reply.
func (c *Client) into(k call, a answer, v any) error {
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return unreadable(k, a)
	}
	return nil
}

// unreadable is a whole reply that is not what was asked for: as good as lost.
func unreadable(k call, a answer) error {
	return &Error{Outcome: Unknown, Call: k.name, Calls: 1, status: a.status,
		cause: errors.New("the reply is not what the reference says")}
}

// ask makes a call and decodes its reply.
func (c *Client) ask(ctx context.Context, k call, v any) error {
	a, err := c.do(ctx, k)
	if err != nil {
		return err
	}
	return c.into(k, a, v)
}
