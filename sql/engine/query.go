package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ferry/internal/run"
)

// Table is a small result as text; nil is null.
type Table struct {
	Columns []string
	Rows    [][]*string
	More    bool // there were more rows than these
}

// queryRows is how many rows a query shows: a result is held in memory whole.
const queryRows = 1000

// Query runs one SELECT over everything a run has, inside the same fence as the models.
func Query(ctx context.Context, dir run.Dir, query string, o Options) (Table, error) {
	m := &model{source: source{text: query}, tokens: scan(query)}
	if len(m.tokens) == 0 {
		return Table{}, run.Problemf("", "the query is empty").WithTry(`ferry sql query "select * from staging.profiles"`).WithExit(run.ExitUsage)
	}
	m.reads = readsOf(m.tokens)
	p, err := readProject(o)
	if err != nil {
		return Table{}, err
	}
	e, err := openEngine(ctx, dir, o)
	if err != nil {
		return Table{}, err
	}
	defer e.close()
	if err := e.open(ctx, p, o); err != nil {
		return Table{}, err
	}
	t, err := e.answer(ctx, m)
	return t, asQuery(ctx, err)
}

func (e *engine) answer(ctx context.Context, m *model) (Table, error) {
	if err := m.checkCalls(true); err != nil {
		return Table{}, err
	}
	columns, err := e.columns(ctx, m, append(selectWords, "describe", "summarize"))
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: names(columns)}
	err = e.rows(ctx, fmt.Sprintf("select * from (%s) limit %d", m.selectText(), queryRows+1), func(values []any) error {
		if len(t.Rows) == queryRows {
			t.More = true
			return nil
		}
		row := make([]*string, len(values))
		for i, v := range values {
			row[i] = show(v)
		}
		t.Rows = append(t.Rows, row)
		return nil
	})
	return t, e.explainRun(m, err)
}

// asQuery takes a file's name out of a problem that has no file.
func asQuery(ctx context.Context, err error) error {
	var p *run.Problem
	switch {
	case ctx.Err() != nil:
		return &run.Problem{What: "the query was stopped", Exit: run.ExitInterrupted, Err: ctx.Err()}
	case errors.As(err, &p):
		p.What = strings.Replace(p.What, "a model is one SELECT", "a query is one SELECT", 1)
		p.Where, p.Try, p.Exit = "the query", `ferry sql list   (all tables); ferry sql query "describe TABLE"   (its columns)`, run.ExitUsage
	}
	return err
}

// open makes every table a run already has readable, and forgives those it has not.
func (e *engine) open(ctx context.Context, p *project, o Options) error {
	if err := e.outside(ctx, o); err != nil {
		return err
	}
	for _, t := range engineTables {
		schema, table, _ := strings.Cut(t, ".")
		e.openBuilt(ctx, schema, table)
	}
	for _, s := range p.settings {
		e.openBuilt(ctx, settingsSchema, s.name)
	}
	for _, m := range p.models {
		if m.view {
			_ = e.setView(ctx, m.floor.schema, m.name, "("+m.selectText()+")")
		} else {
			e.openBuilt(ctx, m.floor.schema, m.name)
		}
	}
	return nil
}

func (e *engine) openBuilt(ctx context.Context, schema, table string) {
	if e.viewBuilt(ctx, schema, table) == nil {
		_ = e.learn(ctx, schema, table)
	}
}

// learn remembers the columns of a table, for suggestions.
func (e *engine) learn(ctx context.Context, schema, table string) error {
	var columns []column
	err := e.rows(ctx, "describe "+schema+"."+name(table), func(v []any) error {
		columns = append(columns, column{fmt.Sprint(v[0]), strings.ToLower(fmt.Sprint(v[1]))})
		return nil
	})
	e.known[schema+"."+table] = columns
	return err
}

// show writes a value as DuckDB would, times in UTC.
func show(v any) *string {
	var s string
	switch x := v.(type) {
	case nil:
		return nil
	case time.Time:
		s = x.UTC().Format(time.RFC3339)
	case []any:
		items := make([]string, len(x))
		for i, item := range x {
			if t := show(item); t != nil {
				items[i] = *t
			}
		}
		s = "[" + strings.Join(items, ", ") + "]"
	default:
		s = fmt.Sprint(x)
	}
	return &s
}

// String lays the table out in columns.
func (t Table) String() string {
	width := make([]int, len(t.Columns))
	cell := func(c *string) string {
		if c == nil {
			return "·"
		}
		return strings.NewReplacer("\n", "⏎", "\t", " ").Replace(*c)
	}
	lines := [][]string{t.Columns}
	for _, r := range t.Rows {
		line := make([]string, len(r))
		for i, c := range r {
			line[i] = cell(c)
		}
		lines = append(lines, line)
	}
	for _, l := range lines {
		for i, c := range l {
			width[i] = max(width[i], len([]rune(c)))
		}
	}
	var b strings.Builder
	for _, l := range lines {
		for i, c := range l {
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(c)
			if i < len(l)-1 {
				b.WriteString(strings.Repeat(" ", width[i]-len([]rune(c))))
			}
		}
		b.WriteByte('\n')
	}
	if t.More {
		fmt.Fprintf(&b, "… only the first %d rows are shown\n", queryRows)
	}
	return b.String()
}
