// Package sql runs the analysts' SELECTs in an embedded DuckDB: landed tables in, checked model
// tables out. It owns names, order, fencing and checking of models; it must not know what
// Xtremepush, Freshsales or Excel look like: column lists are handed to it.
package sql

import (
	"context"
	"errors"

	"ferry/internal/run"
)

// Options is all that a transformation needs to know.
type Options struct {
	Events run.Events
}

// Result is what was built.
type Result struct{ Models int }

// Run builds every model and marks the run.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	return Result{}, errors.New("sql: not built yet")
}
