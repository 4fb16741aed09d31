// Package reports turns the reports.* tables into workbooks a customer can read, and reads their
// decisions back. It owns how a workbook looks; it must not compute: every figure is in a table.
package reports

import (
	"context"
	"errors"

	"ferry/internal/run"
)

// Options is all that a report needs to know.
type Options struct {
	Events run.Events
}

// Result is what was written.
type Result struct{ Files []string }

// Run writes the workbooks.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	return Result{}, errors.New("reports: not built yet")
}
