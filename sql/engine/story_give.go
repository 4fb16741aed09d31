package engine

import (
	"context"
	"ferry/internal/run"
	"fmt"
	"slices"
	"strings"
)

// giveTables lays the story's other tables over what would have been built: a list loses its
// rows to the story's, a model is not built but given, with the types it would have had.
func (t *teller) giveTables(ctx context.Context, s Story) error {
	var given []string
	for _, table := range keysOf(s.Given) {
		schema, _, _ := strings.Cut(table, ".")
		if schema == landedSchema || schema == loadedSchema {
			continue
		}
		if known := t.project.tables(t.options.Room()); known[table] == "" && !slices.Contains(engineTables, table) {
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
	source := fmt.Sprintf("(select %s from %s)", strings.Join(columns, ", "), Values(t.Columns, t.Rows))
	if qualified == "settings.options" {
		// Options are given one by one; those the story does not name keep their value.
		source = fmt.Sprintf("(select * from %s where name not in (select name from %s) union all by name select * from %s)",
			e.sources[qualified], Values(t.Columns, t.Rows), source)
	}
	return e.setView(ctx, schema, table, source)
}
