package xtremepush_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ferry/extract/xtremepush"
	"ferry/extract/xtremepush/fake"
)

// keys are private keys of every kind the API takes, as PEM, with their public halves.
func keys(t *testing.T) map[string]struct {
	pem    string
	public crypto.PublicKey
} {
	t.Helper()
	out := map[string]struct {
		pem    string
		public crypto.PublicKey
	}{}
	add := func(name string, key crypto.Signer, err error) {
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = struct {
			pem    string
			public crypto.PublicKey
		}{string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), key.Public()}
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	add("RSA", r, err)
	for name, curve := range map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(),
		"P-521": elliptic.P521()} {
		e, err := ecdsa.GenerateKey(curve, rand.Reader)
		add(name, e, err)
	}
	return out
}

func TestAnOAuthClientMaySignInsteadOfHavingASecret(t *testing.T) {
	for name, k := range keys(t) {
		config := fake.Config{ClientID: "me", ClientKey: k.public, Now: func() time.Time { return now },
			Lists: map[string][]fake.Row{"profile": numbered(57)}}
		_, client, _ := serve(t, config, func(c *xtremepush.Config) {
			c.Token, c.OAuth = "",
				&xtremepush.OAuth{ClientID: "me", Secret: k.pem}
		})
		if got, _, err := ids(client, profiles, profiles.Start()); err != nil || len(got) != 57 {
			t.Errorf("%s: %d rows, %v", name, len(got), err)
		}
		_, client, _ = serve(t, config, func(c *xtremepush.Config) {
			c.Token, c.OAuth = "",
				&xtremepush.OAuth{ClientID: "you", Secret: k.pem}
		})
		if _, err := client.Probe(context.Background(), profiles); xtremepush.KindOf(err) != xtremepush.Unauthorised {
			t.Errorf("%s of another client: %v", name, err)
		}
	}
}

func TestAnAccessTokenThatEndsIsRenewed(t *testing.T) {
	config := fake.Config{ClientID: "me", ClientSecret: "shh", TokenCalls: 2,
		Lists: map[string][]fake.Row{"profile": numbered(57)}}
	server, client, waits := serve(t, config, func(c *xtremepush.Config) {
		c.Token, c.OAuth = "",
			&xtremepush.OAuth{ClientID: "me", Secret: "shh"}
	})
	got, _, err := ids(client, profiles, profiles.Start())
	if err != nil || len(got) != 57 || len(*waits) > 0 {
		t.Errorf("%d rows, waited %v: %v", len(got), *waits, err)
	}
	calm, client, _ := serve(t, fake.Config{Lists: config.Lists}, nil)
	if _, _, err := ids(client, profiles, profiles.Start()); err != nil {
		t.Fatal(err)
	}
	if n, once, ends := len(server.Calls()), len(calm.Calls()), server.Tokens()-1; ends < 3 || n != once+ends {
		t.Errorf("%d calls with %d tokens that ended, %d with one that lasts", n, ends,
			once) // each end costs one refused call
	}
	// The server says that a token lives for an hour: a new one is asked for before that, at no call's cost.
	clock := now
	config.TokenCalls = 0
	server, client, _ = serve(t, config, func(c *xtremepush.Config) {
		c.Token, c.OAuth, c.Now = "", &xtremepush.OAuth{ClientID: "me", Secret: "shh"}, func() time.Time { return clock }
	})
	for range 5 {
		if _, err := client.Probe(context.Background(), profiles); err != nil {
			t.Fatal(err)
		}
		clock = clock.Add(30 * time.Minute)
	}
	if tokens, calls := server.Tokens(), len(server.Calls()); tokens != 3 || calls != 5 {
		t.Errorf("%d tokens and %d calls", tokens, calls)
	}
}

func TestATokenEndpointThatIsGoneIsAFailureAndNoStandstill(t *testing.T) {
	h := httptest.NewServer(nil)
	h.Close()
	_, client, _ := serve(t, fake.Config{}, func(c *xtremepush.Config) {
		c.BaseURL, c.Token, c.OAuth = h.URL, "", &xtremepush.OAuth{ClientID: "me", Secret: "shh-secret"}
	})
	_, err := client.Probe(context.Background(), profiles)
	if xtremepush.KindOf(err) != xtremepush.Temporary || strings.Contains(err.Error(), "shh-secret") {
		t.Errorf("got %v", err)
	}
}

func TestAKeyThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	text := "-----BEGIN PRIVATE KEY-----\nnot-to-be-shown\n-----END PRIVATE KEY-----\n"
	_, err := xtremepush.New(xtremepush.Config{BaseURL: "https://a.example", OAuth: &xtremepush.OAuth{ClientID: "me",
		Secret: text}})
	if err == nil || !strings.Contains(err.Error(), "private key") || strings.Contains(err.Error(), "not-to-be-shown") {
		t.Errorf("got %v", err)
	}
}
