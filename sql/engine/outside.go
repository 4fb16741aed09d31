package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// Given is a table that was built elsewhere: whatever engine made it, its Parquet files take the place of a model.
type Given struct {
	Files string `json:"files"`          // a file, a folder or a pattern
	Rows  int64  `json:"rows,omitempty"` // how many there must be; 0: it is not checked
}

// GivenFact is what the manifest keeps of a table from outside.
type GivenFact struct {
	Files  string `json:"files"`
	Count  int    `json:"file_count"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
	Digest string `json:"sha256"`
}

// outside is a model that is given: which files, and how they are reached.
type outside struct {
	Given
	root   string   // what hive partitions are counted from
	files  []string // sorted
	bytes  int64    // known with the digest
	digest string   // of the content of all files, and of where they lie below the root, which may be columns
}

// takeGiven marks the models that are given from outside.
func (p *project) takeGiven(o Options) error {
	var problems []error
	for _, table := range keysOf(o.Given) {
		g := o.Given[table]
		schema, short, _ := strings.Cut(table, ".")
		m := p.find(schema, short)
		var why string
		switch {
		case m != nil && m.floor.number >= 1 && m.floor.number <= 5:
			out, err := findGiven(table, g)
			problems = append(problems, err)
			m.outside, m.view = out, false
			continue
		case schema == landedSchema:
			why = "landed tables come from exports; give the staging table made of them"
		case m != nil:
			why = "tables of staging to freshsales can be given from outside; checks and reports are always built here"
		default:
			why = "there is no such table." + run.DidYouMean(table, p.modelNames())
		}
		problems = append(problems, givenProblem(table, "%s", why).WithTry("ferry sql list"))
	}
	return errors.Join(problems...)
}

func givenProblem(table, format string, args ...any) *run.Problem {
	return run.Problemf("ferry.yaml   source.tables: "+table, format, args...).WithExit(run.ExitUsage)
}

// findGiven lists the files of a table from outside. Hidden files and those of other endings are the marks and logs
// that engines leave beside their data.
func findGiven(table string, g Given) (*outside, error) {
	found, err := filepath.Glob(g.Files)
	if err != nil {
		return nil, givenProblem(table, "the pattern %q cannot be read", g.Files).
			WithTry("a folder, a file, or history/*.parquet")
	}
	out := &outside{Given: g, root: g.Files}
	if i := strings.IndexAny(g.Files, "*?["); i >= 0 {
		out.root = filepath.Dir(g.Files[:i] + "x")
	}
	for _, f := range found {
		err := filepath.WalkDir(f, func(path string, d fs.DirEntry, err error) error {
			hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")
			switch {
			case err != nil || path == f && d.IsDir():
				return err
			case hidden && d.IsDir():
				return fs.SkipDir
			case hidden || d.IsDir() || !isParquetName(d.Name()):
				return nil
			}
			out.files = append(out.files, path)
			return nil
		})
		if err != nil {
			return nil, givenProblem(table, "cannot be read: %v", err).WithTry("check the folder and its rights")
		}
	}
	if len(out.files) == 0 {
		return nil, givenProblem(table, "no Parquet file is there: %s", g.Files).
			WithTry("name a folder, a file or a pattern; relative ones are seen from the project's folder")
	}
	if len(out.files) == 1 && out.files[0] == out.root {
		out.root = filepath.Dir(out.root)
	}
	sort.Strings(out.files)
	return out, nil
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isParquetName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".parquet") || strings.HasSuffix(name, ".parq")
}

// learn reads all files once for their digest.
func (o *outside) learn() error {
	var texts []string
	o.bytes = 0
	for _, f := range o.files {
		d, err := run.DigestFile(f)
		if err != nil {
			return err
		}
		info, err := os.Stat(f)
		if err != nil {
			return err
		}
		o.bytes += info.Size()
		texts = append(texts, strings.TrimPrefix(f, o.root), d)
	}
	o.digest = run.DigestText(texts...)
	return nil
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

// given is a problem of a table from outside.
func (m *model) given(format string, args ...any) *run.Problem {
	return givenProblem(m.qualified(), format, args...)
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

// sameColumns refuses a table that lacks a column; columns nobody asked for are left behind.
func (m *model) sameColumns(wanted, have []column) error {
	var missing []string
	near := ""
	for _, c := range wanted {
		if !slices.Contains(names(have), c.name) {
			missing = append(missing, fmt.Sprintf("%q (%s)", c.name, strings.ToLower(c.kind)))
			near = cmp.Or(near, run.DidYouMean(c.name, names(have)))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return m.given("the files lack the columns %s.%s", strings.Join(missing, ", "), near).
		WithTry("ferry sql show %s   (its columns, as its SELECT gives them)", m.qualified())
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
