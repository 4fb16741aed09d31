// Package target is what one act on one target holds: the lock, the ledger, the client, the clock,
// the options, the calls it made and the notices it gives. It must not know the account behind the
// client, or every room would need every other. Start at Open.
package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

const Stage = "load"

// Act is what one act on one target holds: lock, ledger, client and what was learned.
type Act struct {
	Dir      run.Dir
	Options  Options
	lock     *run.Lock
	Ledger   *ledger.Ledger
	Client   *freshsales.Client
	Started  time.Time
	Temp     string // scratch space, gone when the session ends
	Calls    *callCounter
	Notices  *NoticeBook
	expected atomic.Int64
	JobHold  holdTime
}

// Open takes the target's lock, opens its ledger and makes a client; it makes no call.
func Open(dir run.Dir, o Options) (*Act, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Act{Dir: dir, Options: o, Started: o.Clock.Now(), Calls: newCallCounter(), Notices: &NoticeBook{}}
	var err error
	if s.lock, err = run.TakeLock(o.Target.LockFile(), "target "+o.Target.Name, s.Started); err != nil {
		return nil, err
	}
	if err = s.open(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Act) open() (err error) {
	if s.Ledger, err = ledger.Open(s.Options.Target.Ledger()); err != nil {
		return err
	}
	if s.Options.Boundary != nil {
		s.Ledger.Boundary = s.Options.Boundary
	}
	s.Temp = filepath.Join(s.Dir.Temp(), "load-"+s.Options.Target.Name)
	if err := os.RemoveAll(s.Temp); err != nil {
		return err
	}
	if err := os.MkdirAll(s.Temp, run.DirMode); err != nil {
		return err
	}
	return s.connect()
}

func (s *Act) connect() error {
	limits, known := freshsales.PlanLimits(s.Options.PlanName)
	if !known {
		return run.Problemf("ferry.yaml",
			"target %s: there is no plan %q; plans are free, growth, pro, enterprise and unlimited", s.Options.Target.Name,
			s.Options.PlanName).
			WithExit(run.ExitUsage)
	}
	if s.Options.NoLimits {
		limits = freshsales.Limits{}
	}
	limits.Hour = instead(limits.Hour, s.Options.PerHour)
	limits.Minute = instead(limits.Minute, s.Options.PerMinute)
	pace := freshsales.PaceConfig{Limits: limits, Share: s.Options.QuotaShare,
		Workers:     s.Options.Workers,
		CallTimeout: s.Options.CallTimeout, UnstatedWait: s.Options.UnstatedWait, Clock: s.Options.Clock,
		OnWait: s.tellWait}
	if s.Ledger != nil {
		pace.Journal = s.Ledger
	}
	pacer, err := freshsales.NewPacer(pace)
	if err != nil {
		return run.Problemf("ferry.yaml", "target %s: %v", s.Options.Target.Name, err).WithExit(run.ExitUsage)
	}
	s.Client, err = freshsales.New(freshsales.Config{URL: s.Options.URL, Key: s.Options.Key,
		Timeout: s.Options.CallTimeout, Pacer: pacer, Clock: s.Options.Clock,
		Patience: s.Options.Patience, OnAttempt: s.onAttempt, Workers: s.Options.Workers})
	if err != nil {
		return run.Problemf("target "+s.Options.Target.Name, "%v", err).
			WithTry("look at targets: in ferry.yaml and at FERRY_<TARGET>_KEY").WithExit(run.ExitUsage)
	}
	return nil
}

// instead gives a configured limit precedence: 0 says nothing, less than 0 lifts the limit.
func instead(of, by int) int {
	switch {
	case by < 0:
		return 0
	case by > 0:
		return by
	}
	return of
}

func (s *Act) onAttempt(a freshsales.Attempt) {
	s.Calls.attempt(a)
	s.JobHold.attempt(a)
}

func (s *Act) Close() {
	if s.Ledger != nil {
		_ = s.Ledger.Close()
	}
	if s.Temp != "" {
		_ = os.RemoveAll(s.Temp)
	}
	if s.lock != nil {
		_ = s.lock.Release()
	}
}

func (s *Act) Now() time.Time { return s.Options.Clock.Now() }

func (s *Act) RunID() string { return s.Dir.ID() }

func (s *Act) Say(kind run.Kind, subject, format string, args ...any) {
	s.Options.Events.Send(run.Event{Stage: Stage, Kind: kind, Subject: subject, Text: fmt.Sprintf(format, args...)})
}

// Wants says whether an entity was asked for.
func (s *Act) Wants(entity string) bool {
	if entity == record.AccountLinks && slices.Contains(s.Options.Only, "contacts") {
		return true
	}
	return len(s.Options.Only) == 0 || slices.Contains(s.Options.Only, entity)
}

// Interrupted is what a stopped load says; everything up to here is in the ledger.
func (s *Act) Interrupted() error {
	return &run.Problem{What: "stopped before the end; what was sent is recorded, and the same command finishes the job",
		Try: s.Options.Command, Exit: run.ExitInterrupted, Err: context.Canceled}
}

// Explain turns a call's failure that concerns everybody into something to act on.
func (s *Act) Explain(err error) error {
	if err == nil {
		return nil
	}
	var p *run.Problem
	if errors.As(err, &p) {
		if freshsales.OutcomeOf(p.Err) == freshsales.BadKey && s.Options.KeyName != "" {
			p.Try = "take the key from Freshsales, Personal settings, API settings, and set it in the environment variable " +
				s.Options.KeyName
		}
		return err
	}
	if errors.Is(err, context.Canceled) {
		return s.Interrupted()
	}
	var theirs *freshsales.Error
	if !errors.As(err, &theirs) {
		return err
	}
	where := "target " + s.Options.Target.Name
	switch freshsales.OutcomeOf(err) {
	case freshsales.BadKey:
		return &run.Problem{Where: where, What: err.Error(), Err: err,
			Try: "set the key of a user who may see and change everything in " + s.keyName() +
				", then run the same command: nothing is lost"}
	case freshsales.Forbidden:
		return &run.Problem{Where: where, What: err.Error(), Err: err,
			Try: "give the key's user access to all records, then run the same command: nothing is lost"}
	case freshsales.NotSent, freshsales.Unknown, freshsales.Later, freshsales.Unsupported:
		return &run.Problem{Where: where, What: err.Error(), Err: err, Try: s.Options.Command +
			"   (what was sent is recorded; it goes on from here)"}
	}
	return err
}

// Notice is something a person should know that is no finding about one record's values.
type Notice struct{ Kind, Entity, Key, Text string }

// NoticeBook collects notices from many goroutines.
type NoticeBook struct {
	mu  sync.Mutex
	All []Notice
}

func (b *NoticeBook) Add(n ...Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.All = append(b.All, n...)
}

// Parallel runs jobs on the session's workers and gives the first error.
func (s *Act) Parallel(n int, job func(i int) error) error {
	p := pool.New().WithMaxGoroutines(max(1, s.Options.Workers)).WithErrors().WithFirstError()
	var failed atomic.Bool
	for i := range n {
		if failed.Load() {
			break
		}
		p.Go(func() error {
			if failed.Load() {
				return nil
			}
			err := job(i)
			if err != nil {
				failed.Store(true)
			}
			return err
		})
	}
	return p.Wait()
}

// ChunkSize is how many rows are decided together: one look into the ledger, reads side by side.
const ChunkSize = 400

// OpenWithoutRun is a session without a run: there is nothing to send, only something to ask.
func OpenWithoutRun(o Options) (*Act, error) {
	o = o.withDefaults()
	s := &Act{Options: o, Started: o.Clock.Now(), Calls: newCallCounter(), Notices: &NoticeBook{}}
	var err error
	if s.lock, err = run.TakeLock(o.Target.LockFile(), "target "+o.Target.Name, s.Started); err != nil {
		return nil, err
	}
	if s.Ledger, err = ledger.Open(o.Target.Ledger()); err == nil {
		err = s.connect()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Look is an act without lock, ledger or run, for a few reads: it keeps nothing, and its calls are not
// remembered against the quota.
func Look(o Options) (*Act, error) {
	o = o.withDefaults()
	s := &Act{Options: o, Started: o.Clock.Now(), Calls: newCallCounter(), Notices: &NoticeBook{}}
	return s, s.connect()
}

// keyName is where the key of this target is set.
func (s *Act) keyName() string {
	if s.Options.KeyName == "" {
		return "the environment variable of this target"
	}
	return s.Options.KeyName
}
