package account

import (
	"context"

	"ferry/load/freshsales"
)

// Client is what this room asks of Freshsales: what the account is and has, and fields to be made.
type Client interface {
	Reader
	CreateField(ctx context.Context, e freshsales.Entity, door freshsales.FieldDoor, form int64,
		f freshsales.NewField) (freshsales.Field, error)
}

// Reader asks what the account is and has, and writes nothing.
type Reader interface {
	Host() string
	Ping(ctx context.Context) ([]freshsales.Owner, error)
	Selector(ctx context.Context, name string) ([]freshsales.Choice, error)
	Views(ctx context.Context, e freshsales.Entity) ([]freshsales.View, error)
	ViewPage(ctx context.Context, e freshsales.Entity, view int64, q freshsales.Query) (freshsales.Page, error)
	Fields(ctx context.Context, e freshsales.Entity) ([]freshsales.Field, error)
	Forms(ctx context.Context, e freshsales.Entity) ([]freshsales.Form, error)
	Lookup(ctx context.Context, e freshsales.Entity, field, value string) ([]freshsales.Row, error)
	Get(ctx context.Context, e freshsales.Entity, id int64, include ...string) (freshsales.Record, error)
}

// Memory keeps facts about an account from one act to the next; the target's ledger does.
type Memory interface {
	Meta(name string) (string, error)
	SetMeta(name, value string) error
}
