package adopt

import (
	"context"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/target"
)

// needs is all of an act that rebuilding a ledger uses. Its client has no call that writes.
type needs struct {
	worker
	Client reader
	Ledger memory
	Dir    run.Dir
	Target run.Target
}

func needsOf(s *target.Act) needs {
	return needs{worker: s, Client: s.Client, Ledger: s.Ledger, Dir: s.Dir, Target: s.Options.Target}
}

type reader interface {
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
	Lookup(ctx context.Context, e freshsales.Entity, field, value string) ([]freshsales.Row, error)
}

type memory interface {
	Do(change func(*ledger.Tx) error) error
	IsEmpty() (bool, error)
	StateOf(entity, key string) (*ledger.RecordState, error)
	StatesOf(entity string, keys []string) (map[string]*ledger.RecordState, error)
	Meta(name string) (string, error)
	SetMeta(name, value string) error
}

type worker interface {
	Parallel(n int, job func(i int) error) error
	Say(kind run.Kind, subject, format string, args ...any)
	Explain(err error) error
	RunID() string
	Now() time.Time
}
