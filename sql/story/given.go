package story

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Land writes the story's landed and loaded tables where the other stages leave them.
func (s Story) Land(dir run.Dir, r model.Room, target string) error {
	for _, table := range model.SortedKeys(s.Given) {
		schema, tableName, _ := strings.Cut(table, ".")
		var known []run.Schema
		var file string
		switch schema {
		case model.LandedSchema:
			known, file = r.Landed, landedFile(dir, tableName)
		case model.LoadedSchema:
			known, file = r.Loaded, dir.Loaded(target, tableName)
		default:
			continue
		}
		var all []string
		for _, k := range known {
			all = append(all, schema+"."+k.Name)
		}
		i := slices.Index(all, table)
		if i < 0 {
			return s.Problem("given", table, "there is no table %s.%s", table, run.DidYouMean(table, all))
		}
		if err := writeGiven(file, known[i], s.Given[table]); err != nil {
			return s.Problem("given", table, "%s", err)
		}
	}
	return nil
}

func landedFile(dir run.Dir, table string) string {
	switch table {
	case "_rejects":
		return dir.Rejects()
	case "_sources":
		return dir.Sources()
	}
	return path.Join(dir.Landed(table), "given.parquet")
}

// Problem is about one of a story's files.
func (s Story) Problem(folder, table, format string, args ...any) *run.Problem {
	return run.Problemf(fmt.Sprintf("stories/%s/%s/%s.csv", s.Name, folder, table), format, args...).
		WithTry("ferry sql list")
}

func writeGiven(file string, s run.Schema, t Table) error {
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
func (t Table) provenance(s run.Schema, column string, n int) any {
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
