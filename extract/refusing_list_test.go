package extract

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"ferry/extract/xtremepush/fake"
	"ferry/internal/run"
)

// However lists refuse, all the others and the files land, and what to do is said; none is skipped in silence, and the
// run counts as complete only where a list is not offered or not allowed.
func TestListsThatRefuseTakeNothingElseDown(t *testing.T) {
	type refusal struct {
		kind fake.FaultKind
		says string
	}
	for _, c := range []struct {
		complete bool
		lists    map[string]refusal
	}{
		{true, map[string]refusal{"segment": {fake.NoScope, "the token may not read this list"},
			"device": {fake.NotThere, "the API does not offer this list"}, "profile-subscription": {fake.Slow, ""}}},
		{false, map[string]refusal{
			"segment": {fake.NoToken, "does not accept the token for this list"}, "list": {fake.TooMany, "status 429"},
			"list-item": {fake.Broken, "status 500"}, "attribute": {fake.CutBody, "cut off or is not JSON"},
			"profile-attribute": {fake.Garbage, "cut off or is not JSON"}, "tag-hit": {fake.WebPage, "a web page, not JSON"},
			"device": {fake.NotSuccess, "try later"}, "location": {fake.NoEnvelope, "does not say whether it succeeded"},
			"consent-preference-profile": {fake.HangUp, "EOF"}}},
	} {
		var faults []fake.Fault
		for model, r := range c.lists {
			faults = append(faults, fake.Fault{Kind: r.kind, Share: 1, Model: model})
		}
		x := newProject(t, fake.Config{Lists: lists(30), Cap: 7, Wait: time.Millisecond, Faults: faults})
		x.drop("notes.csv", threeNotes)
		x.options.API.Tries = 2
		var mutex sync.Mutex
		said := map[string]string{}
		x.options.Events = func(e run.Event) {
			mutex.Lock()
			defer mutex.Unlock()
			said[e.Subject] += e.Text + "; "
		}
		dir := x.newRun()
		_, err := Run(context.Background(), dir, x.options)
		var p *run.Problem
		if c.complete != (err == nil) || err != nil && (!errors.As(err, &p) || p.Try == "") {
			t.Fatalf("got %v", err)
		}
		for model, r := range c.lists {
			if text := said["api:list/"+model]; !strings.Contains(text, r.says) || strings.Contains(text, appToken) {
				t.Errorf("%s: said %q, want %q", model, text, r.says)
			}
		}
		for entity, n := range map[string]int{"user_profiles": 30, "campaigns": 1, "campaign_interactions": 3, "notes": 3} {
			if got := len(landed(t, dir, entity, "_file")); got != n {
				t.Errorf("%d of %s landed, want %d", got, entity, n)
			}
		}
		if _, err := dir.Done("extract", ""); (err == nil) != c.complete {
			t.Errorf("complete: %v", err)
		}
	}
}
