package sql

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"ferry/internal/run"
)

// build runs one model straight into its Parquet file and reads it back through a view.
func (e *engine) build(ctx context.Context, m *model) error {
	if err := e.inspect(ctx, m); err != nil {
		return err
	}
	if m.view {
		return e.exec(ctx, fmt.Sprintf("create or replace view %s as %s", e.tableName(m), m.selectText()))
	}
	if err := e.copyOut(ctx, m.selectText(), e.dir.Model(m.floor.schema, m.name)); err != nil {
		return m.explain(err)
	}
	if err := e.view(ctx, m.floor.schema, m.name); err != nil {
		return err
	}
	return e.checkGrain(ctx, m)
}

func (e *engine) tableName(m *model) string { return m.floor.schema + "." + name(m.name) }

// selectText is the file without a closing semicolon.
func (m *model) selectText() string {
	last := m.tokens[len(m.tokens)-1]
	if last.kind == symbol && last.text == ";" {
		return m.text[:last.at] + "\n"
	}
	return m.text + "\n"
}

func (e *engine) copyOut(ctx context.Context, query, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return err
	}
	temp := run.TempName(path)
	err := e.exec(ctx, fmt.Sprintf("copy (%s) to %s (format parquet, compression zstd)", query, literal(absolute(temp))))
	if err != nil {
		_ = os.Remove(temp)
		return err
	}
	return run.Publish(temp, path)
}

// inspect has DuckDB read the text without running it: one statement, a SELECT, names that exist.
func (e *engine) inspect(ctx context.Context, m *model) error {
	return e.conn.Raw(func(c any) error {
		prepared, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, m.selectText())
		if err != nil {
			return m.explain(err)
		}
		defer prepared.Close()
		kind, err := prepared.(*duckdb.Stmt).StatementType()
		if err != nil {
			return m.explain(err)
		}
		if kind != duckdb.STATEMENT_TYPE_SELECT {
			return m.problem(lineOf(m.text, m.tokens[0].at), "a model is one SELECT, nothing else")
		}
		return nil
	})
}

// checkGrain holds a built model to its "one row per": unique and never null.
func (e *engine) checkGrain(ctx context.Context, m *model) error {
	if len(m.grain) == 0 {
		return nil
	}
	var names, nulls []string
	for _, g := range m.grain {
		names = append(names, name(g))
		nulls = append(nulls, name(g)+" is null")
	}
	query := fmt.Sprintf("select count(*), count(*) filter (%s), count(distinct hash(%s)) from %s",
		strings.Join(nulls, " or "), strings.Join(names, ", "), e.tableName(m))
	var all, null, distinct int64
	if err := e.conn.QueryRowContext(ctx, query).Scan(&all, &null, &distinct); err != nil {
		return m.explain(err)
	}
	what := strings.Join(m.grain, ", ")
	line := m.grainLine()
	switch {
	case null > 0:
		return m.problem(line, "%s has %d of %d rows without %s, and promises one row per %s", m.qualified(), null, all, what, what)
	case distinct < all:
		return m.problem(line, "%s has %d rows but only %d different %s, and promises one row per %s", m.qualified(), all, distinct, what, what).
			WithTry("%s", fmt.Sprintf(`ferry sql query "select %s, count(*) from %s group by all having count(*) > 1"`, what, m.qualified()))
	}
	return nil
}

func (m *model) grainLine() int {
	for i, line := range strings.Split(m.text, "\n") {
		if grainLine.MatchString(strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "-"))) {
			return i + 1
		}
	}
	return 1
}
