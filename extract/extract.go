// Package extract lands Xtremepush exports, dropped as files or read from the API, as Parquet
// tables in which every value is the text the source gave. It owns what a file or an endpoint
// looks like; it must not know what a value means: typing and cleansing happen in SQL.
package extract

import (
	"context"
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// Options is all that a landing needs to know.
type Options struct {
	Exports   string            // folder of dropped files
	Files     map[string]string // file pattern → entity, or "ignore"; wins over names and columns
	Now       func() time.Time
	Workers   int // blocks worked on side by side; 0: one for each processor
	MaxRecord int // bytes of one record; 0: 16 MiB
	Events    run.Events
}

// Result is what was landed.
type Result struct {
	Sources                   int
	Records, Landed, Rejected int64
}

// Run lands everything and marks the run.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	o = o.withDefaults()
	started := o.Now()
	if err := dir.Unmark("extract"); err != nil {
		return Result{}, err
	}
	sources, err := discover(o.Exports)
	if err != nil {
		return Result{}, err
	}
	if len(sources) == 0 {
		return Result{}, run.Problemf(o.Exports, "there are no export files here").WithTry("put the files of the Xtremepush exports into it and run: ferry extract")
	}
	if err := assign(sources, o); err != nil {
		return Result{}, err
	}
	tallies, err := landAll(ctx, dir, o, sources, started)
	if err != nil {
		return Result{}, err
	}
	return finish(dir, o, started, tallies)
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxRecord == 0 {
		o.MaxRecord = 16 << 20
	}
	return o
}

// assign decides the entity of each source by its name.
func assign(sources []source, o Options) error {
	var undecided []string
	for i := range sources {
		e, ok := xtremepush.ByFileName(plainName(sources[i].name))
		if !ok {
			undecided = append(undecided, sources[i].name)
			continue
		}
		sources[i].entity = e
	}
	if len(undecided) > 0 {
		return run.Problemf(strings.Join(undecided, ", "), "the name does not say which entity is in it").WithTry("name the entity of the file in ferry.yaml")
	}
	return nil
}

func landAll(ctx context.Context, dir run.Dir, o Options, sources []source, at time.Time) ([]*tally, error) {
	table, err := run.CreateTable(dir.Rejects(), RejectsTable())
	if err != nil {
		return nil, err
	}
	l := &landing{dir: dir, landedAt: []byte(at.UTC().Format(time.RFC3339)), slots: make(chan struct{}, o.Workers), rejects: &rejects{table: table}, events: o.Events, options: o}
	tallies := make([]*tally, len(sources))
	var mutex sync.Mutex
	var done int64
	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(o.Workers)
	for i, s := range sources {
		p.Go(func(ctx context.Context) error {
			t, err := l.source(ctx, s, i+1)
			tallies[i] = t
			mutex.Lock()
			defer mutex.Unlock()
			done++
			o.Events.Send(run.Event{Stage: "extract", Kind: run.Progress, Subject: s.name, Done: done, Total: int64(len(sources)), Unit: "files"})
			return err
		})
	}
	if err := p.Wait(); err != nil {
		table.Abort()
		return nil, err
	}
	return tallies, table.Close()
}

// finish writes the empty tables, the list of sources and the mark.
func finish(dir run.Dir, o Options, started time.Time, tallies []*tally) (Result, error) {
	res := Result{Sources: len(tallies)}
	filled := map[string]bool{}
	facts := map[string]any{}
	var input, output []string
	table, err := run.CreateTable(dir.Sources(), SourcesTable())
	if err != nil {
		return res, err
	}
	for _, t := range tallies {
		name := t.source.entity.Name
		filled[name] = true
		res.Records += t.records
		res.Landed += t.landed
		res.Rejected += t.reject
		input = append(input, t.source.name, name, t.sha256)
		output = append(output, fmt.Sprint(t.source.name, name, t.sha256, t.records, t.landed, t.reject))
		err := table.Write(run.Row{t.source.name, name, "file", t.format, t.coding, t.delim, t.sha256, nullable(t.note), t.bytes, t.records, t.landed, t.reject})
		if err != nil {
			return res, err
		}
	}
	if err := table.Close(); err != nil {
		return res, err
	}
	for _, s := range Tables() {
		if filled[s.Name] {
			continue
		}
		p, err := createPart(dir.Landed(s.Name)+"/part-00000.parquet", s, nil)
		if err != nil {
			return res, err
		}
		if err := p.close(); err != nil {
			return res, err
		}
	}
	facts["sources"], facts["records"], facts["landed"], facts["rejected"] = res.Sources, res.Records, res.Landed, res.Rejected
	sort.Strings(output)
	return res, dir.Mark("extract", run.Stage{Started: started, Ended: o.Now(), Input: run.DigestText(input...), Output: run.DigestText(output...), Facts: facts})
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
