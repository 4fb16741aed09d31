package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
)

// build runs one model straight into its Parquet file and reads it back through a view.
func (e *engine) build(ctx context.Context, m *model, o Options) error {
	if leaves := m.floor.schema == salesSchema || m.floor.schema == reportsSchema; leaves && !e.knows(m) {
		if err := e.inspect(ctx, m, o); err != nil {
			return err
		}
	}
	if m.view {
		if err := e.setView(ctx, m.floor.schema, m.name, "("+m.selectText()+")"); err != nil {
			return e.explainRun(m, err)
		}
		return e.checkGrain(ctx, m)
	}
	rows, err := e.write(ctx, m)
	if err != nil {
		return e.explainRun(m, err)
	}
	if err := e.viewBuilt(ctx, m.floor.schema, m.name); err != nil {
		return err
	}
	if rows == 0 {
		e.count(m, 0)
		return nil
	}
	err = e.checkGrain(ctx, m)
	var p *run.Problem
	if m.outside != nil && errors.As(err, &p) {
		p.Where, p.Excerpt = m.given("").Where, ""
	}
	return err
}

// knows is true when the model's columns have been held against what was promised.
func (e *engine) knows(m *model) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	_, ok := e.known[m.qualified()]
	return ok
}

func (e *engine) write(ctx context.Context, m *model) (int64, error) {
	path := e.dir.Model(m.floor.schema, m.name)
	if m.outside != nil {
		return e.writeOutside(ctx, m, path)
	}
	if m.parts > 0 {
		return e.writeInParts(ctx, m, path)
	}
	return e.copyOut(ctx, e.written(m, "("+m.selectText()+")"), path)
}

// written is a query as it goes into a file: with types that may cross to other rooms, and, if it
// is sent, in the order the loader reads it in, whatever order the model asks for: the loader merges it
// with its ledger as it reads.
func (e *engine) written(m *model, query string) string {
	columns := "*"
	if len(m.casts) > 0 {
		columns = "* replace (" + strings.Join(m.casts, ", ") + ")"
	}
	if m.floor.schema != salesSchema {
		return "select " + columns + " from " + query
	}
	var by []string
	for _, c := range m.order(e.fields) {
		by = append(by, name(c))
	}
	return fmt.Sprintf("select %s from %s order by %s", columns, query, strings.Join(by, ", "))
}

// copyOut streams a query into a Parquet file that appears only when it is whole, and gives the
// number of its rows.
func (e *engine) copyOut(ctx context.Context, query, path string) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return 0, cannotWrite(path, err)
	}
	temp := run.TempName(path)
	statement := fmt.Sprintf("copy (%s) to %s (format parquet, compression zstd)", query, literal(absolute(temp)))
	done, err := e.db.ExecContext(ctx, statement)
	if err != nil {
		_ = os.Remove(temp)
		return 0, statementError{statement, err}
	}
	rows, err := done.RowsAffected()
	if err != nil {
		return 0, err
	}
	return rows, run.Publish(temp, path)
}

// writeInParts runs the same SELECT once for every bucket of a key, each time over the rows of
// the tables it reads that fall into the bucket, and joins the pieces: memory for one bucket is
// enough. Tables without the key are read whole every time.
func (e *engine) writeInParts(ctx context.Context, m *model, path string) (int64, error) {
	cut, err := e.cutBy(ctx, m)
	if err != nil {
		return 0, err
	}
	folder := filepath.Join(e.dir.Temp(), m.qualified())
	if err := os.MkdirAll(folder, run.DirMode); err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	defer e.restore(context.WithoutCancel(ctx), cut)
	for i := range m.parts {
		for _, c := range cut {
			bucket := fmt.Sprintf("(select * from %s where hash(%s) %% %d = %d)", c.source, name(m.partBy), m.parts, i)
			if err := e.setView(ctx, c.schema, c.name, bucket); err != nil {
				return 0, err
			}
		}
		if _, err := e.copyOut(ctx, m.selectText(), filepath.Join(folder, fmt.Sprintf("%04d.parquet", i))); err != nil {
			return 0, err
		}
	}
	return e.copyOut(ctx, e.written(m, "read_parquet("+literal(absolute(filepath.Join(folder, "*.parquet")))+")"), path)
}

