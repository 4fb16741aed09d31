package reconcile

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/target"
)

// needs is all of an act that reading back uses. Its client has no call that writes.
type needs struct {
	worker
	Client  reader
	Ledger  memory
	Dir     run.Dir
	Options target.Options
	Temp    string // scratch space of the act
	Calls   callsMade
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Dir: s.Dir, Options: s.Options, Temp: s.Temp,
		Calls: s.Calls}
}

type reader interface {
	account.Reader
	List(ctx context.Context, e freshsales.Entity, q freshsales.Query) (freshsales.Page, error)
	Related(ctx context.Context, parent freshsales.Entity, id int64, of freshsales.Entity,
		q freshsales.Query) (freshsales.Page, error)
	DocumentsOf(ctx context.Context, parent freshsales.Entity, id int64) (freshsales.Page, error)
	Pacer() *freshsales.Pacer
}

// memory is what was sent, and what earlier read-backs proved.
type memory interface {
	Meta(name string) (string, error)
	SetMeta(name, value string) error
	Count(entity, where string) (int64, error)
	CountRefusals(codes map[string]map[string]bool, after int64) (int64, error)
	StateOf(entity, key string) (*ledger.RecordState, error)
	ByTarget(entity, targetID string) (*ledger.RecordState, error)
	FieldsOf(seq int64) ([]byte, error)
	FirstIntent() (time.Time, error)
	NewestGood(entity string) (int64, error)
	SentRecords(ctx context.Context, entity string, each func(ledger.SentRecord) error) error
}

type worker interface {
	Say(kind run.Kind, subject, format string, args ...any)
	Explain(err error) error
	Interrupted() error
	RunID() string
	Now() time.Time
	Wants(entity string) bool
}

type callsMade interface {
	Each(see func(phase, kind string, calls int64))
	Total() int64
	Write(path string, planned []target.PhaseCalls) error
}
