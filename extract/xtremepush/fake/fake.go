// Package fake is an Xtremepush to test against: the documented shapes of its External API, and its bad
// days on demand (API.md 1.8). It keeps everything in memory and knows nothing of ferry. Start at Config.
package fake

import (
	"cmp"
	"crypto"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Row is one record of a list.
type Row map[string]any

// Config is what the server holds and how it behaves.
type Config struct {
	Token        string // App Token; "" with ClientID set means OAuth only
	ClientID     string
	ClientSecret string
	ClientKey    crypto.PublicKey // of a client that signs instead of having a secret
	TokenCalls   int              // an access token is good for so many calls; 0 for ever

	Lists     map[string][]Row // by model: "profile", "message", …; others are unknown
	Forbidden map[string]bool  // models this token may not read
	Cap       int              // most rows in a page, whatever limit says; 0 for none

	TextNumbers  bool // numbers are answered as text
	IgnoreOffset bool // offset and conditions on ids have no effect
	// Insert is called before each page of a list and may add rows to it, as happens while others work.
	Insert func(model string, page int, rows []Row) []Row

	Faults []Fault
	Wait   time.Duration // of a slow answer, 3 s
	Seed   uint64
	Now    func() time.Time // for signed requests
}

// FaultKind is a way for a request to go wrong.
type FaultKind string

// Faults.
const (
	TooMany         FaultKind = "429"
	TooManyWaitSecs FaultKind = "429 with seconds"
	TooManyWaitDate FaultKind = "429 with a date"
	Broken          FaultKind = "500"
	CutBody         FaultKind = "cut body"
	NotSuccess      FaultKind = "200 without success"
	NoEnvelope      FaultKind = "200 that does not say success"
	HangUp          FaultKind = "connection closed"
	NoToken         FaultKind = "401"
	NoScope         FaultKind = "403"
	NotThere        FaultKind = "404"
	WebPage         FaultKind = "200 with a web page"
	Garbage         FaultKind = "200 with garbage"
	Slow            FaultKind = "an answer after seconds"
)

// Fault happens to a share of the requests, or to one request by its number, counted from 1.
type Fault struct {
	Kind  FaultKind
	Share float64
	At    int
	Model string // "" for all
}

// Server is the fake; it is an http.Handler.
type Server struct {
	c      Config
	mutex  sync.Mutex
	dice   *rand.Rand
	calls  int
	tokens int // access tokens given
	used   int // calls made with the newest
	pages  map[string]int
	seen   []string // "list/profile" and so on, in order
}

// New makes a server.
func New(c Config) *Server {
	return &Server{c: c, dice: rand.New(rand.NewPCG(c.Seed, 1)), pages: map[string]int{}}
}

// Calls lists the paths that were asked for, in order.
func (s *Server) Calls() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]string{}, s.seen...)
}

// Tokens is the number of access tokens that were given.
func (s *Server) Tokens() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.tokens
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r.Method != http.MethodPost {
		s.fail(w, http.StatusMethodNotAllowed, "only POST is answered")
		return
	}
	if r.URL.Path == "/api/oauth/token" {
		s.token(w, r)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/api/external/")
	verb, model, two := strings.Cut(path, "/")
	var q request
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if !ok || !two || decoder.Decode(&q) != nil {
		s.fail(w, http.StatusBadRequest, "the request is not understood")
		return
	}
	s.calls++
	s.seen = append(s.seen, path)
	switch {
	case !s.allowed(r, q):
		s.fail(w, http.StatusUnauthorized, "the token is not valid: "+q.Token)
	case s.c.Forbidden[model]:
		s.fail(w, http.StatusForbidden, "the scope is missing")
	case s.faulty(w, r, model):
	case s.c.Lists[model] == nil:
		s.fail(w, http.StatusNotFound, "unknown model "+model)
	case verb == "list":
		s.list(w, model, q)
	case verb == "info":
		s.info(w, model, q)
	default:
		s.fail(w, http.StatusNotFound, "unknown method "+verb)
	}
}

