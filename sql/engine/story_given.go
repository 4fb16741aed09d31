package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
)

// giveFiles writes the story's landed and loaded tables where the other stages leave them.
func (e *engine) giveFiles(s Story, o Options) error {
	for _, table := range keysOf(s.Given) {
		schema, tableName, _ := strings.Cut(table, ".")
		var known []run.Schema
		var file string
		switch schema {
		case landedSchema:
			known, file = o.Landed, e.landedFile(tableName)
		case loadedSchema:
			known, file = o.Loaded, e.dir.Loaded(o.Target, tableName)
		default:
			continue
		}
		var all []string
		for _, k := range known {
			all = append(all, schema+"."+k.Name)
		}
		i := slices.Index(all, table)
		if i < 0 {
			return s.problem("given", table, "there is no table %s.%s", table, run.DidYouMean(table, all))
		}
		if err := writeGiven(file, known[i], s.Given[table]); err != nil {
			return s.problem("given", table, "%s", err)
		}
	}
	return nil
}

func (e *engine) landedFile(table string) string {
	switch table {
	case "_rejects":
		return e.dir.Rejects()
	case "_sources":
		return e.dir.Sources()
	}
	return path.Join(e.dir.Landed(table), "given.parquet")
}

// problem is about one of a story's files.
func (s Story) problem(folder, table, format string, args ...any) *run.Problem {
	return run.Problemf(fmt.Sprintf("stories/%s/%s/%s.csv", s.Name, folder, table), format, args...).
		WithTry("ferry sql list")
}

func writeGiven(file string, s run.Schema, t StoryTable) error {
	attributes := slices.Index(s.Names(), "_extra") >= 0 && s.Name == "user_profiles"
	for _, c := range t.Columns {
		if slices.Index(s.Names(), c) < 0 && !attributes {
			return fmt.Errorf("unknown column %q.%s", c, run.DidYouMean(c, s.Names()))
		}
	}
	w, err := run.CreateTable(file, s)
	if err != nil {
		return err
	}
	for n, r := range t.Rows {
		row := make(run.Row, len(s.Columns))
		for i, c := range s.Columns {
			if at := slices.Index(t.Columns, c.Name); at >= 0 && r[at] != nil && err == nil {
				row[i], err = storyValue(c.Type, *r[at])
			} else if at < 0 {
				row[i] = t.provenance(s, c.Name, n)
			}
		}
		if err == nil {
			err = w.Write(row)
		}
		if err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

// provenance is what the extract would have noted about a row: its place, and the attributes
// that are no columns of the table.
func (t StoryTable) provenance(s run.Schema, column string, n int) any {
	switch column {
	case "_file":
		return s.Name + ".csv"
	case "_record":
		return strconv.Itoa(n + 1)
	case "_landed_at":
		return "2026-01-01T00:00:00Z"
	case "_extra":
		extra := map[string]string{}
		for i, c := range t.Columns {
			if slices.Index(s.Names(), c) < 0 && t.Rows[n][i] != nil {
				extra[c] = *t.Rows[n][i]
			}
		}
		if len(extra) > 0 {
			text, _ := json.Marshal(extra) // texts under texts always marshal
			return string(text)
		}
	}
	return nil
}

// storyValue reads a cell as a value of a column's type.
func storyValue(t run.Type, s string) (any, error) {
	switch t {
	case run.Boolean:
		return strconv.ParseBool(s)
	case run.Bigint:
		return strconv.ParseInt(s, 10, 64)
	case run.Double:
		return strconv.ParseFloat(s, 64)
	case run.Date:
		return time.Parse(time.DateOnly, s)
	case run.Timestamptz:
		return time.Parse(time.RFC3339, s)
	case run.VarcharList:
		return strings.Split(s, "|"), nil
	default:
		return s, nil
	}
}

// giveTables lays the story's other tables over what would have been built: a list loses its
// rows to the story's, a model is not built but given, with the types it would have had.
func (t *teller) giveTables(ctx context.Context, s Story) error {
	var given []string
	for _, table := range keysOf(s.Given) {
		schema, _, _ := strings.Cut(table, ".")
		if schema == landedSchema || schema == loadedSchema {
			continue
		}
		if known := t.project.tables(t.options); known[table] == "" && !slices.Contains(engineTables, table) {
			return s.problem("given", table, "there is no table %s.%s", table, run.DidYouMean(table, keysOf(known)))
		}
		given = append(given, table)
	}
	if err := t.learnTypes(ctx, given); err != nil {
		return err
	}
	for _, table := range given {
		schema, short, _ := strings.Cut(table, ".")
		if schema == settingsSchema {
			t.lists[table] = t.sources[table]
		} else {
			t.undo = append(t.undo, "drop view if exists "+schema+"."+name(short))
		}
		if err := t.giveTable(ctx, table, s.Given[table], t.types[table]); err != nil {
			if d, ok := readDuckError(err); ok {
				return s.problem("given", table, "%s", firstLine(d.Message))
			}
			return s.problem("given", table, "%s", err)
		}
	}
	return nil
}

// learnTypes finds the columns that given tables would have if they were built.
func (t *teller) learnTypes(ctx context.Context, tables []string) error {
	var unknown []string
	for _, table := range tables {
		if schema, _, _ := strings.Cut(table, "."); schema == settingsSchema {
			t.types[table] = t.known[table]
		} else if t.types[table] == nil {
			unknown = append(unknown, table)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	few := t.project.only(t.project.closure(func(m *model) bool { return slices.Index(unknown, m.qualified()) >= 0 }, nil))
	return t.rehearsing(ctx, few, few.models, t.options, func() error {
		for _, u := range unknown {
			schema, table, _ := strings.Cut(u, ".")
			if err := t.learn(ctx, schema, table); err != nil {
				return err
			}
			t.types[u] = t.known[u]
		}
		return nil
	})
}

func (e *engine) giveTable(ctx context.Context, qualified string, t StoryTable, types []column) error {
	schema, table, _ := strings.Cut(qualified, ".")
	for _, c := range t.Columns {
		if slices.Index(names(types), c) < 0 {
			return fmt.Errorf("unknown column %q.%s", c, run.DidYouMean(c, names(types)))
		}
	}
	var columns []string
	for _, c := range types {
		value := "null"
		if slices.Index(t.Columns, c.name) >= 0 {
			value = name(c.name)
		}
		columns = append(columns, fmt.Sprintf("%s::%s as %s", value, c.kind, name(c.name)))
	}
	source := fmt.Sprintf("(select %s from %s)", strings.Join(columns, ", "), t.values())
	if qualified == "settings.options" {
		// Options are given one by one; those the story does not name keep their value.
		source = fmt.Sprintf("(select * from %s where name not in (select name from %s) union all by name select * from %s)",
			e.sources[qualified], t.values(), source)
	}
	return e.setView(ctx, schema, table, source)
}

// values writes the rows as SQL.
func (t StoryTable) values() string {
	var rows []string
	for _, r := range t.Rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = "null::varchar"
			if c != nil {
				cells[i] = literal(*c)
			}
		}
		rows = append(rows, "("+strings.Join(cells, ", ")+")")
	}
	var columns, nulls []string
	for _, c := range t.Columns {
		columns = append(columns, name(c))
		nulls = append(nulls, "null::varchar as "+name(c))
	}
	if len(rows) == 0 {
		return "(select " + strings.Join(nulls, ", ") + " where false) as given"
	}
	return "(values " + strings.Join(rows, ", ") + ") as given (" + strings.Join(columns, ", ") + ")"
}
