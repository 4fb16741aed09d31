package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

const stage = "load"

// session is what one act on one target holds: lock, ledger, client and what was learned.
type session struct {
	dir     run.Dir
	o       Options
	lock    *run.Lock
	ledger  *ledger
	client  *freshsales.Client
	started time.Time
	temp    string // scratch space, gone when the session ends
	calls   *callCounter
	notices *noticeBook
	jobHold holdTime
}

// openSession takes the target's lock, opens its ledger and makes a client; it makes no call.
func openSession(dir run.Dir, o Options) (*session, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &session{dir: dir, o: o, started: o.Clock.Now(), calls: newCallCounter(), notices: &noticeBook{}}
	var err error
	if s.lock, err = run.TakeLock(o.Target.LockFile(), "target "+o.Target.Name, s.started); err != nil {
		return nil, err
	}
	if err = s.open(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) open() (err error) {
	if s.ledger, err = openLedger(s.o.Target.Ledger()); err != nil {
		return err
	}
	if s.o.boundary != nil {
		s.ledger.boundary = s.o.boundary
	}
	s.temp = filepath.Join(s.dir.Temp(), "load-"+s.o.Target.Name)
	if err := os.RemoveAll(s.temp); err != nil {
		return err
	}
	if err := os.MkdirAll(s.temp, run.DirMode); err != nil {
		return err
	}
	return s.connect()
}

func (s *session) connect() error {
	limits, known := freshsales.PlanLimits(s.o.PlanName)
	if !known {
		return run.Problemf("ferry.yaml", "target %s: there is no plan %q; plans are free, growth, pro, enterprise and unlimited", s.o.Target.Name, s.o.PlanName).
			WithExit(run.ExitUsage)
	}
	if s.o.NoLimits {
		limits = freshsales.Limits{}
	}
	limits.Hour = instead(limits.Hour, s.o.PerHour)
	limits.Minute = instead(limits.Minute, s.o.PerMinute)
	pacer, err := freshsales.NewPacer(freshsales.PaceConfig{Limits: limits, Share: s.o.QuotaShare, Workers: s.o.Workers,
		CallTimeout: s.o.CallTimeout, UnstatedWait: s.o.unstated, Clock: s.o.Clock, Journal: s.ledger})
	if err != nil {
		return run.Problemf("ferry.yaml", "target %s: %v", s.o.Target.Name, err).WithExit(run.ExitUsage)
	}
	s.client, err = freshsales.New(freshsales.Config{URL: s.o.URL, Key: s.o.Key, Timeout: s.o.CallTimeout, Pacer: pacer, Clock: s.o.Clock,
		Patience: s.o.patience, OnAttempt: s.onAttempt, Workers: s.o.Workers})
	if err != nil {
		return run.Problemf("target "+s.o.Target.Name, "%v", err).WithTry("look at targets: in ferry.yaml and at FERRY_<TARGET>_KEY").WithExit(run.ExitUsage)
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

func (s *session) onAttempt(a freshsales.Attempt) {
	s.calls.attempt(a)
	s.jobHold.attempt(a)
}

func (s *session) close() {
	if s.ledger != nil {
		_ = s.ledger.Close()
	}
	if s.temp != "" {
		_ = os.RemoveAll(s.temp)
	}
	if s.lock != nil {
		_ = s.lock.Release()
	}
}

func (s *session) now() time.Time { return s.o.Clock.Now() }

func (s *session) runID() string { return s.dir.ID() }

func (s *session) say(kind run.Kind, subject, format string, args ...any) {
	s.o.Events.Send(run.Event{Stage: stage, Kind: kind, Subject: subject, Text: fmt.Sprintf(format, args...)})
}

// wants says whether an entity was asked for.
func (s *session) wants(entity string) bool {
	if entity == accountLinks {
		entity = "contacts"
	}
	return len(s.o.Only) == 0 || slices.Contains(s.o.Only, entity)
}

// interrupted is what a stopped load says; everything up to here is in the ledger.
func (s *session) interrupted() error {
	return &run.Problem{What: "stopped before the end; what was sent is recorded, and the same command finishes the job",
		Try: s.o.Command, Exit: run.ExitInterrupted, Err: context.Canceled}
}

// explain turns a call's failure that concerns everybody into something to act on.
func (s *session) explain(err error) error {
	if err == nil {
		return nil
	}
	var p *run.Problem
	if errors.As(err, &p) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return s.interrupted()
	}
	var theirs *freshsales.Error
	if !errors.As(err, &theirs) {
		return err
	}
	where := "target " + s.o.Target.Name
	switch freshsales.MeaningOf(err) {
	case freshsales.BadKey:
		return &run.Problem{Where: where, What: err.Error(), Err: err, Try: "set the key of a user who may see and change everything, then run the same command: nothing is lost"}
	case freshsales.Forbidden:
		return &run.Problem{Where: where, What: err.Error(), Err: err, Try: "give the key's user access to all records, then run the same command: nothing is lost"}
	case freshsales.NotSent, freshsales.Unknown, freshsales.Later, freshsales.Unsupported:
		return &run.Problem{Where: where, What: err.Error(), Err: err, Try: s.o.Command + "   (what was sent is recorded; it goes on from here)"}
	}
	return err
}

// notice is something a person should know that is no finding about one record's values.
type notice struct{ kind, entity, key, text string }

// noticeBook collects notices from many goroutines.
type noticeBook struct {
	mu  sync.Mutex
	all []notice
}

func (b *noticeBook) add(n ...notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, n...)
}

// parallel runs jobs on the session's workers and gives the first error.
func (s *session) parallel(n int, job func(i int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	next := make(chan int)
	for range min(s.o.Workers, n) {
		wg.Go(func() {
			for i := range next {
				if err := job(i); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		mu.Lock()
		stop := first != nil
		mu.Unlock()
		if stop {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return first
}

// chunkSize is how many rows are decided together: one look into the ledger, reads side by side.
const chunkSize = 400

// openAccount is a session without a run: there is nothing to send, only something to ask.
func openAccount(o Options) (*session, error) {
	o = o.withDefaults()
	s := &session{o: o, started: o.Clock.Now(), calls: newCallCounter(), notices: &noticeBook{}}
	var err error
	if s.lock, err = run.TakeLock(o.Target.LockFile(), "target "+o.Target.Name, s.started); err != nil {
		return nil, err
	}
	if s.ledger, err = openLedger(o.Target.Ledger()); err == nil {
		err = s.connect()
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}