// cutTable is a table that is read bucket by bucket.
type cutTable struct{ schema, name, source string }

func (e *engine) cutBy(ctx context.Context, m *model) ([]cutTable, error) {
	var cut []cutTable
	for _, r := range m.reads {
		has := false
		err := e.rows(ctx, "describe "+r.schema+"."+name(r.name), func(v []any) error {
			has = has || v[0] == m.partBy
			return nil
		})
		if err != nil {
			return nil, err
		}
		if has {
			cut = append(cut, cutTable{r.schema, r.name, e.sources[r.qualified()]})
		}
	}
	if len(cut) == 0 {
		return nil, m.problem(m.partsLine(), "no table read here has a column %q to cut it into parts by", m.partBy)
	}
	return cut, nil
}

func (e *engine) restore(ctx context.Context, cut []cutTable) {
	for _, c := range cut {
		_ = e.setView(ctx, c.schema, c.name, c.source)
	}
}

// checkGrain holds a built model to its "one row per": unique and never null.
func (e *engine) checkGrain(ctx context.Context, m *model) error {
	var keys, nulls []string
	for _, g := range m.grain {
		keys = append(keys, name(g))
		nulls = append(nulls, name(g)+" is null")
	}
	if len(keys) == 0 {
		return nil
	}
	any := strings.Join(nulls, " or ")
	all, null, distinct, err := e.countKeys(ctx, m, strings.Join(keys, ", "), any)
	if err != nil {
		return e.explainRun(m, err)
	}
	e.count(m, all)
	what := strings.Join(m.grain, ", ")
	switch {
	case null > 0:
		return m.problem(m.grainLine(), "one row per %s is promised, but %d of %d rows have none", what, null, all).
			WithTry(`ferry sql query "select * from %s where %s"`, m.qualified(), strings.ReplaceAll(any, `"`, ""))
	case distinct < all:
		return m.problem(m.grainLine(), "one row per %s is promised, but %d rows have only %d different ones", what,
			all, distinct).
			WithTry(`ferry sql query "select %s, count(*) from %s group by all having count(*) > 1"`, what, m.qualified())
	}
	return nil
}

// countKeys counts rows, those without a key, and different keys. Hashes of keys are counted first, in a fraction of
// the memory of the keys; only when two are equal are the keys themselves compared. Of a large table a share of
// the keys is looked at at a time.
func (e *engine) countKeys(ctx context.Context, m *model, keys, isNull string) (all, null, distinct int64, err error) {
	rows := int64(0)
	if !m.view {
		if rows, _, _, err = e.three(ctx, "select count(*), 0, 0 from "+m.table()); err != nil {
			return 0, 0, 0, err
		}
	}
	shares := 1 + rows/e.keysAtOnce()
	for share := range shares {
		where := ""
		if shares > 1 {
			where = fmt.Sprintf(" where hash(%s) %% %d = %d", keys, shares, share)
		}
		a, n, d, err := e.three(ctx, fmt.Sprintf("select count(*), count(*) filter (%s), count(distinct hash(%s)) from %s%s",
			isNull, keys, m.table(), where))
		if err == nil && n == 0 && d < a {
			a, n, d, err = e.three(ctx, fmt.Sprintf("select coalesce(sum(n), 0)::bigint, 0::bigint, count(*) from "+
				"(select count(*) as n from %s%s group by %s)", m.table(), where, keys))
		}
		if err != nil {
			return 0, 0, 0, err
		}
		all, null, distinct = all+a, null+n, distinct+d
	}
	return all, null, distinct, nil
}

func (e *engine) count(m *model, rows int64) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.counts[m.qualified()] = rows
}

func (e *engine) three(ctx context.Context, query string) (a, b, c int64, err error) {
	err = e.db.QueryRowContext(ctx, query).Scan(&a, &b, &c)
	return a, b, c, err
}
