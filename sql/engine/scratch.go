package engine

import (
	"context"
	"ferry/internal/run"
	"os"
	"time"
)

// inScratch gives a run folder that exists only as long as it is needed.
func inScratch(o Options, work func(run.Dir) error) error {
	folder, err := os.MkdirTemp("", "ferry-story-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	now := o.Time()
	if now.IsZero() {
		now = time.Unix(0, 0)
	}
	dir, err := run.OpenProject(folder).NewRun(now)
	if err != nil {
		return err
	}
	return work(dir)
}

// Check rehearses all models without a run; a table that is named must exist.
func Check(ctx context.Context, o Options, only string) error {
	p, err := readProject(o.Room())
	if err != nil {
		return err
	}
	if only != "" {
		if _, err := named(p.sources(), only); err != nil {
			return err
		}
	}
	return inScratch(o, func(dir run.Dir) error {
		e, err := openEngine(ctx, dir, o)
		if err != nil {
			return err
		}
		defer e.close()
		if err := e.base(ctx, p, o); err != nil {
			return err
		}
		return e.rehearse(ctx, p, p.models, o)
	})
}
