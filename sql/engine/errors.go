package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"ferry/internal/run"
	"ferry/sql/model"
)

// statementError is what DuckDB says about a statement; positions count from its beginning.
type statementError struct {
	statement string
	err       error
}

func (e statementError) Error() string { return e.err.Error() }
func (e statementError) Unwrap() error { return e.err }

// duckError is what DuckDB says when errors_as_json is on.
type duckError struct {
	Kind       string `json:"exception_type"`
	Message    string `json:"exception_message"`
	Position   string `json:"position"`
	Candidates string `json:"candidates"`
	Name       string `json:"name"`
	Type       string `json:"type"`
}

// readDuckError finds DuckDB's own words in an error.
func readDuckError(err error) (duckError, bool) {
	var de *duckdb.Error
	if !errors.As(err, &de) {
		return duckError{}, false
	}
	var d duckError
	if i := strings.IndexByte(de.Msg, '{'); i >= 0 && json.Unmarshal([]byte(de.Msg[i:]), &d) == nil && d.Message != "" {
		return d, true
	}
	return duckError{Message: de.Msg}, true
}

// plain is DuckDB's sentence alone, or the error's own text.
func plain(err error) string {
	if d, ok := readDuckError(err); ok {
		return firstLine(d.Message)
	}
	return err.Error()
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSpace(s)
}

// explain turns what DuckDB says about a model into a Problem at the line of the file.
func (e *Engine) explain(m *model.Model, err error) error {
	if err == nil {
		return nil
	}
	var p *run.Problem
	d, ok := readDuckError(err)
	if errors.As(err, &p) || !ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if p := resourceProblem(m, d); p != nil {
		return p
	}
	line := 0
	if at, err := strconv.Atoi(d.Position); err == nil {
		line = m.LineAt(at)
	}
	return m.Because(err, line, e.sentence(m, d))
}

// ExplainRun does the same for an error met while rows were read. Such a message may quote a
// row: what is not in the file itself is left out.
func (e *Engine) ExplainRun(m *model.Model, err error) error {
	if err == nil {
		return nil
	}
	d, ok := readDuckError(err)
	if !ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if p := resourceProblem(m, d); p != nil {
		return p
	}
	line := 0
	var se statementError
	if at, e := strconv.Atoi(d.Position); e == nil && errors.As(err, &se) {
		if start := strings.Index(se.statement, m.SelectText()); start >= 0 && at >= start {
			line = m.LineAt(at - start)
		}
	}
	what := m.WithoutData(firstLine(d.Message))
	if d.Kind == "Conversion" {
		what = strings.TrimSuffix(what, ".") + ". With try_cast such a value becomes null; let a check tell it"
	}
	return m.Because(err, line, what)
}

const noRoom = "does not fit into the memory ferry may use"

// resourceProblem is for what is not the text's fault.
func resourceProblem(m *model.Model, d duckError) *run.Problem {
	switch {
	case d.Kind == "Out of Memory" && strings.Contains(d.Message, "temp directory"):
		return run.Problemf(m.Where(0), "the disk has no room for the scratch files of %s", m.Qualified()).
			WithTry("free some space and run the same command again")
	case d.Kind == "Out of Memory":
		return run.Problemf(m.Where(0), "%s %s", m.Qualified(), noRoom).
			WithTry("add a line like \"-- parts: by profile_key\" to the file, or give ferry more memory: " +
				"limits: {memory: 8GB} in ferry.yaml")
	case d.Kind == "IO" && (strings.Contains(d.Message, "No space left") || strings.Contains(d.Message, "disk full")):
		return run.Problemf(m.Where(0), "the disk is full").WithTry("free some space and run the same command again")
	}
	return nil
}

var (
	noColumnIn    = regexp.MustCompile(`^Table "(.+)" does not have a column named "(.+)"`)
	noColumn      = regexp.MustCompile(`^Referenced column "(.+)" (?:was )?not found`)
	noTableAlias  = regexp.MustCompile(`^Referenced table "(.+)" not found`)
	candidateList = regexp.MustCompile(`Candidate (?:bindings|tables): ?:? ?(.*)`)
)

