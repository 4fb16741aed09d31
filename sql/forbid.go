package sql

import (
	"regexp"
	"strings"
)

// forbidden says why a name may not be called in a model, "" when it may: a model reads tables
// by name and gives the same rows whenever it runs.
func forbidden(called string) string {
	const (
		file  = "a model reads tables by name (schema.table), never files"
		clock = `a model gives the same rows whenever it runs; the time of the run is in settings.run: (select value::timestamptz from settings.run where name = 'run_at')`
		luck  = "a model gives the same rows whenever it runs; make keys from the row's own columns, with md5() or hash()"
		other = "a model reads tables by name (schema.table), so that the order of building can be read from its text"
	)
	switch called {
	case "glob", "sniff_csv", "which_secret":
		return file
	case "now", "today", "get_current_timestamp", "get_current_time", "transaction_timestamp", "current_localtime", "current_localtimestamp", "age":
		return clock
	case "random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid":
		return luck
	case "query", "query_table", "json_execute_serialized_sql", "getvariable", "getenv", "nextval", "currval", "test_all_types", "checkpoint", "force_checkpoint", "write_log":
		return other
	}
	switch {
	case strings.HasPrefix(called, "read_"), strings.HasPrefix(called, "parquet_"):
		return file
	case strings.HasPrefix(called, "duckdb_"), strings.HasPrefix(called, "pragma_"), strings.HasPrefix(called, "enable_"), strings.HasPrefix(called, "disable_"):
		return other
	}
	return ""
}

// bareClocks are clocks that need no brackets.
var bareClocks = map[string]bool{"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true}

// checkCalls refuses what a model must not use, with the line it stands on.
func (m *model) checkCalls() error {
	for i, t := range m.tokens {
		next, before := token{}, token{}
		if i+1 < len(m.tokens) {
			next = m.tokens[i+1]
		}
		if i > 0 {
			before = m.tokens[i-1]
		}
		isColumn := before.kind == symbol && before.text == "." || before.kind == word && before.text == "as"
		why := ""
		switch {
		case isName(t) && next.kind == symbol && next.text == "(":
			why = forbidden(strings.ToLower(t.text))
		case t.kind == word && bareClocks[t.text] && !isColumn:
			why = forbidden("now")
		case before.kind == word && (before.text == "from" || before.text == "join") && isFile(t):
			why = forbidden("read_text")
		}
		if why != "" {
			return m.problem(lineOf(m.text, t.at), "%s", why)
		}
	}
	return nil
}

var fileName = regexp.MustCompile(`(?i)/|\*|\.(parquet|csv|tsv|json|jsonl|ndjson|txt|xlsx|db|duckdb)(\.gz|\.zst)?$`)

// isFile is true for what DuckDB would take for a file name where a table is expected. A text may
// also stand after "is distinct from" or in trim(… from …), where it seldom looks like one; the
// fence around the run folder does not depend on this.
func isFile(t token) bool {
	bare := strings.Trim(t.text, "'")
	return (t.kind == text || t.kind == quoted) && fileName.MatchString(bare)
}
