package remote

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
)

// Reader is what a look asks of the account; the client answers it.
type Reader interface {
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
	Lookup(ctx context.Context, e freshsales.Entity, field, value string) ([]freshsales.Row, error)
	List(ctx context.Context, e freshsales.Entity, q freshsales.Query) (freshsales.Page, error)
	ViewPage(ctx context.Context, e freshsales.Entity, view int64, q freshsales.Query) (freshsales.Page, error)
	Related(ctx context.Context, parent freshsales.Entity, id int64, of freshsales.Entity,
		q freshsales.Query) (freshsales.Page, error)
	DocumentsOf(ctx context.Context, parent freshsales.Entity, id int64) (freshsales.Page, error)
}

// Memory is what a look knows from earlier acts, and leaves for later ones; the ledger keeps it.
type Memory interface {
	Meta(name string) (string, error)
	SetMeta(name, value string) error
	Count(entity, where string) (int64, error)
	ByTarget(entity, targetID string) (*ledger.RecordState, error)
	IntentAt(seq int64) (ledger.Intent, error)
}

// Worker is the act a look is part of: it runs calls side by side and tells people what happens.
type Worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Explain(err error) error
	RunID() string
	Now() time.Time
}

// Lookups finds records of ours in the account, in whichever way their kind allows.
type Lookups struct {
	Client Reader
	Ledger Memory
	Worker
	Temp    string // scratch space of the act, for full scans
	Account *account.Account
}
