package ask

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
)

// ModelDiff is what a change of rules did to the rows of one table.
type ModelDiff struct {
	Model   string       `json:"model"`
	Before  int64        `json:"rows_before"`
	After   int64        `json:"rows_after"`
	Added   int64        `json:"added"`
	Removed int64        `json:"removed"`
	Changed int64        `json:"changed"`
	Columns []ColumnDiff `json:"columns,omitempty"` // that changed, most rows first
	New     []string     `json:"new_columns,omitempty"`
	Lost    []string     `json:"lost_columns,omitempty"`
	Rows    []RowDiff    `json:"examples,omitempty"`
}

// ColumnDiff counts the rows in which a column has another value.
type ColumnDiff struct {
	Column string `json:"column"`
	Rows   int64  `json:"rows"`
}

// RowDiff is one row as it was and as it is.
type RowDiff struct {
	Kind  string     `json:"kind"` // added, removed, changed
	Key   []string   `json:"key"`
	Cells []CellDiff `json:"cells,omitempty"`
}

// CellDiff is one value as it was and as it is; null is "", a text without letters is "<empty>", as in a story.
type CellDiff struct {
	Column string `json:"column"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Same is true when no row and no column differs.
func (d ModelDiff) Same() bool {
	return d.Added+d.Removed+d.Changed == 0 && len(d.New)+len(d.Lost) == 0
}

// examplesShown is how many rows of a table are shown side by side, and how many that only one side has.
const (
	examplesShown = 10
	onlyShown     = 5
)

// comparison is a DuckDB over links to the tables of two runs.
type comparison struct{ *engine.Engine }

// twoSides are the two files of a table, reachable inside the fence; "" where a side has none.
type twoSides struct{ before, after string }

// link puts the files of a table inside the fence.
func (c comparison) link(schema, name string, before, after run.Dir) (s twoSides, err error) {
	if s.before, err = c.linkOne("before", before, schema, name); err == nil {
		s.after, err = c.linkOne("after", after, schema, name)
	}
	return s, err
}

func (c comparison) linkOne(side string, dir run.Dir, schema, name string) (string, error) {
	from := dir.Model(schema, name)
	if !run.Exists(from) {
		return "", nil
	}
	to := filepath.Join(c.Temp(), side, schema, name+".parquet")
	if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
		return "", run.CannotWrite(to, err)
	}
	if err := os.Link(from, to); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", run.CannotWrite(to, err)
	}
	return to, nil
}

// differ reads both files, unless there is but one.
func (s twoSides) differ() (bool, error) {
	if s.before == "" || s.after == "" {
		return s.before != s.after, nil
	}
	b, err := run.DigestFile(s.before)
	if err != nil {
		return false, err
	}
	a, err := run.DigestFile(s.after)
	return a != b, err
}

func (c comparison) compareModel(ctx context.Context, m *model.Model, before, after run.Dir) (ModelDiff, bool, error) {
	d := ModelDiff{Model: m.Qualified()}
	s, err := c.link(m.Floor.Schema, m.Name, before, after)
	if err != nil {
		return d, false, err
	}
	if differ, err := s.differ(); err != nil || !differ {
		return d, false, err
	}
	if s.before == "" || s.after == "" {
		return d, true, c.countOneSide(ctx, s, &d)
	}
	then, err := c.ColumnsOf(ctx, engine.Parquet(s.before))
	if err != nil {
		return d, false, err
	}
	now, err := c.ColumnsOf(ctx, engine.Parquet(s.after))
	if err != nil {
		return d, false, err
	}
	var both []model.Column
	tests := map[string]string{}
	for _, c := range now {
		if i := slices.IndexFunc(then, func(t model.Column) bool { return t.Name == c.Name }); i >= 0 {
			both, tests[c.Name] = append(both, c), differs(then[i], c)
		} else {
			d.New = append(d.New, c.Name)
		}
	}
	for _, c := range then {
		if !slices.ContainsFunc(now, func(n model.Column) bool { return n.Name == c.Name }) {
			d.Lost = append(d.Lost, c.Name)
		}
	}
	q := rowQueries{a: engine.Parquet(s.before), b: engine.Parquet(s.after), keys: m.Grain, differs: tests}
	if len(m.Grain) == 0 || !containsAll(model.Names(both), m.Grain) {
		err = c.compareKeyless(ctx, q, both, &d)
	} else {
		err = c.compareByKey(ctx, q, both, &d)
	}
	return d, !d.Same(), err
}

func (c comparison) countOneSide(ctx context.Context, s twoSides, d *ModelDiff) error {
	count := func(path string, into ...*int64) error {
		if path == "" {
			return nil
		}
		var n int64
		err := c.One(ctx, "select count(*) from "+engine.Parquet(path), &n)
		for _, at := range into {
			*at = n
		}
		return err
	}
	if err := count(s.before, &d.Before, &d.Removed); err != nil {
		return err
	}
	return count(s.after, &d.After, &d.Added)
}

// rowQueries writes the SELECTs that compare two files by key.
type rowQueries struct {
	a, b    string
	keys    []string
	differs map[string]string // column → the test whether it has another value
}

// shown are the columns of the key as DuckDB writes them.
func (q rowQueries) shown() string {
	quoted := make([]string, len(q.keys))
	for i, k := range q.keys {
		quoted[i] = model.Quote(k) + "::varchar"
	}
	return strings.Join(quoted, ", ")
}

func (q rowQueries) using() string {
	quoted := make([]string, len(q.keys))
	for i, k := range q.keys {
		quoted[i] = model.Quote(k)
	}
	return strings.Join(quoted, ", ")
}

// differs compares one column; texts are compared where it became another kind of value, so that 1 and '1' are equal.
func differs(then, now model.Column) string {
	name := model.Quote(now.Name)
	if then.Kind == now.Kind || isNumber(then.Kind) && isNumber(now.Kind) {
		return fmt.Sprintf("a.%[1]s is distinct from b.%[1]s", name)
	}
	return fmt.Sprintf("a.%[1]s::varchar is distinct from b.%[1]s::varchar", name)
}

func isNumber(kind string) bool {
	return strings.HasSuffix(kind, "INT") || kind == "INTEGER" || kind == "DOUBLE" || kind == "FLOAT" ||
		strings.HasPrefix(kind, "DECIMAL")
}

func (c comparison) compareByKey(ctx context.Context, q rowQueries, both []model.Column, d *ModelDiff) error {
	using := q.using()
	err := c.One(ctx, fmt.Sprintf("select (select count(*) from %[1]s), (select count(*) from %[2]s), "+
		"(select count(*) from %[2]s as b anti join %[1]s as a using (%[3]s)), (select count(*) from %[1]s as a anti join "+
		"%[2]s as b using (%[3]s))",
		q.a, q.b, using), &d.Before, &d.After, &d.Added, &d.Removed)
	if err != nil {
		return err
	}
	var values []string
	for _, c := range both {
		if !slices.Contains(q.keys, c.Name) {
			values = append(values, c.Name)
		}
	}
	if len(values) > 0 {
		if err := c.countChanges(ctx, q, values, d); err != nil {
			return err
		}
	}
	return c.showExamples(ctx, q, d)
}

func (c comparison) countChanges(ctx context.Context, q rowQueries, values []string, d *ModelDiff) error {
	tests := make([]string, len(values))
	counts := make([]string, len(values))
	for i, v := range values {
		tests[i] = q.differs[v]
		counts[i] = "count(*) filter (" + tests[i] + ")"
	}
	query := fmt.Sprintf("select count(*) filter (%s), %s from %s as a join %s as b using (%s)",
		strings.Join(tests, " or "), strings.Join(counts, ", "), q.a, q.b, q.using())
	err := c.Rows(ctx, query, func(v []any) error {
		d.Changed = v[0].(int64)
		for i, name := range values {
			if n := v[i+1].(int64); n > 0 {
				d.Columns = append(d.Columns, ColumnDiff{name, n})
			}
		}
		return nil
	})
	slices.SortStableFunc(d.Columns, func(a, b ColumnDiff) int { return int(b.Rows - a.Rows) })
	return err
}

func (c comparison) showExamples(ctx context.Context, q rowQueries, d *ModelDiff) error {
	if d.Changed > 0 {
		tests, cells := []string{}, []string{}
		for _, c := range d.Columns {
			tests = append(tests, q.differs[c.Column])
			cells = append(cells, fmt.Sprintf("a.%[1]s::varchar, b.%[1]s::varchar", model.Quote(c.Column)))
		}
		query := fmt.Sprintf("select %[7]s, %[2]s from %[3]s as a join %[4]s as b using (%[1]s) where %[5]s "+
			"order by %[1]s limit %[6]d",
			q.using(), strings.Join(cells, ", "), q.a, q.b, strings.Join(tests, " or "), examplesShown, q.shown())
		if err := c.Rows(ctx, query, func(v []any) error {
			d.Rows = append(d.Rows, changedRow(v, len(q.keys), d.Columns))
			return nil
		}); err != nil {
			return err
		}
	}
	for _, side := range []struct{ kind, has, lacks string }{{"added", q.b, q.a}, {"removed", q.a, q.b}} {
		query := fmt.Sprintf("select %[5]s from %[2]s as x anti join %[3]s as y using (%[1]s) order by %[1]s limit %[4]d",
			q.using(), side.has, side.lacks, onlyShown, q.shown())
		if err := c.Rows(ctx, query, func(v []any) error {
			d.Rows = append(d.Rows, RowDiff{Kind: side.kind, Key: texts(v)})
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func changedRow(v []any, keys int, columns []ColumnDiff) RowDiff {
	row := RowDiff{Kind: "changed", Key: texts(v[:keys])}
	for i, c := range columns {
		cells := texts(v[keys+2*i : keys+2*i+2])
		if cells[0] != cells[1] {
			row.Cells = append(row.Cells, CellDiff{c.Column, cells[0], cells[1]})
		}
	}
	return row
}

// emptyText is how a text without letters is told from null.
const emptyText = "<empty>"

func texts(values []any) []string {
	all := make([]string, len(values))
	for i, v := range values {
		if t := show(v); t != nil {
			all[i] = cmp.Or(*t, emptyText)
		}
	}
	return all
}

// compareKeyless counts whole rows, because nothing says which row is which.
func (c comparison) compareKeyless(ctx context.Context, q rowQueries, both []model.Column, d *ModelDiff) error {
	names := make([]string, len(both))
	for i, c := range both {
		names[i] = model.Quote(c.Name) + "::varchar"
	}
	list := strings.Join(names, ", ")
	return c.One(ctx, fmt.Sprintf("select (select count(*) from %[1]s), (select count(*) from %[2]s), "+
		"(select count(*) from (select %[3]s from %[2]s except all select %[3]s from %[1]s)), "+
		"(select count(*) from (select %[3]s from %[1]s except all select %[3]s from %[2]s))",
		q.a, q.b, list), &d.Before, &d.After, &d.Added, &d.Removed)
}
