package engine

import (
	"regexp"
	"strings"
)

// Why some functions are not for models.
const (
	readsFile  = "tables are read by name (schema.table), never from files"
	readsClock = `a model gives the same rows whenever it runs; the time of the run is in settings.run: (select value::timestamptz from settings.run where name = 'run_at')`
	readsLuck  = "a model gives the same rows whenever it runs; make keys from the row's own " +
		"columns, with md5() or hash()"
	readsHidden = "tables are read by name (schema.table), so that the order of building can be read from the text"
	readsInside = "DuckDB's own workings are not for models"
)

// forbidden says why a name may not be called in a model, "" when it may: a model reads tables
// by name and gives the same rows whenever it runs.
func forbidden(called string) string {
	switch called {
	case "glob", "sniff_csv":
		return readsFile
	case "now", "today", "get_current_timestamp", "get_current_time", "transaction_timestamp", "current_localtime",
		"current_localtimestamp", "age":
		return readsClock
	case "random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid":
		return readsLuck
	case "query", "query_table", "json_execute_serialized_sql", "from_substrait", "from_substrait_json":
		return readsHidden
	case "getvariable", "getenv", "nextval", "currval", "test_all_types", "checkpoint", "force_checkpoint", "write_log",
		"error", "which_secret", "set_config":
		return readsInside
	}
	switch {
	case strings.HasPrefix(called, "read_"), strings.HasPrefix(called, "parquet_"):
		return readsFile
	case strings.HasPrefix(called, "duckdb_"), strings.HasPrefix(called, "pragma_"), strings.HasPrefix(called, "enable_"),
		strings.HasPrefix(called, "disable_"):
		return readsInside
	}
	return ""
}

// bareClocks are clocks that need no brackets.
var bareClocks = map[string]bool{"current_date": true, "current_time": true, "current_timestamp": true,
	"localtime": true, "localtimestamp": true}

// checkCalls refuses what a model must not use, with the line it stands on. A query at a prompt
// may ask for the time and for DuckDB's workings, because nothing is built of it.
func (m *model) checkCalls(isQuery bool) error {
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
			why = readsClock
		case before.kind == word && (before.text == "from" || before.text == "join") && isFile(t):
			why = readsFile
		}
		if isQuery && (why == readsClock || why == readsLuck || why == readsInside) {
			why = ""
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
