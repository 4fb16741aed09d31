package engine

import (
	"cmp"
	"context"
	stdsql "database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"ferry/internal/run"
	"ferry/sql/functions"
	"ferry/sql/model"
)

// Engine is one fenced DuckDB in memory: it may read and write one run folder and nothing else.
type Engine struct {
	db   *stdsql.DB
	dir  run.Dir
	temp string // scratch files, nobody else's

	mutex    sync.Mutex
	sources  map[string]string         // schema.table → what its view selects from
	known    map[string][]model.Column // schema.table → its columns
	counts   map[string]int64          // schema.table → rows
	given    map[string]bool           // tables that stand already, by a story
	memory   *memory                   // of what was built before; nil: stories, which build everything
	target   string                    // whose loaded.* tables are read
	macros   string                    // words that all models share
	words    string                    // the macros, as they were made
	budget   budget
	landed   int64     // bytes of the landed tables
	threads  int       // that build one table
	format   string    // of the files of tables
	progress *progress // of the build that runs; nil: none
	fields   []model.EntityFields
}

// builds and asks begin the names of scratch folders: of the one build there may be, and of questions beside it.
const (
	builds = "build"
	asks   = "ask"
)

// Temp is the folder of its own scratch files.
func (e *Engine) Temp() string { return e.temp }

// Start starts DuckDB inside a run folder and locks the door behind it.
func Start(ctx context.Context, dir run.Dir, o Options) (*Engine, error) {
	return start(ctx, dir, asks, o)
}

func start(ctx context.Context, dir run.Dir, whose string, o Options) (*Engine, error) {
	memory, err := o.budget()
	if err != nil {
		return nil, err
	}
	temp, err := dir.NewTemp(whose)
	if err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector("", func(driver.ExecerContext) error { return nil })
	if err != nil {
		return nil, errors.Join(err, dir.DropTemp(temp))
	}
	e := &Engine{db: stdsql.OpenDB(connector), dir: dir, temp: temp, macros: o.Macros, target: o.Target, budget: memory,
		fields: o.Fields, sources: map[string]string{}, known: map[string][]model.Column{}, counts: map[string]int64{}}
	if err = e.register(ctx); err == nil {
		err = e.exec(ctx, e.fence(o)...)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) register(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return functions.Register(conn)
}

// fence lists the settings of an engine. They are global, so every connection has them, and the
// last one makes that final.
func (e *Engine) fence(o Options) []string {
	root := Absolute(e.dir.Root())
	list := []string{
		fmt.Sprintf("set global memory_limit = '%dKiB'", e.budget.duck>>10),
		"set global temp_directory = " + model.Literal(Absolute(e.temp)),
		"set global TimeZone = 'UTC'",
		"set global errors_as_json = true",
		"set global autoinstall_known_extensions = false",
		"set global autoload_known_extensions = false",
		"set global allow_community_extensions = false",
		"set global allowed_directories = [" + model.Literal(root) + "]",
		"set global enable_external_access = false",
	}
	e.landed = run.BytesBelow(e.dir.LandedRoot())
	small, threads := e.landed < smallRun, e.budget.threads
	if e.format = fileFormat; small {
		threads = 1
	}
	e.threads = cmp.Or(o.Threads, threads)
	list = append(list, fmt.Sprintf("set global threads = %d", e.threads))
	if !small {
		// Rows leave as they are ready. In the order they came they would wait in memory for each other; a table
		// whose order matters says so. Only then can DuckDB gather wide rows in a share of the memory.
		list = append(list, "set global preserve_insertion_order = false")
		e.format += fmt.Sprintf(", row_group_size_bytes '%dKiB'", max(e.budget.duck/16, 4<<20)>>10)
	}
	list = append(list, "create schema landed", "create schema loaded")
	for _, f := range model.Floors {
		list = append(list, "create schema "+f.Schema)
	}
	return append(list, "set global lock_configuration = true")
}

// smallRun is how much landed data one thread reads faster than several that wait for each other.
const smallRun = 8 << 20

func (e *Engine) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := e.db.ExecContext(ctx, s); err != nil {
			return statementError{s, err}
		}
	}
	return nil
}

// One reads the one row of a query.
func (e *Engine) One(ctx context.Context, query string, into ...any) error {
	statement, arguments := plannedOnce(query)
	return e.db.QueryRowContext(ctx, statement, arguments...).Scan(into...)
}

// plannedOnce is a query as the argument of a statement. DuckDB plans what reads Parquet when it is prepared and anew
// when it runs; a text that is known only when it runs is planned only then.
func plannedOnce(query string) (statement string, arguments []any) {
	if strings.HasPrefix(query, "select ") || strings.HasPrefix(query, "describe ") {
		return "from query($1)", []any{query}
	}
	return query, nil
}

// CopyTo writes the rows of a query into a file, in a format with its options, and gives their number.
func (e *Engine) CopyTo(ctx context.Context, query, path, format string) (int64, error) {
	statement := fmt.Sprintf("copy (from query($1)) to %s (%s)", model.Literal(Absolute(path)), format)
	done, err := e.db.ExecContext(ctx, statement, query)
	if err != nil {
		return 0, statementError{query, err} // positions count from the beginning of the argument
	}
	return done.RowsAffected()
}

// ColumnsOf are the columns of a table, or of anything else that can be read, with DuckDB's full types.
func (e *Engine) ColumnsOf(ctx context.Context, source string) ([]model.Column, error) {
	var all []model.Column
	err := e.Rows(ctx, "describe select * from "+source, func(v []any) error {
		all = append(all, model.Column{Name: fmt.Sprint(v[0]), Kind: fmt.Sprint(v[1])})
		return nil
	})
	return all, err
}

// Tables are the names of all tables that can be read.
func (e *Engine) Tables() []string { return model.SortedKeys(e.known) }

// Known are the columns of a table that can be read, nil where there is none.
func (e *Engine) Known(table string) []model.Column { return e.known[table] }

func (e *Engine) Close() {
	_ = e.db.Close()
	_ = e.dir.DropTemp(e.temp)
}

// Rows runs a query with a small result and gives every row to a function.
func (e *Engine) Rows(ctx context.Context, query string, each func(values []any) error) error {
	statement, arguments := plannedOnce(query)
	rows, err := e.db.QueryContext(ctx, statement, arguments...)
	if err != nil {
		return statementError{query, err}
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

// setView makes a table readable by name; DuckDB wants changes of its catalog one at a time.
func (e *Engine) setView(ctx context.Context, schema, table, source string) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.sources[schema+"."+table] = source
	err := e.exec(ctx, fmt.Sprintf("create or replace view %s.%s as select * from %s", schema, model.Quote(table), source))
	if err != nil {
		delete(e.sources, schema+"."+table) // such as a list that an older run does not have
	}
	return err
}

// viewBuilt makes a built table readable by name.
func (e *Engine) viewBuilt(ctx context.Context, schema, table string) error {
	return e.setView(ctx, schema, table, Parquet(e.dir.Model(schema, table)))
}

// Parquet is Parquet files as SQL reads them.
func Parquet(path string) string { return "read_parquet(" + model.Literal(Absolute(path)) + ")" }

func Absolute(p string) string {
	if a, err := filepath.Abs(p); err == nil {
		return a
	}
	return p
}
