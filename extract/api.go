package extract

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// API says how to read from the External API.
type API struct {
	BaseURL      string
	Token        string // App Token, or the OAuth client:
	ClientID     string
	ClientSecret string
	Scope        string

	Numbered    bool // conditions as {"0":[…],"operator":"AND"} instead of [[…]]
	PageSize    int
	Concurrency int
	PerSecond   float64
	Tries       int
	Endpoints   map[string]Endpoint // changes to the map shipped, by name
	Overlap     time.Duration       // a delta reads this much before the last watermark again (2 h)
	Window      time.Duration       // and this much where rows change late, as messages do (30 days)
	FullSweep   bool                // read everything even where a watermark would do

	sleep func(context.Context, time.Duration) error // for tests
}

// Endpoint changes one entry of the endpoint map; nil leaves a thing as it is.
type Endpoint struct {
	Path, Entity, IDField, Watermark *string
	Disabled                         *bool
	PageSize                         *int
}

// apiName is how an endpoint is called in _file and among the sources.
func apiName(e xtremepush.Endpoint) string { return "api:" + e.Path }

// client makes the client of an API.
func (a API) client(o Options) (*xtremepush.Client, error) {
	c := xtremepush.Config{BaseURL: a.BaseURL, Token: a.Token, PageSize: a.PageSize, Concurrency: a.Concurrency,
		PerSecond: a.PerSecond, Tries: a.Tries, Now: o.Now, Sleep: a.sleep,
		Retried: func(path, why string, wait time.Duration) {
			o.Events.Send(run.Event{Stage: "extract", Kind: run.Warning, Subject: "api:" + path,
				Text: fmt.Sprintf("asked again in %s: %s", wait.Round(time.Millisecond), why)})
		}}
	if a.ClientID != "" {
		c.OAuth = &xtremepush.OAuth{ClientID: a.ClientID, Secret: a.ClientSecret, Scope: a.Scope}
	}
	if a.Numbered {
		c.Shape = xtremepush.Numbered
	}
	client, err := xtremepush.New(c)
	if err != nil {
		return nil, &run.Problem{Where: "source.api", What: err.Error(), Exit: run.ExitUsage,
			Try: "correct source.api in ferry.yaml; secrets come from the environment"}
	}
	return client, nil
}

// endpoints is the map shipped, with the changes of the configuration.
func (a API) endpoints() ([]xtremepush.Endpoint, error) {
	all := xtremepush.Endpoints()
	known := map[string]bool{}
	for i := range all {
		e := &all[i]
		known[e.Name] = true
		change, ok := a.Endpoints[e.Name]
		if !ok {
			continue
		}
		for to, from := range map[*string]*string{&e.Path: change.Path, &e.Entity: change.Entity, &e.IDField: change.IDField,
			&e.Watermark: change.Watermark} {
			if from != nil {
				*to = *from
			}
		}
		if change.Disabled != nil {
			e.Disabled = *change.Disabled
		}
		if change.PageSize != nil {
			e.PageSize = *change.PageSize
		}
		if _, ok := xtremepush.ByName(e.Entity); !ok {
			return nil, run.Problemf("source.api.endpoints."+e.Name, "there is no entity %q", e.Entity).WithExit(run.ExitUsage)
		}
	}
	for name := range a.Endpoints {
		if !known[name] {
			return nil, run.Problemf("source.api.endpoints."+name, "there is no such endpoint").
				WithTry("ferry extract --explain").WithExit(run.ExitUsage)
		}
	}
	return all, nil
}

// fetched is one endpoint, read to its end into a file of one object to a line.
type fetched struct {
	endpoint xtremepush.Endpoint
	spool    *spool
	note     string // why there is nothing: not offered, not allowed, switched off
	empty    bool
}

// fetch reads every endpoint. One that fails does not stop the others: what was read lands, and the problem
// comes with it. Failures that another attempt may cure leave what was read in place, so that the same command
// goes on from there.
func (a API) fetch(ctx context.Context, dir run.Dir, o Options, before previous) ([]fetched, error) {
	client, err := a.client(o)
	if err != nil {
		return nil, err
	}
	endpoints, err := a.endpoints()
	if err != nil {
		return nil, err
	}
	out := make([]fetched, len(endpoints))
	failed := make([]error, len(endpoints))
	reading, stop := context.WithCancel(ctx)
	defer stop()
	p := pool.New().WithMaxGoroutines(max(a.Concurrency, 2))
	for i, e := range endpoints {
		p.Go(func() {
			if out[i], failed[i] = a.endpoint(reading, client, dir, o, e, before); xtremepush.NoTokenGiven(failed[i]) {
				stop() // no other list will be given either
			}
		})
	}
	p.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, f := range out { // the endpoint to use instead of one that is not there
		j := instead(endpoints, f)
		if j < 0 {
			continue
		}
		e := endpoints[j]
		e.Disabled = false
		if out[j], failed[j] = a.endpoint(ctx, client, dir, o, e, before); failed[j] == nil {
			out[i].note += "; " + e.Path + " is read instead"
		}
	}
	return out, a.failures(endpoints, out, failed, o)
}

