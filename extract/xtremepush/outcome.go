package xtremepush

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
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

// NoTokenGiven says whether no list can be read, as no access token was given.
func NoTokenGiven(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == Unauthorised && e.Path == tokenPath
}

// KindOf is the kind of an error, "" for one that is not of the API.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// answer is the envelope of every response.
type answer struct {
	Success *bool             `json:"success"`
	Code    json.Number       `json:"code"`
	Message string            `json:"message"`
	Errors  json.RawMessage   `json:"errors"`
	Data    []json.RawMessage `json:"data"`
}

// read judges an answer by its status and by what it says of itself.
func (c *Client) read(path string, status int, header http.Header, got []byte) ([]json.RawMessage,
	time.Duration, error) {
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
		if e.Text = "the answer is cut off or is not JSON"; bytes.HasPrefix(bytes.TrimSpace(got), []byte("<")) {
			e.Text = "the answer is a web page, not JSON: the address may not be that of the API, or a sign-in stands before it"
		}
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
		return time.Duration(min(seconds, int(c.c.Longest/time.Second))) * time.Second // no number of them overflows
	}
	if at, err := http.ParseTime(said); err == nil && c.c.Now != nil {
		return max(at.Sub(c.c.Now()), 0)
	}
	return 0
}
