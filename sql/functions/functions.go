// Package functions holds the words of SQL that are easier to say in Go: a telephone number, an e-mail address, a name.
// Each is a pure function of its texts. All but sorted_letters are dear, and called by one model of sql/1_staging on
// distinct values. It must not know what a table, a setting or a person is. Start at Register, then phone.go,
// email.go, name.go.
package functions

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// textFunction is a function for SQL written in Go: texts in (null becomes ""), a struct of texts
// out (nil becomes null).
type textFunction struct {
	name   string
	inputs int
	fields []string // of the struct; none means a plain text
	call   func(in []string) []any
	inSQL  string // the same as a macro, for a DuckDB that is not ferry's: slower; "" where there is no such thing
}

// functions are all of them. They are pure: same text in, same text out, on any thread.
func functions() []textFunction {
	return []textFunction{
		{name: "clean_phone", inputs: 2, call: phoneFields,
			fields: []string{"number", "kind", "region", "extension", "others", "reason"}},
		{name: "clean_email", inputs: 1, call: emailFields,
			fields: []string{"email", "local_part", "domain", "class", "note"}},
		{name: "tidy_name", inputs: 1, call: func(in []string) []any { return []any{orNull(tidyName(in[0]))} }},
		{name: "unscramble", inputs: 1, call: func(in []string) []any { return []any{orNull(unscramble(in[0]))} }},
		{name: "name_case", inputs: 1, call: func(in []string) []any { return []any{orNull(nameCase(in[0]))} }},
		{name: "sorted_letters", inputs: 1, call: func(in []string) []any { return []any{orNull(sortedLetters(in[0]))} },
			inSQL: "create or replace macro sorted_letters(text) as " +
				"nullif(array_to_string(list_sort(string_split(text, '')), ''), '');"},
	}
}

// Names are the functions that only ferry has: a bare DuckDB cannot say them.
func Names() []string {
	var all []string
	for _, f := range functions() {
		if f.inSQL == "" {
			all = append(all, f.name)
		}
	}
	return all
}

// Macros are the others, for a bare DuckDB.
func Macros() string {
	var b strings.Builder
	for _, f := range functions() {
		if f.inSQL != "" {
			b.WriteString(f.inSQL + "\n")
		}
	}
	return b.String()
}

// Register makes the Go functions known to a connection; DuckDB then shows them to every
// other connection of the same database.
func Register(conn *sql.Conn) error {
	for _, f := range functions() {
		udf, err := newTextUDF(f)
		if err == nil {
			err = duckdb.RegisterScalarUDF(conn, f.name, udf)
		}
		if err != nil {
			return fmt.Errorf("SQL function %s: %w", f.name, err)
		}
	}
	return nil
}

// textUDF is a textFunction as the driver wants it.
type textUDF struct {
	textFunction
	config duckdb.ScalarFuncConfig
}

func newTextUDF(f textFunction) (*textUDF, error) {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		return nil, err
	}
	result := text
	if len(f.fields) > 0 {
		var entries []duckdb.StructEntry
		for _, name := range f.fields {
			e, err := duckdb.NewStructEntry(text, name)
			if err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
		if result, err = duckdb.NewStructInfo(entries[0], entries[1:]...); err != nil {
			return nil, err
		}
	}
	inputs := make([]duckdb.TypeInfo, f.inputs)
	for i := range inputs {
		inputs[i] = text
	}
	return &textUDF{textFunction: f, config: duckdb.ScalarFuncConfig{
		InputTypeInfos: inputs, ResultTypeInfo: result, SpecialNullHandling: true,
	}}, nil
}

// Config is the function's signature.
func (u *textUDF) Config() duckdb.ScalarFuncConfig { return u.config }

// Executor runs the function over a chunk of rows.
func (u *textUDF) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{ChunkContextExecutor: u.chunk}
}

// chunk never lets a panic out: one inside a SQL function would kill the process. It does not
// repeat the value either, which may be personal.
func (u *textUDF) chunk(ctx context.Context, rows *duckdb.ChunkIteratorState) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("SQL function %s failed on a value", u.name)
		}
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	in := make([]string, u.inputs)
	for row, err := range rows.Rows() {
		if err != nil {
			return err
		}
		for i := range in {
			in[i] = textOf(*row.GetValuePtr(i))
		}
		if err := row.SetResult(u.result(u.safely(in))); err != nil {
			return err
		}
	}
	return nil
}

// safely gives nulls for a value the function cannot take, so that one of them does not stop a run.
func (u *textUDF) safely(in []string) (out []any) {
	defer func() {
		if p := recover(); p != nil {
			out = make([]any, max(1, len(u.fields)))
		}
	}()
	return u.call(in)
}

func (u *textUDF) result(out []any) any {
	if len(u.fields) == 0 {
		return out[0]
	}
	m := make(map[string]any, len(u.fields))
	for i, name := range u.fields {
		m[name] = out[i]
	}
	return m
}

func textOf(v driver.Value) string {
	s, _ := v.(string)
	return s
}

// orNull makes an empty text null.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
