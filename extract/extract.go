// Package extract lands Xtremepush exports, dropped as files or read from the API, as Parquet
// tables in which every value is the text the source gave. It owns what a file or an endpoint
// looks like; it must not know what a value means: typing and cleansing happen in SQL.
package extract

import (
	"context"
	"errors"

	"ferry/internal/run"
)

// Options is all that a landing needs to know.
type Options struct {
	Exports string     // folder of dropped files
	Events  run.Events // what happens, as it happens
}

// Result is what was landed.
type Result struct {
	Records, Landed, Rejected int64
}

// Run lands everything and marks the run.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	return Result{}, errors.New("extract: not built yet")
}

// Tables lists the landed tables with their columns.
func Tables() []run.Schema { return nil }
