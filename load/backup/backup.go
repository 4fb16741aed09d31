// Package backup copies what an account holds before a load changes it: the records the load will
// touch, or all of them. It only reads. What was read stands in a scratch file at once, so that a copy
// that was stopped goes on where it was; files.go makes Parquet and CSV of it at the end. Start at Run.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// Kinds of copies.
const (
	Touched = "touched" // what the load of a run will change
	All     = "all"     // everything that can be listed
)

// Options are those of every act, and how much is copied.
type Options struct {
	target.Options
	All      bool
	CostOnly bool      // say what it would cost and do nothing
	Now      time.Time // what the copy is named after
}

// Result is what a copy holds, or would cost.
type Result struct {
	Copy     Copy
	Folder   string
	Wanted   map[string]int64 // records to copy, by entity
	Estimate target.Estimate  // of what is left to do
	Calls    int64
	IsDone   bool
}

// copied are the kinds of records that can be read singly and that a load may find in an account.
var copied = []string{"contacts", "accounts", "deals"}

// listed are kinds of which a full copy keeps what their list shows.
var listed = []string{"tasks", "sales_activities"}

type copier struct {
	needs
	options Options
	work    *work
	account *account.Account
	todo    map[string][]int64 // what is not read yet
	wanted  map[string]int64
}

// Run copies, or only says what it would cost. Stopped anywhere, the same call goes on.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	s, err := open(dir, o)
	if err != nil {
		return Result{}, err
	}
	defer s.Close()
	c := &copier{needs: needsOf(s), options: o, todo: map[string][]int64{}, wanted: map[string]int64{}}
	r, err := c.run(freshsales.WithPhase(ctx, "backup"), dir)
	r.Calls = s.Calls.Total()
	switch {
	case err != nil && ctx.Err() != nil:
		err = &run.Problem{What: "stopped before the end; what was read is kept, and the same command goes on",
			Try: o.Command, Exit: run.ExitInterrupted, Err: context.Canceled}
	case err != nil:
		err = s.Explain(err)
	}
	return r, err
}

// open begins an act; a copy of everything needs no run.
func open(dir run.Dir, o Options) (*target.Act, error) {
	if o.All {
		return target.OpenWithoutRun(o.Options)
	}
	return target.Open(dir, o.Options)
}

func (c *copier) run(ctx context.Context, dir run.Dir) (r Result, err error) {
	kind, of := Touched, ""
	if c.options.All {
		kind = All
	} else {
		of = dir.ID()
	}
	if c.work, err = openWork(c.Options.Target, kind, of, c.options.Now, !c.options.CostOnly); err != nil {
		return r, err
	}
	defer c.work.close()
	if c.options.All {
		err = c.prepareAll(ctx)
	} else {
		err = c.prepareTouched(dir)
	}
	if err != nil {
		return r, err
	}
	r = Result{Folder: c.work.folder, Wanted: c.wanted, Estimate: c.estimate()}
	if c.options.CostOnly {
		return r, nil
	}
	c.Say(run.Note, "backup", "about %s calls, all of them reads", record.Grouped(r.Estimate.Total))
	if c.options.All {
		if err := c.listAll(ctx); err != nil {
			return r, err
		}
	}
	if err := c.read(ctx); err != nil {
		return r, err
	}
	r.Copy, err = c.finish(ctx)
	r.IsDone = err == nil
	return r, err
}

// prepareTouched takes what the plan of a run will change from what the account had before us.
func (c *copier) prepareTouched(dir run.Dir) error {
	ids, err := touched(c.Ledger, dir, c.Options.Target)
	if errors.Is(err, fs.ErrNotExist) {
		return run.Problemf(dir.Root(), "there is no plan for %s, so nobody knows what its load will touch",
			c.Options.Target.Name).WithTry("ferry plan --target %s", c.Options.Target.Name)
	}
	if err != nil {
		return err
	}
	for entity, list := range ids {
		c.want(entity, list)
	}
	return nil
}

// want adds records to what is to be read, but for those that were read before a stop.
func (c *copier) want(entity string, ids []int64) {
	c.wanted[entity] += int64(len(ids))
	done := c.work.done[entity]
	c.todo[entity] = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return done[id] })
}

// prepareAll asks the account how much there is.
func (c *copier) prepareAll(ctx context.Context) error {
	rows := map[string]int64{}
	for _, entity := range copied {
		rows[entity] = 1
	}
	var err error
	if c.account, err = account.Read(ctx, c.Client, account.Want{Rows: rows}); err != nil {
		return err
	}
	for _, entity := range copied {
		c.wanted[entity] = max(0, c.account.Total(entity))
	}
	return nil
}

// estimate is what is left to do: a call for each record, and the lists that say which there are.
func (c *copier) estimate() target.Estimate {
	var e target.Estimate
	for _, entity := range copied {
		n := int64(len(c.todo[entity]))
		if c.options.All {
			n = max(0, c.wanted[entity]-int64(len(c.work.done[entity])))
			e.Add("backup", entity+" view", target.Batches(c.wanted[entity])-c.work.pages(entity))
		}
		e.Add("backup", entity+" read", n)
	}
	if limits, known := freshsales.PlanLimits(c.Options.PlanName); known && !c.Options.NoLimits && limits.Hour > 0 {
		e.Hours = float64(e.Total) / (float64(limits.Hour) * c.Options.QuotaShare)
	}
	return e
}

// read reads every record that is wanted and not read yet, whole.
func (c *copier) read(ctx context.Context) error {
	for _, entity := range slices.Sorted(maps.Keys(c.todo)) {
		ids, k := c.todo[entity], record.KindOf(entity)
		c.Options.Events.Send(run.Event{Stage: "backup", Kind: run.Started, Subject: entity, Total: int64(len(ids))})
		err := c.Parallel(len(ids), func(i int) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			full, err := c.Client.Get(ctx, record.EntityOf(k), ids[i], remote.LinksOf(k)...)
			if freshsales.OutcomeOf(err) == freshsales.Gone {
				return c.work.keep(entity, line{ID: ids[i], IsGone: true})
			}
			if err != nil {
				return err
			}
			return c.work.keep(entity, line{ID: ids[i], Record: full})
		})
		if err != nil {
			return fmt.Errorf("reading %s: %w", entity, err)
		}
		c.Options.Events.Send(run.Event{Stage: "backup", Kind: run.Finished, Subject: entity, Done: int64(len(ids)),
			Unit: "records"})
	}
	return nil
}
