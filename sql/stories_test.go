package sql_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ferry/extract"
	"ferry/internal/run"
	"ferry/sql"
)

// shippedOptions are the options for the SQL that is shipped, with the real landed tables.
func shippedOptions() sql.Options {
	return sql.Options{
		Landed:  append(extract.Tables(), extract.RejectsTable(), extract.SourcesTable()),
		Loaded:  loadedTables(),
		Scope:   map[string]string{},
		RunInfo: map[string]string{"version": "test"},
		Target:  "twin",
		Threads: 1,
		Now:     func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

// TestShippedStories rehearses everything that is shipped on empty tables, and tells every story
// of testdata/stories with it.
func TestShippedStories(t *testing.T) {
	results, err := sql.Test(context.Background(), os.DirFS(filepath.Join("..", "testdata", "stories")), shippedOptions(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Run(r.Name, func(t *testing.T) {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			if r.Diff != "" {
				t.Error("\n" + r.Diff)
			}
		})
	}
}

// loadedTables are what a load leaves.
func loadedTables() []run.Schema {
	bigint := func(n string) run.Column { return run.Column{Name: n, Type: run.Bigint} }
	with := func(s run.Schema, c ...run.Column) run.Schema { s.Columns = append(s.Columns, c...); return s }
	return []run.Schema{
		run.Texts("plan", "entity", "key", "action", "reason", "target_id", "changes", "withheld"),
		with(run.Texts("outcomes", "entity", "key", "outcome", "reason", "target_id"), bigint("calls"), run.Column{Name: "at", Type: run.Timestamptz}),
		with(run.Texts("readback", "entity", "key", "target_id", "class", "field", "sent", "found"), run.Column{Name: "is_spot_check", Type: run.Boolean}),
		with(run.Texts("calls", "phase", "kind"), bigint("planned"), bigint("used"), run.Column{Name: "seconds", Type: run.Double}),
		with(run.Texts("counts", "entity", "moment", "view"), bigint("total")),
		run.Texts("rollback", "entity", "key", "target_id", "result", "field", "reason"),
		run.Texts("notices", "kind", "entity", "key", "text"),
	}
}
