package model

import (
	"regexp"
	"strings"

	"ferry/internal/run"
)

// Why some functions are not for models.
const (
	readsFile = "tables are read by name (schema.table), never from files. A list of your own is a CSV file in " +
		"sql/0_settings: it is then settings.NAME"
	hasTemplates = "ferry has no templates; a parameter is a row in settings: " +
		"(select value from settings.options where name = '…')"
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

// CheckCalls refuses what a model must not use, with the line it stands on. A query at a prompt
// may ask for the time and for DuckDB's workings, because nothing is built of it.
func (m *Model) CheckCalls(isQuery bool) error {
	for i, t := range m.Tokens {
		next, before := token{}, token{}
		if i+1 < len(m.Tokens) {
			next = m.Tokens[i+1]
		}
		if i > 0 {
			before = m.Tokens[i-1]
		}
		isColumn := before.Kind == Symbol && before.Text == "." || before.Kind == Word && before.Text == "as"
		why := ""
		switch {
		case t.Kind == Symbol && t.Text == "{" && next.Kind == Symbol && (next.Text == "{" || next.Text == "%") &&
			next.At == t.At+1:
			return m.Problem(LineOf(m.Text, t.At), hasTemplates)
		case isName(t) && next.Kind == Symbol && next.Text == "(":
			why = forbidden(strings.ToLower(t.Text))
		case t.Kind == Word && bareClocks[t.Text] && !isColumn:
			why = readsClock
		case before.Kind == Word && (before.Text == "from" || before.Text == "join") && isFile(t):
			why = readsFile
		}
		if isQuery && (why == readsClock || why == readsLuck || why == readsInside) {
			why = ""
		}
		if why != "" {
			return m.Problem(LineOf(m.Text, t.At), "%s", why)
		}
	}
	return nil
}

// otherStatements are what people begin a file with instead of a SELECT, and what to do instead.
var otherStatements = map[string]string{
	"copy":   "Leave COPY … TO away and keep its SELECT; for a file of your own: ferry sql query --out FILE",
	"create": "Leave CREATE … AS away and keep its SELECT; the file's name is the table's",
	"insert": "Leave INSERT away and keep its SELECT; the file's name is the table's",
}

// checkWords refuses what cannot be meant before anything reads it: another statement, a schema there is none, a step
// or an alias that takes a floor's name.
func (m *Model) checkWords() error {
	if why, ok := otherStatements[m.Tokens[0].Text]; ok && m.Tokens[0].Kind == Word {
		return m.Problem(LineOf(m.Text, m.Tokens[0].At), "a model is one SELECT. %s", why)
	}
	at := func(i int) token {
		if i < 0 || i >= len(m.Tokens) {
			return token{Kind: nothing}
		}
		return m.Tokens[i]
	}
	isSymbol := func(i int, s string) bool { return at(i).Kind == Symbol && at(i).Text == s }
	for i, t := range m.Tokens {
		if !isName(t) || isSymbol(i-1, ".") {
			continue
		}
		isFloor := FloorOf(t.Text).Number >= 0
		step := isFloor && at(i+1).Text == "as" && isSymbol(i+2, "(")
		alias := isFloor && !isSymbol(i+1, ".") && m.endsATable(i)
		if step || alias {
			return m.Problem(LineOf(m.Text, t.At), "%q is a floor, so no step and no alias can be called that: %s.x would be "+
				"a table of the floor. Choose another name", t.Text, t.Text)
		}
		from := at(i-1).Kind == Word && (at(i-1).Text == "from" || at(i-1).Text == "join")
		if from && isSymbol(i+1, ".") && isName(at(i+2)) && !isSymbol(i+3, "(") && !isSchema(t.Text) &&
			!m.standsAlone(t.Text) {
			return m.Problem(LineOf(m.Text, t.At), "there is no schema %q.%s Tables are in %s", t.Text,
				run.DidYouMean(t.Text, append([]string{LandedSchema, LoadedSchema}, Schemas()...)),
				strings.Join(append([]string{LandedSchema, LoadedSchema}, Schemas()...), ", "))
		}
	}
	return nil
}

// endsATable is true for a name that a table just read is given: "from staging.events as NAME".
func (m *Model) endsATable(i int) bool {
	if i--; i >= 0 && m.Tokens[i].Text == "as" && m.Tokens[i].Kind == Word {
		i--
	}
	if i < 0 || !isName(m.Tokens[i]) {
		return false
	}
	if i -= 1; i >= 1 && m.Tokens[i].Text == "." {
		i -= 2
	}
	return i >= 0 && m.Tokens[i].Kind == Word && (m.Tokens[i].Text == "from" || m.Tokens[i].Text == "join")
}

// standsAlone is true for a name that the text uses without a dot behind it: a step, an alias or a table.
func (m *Model) standsAlone(called string) bool {
	for i, t := range m.Tokens {
		if isName(t) && t.Text == called && (i+1 == len(m.Tokens) || m.Tokens[i+1].Text != ".") {
			return true
		}
	}
	return false
}

var fileName = regexp.MustCompile(`(?i)/|\*|\.(parquet|csv|tsv|json|jsonl|ndjson|txt|xlsx|db|duckdb)(\.gz|\.zst)?$`)

// isFile is true for what DuckDB would take for a file name where a table is expected. A text may
// also stand after "is distinct from" or in trim(… from …), where it seldom looks like one; the
// fence around the run folder does not depend on this.
func isFile(t token) bool {
	bare := strings.Trim(t.Text, "'")
	return (t.Kind == text || t.Kind == quoted) && fileName.MatchString(bare)
}
