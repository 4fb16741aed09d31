package backup

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/target"
)

// needs is all of an act that copying uses. Its client has no call that writes.
type needs struct {
	worker
	Client  reader
	Ledger  memory
	Options target.Options
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Options: s.Options}
}

type reader interface {
	account.Reader
	List(ctx context.Context, e freshsales.Entity, q freshsales.Query) (freshsales.Page, error)
}

type memory interface {
	ByTarget(entity, targetID string) (*ledger.RecordState, error)
	Images(ctx context.Context, each func(ledger.Image) error) error
}

type worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Now() time.Time
}
