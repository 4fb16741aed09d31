package target

import (
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
)

// What to do about contacts whose stage the account's own rule moved because a deal came.
const (
	KeepMoves = "keep"
	UndoMoves = "undo"
)

// Options is what every act on a target needs to know; each act adds its own. Zero values take the stated defaults.
type Options struct {
	Target run.Target

	// The account.
	URL        string  // https://acme.myfreshworks.com/crm/sales
	Key        string  // its API key; never printed, never written
	PlanName   string  // free, growth, pro, enterprise or unlimited
	QuotaShare float64 // our part of the plan's calls: 0.95
	PerHour    int     // instead of the plan's figure; 0: the plan's, -1: no limit
	PerMinute  int
	NoLimits   bool // the account counts no calls, as a twin may; its plan still limits fields
	Rehearsal  bool // a sandbox or the twin

	// How.
	Workers       int           // 8
	SettleAfter   time.Duration // when absence of a record proves that a lost create did not happen: 60 s
	ReadBackAfter time.Duration // how long views lag behind writes, as a first guess: 7 s
	CallTimeout   time.Duration // 60 s
	AccountsFirst bool
	OnConflict    map[string]string // by "", entity or entity.field: KeepTheirs, TakeOurs, Ask
	Acknowledged  []string          // side effects and costs the customer accepted, by name
	CreateFields  bool              // provision may try to create fields where the account allows it
	FieldRoute    string            // form or settings: the only way to try; both in turn where it is empty
	// what stands for each type at the form route, where somebody knows it: {"number": 6}
	FieldTypeNumbers map[string]int
	Choices          map[string]string // how drop-downs are spelt in bulk and in single calls: id or text; else learned
	// keep or undo what the account's own rule does to the stage of a contact that gets a deal: keep
	LifecycleMoves string
	MaxLoadHours   float64 // 0: no limit

	// What.
	Only []string // entities; empty: all

	KeyName string           // the environment variable that holds the key, for messages
	Command string           // how to run this again, for messages: "ferry load --target twin"
	Clock   freshsales.Clock // the wall's
	Events  run.Events

	Boundary     func(moment string) // told of every commit of the ledger; the kill tests die in it
	Patience     freshsales.Patience
	UnstatedWait time.Duration // how long a 429 without a stated wait stops everybody; 60 s
	BatchSize    int           // 100; less in tests, so that few records make many batches
}

func (o Options) withDefaults() Options {
	if o.QuotaShare == 0 {
		o.QuotaShare = 0.95
	}
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.SettleAfter == 0 {
		o.SettleAfter = time.Minute
	}
	if o.ReadBackAfter == 0 {
		o.ReadBackAfter = 7 * time.Second
	}
	if o.BatchSize == 0 {
		o.BatchSize = freshsales.MaxBatch
	}
	if o.CallTimeout == 0 {
		o.CallTimeout = time.Minute
	}
	if o.Clock == nil {
		o.Clock = freshsales.SystemClock()
	}
	if o.Command == "" {
		o.Command = "ferry load --target " + o.Target.Name
	}
	return o
}

// check refuses what can only be a slip of the hand: it would quietly do nothing, or everything.
func (o Options) check() error {
	for _, name := range o.Only {
		if record.KindOf(name) == nil && name != record.AccountLinks {
			return run.Problemf("--only "+name, "there is no entity %q; they are %s", name,
				strings.Join(record.PlanOrder(), ", ")).WithExit(run.ExitUsage)
		}
	}
	return nil
}

// After is time.After on the options' clock.
func (o Options) After(d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	o.Clock.AfterFunc(d, func() { close(done) })
	return done
}

// HasAcknowledged says that the customer accepted something by name.
func (o Options) HasAcknowledged(name string) bool {
	for _, a := range o.Acknowledged {
		if a == name {
			return true
		}
	}
	return false
}
