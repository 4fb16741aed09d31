// Package ask is what an analyst asks of rules and runs: a query, a list, a picture of what hangs on what, the rows
// that an edit changes, a script for elsewhere, and whether the stories still come out as told. It owns the answers;
// it must not build a run or know a rule. Start at Query, Test (tell.go) and CompareRows (rowdiff.go).
package ask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
)

// Table is a small result as text; nil is null.
type Table struct {
	Columns []string
	Rows    [][]*string
	More    bool // there were more rows than these
	typed   [][]json.RawMessage
}

// MarshalJSON gives rows as objects, numbers as numbers.
func (t Table) MarshalJSON() ([]byte, error) {
	rows := make([]map[string]any, len(t.typed))
	for i, r := range t.typed {
		rows[i] = map[string]any{}
		for j, c := range t.Columns {
			rows[i][c] = r[j]
		}
	}
	return json.Marshal(map[string]any{"columns": t.Columns, "rows": rows, "more": t.More})
}

// queryRows is how many rows a query shows: a result is held in memory whole.
const queryRows = 1000

// queryWords are what a question may begin with; explain is answered apart, and only on the screen.
var queryWords = append(slices.Clone(engine.SelectWords), "describe", "summarize")

// Query runs one SELECT over everything a run has, inside the same fence as the models.
func Query(ctx context.Context, dir run.Dir, query string, o engine.Options) (Table, error) {
	e, m, err := openQuery(ctx, dir, query, o)
	if err != nil {
		return Table{}, err
	}
	defer e.Close()
	t, err := answer(ctx, e, m)
	return t, asQuery(ctx, err)
}

// Questions are asked of one run, one after the other; opening it costs more than most of them.
type Questions struct{ engine *engine.Engine }

// Open opens a run for questions.
func Open(ctx context.Context, dir run.Dir, o engine.Options) (*Questions, error) {
	e, err := engine.Open(ctx, dir, o)
	return &Questions{e}, err
}

// Ask runs one SELECT.
func (q *Questions) Ask(ctx context.Context, query string) (Table, error) {
	m, err := readQuery(ctx, query)
	if err != nil {
		return Table{}, err
	}
	t, err := answer(ctx, q.engine, m)
	return t, asQuery(ctx, err)
}

// Close ends the questions.
func (q *Questions) Close() { q.engine.Close() }

func answer(ctx context.Context, e *engine.Engine, m *model.Model) (Table, error) {
	if m.Tokens[0].Text == "explain" {
		return explainPlan(ctx, e, m)
	}
	if _, err := e.Columns(ctx, m, queryWords); err != nil {
		return Table{}, err
	}
	columns, err := e.ColumnsOf(ctx, "("+m.SelectText()+")") // names as they are told apart: a and a_1
	if err != nil {
		return Table{}, e.ExplainRun(m, err)
	}
	t := Table{Columns: model.Names(columns)}
	query := fmt.Sprintf("select %s, %s from (%s) limit %d", asText(columns), asJSON(columns), m.SelectText(),
		queryRows+1)
	err = e.Rows(ctx, query, func(values []any) error {
		if len(t.Rows) == queryRows {
			t.More = true
			return nil
		}
		row, typed := make([]*string, len(columns)), make([]json.RawMessage, len(columns))
		for i := range columns {
			row[i], typed[i] = show(values[i]), rawJSON(values[len(columns)+i], values[i])
		}
		t.Rows, t.typed = append(t.Rows, row), append(t.typed, typed)
		return nil
	})
	return t, e.ExplainRun(m, err)
}

// explainPlan shows how DuckDB would answer a SELECT.
func explainPlan(ctx context.Context, e *engine.Engine, m *model.Model) (Table, error) {
	how, from := "explain ", m.Tokens[0].At+len("explain")
	if len(m.Tokens) > 1 && m.Tokens[1].Text == "analyze" {
		how, from = "explain analyze ", m.Tokens[1].At+len("analyze")
	}
	rest := &model.Model{Source: model.Source{Text: m.Text[from:]}}
	rest.Tokens = model.Scan(rest.Text)
	if _, err := e.Columns(ctx, rest, engine.SelectWords); err != nil {
		return Table{}, err
	}
	t := Table{Columns: []string{"plan"}}
	err := e.Rows(ctx, how+rest.SelectText(), func(values []any) error {
		plan := show(values[len(values)-1])
		t.Rows, t.typed = append(t.Rows, []*string{plan}), append(t.typed, []json.RawMessage{rawJSON(nil, *plan)})
		return nil
	})
	return t, e.ExplainRun(m, err)
}

// asQuery takes a file's name out of a problem that has no file.
func asQuery(ctx context.Context, err error) error {
	var p *run.Problem
	switch {
	case ctx.Err() != nil:
		return &run.Problem{What: "the query was stopped", Exit: run.ExitInterrupted, Err: ctx.Err()}
	case errors.As(err, &p):
		p.What = strings.Replace(p.What, "a model is one SELECT", "a query is one SELECT", 1)
		p.Where, p.Try, p.Exit = "the query",
			`ferry sql list   (all tables); ferry sql query "describe TABLE"   (its columns)`, run.ExitUsage
	}
	return err
}

// String lays the table out in columns.
func (t Table) String() string {
	if len(t.Columns) == 1 && t.Columns[0] == "plan" && len(t.Rows) == 1 && t.Rows[0][0] != nil {
		return *t.Rows[0][0] // drawn by DuckDB
	}
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
