package sql

import (
	"context"
	stdsql "database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"ferry/internal/run"
)

// engine is one fenced DuckDB in memory: it may read and write one run folder and nothing else.
type engine struct {
	db   *stdsql.DB
	conn *stdsql.Conn
	dir  run.Dir
}

const (
	defaultMemory  = "1500MB"
	defaultThreads = 0 // as many as there are cores
)

// openEngine starts DuckDB inside a run folder and locks the door behind it.
func openEngine(ctx context.Context, dir run.Dir, o Options) (*engine, error) {
	if err := os.MkdirAll(dir.Temp(), run.DirMode); err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector("", func(driver.ExecerContext) error { return nil })
	if err != nil {
		return nil, err
	}
	e := &engine{db: stdsql.OpenDB(connector), dir: dir}
	if e.conn, err = e.db.Conn(ctx); err == nil {
		err = registerFunctions(e.conn)
	}
	if err == nil {
		err = e.exec(ctx, e.settings(o)...)
	}
	if err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

func (e *engine) settings(o Options) []string {
	root, err := filepath.Abs(e.dir.Root())
	if err != nil {
		root = e.dir.Root()
	}
	list := []string{
		"set memory_limit = " + literal(cmpOr(o.MemoryLimit, defaultMemory)),
		"set temp_directory = " + literal(filepath.Join(root, filepath.Base(e.dir.Temp()))),
		"set TimeZone = 'UTC'",
		"set errors_as_json = true",
		"set enable_progress_bar = false",
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set allow_community_extensions = false",
		"set allowed_directories = [" + literal(root) + "]",
		"set enable_external_access = false",
	}
	if o.Threads > 0 {
		list = append(list, fmt.Sprintf("set threads = %d", o.Threads))
	}
	for _, f := range floors {
		list = append(list, "create schema if not exists "+f.schema)
	}
	return append(list, "create schema landed", "create schema loaded", "set lock_configuration = true")
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (e *engine) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := e.conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) close() {
	if e.conn != nil {
		_ = e.conn.Close()
	}
	_ = e.db.Close()
	_ = os.RemoveAll(e.dir.Temp())
}

// rows runs a query with a small result and gives every row to a function.
func (e *engine) rows(ctx context.Context, query string, each func(values []any) error) error {
	rows, err := e.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		at := make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		if err := rows.Scan(at...); err != nil {
			return err
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// literal writes a SQL string.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// name writes a SQL name.
func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
