package xtremepush

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
)

// OAuth is a client of the token endpoint with a secret.
type OAuth struct {
	ClientID string
	Secret   string
	Scope    string
}

// bearer keeps the access token for as long as the server takes it.
type bearer struct {
	mutex sync.Mutex
	token string
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
	if c.oauth.token == "" {
		token, err := c.accessToken(ctx)
		if err != nil {
			return err
		}
		c.oauth.token = token
	}
	header.Set("Authorization", "Bearer "+c.oauth.token)
	return nil
}

// accessToken asks for one with the client's secret.
func (c *Client) accessToken(ctx context.Context) (string, error) {
	const path = "api/oauth/token"
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.c.OAuth.ClientID}, "client_secret": {c.c.OAuth.Secret}}
	if c.c.OAuth.Scope != "" {
		form.Set("scope", c.c.OAuth.Scope)
	}
	status, _, got, err := c.post(ctx, "/"+path, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte(form.Encode()))
	if err != nil {
		return "", &Error{Kind: Temporary, Path: path, Text: c.redact(err.Error())}
	}
	var t struct {
		AccessToken string `json:"access_token"`
	}
	switch {
	case status >= 500 || status == http.StatusTooManyRequests:
		return "", &Error{Kind: Temporary, Path: path, Status: status, Text: "no token was given"}
	case status >= 400:
		return "", &Error{Kind: Unauthorised, Path: path, Status: status, Text: "the OAuth client was not accepted"}
	case json.Unmarshal(got, &t) != nil || t.AccessToken == "":
		return "", &Error{Kind: Senseless, Path: path, Status: status, Text: "the answer holds no access token"}
	}
	return t.AccessToken, nil
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
