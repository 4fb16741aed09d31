package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
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
func (e *Engine) writeOutside(ctx context.Context, m *model.Model, path string) (int64, error) {
	folder := filepath.Join(e.temp, "given", m.Qualified())
	defer os.RemoveAll(folder)
	if err := bringIn(m.Outside, folder); err != nil {
		return 0, err
	}
	source := "read_parquet(" + model.Literal(Absolute(filepath.Join(folder, "**", "*.parquet"))) +
		", hive_partitioning = true, hive_types_autocast = false, union_by_name = true)" // 007 is no 7
	wanted, err := e.ColumnsOf(ctx, "("+m.SelectText()+")")
	if err != nil {
		return 0, err
	}
	have, err := e.ColumnsOf(ctx, source)
	if err != nil {
		return 0, m.Given("these files cannot be read as one table: %s", plain(err)).
			WithTry("look at the files with any Parquet tool")
	}
	if err := m.SameColumns(wanted, have); err != nil {
		return 0, err
	}
	if err := e.checkValues(ctx, m, source, wanted, have); err != nil {
		return 0, err
	}
	var columns []string
	for _, c := range wanted {
		columns = append(columns, fmt.Sprintf("try_cast(%[1]s as %[2]s) as %[1]s", model.Quote(c.Name), c.Kind))
	}
	rows, err := e.writeModel(ctx, m, "(select "+strings.Join(columns, ", ")+" from "+source+")")
	if err != nil || rows == m.Outside.Rows || m.Outside.Rows == 0 {
		return rows, err
	}
	_ = os.Remove(path)
	return 0, m.Given("there are %d rows, and ferry.yaml says there must be %d", rows, m.Outside.Rows).
		WithTry("write it again where it was made, or correct the number")
}

// bringIn links the files into the run, or copies them from another disk: nothing outside of it is ever read by SQL.
func bringIn(o *model.Outside, folder string) error {
	for _, f := range o.Paths {
		below, err := filepath.Rel(o.Root, f)
		if err != nil {
			below = filepath.Base(f)
		}
		to := filepath.Join(folder, strings.TrimSuffix(below, filepath.Ext(below))+".parquet")
		if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
			return run.CannotWrite(to, err)
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
			return run.CannotWrite(to, err)
		}
	}
	return nil
}

// checkValues refuses values that would be lost or changed by becoming the type that was promised, and keys that no
// other table would find: with spaces around them, or written as numbers with a point.
func (e *Engine) checkValues(ctx context.Context, m *model.Model, source string, wanted, have []model.Column) error {
	type test struct{ column, what, sql string }
	var tests []test
	for _, c := range wanted {
		from := have[model.IndexFold(model.Names(have), c.Name)].Kind
		n, isNumber := model.Quote(c.Name), isFractional(from)
		if from != c.Kind {
			tests = append(tests, test{c.Name, fmt.Sprintf("%s that are no %s", strings.ToLower(from), strings.ToLower(c.Kind)),
				fmt.Sprintf("%[1]s is not null and try_cast(%[1]s as %[2]s) is null", n, c.Kind)})
		}
		isKey := strings.HasSuffix(c.Name, "_key") || strings.HasSuffix(c.Name, "_id")
		switch {
		case from == "VARCHAR" && isWhole(c.Kind):
			tests = append(tests, test{c.Name, "numbers with a fraction where whole ones are promised",
				fmt.Sprintf("try_cast(%[1]s as decimal(38, 9)) <> try_cast(%[1]s as %[2]s)", n, c.Kind)})
		case isNumber && isWhole(c.Kind):
			tests = append(tests, test{c.Name, "numbers with a fraction where whole ones are promised",
				fmt.Sprintf("%[1]s <> try_cast(%[1]s as %[2]s)", n, c.Kind)})
		case isKey && c.Kind == "VARCHAR" && isNumber:
			tests = append(tests, test{c.Name, "keys written as numbers with a point; cast them to text where they were made",
				n + " is not null"})
		case isKey && c.Kind == "VARCHAR":
			tests = append(tests, test{c.Name, "keys that are empty or have spaces around them",
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
	err := e.Rows(ctx, "select "+strings.Join(counts, ", ")+" from "+source, func(v []any) error {
		for i, t := range tests {
			if n, _ := v[i].(int64); n > 0 {
				problems = append(problems, m.Given("column %q holds %d %s", t.column, n, t.what).
					WithTry("correct it where the table was made, then: ferry transform"))
			}
		}
		return nil
	})
	if err != nil {
		return m.Given("these files cannot be read: %s", m.WithoutData(plain(err))).
			WithTry("look at the files with any Parquet tool")
	}
	return errors.Join(problems...)
}

func isFractional(kind string) bool {
	return kind == "DOUBLE" || kind == "FLOAT" || strings.HasPrefix(kind, "DECIMAL") && !strings.HasSuffix(kind, ",0)")
}

func isWhole(kind string) bool { return strings.HasSuffix(kind, "INT") || kind == "INTEGER" }

// givenFacts are what the manifest keeps of the tables from outside.
func (e *Engine) givenFacts(p *model.Project) map[string]GivenFact {
	facts := map[string]GivenFact{}
	for _, m := range p.Models {
		if m.Outside != nil {
			facts[m.Qualified()] = GivenFact{Files: m.Outside.Files, Count: len(m.Outside.Paths), Bytes: m.Outside.Bytes,
				Rows: e.counts[m.Qualified()], Digest: m.Outside.Digest}
		}
	}
	return facts
}
