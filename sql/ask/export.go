package ask

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
	"ferry/sql/engine"
	"ferry/sql/model"
)

// exportFormats are the ways a result leaves as a file, as DuckDB writes them.
var exportFormats = map[string]string{
	"csv":     "format csv, header true",
	"json":    "format json, array true",
	"parquet": "format parquet, compression zstd",
}

// Export writes the whole result of one SELECT, however long, and gives the number of its rows. It is written inside
// the fence first, because DuckDB may write nowhere else.
func Export(ctx context.Context, dir run.Dir, query, format string, to io.Writer, o engine.Options) (int64, error) {
	options, ok := exportFormats[format]
	if !ok {
		return 0, run.Problemf("--out", "a result can be written as %s, not as %q",
			strings.Join(model.SortedKeys(exportFormats), ", "), format).
			WithTry("name the file .csv, .json or .parquet").WithExit(run.ExitUsage)
	}
	e, m, err := openQuery(ctx, dir, query, o)
	if err != nil {
		return 0, err
	}
	defer e.Close()
	if _, err := e.Columns(ctx, m, queryWords); err != nil {
		return 0, asQuery(ctx, err)
	}
	text := m.SelectText()
	if !slices.Contains(engine.SelectWords, m.Tokens[0].Text) {
		text = "from (" + text + ")"
	}
	if format == "json" {
		if text, err = numbersAsJSON(ctx, e, text); err != nil {
			return 0, asQuery(ctx, e.ExplainRun(m, err))
		}
	}
	temp := filepath.Join(e.Temp(), "export."+format)
	rows, err := e.CopyTo(ctx, text, temp, options)
	if err != nil {
		return 0, asQuery(ctx, e.ExplainRun(m, err))
	}
	f, err := os.Open(temp)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(to, f)
	return rows, errors.Join(err, f.Close())
}

// numbersAsJSON makes texts of what JSON has no number for: a reader refuses the whole file for one NaN.
func numbersAsJSON(ctx context.Context, e *engine.Engine, query string) (string, error) {
	columns, err := e.ColumnsOf(ctx, "("+query+")")
	var mended []string
	for _, c := range columns {
		if c.Kind == "DOUBLE" || c.Kind == "FLOAT" {
			mended = append(mended, finite(c)+" as "+model.Quote(c.Name))
		}
	}
	if len(mended) > 0 {
		query = fmt.Sprintf("select * replace (%s) from (%s)", strings.Join(mended, ", "), query)
	}
	return query, err
}

// openQuery opens a run for one SELECT.
func openQuery(ctx context.Context, dir run.Dir, query string, o engine.Options) (*engine.Engine, *model.Model, error) {
	m, err := readQuery(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	e, err := engine.Open(ctx, dir, o)
	return e, m, err
}

// readQuery refuses what is no question.
func readQuery(ctx context.Context, query string) (*model.Model, error) {
	m := &model.Model{Source: model.Source{Text: query}, Tokens: model.Scan(query)}
	if len(m.Tokens) == 0 {
		return nil, run.Problemf("", "the query is empty").WithTry(`ferry sql query "select * from staging.profiles"`).
			WithExit(run.ExitUsage)
	}
	first := m.Tokens[0]
	if first.Kind == model.Word && first.Text != "explain" && !slices.Contains(queryWords, first.Text) {
		return nil, asQuery(ctx, m.Problem(model.LineOf(query, first.At),
			"a query is one SELECT (or describe, summarize, explain); this is another kind of statement"))
	}
	m.Reads = model.ReadsOf(m.Tokens)
	if err := m.CheckCalls(true); err != nil {
		return nil, asQuery(ctx, err)
	}
	return m, nil
}
