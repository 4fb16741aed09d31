package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
)

// InScratch gives a run folder that exists only as long as it is needed.
func InScratch(o Options, work func(run.Dir) error) error {
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

// startOn starts DuckDB inside a folder with what every model stands on: lists, landed tables, words.
func startOn(ctx context.Context, dir run.Dir, p *model.Project, o Options) (*Engine, error) {
	e, err := Start(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	if err := e.base(ctx, p, o); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Rehearsed is what a rehearsal of everything found out, and need not be found out again.
type Rehearsed struct {
	project *model.Project
	known   map[string][]model.Column // of every table
	types   map[string][]model.Column // the same with DuckDB's full types
}

// Check rehearses all models without a run; a table that is named must exist.
func Check(ctx context.Context, o Options, only string) error {
	_, err := Rehearse(ctx, o, only)
	return err
}

// Rehearse does the same and gives what it found out.
func Rehearse(ctx context.Context, o Options, only string) (*Rehearsed, error) {
	p, err := model.Parse(o.Room())
	if err != nil {
		return nil, err
	}
	if only != "" {
		if _, err := model.Named(p.Sources(), only); err != nil {
			return nil, err
		}
	}
	r := &Rehearsed{project: p}
	err = InScratch(o, func(dir run.Dir) error {
		e, err := startOn(ctx, dir, p, o)
		if err != nil {
			return err
		}
		defer e.Close()
		return e.rehearsing(ctx, p, p.Models, o, func() (err error) {
			r.known = e.known
			r.types, err = e.allColumns(ctx)
			return err
		})
	})
	return r, err
}

// Words are the macros that all models share, made where nothing of a run is touched, and what the views of landed and
// loaded tables select from: as seen from the folder of a run, or nothing where there is none.
func Words(ctx context.Context, p *model.Project, dir *run.Dir, o Options) (string, map[string]string, error) {
	words, sources := "", map[string]string{}
	err := InScratch(o, func(scratch run.Dir) error {
		e, err := startOn(ctx, scratch, p, o)
		if err != nil {
			return err
		}
		defer e.Close()
		words, sources = e.words, e.sources
		return nil
	})
	if err != nil || dir == nil {
		return words, sources, err
	}
	e, err := Start(ctx, *dir, o)
	if err != nil {
		return "", nil, err
	}
	defer e.Close()
	if err := e.outside(ctx, o); err != nil {
		return "", nil, err
	}
	root := Absolute(dir.Root()) + string(filepath.Separator)
	for table, source := range e.sources {
		sources[table] = strings.ReplaceAll(source, root, "")
	}
	return words, sources, nil
}

// Plausible reads every file and, where some are the analyst's, rehearses them, so that a mistake is told before a run
// is begun.
func Plausible(ctx context.Context, o Options) error {
	p, err := model.Parse(o.Room())
	if err != nil {
		return err
	}
	if _, err = p.Limited(o.Only); err != nil || o.onlyOurs(p) {
		return err
	}
	_, err = Rehearse(ctx, o, "")
	return err
}
