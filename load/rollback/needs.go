package rollback

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// needs is all of an act that an undo uses. Its client has no call that creates.
type needs struct {
	worker
	Client  undoer
	Ledger  memory
	Options target.Options
	Started time.Time
	Calls   callsMade
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Options: s.Options, Started: s.Started, Calls: s.Calls}
}

type undoer interface {
	Update(ctx context.Context, e freshsales.Entity, id int64, a freshsales.Attributes) (freshsales.Record, error)
	Delete(ctx context.Context, e freshsales.Entity, id int64) (found bool, err error)
	BulkDestroy(ctx context.Context, e freshsales.Entity, ids []int64) error
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
	List(ctx context.Context, e freshsales.Entity, q freshsales.Query) (freshsales.Page, error)
	Lookup(ctx context.Context, e freshsales.Entity, field, value string) ([]freshsales.Row, error)
	Pacer() *freshsales.Pacer
}

// memory is what was written, and what stood there before.
type memory interface {
	Do(change func(*ledger.Tx) error) error
	Count(entity, where string) (int64, error)
	StateOf(entity, key string) (*ledger.RecordState, error)
	States(ctx context.Context, entity string) (*ledger.StateStream, error)
	ByTarget(entity, targetID string) (*ledger.RecordState, error)
	OpenCreates(entity string) ([]*ledger.RecordState, error)
	IntentAt(seq int64) (ledger.Intent, error)
	FieldsOf(seq int64) ([]byte, error)
	FirstImage(entity, key, ofRun string) (record.Fields, error)
	LastWrite(st *ledger.RecordState) (run string, isUndone bool, err error)
	FirstRun(entity, key string) (string, error)
	FieldsBefore(entity, key, run string) ([]byte, error)
}

type worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Expect(calls int64)
	RunID() string
	Now() time.Time
	Wants(entity string) bool
}

type callsMade interface {
	Each(see func(phase, kind string, calls int64))
}
