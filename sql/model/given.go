package model

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"ferry/internal/run"
)

// Given is a table that was built elsewhere: whatever engine made it, its Parquet files take the place of a model.
type Given struct {
	Files string `json:"files"`          // a file, a folder or a pattern
	Rows  int64  `json:"rows,omitempty"` // how many there must be; 0: it is not checked
}

// Outside is a model that is given: which files, and how they are reached.
type Outside struct {
	Given
	Root   string   // what hive partitions are counted from
	Paths  []string // sorted
	Bytes  int64    // known with the digest
	Digest string   // of the content of all files, and of where they lie below the root, which may be columns
}

// takeGiven marks the models that are given from outside.
func (p *Project) takeGiven(r Room) error {
	var problems []error
	for _, table := range SortedKeys(r.Given) {
		g := r.Given[table]
		schema, short, _ := strings.Cut(table, ".")
		m := p.Find(schema, short)
		var why string
		switch {
		case m != nil && m.Floor.Number >= 1 && m.Floor.Number <= 5:
			out, err := findGiven(table, g)
			problems = append(problems, err)
			m.Outside, m.View = out, false
			continue
		case schema == LandedSchema:
			why = "landed tables come from exports; give the staging table made of them"
		case m != nil:
			why = "tables of staging to freshsales can be given from outside; checks and reports are always built here"
		default:
			why = "there is no such table." + run.DidYouMean(table, p.ModelNames())
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
func findGiven(table string, g Given) (*Outside, error) {
	found, err := filepath.Glob(g.Files)
	if err != nil {
		return nil, givenProblem(table, "the pattern %q cannot be read", g.Files).
			WithTry("a folder, a file, or history/*.parquet")
	}
	out := &Outside{Given: g, Root: g.Files}
	if i := strings.IndexAny(g.Files, "*?["); i >= 0 {
		out.Root = filepath.Dir(g.Files[:i] + "x")
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
			out.Paths = append(out.Paths, path)
			return nil
		})
		if err != nil {
			return nil, givenProblem(table, "cannot be read: %v", err).WithTry("check the folder and its rights")
		}
	}
	if len(out.Paths) == 0 {
		return nil, givenProblem(table, "no Parquet file is there: %s", g.Files).
			WithTry("name a folder, a file or a pattern; relative ones are seen from the project's folder")
	}
	if len(out.Paths) == 1 && out.Paths[0] == out.Root {
		out.Root = filepath.Dir(out.Root)
	}
	sort.Strings(out.Paths)
	return out, nil
}

func isParquetName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".parquet") || strings.HasSuffix(name, ".parq")
}

// Learn reads all files once for their digest.
func (o *Outside) Learn() error {
	var texts []string
	o.Bytes = 0
	for _, f := range o.Paths {
		d, err := run.DigestFile(f)
		if err != nil {
			return err
		}
		info, err := os.Stat(f)
		if err != nil {
			return err
		}
		o.Bytes += info.Size()
		texts = append(texts, strings.TrimPrefix(f, o.Root), d)
	}
	o.Digest = run.DigestText(texts...)
	return nil
}

// Given is a problem of a table from outside.
func (m *Model) Given(format string, args ...any) *run.Problem {
	return givenProblem(m.Qualified(), format, args...)
}

// SameColumns refuses a table that lacks a column, however its writer spells it: warehouses write capitals. Columns
// nobody asked for are left behind.
func (m *Model) SameColumns(wanted, have []Column) error {
	var missing []string
	near := ""
	for _, c := range wanted {
		if IndexFold(Names(have), c.Name) < 0 {
			missing = append(missing, fmt.Sprintf("%q (%s)", c.Name, strings.ToLower(c.Kind)))
			near = cmp.Or(near, run.DidYouMean(c.Name, Names(have)))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return m.Given("the files lack the columns %s.%s", strings.Join(missing, ", "), near).
		WithTry("ferry sql show %s   (its columns, as its SELECT gives them)", m.Qualified())
}
