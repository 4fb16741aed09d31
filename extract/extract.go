// Package extract lands Xtremepush exports, dropped as files or read from the API, as Parquet
// tables in which every value is the text the source gave. It owns where each record lands and what a delta
// carries along; it must not know what a value means: typing and cleansing happen in SQL. Which entity a
// file holds is discovery's, how bytes become text is source's, how text becomes records is delimited's and
// jsontext's, what Xtremepush calls things is xtremepush's. Start at Run; land_source.go lands one source.
package extract

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/extract/discovery"
	"ferry/extract/xtremepush"
	"ferry/internal/run"

	"ferry/extract/source"
)

// Options is all that a landing needs to know.
type Options struct {
	Exports string            // folder of dropped files
	Files   map[string]string // name or pattern → entity, or "ignore"; wins over names and columns
	// Encodings are names or patterns of files and the encoding they are in, where that is doubtful.
	Encodings map[string]string
	Now       func() time.Time // required
	Workers   int              // blocks worked on side by side; 0: one for each processor
	Events    run.Events
	API       *API     // nil: files only
	Full      bool     // with Since: what is dropped is the whole picture, files that are gone are not kept
	Strict    bool     // a file nobody can place stops the run
	Since     *run.Dir // run to build on: what has not changed is linked, not read again; nil: none

	// Limits for input that means harm; 0 is the default in brackets.
	MaxRecord   int   // bytes of one record (16 MiB)
	MaxColumns  int   // columns of a file, keys of an object (10,000)
	MaxUnpacked int64 // bytes a packed file may unpack to (256 GiB)
	MaxRatio    int64 // how many times its size (400)
	MaxMembers  int   // members of an archive (10,000)

	archives *source.Archives
	temp     string // folder for what spreadsheets unpack to
}

// Result is what was landed.
type Result struct {
	Sources                   int
	Records, Landed, Rejected int64
	Doubts                    []Doubt // files somebody should look at
}

// Run lands everything and marks the run. When a source cannot be understood or trusted, the others
// still land, but the run is not marked and the error says what to do about each such source.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	o = o.withDefaults()
	started := o.Now()
	before, err := readPrevious(o.Since)
	if err != nil {
		return Result{}, err
	}
	if err := errors.Join(dir.Unmark("extract"), o.checkFiles()); err != nil {
		return Result{}, err
	}
	if err := os.RemoveAll(dir.LandedRoot()); err != nil {
		return Result{}, run.CannotWrite(dir.LandedRoot(), err)
	}
	o.archives, o.temp = &source.Archives{}, filepath.Join(dir.Temp(), "books")
	if err := os.RemoveAll(o.temp); err != nil {
		return Result{}, run.CannotWrite(o.temp, err)
	}
	defer o.archives.Close()
	sources, err := o.sources(ctx)
	if err != nil {
		return Result{}, err
	}
	var read []fetched
	var refused *run.Problem // why not all of the API was read
	if o.API != nil {
		if read, err = o.API.fetch(ctx, dir, o, before); err != nil && (read == nil || !errors.As(err, &refused)) {
			return Result{}, err
		}
	}
	tallies, err := landAll(ctx, dir, o, sources, read, before, started)
	if err != nil {
		return Result{}, err
	}
	res, err := finish(dir, o, started, tallies, refused)
	if err != nil {
		return res, err
	}
	return res, run.CannotWrite(dir.Temp(), os.RemoveAll(dir.Temp()))
}

// sources lists and inspects what was dropped. With an API nothing has to be.
func (o Options) sources(ctx context.Context) ([]discovery.Input, error) {
	if _, err := os.Stat(o.Exports); err != nil && o.API != nil {
		return nil, nil
	}
	all, err := discovery.List(ctx, o.Exports, o.rules(), o.archives)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 && o.API == nil {
		return nil, run.Problemf(o.Exports, "there are no export files here").
			WithTry("put the files of the Xtremepush exports into it and run: ferry extract")
	}
	return all, sameBytes(all)
}

// rules are what finding out about files goes by.
func (o Options) rules() discovery.Rules {
	return discovery.Rules{Files: o.Files, Encodings: o.Encodings, MaxColumns: o.MaxColumns, Limits: source.Rules{
		MaxUnpacked: o.MaxUnpacked, MaxRatio: o.MaxRatio, MaxMembers: o.MaxMembers, Temp: o.temp}}
}

func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.MaxRecord = cmp.Or(o.MaxRecord, 16<<20)
	r := o.rules().WithDefaults()
	o.MaxColumns, o.MaxUnpacked = r.MaxColumns, r.Limits.MaxUnpacked
	o.MaxRatio, o.MaxMembers = r.Limits.MaxRatio, r.Limits.MaxMembers
	return o
}

// checkFiles refuses an entity or an encoding in ferry.yaml that does not exist.
func (o Options) checkFiles() error {
	for pattern, name := range o.Encodings {
		if err := source.CheckCoding(name); err != nil {
			return run.Problemf("ferry.yaml: encoding: "+pattern, "%v", err).WithExit(run.ExitUsage)
		}
	}
	for pattern, name := range o.Files {
		if _, ok := xtremepush.ByName(name); ok || name == "ignore" {
			continue
		}
		var names []string
		for _, e := range xtremepush.Entities() {
			names = append(names, e.Name)
		}
		return run.Problemf("ferry.yaml: files: "+pattern, "there is no entity %q", name).
			WithTry("use one of: %s, or ignore", strings.Join(names, ", ")).WithExit(run.ExitUsage)
	}
	return nil
}

// landAll lands the sources side by side.
func landAll(ctx context.Context, dir run.Dir, o Options, sources []discovery.Input, read []fetched, before previous,
	at time.Time) ([]*tally, error) {
	l := &landing{dir: dir, landedAt: []byte(at.UTC().Format(time.RFC3339)), slots: make(chan struct{}, o.Workers),
		options: o, before: before,
		rejects: newSideTable(RejectsTable(), dir.Temp()), repairs: newSideTable(RepairsTable(), dir.Temp())}
	tallies := make([]*tally, len(sources))
	if err := l.carryFiles(sources, tallies); err != nil {
		return nil, err
	}
	var done atomic.Int64
	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(o.Workers)
	for i, s := range sources {
		if tallies[i] != nil {
			done.Add(1)
			continue
		}
		p.Go(func(ctx context.Context) error {
			t, err := l.source(ctx, s, i+1)
			tallies[i] = t
			o.Events.Send(run.Event{Stage: "extract", Kind: run.Progress, Subject: s.Name, Done: done.Add(1),
				Total: int64(len(sources)), Unit: "files"})
			return err
		})
	}
	if err := p.Wait(); err != nil {
		return nil, err
	}
	seq := len(sources)
	var gone []*tally
	if !o.Full {
		var err error
		if gone, err = l.carryGone(sources, seq); err != nil {
			return nil, err
		}
	}
	seq += len(gone)
	api, err := l.api(ctx, read, before, seq)
	if err != nil {
		return nil, err
	}
	tallies = append(append(tallies, gone...), api...)
	if len(read) > 0 {
		tallies = append(tallies, notOffered(read, tallies)...)
	}
	err = errors.Join(l.carryAside(before.rejects(), l.rejects), l.carryAside(before.repairs(), l.repairs))
	if err != nil {
		return nil, err
	}
	return tallies, errors.Join(l.rejects.join(dir.Rejects()), l.repairs.join(repairsPath(dir)))
}
