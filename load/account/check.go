package account

import (
	"context"
	"errors"
	"fmt"

	"ferry/load/freshsales"
	"ferry/load/target"
)

// CheckResult is whether an account can be worked with.
type CheckResult struct {
	Users    int
	Totals   map[string]int64 // records by entity, as far as the key's user sees them
	Fields   map[string]int   // custom fields by entity
	Calls    int64
	Problems []error // what would stop a load
}

// CheckCalls is how many calls a check makes at most.
const CheckCalls = 11

// Check reads users, stages, fields and views with the key that a load would use, each once. It takes no lock
// and keeps nothing, so it can be made while a load is running.
func Check(ctx context.Context, o target.Options) CheckResult {
	r := CheckResult{Totals: map[string]int64{}, Fields: map[string]int{}}
	s, err := target.Look(o)
	if err != nil {
		r.Problems = append(r.Problems, err)
		return r
	}
	ctx = freshsales.WithPhase(ctx, "check")
	a, err := Read(ctx, s.Client, Want{})
	if err != nil {
		r.Problems, r.Calls = append(r.Problems, s.Explain(err)), s.Calls.Total()
		return r
	}
	r.Users = len(a.owners)
	if len(a.Lists["lifecycle_stage"]) == 0 {
		r.Problems = append(r.Problems, errors.New("the account shows no lifecycle stages to this key's user"))
	}
	for _, entity := range []string{"contacts", "accounts", "deals"} {
		if err := a.readEntity(ctx, s.Client, entity); err != nil {
			r.Problems = append(r.Problems, fmt.Errorf("%s: %w", entity, s.Explain(err)))
			continue
		}
		r.Totals[entity], r.Fields[entity] = a.Total(entity), len(a.fields[entity])
	}
	r.Calls = s.Calls.Total()
	return r
}
