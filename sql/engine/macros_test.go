package engine

import (
	"context"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/sql/sqltest"
)

// A mistyped zone must not be read as UTC without a word.
func TestAZoneThatIsNoneIsRefused(t *testing.T) {
	o := options(sqltest.Small())
	o.Scope = map[string]string{ZoneSetting: "Europe/Dublim"}
	dir, err := run.OpenProject(t.TempDir()).NewRun(sqltest.Clock())
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{}); err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), dir, o)
	if err == nil || !strings.Contains(err.Error(), ZoneSetting) ||
		!strings.Contains(err.Error(), `"Europe/Dublim" is not a time zone`) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkInstant reads a million times, as the staging of events does.
func BenchmarkInstant(b *testing.B) {
	dir, err := run.OpenProject(b.TempDir()).NewRun(sqltest.Clock())
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	e, err := Start(ctx, dir, options(sqltest.Small()))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	if err := e.makeMacros(ctx); err != nil {
		b.Fatal(err)
	}
	for name, written := range map[string]string{"seconds": "(1700000000 + i)::varchar",
		"text":   "strftime(to_timestamp(1700000000 + i), '%Y-%m-%d %H:%M:%S')",
		"offset": "strftime(to_timestamp(1700000000 + i), '%Y-%m-%d %H:%M:%S +01:00')"} {
		if err := e.exec(ctx, "create or replace table written as select "+written+
			" as t from range(1000000) as r(i)"); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := e.Rows(ctx, "select max(instant(t)) from written",
					func(v []any) error { _ = v[0].(time.Time); return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
