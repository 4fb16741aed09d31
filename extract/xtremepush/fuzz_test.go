package xtremepush

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzAnswer: whatever an answer says, in its headers or its body, it is rows or a failure of a known kind, nobody
// waits for less than nothing, and no secret is shown.
func FuzzAnswer(f *testing.F) {
	for _, s := range []struct {
		status     int
		wait, body string
	}{
		{200, "", `{"success":true,"data":[{"id":1}]}`}, {200, "", `{"success":false,"code":401,"message":"no"}`},
		{429, "7", ""}, {429, "Fri, 02 Jan 2026 03:04:14 GMT", "{}"}, {503, "99999999999999999999", "<html>"},
		{429, "-3", ""}, {429, "9223372036854775807", ""}, {429, "Friday, 02-Jan-26 03:04:14 GMT", ""},
		{429, "1.5", ""}, {429, "Fri Jan  2 03:04:14 9999", ""}, {403, "", `{"message":"secret-token"}`},
		{404, "", `{"errors":["secret-token"]}`}, {200, "", `{"success":true,"data":{"id":1}}`}, {200, "", "[]"},
		{0, "", ""}, {302, "", ""}, {200, "", `{"success":"yes"}`},
	} {
		f.Add(s.status, s.wait, []byte(s.body))
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c, err := New(Config{BaseURL: "https://x.example", Token: "secret-token", Now: func() time.Time { return now }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, wait string, body []byte) {
		rows, pause, err := c.read("list/profile", status, http.Header{"Retry-After": {wait}}, body)
		if err == nil {
			for _, r := range rows {
				Field(r, "id")
			}
			return
		}
		k := KindOf(err)
		switch k {
		case Unauthorised, Forbidden, Unknown, Temporary, Senseless:
		default:
			t.Fatalf("%v is of kind %q", err, k)
		}
		if pause < 0 || pause > 0 && k != Temporary {
			t.Fatalf("wait %s after %v", pause, err)
		}
		if text := err.Error(); strings.Contains(text, "secret-token") || len(text) > 1000 {
			t.Fatalf("the error is %q", text)
		}
		if utf8.Valid(body) && !utf8.ValidString(err.Error()) {
			t.Fatalf("the error is %q", err.Error())
		}
	})
}
