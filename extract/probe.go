package extract

import (
	"context"

	"github.com/sourcegraph/conc/iter"

	"ferry/extract/xtremepush"
)

// Answer is what one endpoint of the API said when it was asked for a single row.
type Answer struct {
	Endpoint, Path, Table string
	Says                  string // rows, nothing, not offered, not allowed, switched off, or what went wrong
	Evidence              string // how sure it is that such a list exists
}

// Probe asks every endpoint for one row and lands nothing.
func Probe(ctx context.Context, o Options) ([]Answer, error) {
	client, err := o.API.client(o)
	if err != nil {
		return nil, err
	}
	endpoints, err := o.API.endpoints()
	if err != nil {
		return nil, err
	}
	ask := iter.Mapper[xtremepush.Endpoint, Answer]{MaxGoroutines: max(o.API.Concurrency, 2)}
	return ask.Map(endpoints, func(e *xtremepush.Endpoint) Answer {
		a := Answer{Endpoint: e.Name, Path: e.Path, Table: e.Entity, Evidence: e.Evidence, Says: "rows"}
		if e.Disabled {
			a.Says = "switched off"
			return a
		}
		empty, err := client.Probe(ctx, *e)
		switch k := xtremepush.KindOf(err); {
		case k == xtremepush.Unknown:
			a.Says = "not offered: drop a file"
		case k == xtremepush.Forbidden:
			a.Says = "not allowed: ask for the scope, or drop a file"
		case k == xtremepush.Unauthorised:
			a.Says = "the token is not accepted"
		case err != nil:
			a.Says = err.Error()
		case empty:
			a.Says = "nothing: the list is empty, or its feature is switched off"
		}
		return a
	}), ctx.Err()
}
