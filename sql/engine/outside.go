package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
)

// GivenFact is what the manifest keeps of a table from outside.
type GivenFact struct {
	Files  string `json:"files"`
	Count  int    `json:"file_count"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
	Digest string `json:"sha256"`
}

// writeOutside takes a table from outside into the run: held against what the model promises, with its types.
func (e *engine) writeOutside(ctx context.Context, m *model, path string) (int64, error) {
	folder := filepath.Join(e.dir.Temp(), "given", m.qualified())
	defer os.RemoveAll(folder)
	if err := bringIn(m.outside, folder); err != nil {
		return 0, err
	}
	source := "read_parquet(" + literal(absolute(filepath.Join(folder, "**", "*.parquet"))) +
		", hive_partitioning = true, union_by_name = true)"
	wanted, err := e.describe(ctx, "("+m.selectText()+")")
	if err != nil {
		return 0, err
	}
	have, err := e.describe(ctx, source)
	if err != nil {
		return 0, m.given("these files cannot be read as one table: %s", plain(err)).
			WithTry("look at the files with any Parquet tool")
	}
	if err := m.sameColumns(wanted, have); err != nil {
		return 0, err
	}
	if err := e.checkValues(ctx, m, source, wanted, have); err != nil {
		return 0, err
	}
	var columns []string
	for _, c := range wanted {
		columns = append(columns, fmt.Sprintf("try_cast(%[1]s as %[2]s) as %[1]s", name(c.name), c.kind))
	}
	rows, err := e.copyOut(ctx, e.written(m, "(select "+strings.Join(columns, ", ")+" from "+source+")"), path)
	if err != nil || rows == m.outside.Rows || m.outside.Rows == 0 {
		return rows, err
	}
	_ = os.Remove(path)
	return 0, m.given("there are %d rows, and ferry.yaml says there must be %d", rows, m.outside.Rows).
		WithTry("write it again where it was made, or correct the number")
}

// bringIn links the files into the run, or copies them from another disk: nothing outside of it is ever read by SQL.
func bringIn(o *outside, folder string) error {
	for _, f := range o.files {
		below, err := filepath.Rel(o.root, f)
		if err != nil {
			below = filepath.Base(f)
		}
		to := filepath.Join(folder, strings.TrimSuffix(below, filepath.Ext(below))+".parquet")
		if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
			return cannotWrite(to, err)
		}
		real, err := filepath.EvalSymlinks(f)
		if err != nil {
			return err
		}
		if os.Link(real, to) == nil {
			continue
		}
		from, err := os.Open(real)
		if err != nil {
			return err
		}
		err = run.WriteFile(to, func(w io.Writer) error { _, err := io.Copy(w, from); return err })
		if err := errors.Join(err, from.Close()); err != nil {
			return cannotWrite(to, err)
		}
	}
	return nil
}

// describe gives the columns of a source with DuckDB's full types.
func (e *engine) describe(ctx context.Context, source string) ([]column, error) {
	var all []column
	err := e.rows(ctx, "describe select * from "+source, func(v []any) error {
		all = append(all, column{fmt.Sprint(v[0]), fmt.Sprint(v[1])})
		return nil
	})
	return all, err
}

// checkValues refuses values that would be lost or changed by becoming the type that was promised, and keys that no
// other table would find: with spaces around them, or written as numbers with a point.
func (e *engine) checkValues(ctx context.Context, m *model, source string, wanted, have []column) error {
	type test struct{ column, what, sql string }
	var tests []test
	for _, c := range wanted {
		from := have[slices.Index(names(have), c.name)].kind
		n, isNumber := name(c.name), isFractional(from)
		if from != c.kind {
			tests = append(tests, test{c.name, fmt.Sprintf("%s that are no %s", strings.ToLower(from), strings.ToLower(c.kind)),
				fmt.Sprintf("%[1]s is not null and try_cast(%[1]s as %[2]s) is null", n, c.kind)})
		}
		isKey := strings.HasSuffix(c.name, "_key") || strings.HasSuffix(c.name, "_id")
		switch {
		case isNumber && isWhole(c.kind):
			tests = append(tests, test{c.name, "numbers with a fraction where whole ones are promised",
				fmt.Sprintf("%[1]s <> try_cast(%[1]s as %[2]s)", n, c.kind)})
		case isKey && c.kind == "VARCHAR" && isNumber:
			tests = append(tests, test{c.name, "keys written as numbers with a point; cast them to text where they were made",
				n + " is not null"})
		case isKey && c.kind == "VARCHAR":
			tests = append(tests, test{c.name, "keys that are empty or have spaces around them",
				fmt.Sprintf("%[1]s::varchar = '' or %[1]s::varchar <> trim(%[1]s::varchar)", n)})
		}
	}
	if len(tests) == 0 {
		return nil
	}
	counts := make([]string, len(tests))
	for i, t := range tests {
		counts[i] = "count(*) filter (" + t.sql + ")"
	}
	var problems []error
	err := e.rows(ctx, "select "+strings.Join(counts, ", ")+" from "+source, func(v []any) error {
		for i, t := range tests {
			if n, _ := v[i].(int64); n > 0 {
				problems = append(problems, m.given("column %q holds %d %s", t.column, n, t.what).
					WithTry("correct it where the table was made, then: ferry transform"))
			}
		}
		return nil
	})
	if err != nil {
		return m.given("these files cannot be read: %s", m.withoutData(plain(err))).
			WithTry("look at the files with any Parquet tool")
	}
	return errors.Join(problems...)
}

func isFractional(kind string) bool {
	return kind == "DOUBLE" || kind == "FLOAT" || strings.HasPrefix(kind, "DECIMAL") && !strings.HasSuffix(kind, ",0)")
}

func isWhole(kind string) bool { return strings.HasSuffix(kind, "INT") || kind == "INTEGER" }

// givenFacts are what the manifest keeps of the tables from outside.
func (e *engine) givenFacts(p *project) map[string]GivenFact {
	facts := map[string]GivenFact{}
	for _, m := range p.models {
		if m.outside != nil {
			facts[m.qualified()] = GivenFact{Files: m.outside.Files, Count: len(m.outside.files), Bytes: m.outside.bytes,
				Rows: e.counts[m.qualified()], Digest: m.outside.digest}
		}
	}
	return facts
}