func (s *Server) allowed(r *http.Request, q request) bool {
	if s.c.ClientID != "" && s.tokens > 0 && r.Header.Get("Authorization") == "Bearer "+s.accessToken() {
		s.used++
		return q.Token == "" && (s.c.TokenCalls == 0 || s.used <= s.c.TokenCalls)
	}
	return s.c.Token != "" && q.Token == s.c.Token
}

// accessToken is the newest one given.
func (s *Server) accessToken() string { return fmt.Sprintf("fake-access-token-%d", s.tokens) }

// token gives an access token to the right client.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	known := false
	switch r.FormValue("grant_type") {
	case "client_credentials":
		known = s.c.ClientSecret != "" && r.FormValue("client_id") == s.c.ClientID &&
			r.FormValue("client_secret") == s.c.ClientSecret
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		known = s.c.ClientKey != nil && s.signed(r)
	}
	if !known {
		s.fail(w, http.StatusUnauthorized, "the client is not known")
		return
	}
	s.tokens++
	s.used = 0
	answer(w, http.StatusOK, map[string]any{"access_token": s.accessToken(), "token_type": "Bearer", "expires_in": 3600})
}

// signed says whether a request carries an assertion of the client, signed with its key.
func (s *Server) signed(r *http.Request) bool {
	_, err := jwt.Parse(r.FormValue("assertion"), func(*jwt.Token) (any, error) { return s.c.ClientKey, nil },
		jwt.WithIssuer(s.c.ClientID), jwt.WithSubject(s.c.ClientID), jwt.WithAudience("http://"+r.Host+"/api/oauth/token"),
		jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(s.c.Now), jwt.WithValidMethods([]string{"RS256", "ES256", "ES384", "ES512"}))
	return err == nil
}

func (s *Server) fail(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]any{"success": false, "code": status, "message": why, "errors": []string{why}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// faulty lets a fault happen, if it is this request's turn.
func (s *Server) faulty(w http.ResponseWriter, r *http.Request, model string) bool {
	for _, f := range s.c.Faults {
		if f.Model != "" && f.Model != model || f.At != 0 && f.At != s.calls || f.At == 0 && s.dice.Float64() >= f.Share {
			continue
		}
		if f.Kind == Slow {
			s.wait(r)
			continue
		}
		s.happen(w, f.Kind)
		return true
	}
	return false
}

// wait lets others be answered for some seconds.
func (s *Server) wait(r *http.Request) {
	s.mutex.Unlock()
	defer s.mutex.Lock()
	select {
	case <-time.After(cmp.Or(s.c.Wait, 3*time.Second)):
	case <-r.Context().Done():
	}
}

func (s *Server) happen(w http.ResponseWriter, kind FaultKind) {
	switch kind {
	case TooMany:
		s.fail(w, http.StatusTooManyRequests, "slow down")
	case TooManyWaitSecs:
		w.Header().Set("Retry-After", "7")
		s.fail(w, http.StatusTooManyRequests, "slow down")
	case TooManyWaitDate:
		w.Header().Set("Retry-After", "Fri, 02 Jan 2026 03:04:14 GMT")
		s.fail(w, http.StatusTooManyRequests, "slow down")
	case Broken:
		s.fail(w, http.StatusInternalServerError, "internal error")
	case CutBody:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"success":true,"code":200,"data":[{"id":1,"us`))
	case NotSuccess:
		answer(w, http.StatusOK, map[string]any{"success": false, "code": 500, "message": "try later"})
	case NoEnvelope:
		answer(w, http.StatusOK, map[string]any{"data": []Row{}})
	case HangUp:
		panic(http.ErrAbortHandler)
	case NoToken:
		s.fail(w, http.StatusUnauthorized, "the token is not valid for this list")
	case NoScope:
		s.fail(w, http.StatusForbidden, "the scope is missing")
	case NotThere:
		s.fail(w, http.StatusNotFound, "there is no such list")
	case WebPage:
		_, _ = w.Write([]byte("<!doctype html><html><title>Sign in</title></html>"))
	case Garbage:
		_, _ = w.Write([]byte("\x00\xff garbage"))
	}
}
