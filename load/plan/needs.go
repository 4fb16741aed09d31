package plan

import (
	"context"
	"database/sql"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/target"
)

// needs is all of an act that planning uses. Its client has no call that writes.
type needs struct {
	worker
	Client  reader
	Ledger  memory
	Dir     run.Dir
	Temp    string // scratch space of the act
	Started time.Time
	Calls   callsMade
	Notices noteTaker
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Dir: s.Dir, Temp: s.Temp, Started: s.Started,
		Calls: s.Calls, Notices: s.Notices}
}

type reader interface {
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
	ViewPage(ctx context.Context, e freshsales.Entity, view int64, q freshsales.Query) (freshsales.Page, error)
	Pacer() *freshsales.Pacer
}

// memory is what was loaded before, and where a load keeps what it finds before it writes.
type memory interface {
	Meta(name string) (string, error)
	SetMeta(name, value string) error
	Count(entity, where string) (int64, error)
	StateOf(entity, key string) (*ledger.RecordState, error)
	StatesOf(entity string, keys []string) (map[string]*ledger.RecordState, error)
	States(ctx context.Context, entity string) (*ledger.StateStream, error)
	ByTarget(entity, targetID string) (*ledger.RecordState, error)
	FieldsOf(seq int64) ([]byte, error)
	BatchSizeOf(entity string) (ledger.BatchSize, error)
	IntentAt(seq int64) (ledger.Intent, error)
	LeftBehind() (map[string][]*ledger.RecordState, error)
	MemberRows(ctx context.Context) (*sql.Rows, error)
	Problem(err error) error
	Do(change func(*ledger.Tx) error) error
}

type worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Explain(err error) error
	RunID() string
	Now() time.Time
	Wants(entity string) bool
}

type callsMade interface {
	Each(see func(phase, kind string, calls int64))
}

type noteTaker interface{ Add(n ...target.Notice) }
