package send

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// needs is all of an act that sending uses. No call of its client deletes.
type needs struct {
	worker
	Client  writer
	Ledger  memory
	Dir     run.Dir
	Options target.Options
	Started time.Time
	Notices noteTaker
	JobHold interface{ Get() time.Duration } // how long jobs of the account stay unfinished
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Dir: s.Dir, Options: s.Options, Started: s.Started,
		Notices: s.Notices, JobHold: &s.JobHold}
}

type writer interface {
	Create(ctx context.Context, e freshsales.Entity, a freshsales.Attributes) (freshsales.Record, error)
	Update(ctx context.Context, e freshsales.Entity, id int64, a freshsales.Attributes) (freshsales.Record, error)
	Upsert(ctx context.Context, e freshsales.Entity, identifier, value string,
		a freshsales.Attributes) (freshsales.Upserted, error)
	BulkUpsert(ctx context.Context, e freshsales.Entity, items []freshsales.Item) (freshsales.Job, error)
	JobState(ctx context.Context, j freshsales.Job) (freshsales.JobState, error)
	Jobs() *freshsales.Gate
	Upload(ctx context.Context, f freshsales.File) (freshsales.Record, error)
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
	Lookup(ctx context.Context, e freshsales.Entity, field, value string) ([]freshsales.Row, error)
	ViewPage(ctx context.Context, e freshsales.Entity, view int64, q freshsales.Query) (freshsales.Page, error)
}

// memory holds what is meant before a call and what came of it after.
type memory interface {
	Do(change func(*ledger.Tx) error) error
	StateOf(entity, key string) (*ledger.RecordState, error)
	StatesOf(entity string, keys []string) (map[string]*ledger.RecordState, error)
	Count(entity, where string) (int64, error)
	IntentAt(seq int64) (ledger.Intent, error)
	FieldsOf(seq int64) ([]byte, error)
	FirstImage(entity, key, ofRun string) (record.Fields, error)
	BatchSizeOf(entity string) (ledger.BatchSize, error)
	SetBatchSize(entity string, b ledger.BatchSize) error
	Meta(name string) (string, error)
	SetMeta(name, value string) error
}

type worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Explain(err error) error
	Interrupted() error
	RunID() string
	Now() time.Time
	TimeLeft() time.Duration
}

type noteTaker interface{ Add(n ...target.Notice) }
