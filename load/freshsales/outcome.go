package freshsales

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fastjson"
)

// Outcome is what an answer of Freshsales means to whoever asked. This file is the only place that
// reads a status code; what to do about a outcome is decided in load.
type Outcome string

// The meanings. "Acted" says whether Freshsales may have done what it was asked.
const (
	Done        Outcome = "done"        // acted
	Refused     Outcome = "refused"     // not acted: the record or the call is at fault, Messages say why
	Later       Outcome = "later"       // not acted: too many calls or jobs at the moment
	Unknown     Outcome = "unknown"     // may have acted: the answer was lost, cut or a fault of theirs
	NotSent     Outcome = "not sent"    // not acted: no connection was made
	BadKey      Outcome = "bad key"     // not acted: the key is wrong or was withdrawn
	Forbidden   Outcome = "forbidden"   // not acted: the key's user may not do or see this
	Gone        Outcome = "gone"        // not acted: there is no such record or endpoint
	Unsupported Outcome = "unsupported" // not acted: this address does not take such a call
)

// sentences say a outcome to a person; they never hold anything of a record.
var sentences = map[Outcome]string{
	Refused:     "Freshsales refused the call",
	Later:       "Freshsales is busy and asked to be called later",
	Unknown:     "the answer was lost or unreadable, so the call may have been carried out",
	NotSent:     "Freshsales could not be reached",
	BadKey:      "Freshsales does not accept the API key",
	Forbidden:   "the API key's user may not do this",
	Gone:        "Freshsales has no such record or endpoint",
	Unsupported: "this address does not answer like the Freshsales API",
}

// Error is every outcome but done.
type Error struct {
	Outcome  Outcome
	Call     string        // "contacts bulk_upsert": no host, no query, no record
	Messages []string      // what Freshsales said; may hold personal data, so Error leaves it out
	Wait     time.Duration // how long Freshsales asked to wait; 0 when it did not say
	Calls    int           // attempts made
	status   int
	cause    error
}

// Error names the call and the outcome, without anything a record could hold.
func (e *Error) Error() string {
	text := e.Call + ": " + sentences[e.Outcome]
	if e.status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.status)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	if e.Calls > 1 {
		text += fmt.Sprintf(", %d attempts", e.Calls)
	}
	return text
}

// Unwrap gives the cause, for errors.Is with context errors.
func (e *Error) Unwrap() error { return e.cause }

// OutcomeOf is what an error of this package means; no error is Done, a foreign one Unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Done
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return Unknown
}

// MessagesOf is what Freshsales said, on one line. It may hold personal data: tables yes, logs no.
func MessagesOf(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return ""
	}
	return strings.Join(e.Messages, "; ")
}

// answer is one reply, read to its end or not.
type answer struct {
	status int
	header http.Header
	body   []byte
	sends  int   // how often a request went out on a connection
	err    error // why there is no whole reply
}

// classify says what a reply means. Only bulk calls may be answered 405 because of too many
// unfinished jobs; everywhere else 405 is a wrong address.
func classify(a answer, bulk bool) Outcome {
	switch {
	case a.err != nil && a.sends == 0:
		return NotSent
	case a.err != nil:
		return Unknown
	}
	switch s := a.status; {
	case s >= 200 && s < 300:
		if len(bytes.TrimSpace(a.body)) > 0 && fastjson.ValidateBytes(a.body) != nil {
			return Unknown
		}
		return Done
	case s == http.StatusUnauthorized:
		return BadKey
	case s == http.StatusForbidden:
		return Forbidden
	case s == http.StatusNotFound, s == http.StatusGone:
		return Gone
	case s == http.StatusTooManyRequests, s == http.StatusLocked, s == http.StatusTooEarly,
		s == http.StatusMethodNotAllowed && bulk:
		return Later
	case s == http.StatusRequestTimeout, s >= 500:
		return Unknown
	case s == http.StatusMethodNotAllowed, s == http.StatusNotAcceptable, s < 200, s < 400:
		return Unsupported
	default:
		return Refused
	}
}

// isOverLimit says that the account's calls are spent, which concerns every worker.
func isOverLimit(a answer) bool { return a.err == nil && a.status == http.StatusTooManyRequests }

// isCreated tells a created record from an updated one where the server says so.
func isCreated(a answer) bool { return a.status == http.StatusCreated }

const (
	longestWait = 7 * 24 * time.Hour
	sinceEpoch  = 1e9 // a number of seconds this large is a time, not a wait
)

// statedWait reads Retry-After in its forms; a time, as a date or in seconds since 1970, is measured on their clock.
func statedWait(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	at, err := http.ParseTime(text)
	if n, wrong := strconv.ParseFloat(text, 64); wrong == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
		if n < sinceEpoch {
			return time.Duration(max(0, min(n, longestWait.Seconds())) * float64(time.Second))
		}
		at, err = time.Unix(int64(min(n, 100*sinceEpoch)), 0), nil
	}
	if err != nil {
		return 0
	}
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
		now = theirs
	}
	return max(0, min(at.Sub(now), longestWait))
}

const maxWord = 500

// messages finds what a reply says to people, whatever shape it has.
func messages(body []byte) []string {
	var reply struct {
		Errors      json.RawMessage `json:"errors"`
		Error       json.RawMessage `json:"error"`
		Message     json.RawMessage `json:"message"`
		Description json.RawMessage `json:"description"`
		Login       string          `json:"login"`
		Code        json.Number     `json:"error_code"`
	}
	if json.Unmarshal(body, &reply) != nil {
		return nil
	}
	var found []string
	for _, part := range []json.RawMessage{reply.Errors, reply.Error, reply.Message, reply.Description} {
		found = append(found, texts(part)...)
	}
	if len(found) == 0 && reply.Login != "" {
		found = append(found, "login "+reply.Login)
	}
	if len(found) == 0 && reply.Code != "" {
		found = append(found, "error code "+reply.Code.String())
	}
	return found
}

func texts(part json.RawMessage) []string {
	var any any
	if len(part) == 0 || json.Unmarshal(part, &any) != nil {
		return nil
	}
	return collect(nil, any)
}

func collect(found []string, v any) []string {
	switch x := v.(type) {
	case string:
		if x = strings.TrimSpace(x); x != "" {
			if r := []rune(x); len(r) > maxWord {
				x = string(r[:maxWord]) + "…"
			}
			found = append(found, x)
		}
	case []any:
		for _, e := range x {
			found = collect(found, e)
		}
	case map[string]any:
		for _, name := range []string{"message", "messages", "error", "errors", "description", "field"} {
			found = collect(found, x[name])
		}
	}
	return found
}
