package sql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// duckError is what DuckDB says when errors_as_json is on.
type duckError struct {
	Kind       string `json:"exception_type"`
	Message    string `json:"exception_message"`
	Position   string `json:"position"`
	Candidates string `json:"candidates"`
	Subtype    string `json:"error_subtype"`
	Name       string `json:"name"`
}

func parseDuck(err error) (duckError, bool) {
	var de *duckdb.Error
	if !errors.As(err, &de) {
		return duckError{}, false
	}
	msg := de.Msg
	if i := strings.IndexByte(msg, '{'); i >= 0 {
		var d duckError
		if json.Unmarshal([]byte(msg[i:]), &d) == nil && d.Message != "" {
			return d, true
		}
	}
	return duckError{Message: msg}, true
}

// plain is DuckDB's sentence without JSON around it.
func plain(err error) string {
	if d, ok := parseDuck(err); ok {
		return firstLine(d.Message)
	}
	return err.Error()
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

var quotedValue = regexp.MustCompile(`'[^']*'|"[^"]*"`)

// explain turns DuckDB's complaint about a model into a Problem at its line. Values that are not
// in the file itself are data, and do not go into a message.
func (m *model) explain(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	d, ok := parseDuck(err)
	if !ok {
		return err
	}
	what := quotedValue.ReplaceAllStringFunc(firstLine(d.Message), func(q string) string {
		if strings.Contains(m.text, q[1:len(q)-1]) {
			return q
		}
		return q[:1] + "…" + q[:1]
	})
	line := 0
	if at, e := strconv.Atoi(d.Position); e == nil {
		line = lineOf(m.text, at)
	}
	if c := firstCandidate(d.Candidates); c != "" {
		what = strings.TrimRight(what, "!.") + fmt.Sprintf(". Did you mean %q?", c)
	}
	p := m.problem(line, "%s", what)
	p.Err = err
	return p
}

func firstCandidate(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}