// instead is the endpoint to read where another one is not offered, -1 for none.
func instead(all []xtremepush.Endpoint, f fetched) int {
	if f.note == "" || f.endpoint.Instead == "" || f.endpoint.Disabled {
		return -1
	}
	return slices.IndexFunc(all, func(e xtremepush.Endpoint) bool { return e.Name == f.endpoint.Instead })
}

// failures notes at each endpoint why it was not read, and makes one problem of it.
func (a API) failures(endpoints []xtremepush.Endpoint, out []fetched, failed []error, o Options) error {
	var problem *run.Problem
	answered := slices.ContainsFunc(out, func(f fetched) bool { return f.spool != nil && f.spool.State.Cursor.Pages > 0 })
	for i, err := range failed {
		if err == nil {
			continue
		}
		e := endpoints[i]
		out[i] = fetched{endpoint: e, note: "it was not read to its end"}
		explained := a.explain(e, err, answered)
		var p *run.Problem
		switch {
		case !errors.As(explained, &p) && errors.Is(err, context.Canceled):
			continue // stopped because of another
		case p == nil:
			return explained
		case problem == nil || p.Exit > problem.Exit || xtremepush.KindOf(err) == xtremepush.Unauthorised:
			problem = p
		}
		o.Events.Send(run.Event{Stage: "extract", Kind: run.Warning, Subject: apiName(e), Text: p.What})
	}
	if problem == nil {
		return nil
	}
	return problem
}

// endpoint probes and reads one list.
func (a API) endpoint(ctx context.Context, client *xtremepush.Client, dir run.Dir, o Options, e xtremepush.Endpoint,
	before previous) (fetched, error) {
	f := fetched{endpoint: e}
	if e.Disabled {
		f.note = "switched off"
		return f, nil
	}
	where, from := a.where(e, before)
	s, err := openSpool(filepath.Join(apiFolder(dir), strings.ReplaceAll(e.Path, "/", "-")),
		run.DigestText(a.BaseURL, e.Path, e.IDField, fmt.Sprint(where)), e.Start())
	if err != nil {
		return f, err
	}
	defer s.close()
	f.spool = s
	s.State.Before, s.State.From = before.watermark(e), from
	if s.State.Cursor.Done {
		return f, nil
	}
	if s.State.Cursor.Pages == 0 {
		f.empty, err = client.Probe(ctx, e)
		if k := xtremepush.KindOf(err); k == xtremepush.Unknown || k == xtremepush.Forbidden {
			f.note = map[xtremepush.Kind]string{xtremepush.Unknown: "the API does not offer this list: drop a file",
				xtremepush.Forbidden: "the token may not read this list: ask for the scope, or drop a file"}[k]
			f.spool = nil
			o.Events.Send(run.Event{Stage: "extract", Kind: run.Warning, Subject: apiName(e), Text: f.note})
			return f, s.remove()
		}
		if err != nil {
			return f, err
		}
	}
	err = client.Scan(ctx, e, where, s.State.Cursor, func(p xtremepush.Page) error {
		if err := s.add(e, p); err != nil {
			return err
		}
		o.Events.Send(run.Event{Stage: "extract", Kind: run.Progress, Subject: apiName(e), Done: s.State.Rows, Unit: "rows"})
		return nil
	})
	return f, err
}

// explain turns a failure of the API into what to do about it.
func (a API) explain(e xtremepush.Endpoint, err error, othersAnswered bool) error {
	k := xtremepush.KindOf(err)
	if k == "" {
		return err
	}
	p := &run.Problem{Where: apiName(e), What: err.Error(), Err: err}
	off := fmt.Sprintf("switch it off in ferry.yaml (source.api.endpoints.%s: {disabled: true}) and drop a file", e.Name)
	switch {
	case k == xtremepush.Unauthorised && othersAnswered:
		p.What, p.Try = "Xtremepush does not accept the token for this list: "+err.Error(), "ask for its scope, or "+off
	case k == xtremepush.Unauthorised:
		p.What, p.Try = "Xtremepush does not accept the token: "+err.Error(),
			"check the App Token (or the OAuth client) in the environment, and the region in source.api"
	case k == xtremepush.Senseless:
		p.Try = fmt.Sprintf("change this endpoint in ferry.yaml (source.api.endpoints.%s), or switch it off and drop a file",
			e.Name)
	default:
		p.Try = "run the same command again: it goes on from the last page that was read. If it never answers, " + off
	}
	return p
}

// apiFolder is where pages are kept until they land.
func apiFolder(dir run.Dir) string { return filepath.Join(dir.Temp(), "api") }

// Resumable says whether a run holds pages of an interrupted reading; running the stage on it again goes on
// from there.
func Resumable(dir run.Dir) bool {
	found, err := filepath.Glob(filepath.Join(apiFolder(dir), "*.json"))
	return err == nil && len(found) > 0
}
