// Package load brings a Freshsales account to the state the freshsales.* tables describe, and
// back. It owns the ledger, the plan and the order of work; it must not know SQL or Xtremepush,
// and it reads no HTTP status: load/freshsales says what an answer means.
package load

import (
	"context"
	"errors"

	"ferry/internal/run"
)

// Options is all that a load needs to know.
type Options struct {
	Target run.Target
	Events run.Events
}

// Result is what was done.
type Result struct{ Created, Updated, Unchanged int64 }

// Run sends what is not there yet.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	return Result{}, errors.New("load: not built yet")
}
