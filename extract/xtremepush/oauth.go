package xtremepush

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// OAuth is a client of the token endpoint, with one of the two grants the vendor documents (API.md 1.2): a client
// secret, or a private key (RSA or EC, PEM) whose public half was uploaded for the client.
type OAuth struct {
	ClientID string
	Secret   string // the secret, or the private key
	Scope    string

	key    crypto.Signer // nil: a secret
	method jwt.SigningMethod
}

const (
	tokenPath = "api/oauth/token"
	jwtGrant  = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// assertionLife is how long a signed request for a token is good.
const assertionLife = 5 * time.Minute

// early is how long before its end a token is given up, so that no call is wasted on it.
const early = time.Minute

// readKey takes a private key out of the secret, if it is one.
func (o *OAuth) readKey() error {
	if !strings.HasPrefix(strings.TrimSpace(o.Secret), "-----BEGIN") {
		return nil
	}
	if key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(o.Secret)); err == nil {
		o.key, o.method = key, jwt.SigningMethodRS256
		return nil
	}
	key, err := jwt.ParseECPrivateKeyFromPEM([]byte(o.Secret))
	if err != nil {
		return errors.New("the private key of the OAuth client cannot be read: it must be an RSA or EC key in " +
			"PEM, without a passphrase")
	}
	o.key = key
	o.method, err = methodOf(key)
	return err
}

func methodOf(key *ecdsa.PrivateKey) (jwt.SigningMethod, error) {
	for _, m := range []*jwt.SigningMethodECDSA{jwt.SigningMethodES256, jwt.SigningMethodES384, jwt.SigningMethodES512} {
		if key.Curve.Params().BitSize == m.CurveBits {
			return m, nil
		}
	}
	return nil, errors.New("the private key of the OAuth client has a curve the API does not take: P-256, P-384 or P-521")
}

// bearer keeps the access token for as long as the server takes it.
type bearer struct {
	mutex sync.Mutex
	token string
	until time.Time // zero: the server did not say
}

func (b *bearer) forget() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.token = ""
}

// authorise puts the App Token into the body, or an access token into the header.
func (c *Client) authorise(ctx context.Context, body map[string]any, header http.Header) error {
	if c.c.OAuth == nil {
		body["apptoken"] = c.c.Token
		return nil
	}
	c.oauth.mutex.Lock()
	defer c.oauth.mutex.Unlock()
	if c.oauth.token == "" || !c.oauth.until.IsZero() && !c.c.Now().Before(c.oauth.until) {
		if err := c.renew(ctx); err != nil {
			return err
		}
	}
	header.Set("Authorization", "Bearer "+c.oauth.token)
	return nil
}

// isStale says whether a failure means that the access token has come to its end: a new one may help.
func (c *Client) isStale(err error) bool {
	var e *Error
	return c.c.OAuth != nil && errors.As(err, &e) && e.Kind == Unauthorised && e.Path != tokenPath
}

// renew asks for an access token; the caller holds the lock.
func (c *Client) renew(ctx context.Context) error {
	form, err := c.grant()
	if err != nil {
		return err
	}
	status, _, got, err := c.post(ctx, "/"+tokenPath, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		[]byte(form.Encode()))
	if err != nil {
		return &Error{Kind: Temporary, Path: tokenPath, Text: err.Error()} // the secret is in the body, which no error shows
	}
	var t struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	switch {
	case status >= 500 || status == http.StatusTooManyRequests:
		return &Error{Kind: Temporary, Path: tokenPath, Status: status, Text: "no token was given"}
	case status >= 400:
		return &Error{Kind: Unauthorised, Path: tokenPath, Status: status, Text: "the OAuth client was not accepted"}
	case json.Unmarshal(got, &t) != nil || t.AccessToken == "":
		return &Error{Kind: Senseless, Path: tokenPath, Status: status, Text: "the answer holds no access token"}
	}
	c.oauth.token, c.oauth.until = t.AccessToken, time.Time{}
	if life := time.Duration(t.ExpiresIn * float64(time.Second)); life > 2*early {
		c.oauth.until = c.c.Now().Add(life - early)
	}
	return nil
}

// grant is the request for a token. The vendor names the grants; what an assertion claims is not on
// its pages and follows RFC 7523.
func (c *Client) grant() (url.Values, error) {
	o := c.c.OAuth
	var form url.Values
	if o.key == nil {
		form = url.Values{"grant_type": {"client_credentials"}, "client_id": {o.ClientID}, "client_secret": {o.Secret}}
	} else {
		now := c.c.Now()
		signed, err := jwt.NewWithClaims(o.method, jwt.RegisteredClaims{Issuer: o.ClientID, Subject: o.ClientID,
			Audience: jwt.ClaimStrings{c.c.BaseURL + "/" + tokenPath},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(assertionLife)), ID: rand.Text()}).
			SignedString(o.key)
		if err != nil {
			return nil, &Error{Kind: Unauthorised, Path: tokenPath,
				Text: "the private key of the OAuth client cannot sign: " + err.Error()}
		}
		form = url.Values{"grant_type": {jwtGrant}, "assertion": {signed}}
	}
	if o.Scope != "" {
		form.Set("scope", o.Scope)
	}
	return form, nil
}

// secrets are the texts that may never be shown.
func (c *Client) secrets() []string {
	all := []string{c.c.Token}
	if c.c.OAuth != nil {
		all = append(all, c.c.OAuth.Secret)
		c.oauth.mutex.Lock()
		defer c.oauth.mutex.Unlock()
		all = append(all, c.oauth.token)
	}
	return all
}