// sentence says in our words what DuckDB says most often, and in DuckDB's the rest.
func (e *Engine) sentence(m *model.Model, d duckError) string {
	switch {
	case noColumnIn.MatchString(d.Message):
		in := noColumnIn.FindStringSubmatch(d.Message)
		return e.columnSentence(m, in[1], in[2], d)
	case noColumn.MatchString(d.Message):
		return e.columnSentence(m, "", noColumn.FindStringSubmatch(d.Message)[1], d)
	case noTableAlias.MatchString(d.Message):
		alias := noTableAlias.FindStringSubmatch(d.Message)[1]
		return fmt.Sprintf("nothing here is called %q.%s", alias, run.DidYouMean(alias, candidates(d)))
	case d.Type == "Table" && d.Name != "":
		return e.tableSentence(d.Name)
	case d.Name != "" && d.Type != "":
		return fmt.Sprintf("there is no %s %q.%s", strings.ToLower(d.Type), d.Name, run.DidYouMean(d.Name, candidates(d)))
	}
	return strings.TrimSuffix(firstLine(d.Message), "!")
}

// columnSentence names the table that has the column that was probably meant: the one the alias stands for, if one was
// written, before others.
func (e *Engine) columnSentence(m *model.Model, alias, column string, d duckError) string {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if table := aliased(m, alias); table != "" {
		if c := run.Closest(column, model.Names(e.known[table])); c != "" && !strings.EqualFold(c, column) {
			return fmt.Sprintf("there is no column %q in %s. Did you mean %q?", column, table, c)
		}
	}
	var near []string
	var tables []string
	tableOf := map[string]string{}
	for _, r := range m.Reads {
		tables = append(tables, r.Qualified())
		for _, c := range e.known[r.Qualified()] {
			near = append(near, c.Name)
			tableOf[c.Name] = r.Qualified()
		}
	}
	if c := run.Closest(column, near); c != "" && !strings.EqualFold(c, column) {
		return fmt.Sprintf("there is no column %q in %s. Did you mean %q?", column, tableOf[c], c)
	}
	if c := run.Closest(column, candidates(d)); c != "" && !strings.EqualFold(c, column) {
		return fmt.Sprintf("there is no column %q here. Did you mean %q?", column, c)
	}
	if t, ok := tableOf[column]; ok {
		return fmt.Sprintf("there is no column %q here; it is in %s, which this part of the file does not read", column, t)
	}
	if len(tables) == 1 {
		return fmt.Sprintf("there is no column %q in %s. Its columns: %s", column, tables[0],
			strings.Join(model.Names(e.known[tables[0]]), ", "))
	}
	return fmt.Sprintf("there is no column %q here", column)
}

// aliased is the one table that a model reads under an alias, "" where it is none or more than one.
func aliased(m *model.Model, alias string) string {
	if alias == "" {
		return ""
	}
	table := ""
	under := regexp.MustCompile(`(?i)(\w+\.\w+)\s+as\s+` + regexp.QuoteMeta(alias) + `\b`)
	for _, f := range under.FindAllStringSubmatch(m.Text, -1) {
		if table != "" && table != f[1] {
			return ""
		}
		table = f[1]
	}
	return table
}

// tableSentence is for a table written without its schema.
func (e *Engine) tableSentence(table string) string {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	var same, all []string
	for qualified := range e.known {
		_, short, _ := strings.Cut(qualified, ".")
		all = append(all, short)
		if short == table {
			same = append(same, fmt.Sprintf("%q", qualified))
		}
	}
	if len(same) > 0 {
		sort.Strings(same)
		return fmt.Sprintf("there is no table %q. A table is written with its schema: %s", table, strings.Join(same, " or "))
	}
	return fmt.Sprintf("there is no table %q.%s A table is written as schema.name; a step of this file is "+
		"named before it is used", table, run.DidYouMean(table, all))
}

// candidates are DuckDB's own suggestions, without its inner tables and without aliases.
func candidates(d duckError) []string {
	list := d.Candidates
	if m := candidateList.FindStringSubmatch(d.Message); m != nil {
		list = m[1]
	}
	var all []string
	for _, c := range strings.Split(list, ",") {
		c = strings.Trim(strings.TrimSpace(c), `"`)
		c = c[strings.LastIndex(c, ".")+1:]
		if c != "" && !strings.HasPrefix(c, "pg_") && !strings.HasPrefix(c, "duckdb_") {
			all = append(all, c)
		}
	}
	return all
}
