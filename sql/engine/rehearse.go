package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"ferry/internal/run"
	"ferry/sql/model"
)

// rehearse has DuckDB read every model without running any: one statement, a SELECT, names that
// exist, the columns that were promised. It finds a misspelt column on the last floor before the
// first row is read, and names all mistakes at once. It leaves nothing behind.
func (e *Engine) rehearse(ctx context.Context, p *model.Project, models []*model.Model, o Options) error {
	return e.rehearsing(ctx, p, models, o, func() error { return nil })
}

// rehearsing does something while the empty tables of a faultless rehearsal stand.
func (e *Engine) rehearsing(ctx context.Context, p *model.Project, models []*model.Model, o Options,
	during func() error) error {
	r := rehearsal{Engine: e, project: p, options: o, broken: map[string]bool{}, otherwise: map[string][]string{}}
	for _, m := range models {
		if m.Floor.Schema != model.ReportsSchema {
			r.add(ctx, m)
		}
	}
	if len(r.problems) == 0 && !o.reportsOnly() {
		r.make(ctx, "checks.findings", model.FindingsQuery(p))
		r.make(ctx, "checks.rules", model.RulesQuery(p))
	} else {
		r.broken["checks.findings"], r.broken["checks.rules"] = !o.reportsOnly(), !o.reportsOnly()
	}
	for _, m := range models {
		if m.Floor.Schema == model.ReportsSchema {
			r.add(ctx, m)
		}
	}
	if len(r.problems) == 0 && ctx.Err() == nil {
		r.keep(during())
	}
	for _, t := range r.made {
		if err := e.exec(context.WithoutCancel(ctx), "drop table if exists "+t); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(r.problems...)
}

// rehearsal is what is known while models are rehearsed one after the other.
type rehearsal struct {
	*Engine
	project  *model.Project
	options  Options
	made     []string
	broken   map[string]bool // what cannot be made, and all that reads it
	problems []error
	// otherwise is how a table that stands in the place of ours differs from it, where a file above may feel that
	otherwise map[string][]string
}

func (r *rehearsal) keep(err error) {
	if err != nil {
		r.problems = append(r.problems, err)
	}
}

func (r *rehearsal) make(ctx context.Context, table, query string) {
	if err := r.exec(ctx, fmt.Sprintf("create table %s as %s with no data", table, query)); err != nil {
		r.keep(err)
		r.broken[table] = true
		return
	}
	r.made = append(r.made, table)
}

func (r *rehearsal) add(ctx context.Context, m *model.Model) {
	for _, read := range m.Reads {
		r.broken[m.Qualified()] = r.broken[m.Qualified()] || r.broken[read.Qualified()]
	}
	if r.broken[m.Qualified()] || ctx.Err() != nil {
		return
	}
	err := r.inspect(ctx, m, r.options)
	if err == nil {
		err = r.project.CheckListed(m, r.known[m.Qualified()])
	}
	if err == nil {
		err = r.asOurs(ctx, m)
	}
	if err != nil {
		r.keep(r.blame(m, err))
		r.broken[m.Qualified()] = true
		return
	}
	r.make(ctx, m.Table(), r.written(m, "("+m.SelectText()+")"))
}

// asOurs holds a table that stands in the place of ours against it: which columns are gone or of another type. What is
// sent has the types that Freshsales takes, and keeps them.
func (r *rehearsal) asOurs(ctx context.Context, m *model.Model) error {
	if m.Replaces == "" || m.Outside != nil {
		return nil
	}
	ours := &model.Model{Source: model.Source{Text: m.Replaces}, Tokens: model.Scan(m.Replaces)}
	columns, err := r.Columns(ctx, ours, SelectWords)
	if err != nil {
		return nil // what it reads is otherwise, too
	}
	theirs := r.known[m.Qualified()]
	for _, c := range columns {
		i := slices.Index(model.Names(theirs), c.Name)
		switch {
		case i < 0:
			r.otherwise[m.Qualified()] = append(r.otherwise[m.Qualified()], c.Name+" is gone")
		case theirs[i].Kind == c.Kind:
		case m.Floor.Schema == model.SalesSchema && !strings.HasPrefix(c.Name, "cf_"):
			return m.Problem(m.LineSaying(c.Name), "column %s is %s, and Freshsales takes it as %s: cast it", c.Name,
				theirs[i].Kind, c.Kind)
		default:
			r.otherwise[m.Qualified()] = append(r.otherwise[m.Qualified()],
				c.Name+" is "+theirs[i].Kind+" and was "+c.Kind)
		}
	}
	return nil
}

// blame puts the mistake of a file of ours where it was made: in a file below it that gives other columns than ours.
func (r *rehearsal) blame(m *model.Model, err error) error {
	if m.Yours || len(r.otherwise) == 0 {
		return err
	}
	below := r.project.Closure(func(n *model.Model) bool { return n == m }, nil)
	var p *run.Problem
	for _, theirs := range r.project.Models {
		how := r.otherwise[theirs.Qualified()]
		if !below[theirs.Qualified()] || len(how) == 0 || !errors.As(err, &p) {
			continue
		}
		return theirs.Problem(theirs.FirstLine(), "%s stands on this file and cannot be built: other than in "+
			"ours, here %s", m.Qualified(), strings.Join(how, ", "))
	}
	return err
}

// inspect reads one text and holds its columns against what was promised.
func (e *Engine) inspect(ctx context.Context, m *model.Model, o Options) error {
	columns, err := e.Columns(ctx, m, SelectWords)
	if err != nil {
		return err
	}
	if err := m.CheckContract(columns, o.Fields); err != nil {
		return err
	}
	if m.Floor.Schema == model.ReportsSchema {
		if columns, err = m.CastColumns(columns); err != nil {
			return err
		}
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.known[m.Qualified()] = columns
	return nil
}

// Columns prepares a text that begins with one of some words and gives the columns it would have.
func (e *Engine) Columns(ctx context.Context, m *model.Model, words []string) ([]model.Column, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var columns []model.Column
	err = conn.Raw(func(c any) error {
		// Prepare, not PrepareContext: the latter runs all statements of a text but the last.
		prepared, err := c.(driver.Conn).Prepare(m.SelectText())
		if err != nil {
			return e.cannotPrepare(m, err)
		}
		s := prepared.(*duckdb.Stmt)
		defer s.Close()
		if err := checkKind(m, s, words); err != nil {
			return err
		}
		n, err := s.ColumnCount()
		for i := 0; i < n && err == nil; i++ {
			var col model.Column
			col, err = columnOf(s, i)
			columns = append(columns, col)
		}
		return err
	})
	return columns, err
}

func (e *Engine) cannotPrepare(m *model.Model, err error) error {
	if _, ok := readDuckError(err); ok {
		return e.explain(m, err)
	}
	for _, t := range m.Tokens {
		if t.Kind == model.Word && t.Text == "pivot" {
			return m.Problem(model.LineOf(m.Text, t.At),
				"a PIVOT in a model lists the values it makes columns of: pivot … on x in ('a', 'b')")
		}
	}
	line := m.FirstLine()
	for i, t := range m.Tokens {
		if t.Kind == model.Symbol && t.Text == ";" && i+1 < len(m.Tokens) {
			line = model.LineOf(m.Text, m.Tokens[i+1].At)
			break
		}
	}
	return m.Problem(line, "a model is one SELECT; here a second statement begins")
}

// SelectWords are what one SELECT may begin with.
var SelectWords = []string{"select", "with", "from", "values", "(", "pivot", "unpivot"}

func checkKind(m *model.Model, s *duckdb.Stmt, words []string) error {
	kind, err := s.StatementType()
	switch {
	case err != nil:
		return err
	case kind != duckdb.STATEMENT_TYPE_SELECT || slices.Index(words, m.Tokens[0].Text) < 0:
		return m.Problem(m.FirstLine(), "a model is one SELECT; this is another kind of statement")
	case s.NumInput() > 0:
		return m.Problem(m.FirstLine(), "a SELECT has no parameters here; what may change is a row of settings.options")
	}
	return nil
}

func columnOf(s *duckdb.Stmt, i int) (model.Column, error) {
	n, err := s.ColumnName(i)
	if err != nil {
		return model.Column{}, err
	}
	info, err := s.ColumnTypeInfo(i)
	if err != nil {
		return model.Column{}, err
	}
	return model.Column{Name: n, Kind: typeName(info)}, nil
}

var typeNames = map[duckdb.Type]string{
	duckdb.TYPE_VARCHAR: "varchar", duckdb.TYPE_BOOLEAN: "boolean", duckdb.TYPE_BIGINT: "bigint",
	duckdb.TYPE_DOUBLE: "double",
	duckdb.TYPE_DATE:   "date", duckdb.TYPE_TIMESTAMP_TZ: "timestamptz", duckdb.TYPE_INTEGER: "integer",
	duckdb.TYPE_SMALLINT: "smallint",
	duckdb.TYPE_TINYINT:  "tinyint", duckdb.TYPE_HUGEINT: "hugeint", duckdb.TYPE_UBIGINT: "ubigint",
	duckdb.TYPE_UINTEGER: "uinteger",
	duckdb.TYPE_FLOAT:    "float", duckdb.TYPE_DECIMAL: "decimal", duckdb.TYPE_TIMESTAMP: "timestamp",
	duckdb.TYPE_TIME:     "time",
	duckdb.TYPE_INTERVAL: "interval", duckdb.TYPE_STRUCT: "struct", duckdb.TYPE_MAP: "map", duckdb.TYPE_BLOB: "blob",
}

func typeName(info duckdb.TypeInfo) string {
	if l, ok := info.Details().(*duckdb.ListDetails); ok {
		return typeName(l.Child) + "[]"
	}
	if n, ok := typeNames[info.InternalType()]; ok {
		return n
	}
	return fmt.Sprintf("type %d", info.InternalType())
}
