package loadtest

import (
	"context"
	"math"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/account"
	"ferry/load/backup"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/reconcile"
	"ferry/load/record"
	"ferry/load/rollback"
	"ferry/load/target"
)

func (b *Bench) Copy(all, costOnly bool) (backup.Result, error) {
	return backup.Run(context.Background(), b.Dir, backup.Options{Options: b.Options(), All: all, CostOnly: costOnly,
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
}

// IsForetold plans and loads, and compares what the plan foresaw with what the load used.
func (b *Bench) IsForetold(what string, change func(*load.RunOptions)) {
	b.T.Helper()
	o := b.RunOptions()
	o.ReadBackAfter = 40 * time.Millisecond
	change(&o)
	p, err := load.Plan(context.Background(), b.Dir, o.PlanOptions)
	if err != nil {
		b.T.Fatal(err)
	}
	r, err := load.Run(context.Background(), b.Dir, o)
	if err != nil {
		b.T.Fatal(err)
	}
	off := float64(p.Estimate.Total)/float64(r.Calls) - 1
	b.T.Logf("%s: planned %d, used %d, %+.1f %%", what, p.Estimate.Total, r.Calls, 100*off)
	if math.Abs(off) > 0.05 && math.Abs(float64(p.Estimate.Total-r.Calls)) > 2 {
		b.T.Errorf("%s: planned %d calls, used %d", what, p.Estimate.Total, r.Calls)
		for _, c := range b.Loaded(record.CallsTable) {
			if c["planned"] != c["used"] {
				b.T.Log(c)
			}
		}
	}
}

func (b *Bench) Options() target.Options {
	return target.Options{Target: b.Project.Target("twin"), URL: b.URL, Key: twin.DefaultKey, PlanName: "unlimited",
		Rehearsal:     true,
		ReadBackAfter: 5 * time.Millisecond, SettleAfter: 50 * time.Millisecond, CallTimeout: 10 * time.Second,
		Acknowledged: []string{account.SingleLinks},
		UnstatedWait: 10 * time.Millisecond, Patience: freshsales.Patience{First: time.Millisecond,
			Most: 20 * time.Millisecond}}
}

// RunOptions are those of a load.
func (b *Bench) RunOptions() load.RunOptions { return ToRun(b.Options()) }

func ToRun(o target.Options) load.RunOptions {
	return load.RunOptions{PlanOptions: load.PlanOptions{Options: o}}
}

func (b *Bench) Load(change ...func(*load.RunOptions)) load.Result {
	b.T.Helper()
	o := b.RunOptions()
	for _, c := range change {
		c(&o)
	}
	r, err := load.Run(context.Background(), b.Dir, o)
	if err != nil {
		b.T.Fatal(err)
	}
	return r
}

func KillOptions(target run.Target, url string) target.Options {
	o := (&Bench{Project: run.Project{}, URL: url}).Options()
	o.Target, o.Workers, o.BatchSize = target, 4, 10
	o.SettleAfter, o.ReadBackAfter, o.CallTimeout = 60*time.Millisecond, 2*time.Millisecond, 5*time.Second
	return o
}

// Try loads and gives the Problem it ends with.
func (b *Bench) Try(change ...func(*load.RunOptions)) *run.Problem {
	b.T.Helper()
	o := b.RunOptions()
	for _, c := range change {
		c(&o)
	}
	_, err := load.Run(context.Background(), b.Dir, o)
	if err == nil {
		return &run.Problem{}
	}
	p, ok := err.(*run.Problem)
	if !ok {
		b.T.Fatalf("not a Problem: %v", err)
	}
	return p
}

func (b *Bench) Reconcile(depth string, change ...func(*reconcile.Options)) reconcile.Result {
	b.T.Helper()
	o := reconcile.Options{Options: b.Options(), Depth: depth}
	for _, c := range change {
		c(&o)
	}
	r, err := reconcile.Run(context.Background(), b.Dir, o)
	if err != nil {
		b.T.Fatal(err)
	}
	return r
}

// UndoLastRun takes back what the newest run wrote.
func (b *Bench) UndoLastRun() rollback.Result {
	b.T.Helper()
	return b.Rollback(func(o *rollback.Options) { o.OnlyRun = b.Dir.ID() })
}

func (b *Bench) Rollback(change ...func(*rollback.Options)) rollback.Result {
	b.T.Helper()
	o := rollback.Options{Options: b.Options()}
	for _, c := range change {
		c(&o)
	}
	r, err := rollback.Run(context.Background(), b.Dir, o)
	if err != nil {
		b.T.Fatal(err)
	}
	return r
}
