package engine

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
)

// exportFormats are the ways a result leaves as a file, as DuckDB writes them.
var exportFormats = map[string]string{
	"csv":     "format csv, header true",
	"json":    "format json, array true",
	"parquet": "format parquet, compression zstd",
}

// Export writes the whole result of one SELECT, however long, and gives the number of its rows. It is written inside
// the fence first, because DuckDB may write nowhere else.
func Export(ctx context.Context, dir run.Dir, query, format string, to io.Writer, o Options) (int64, error) {
	options, ok := exportFormats[format]
	if !ok {
		return 0, run.Problemf("--out", "a result can be written as %s, not as %q",
			strings.Join(keysOf(exportFormats), ", "), format).
			WithTry("name the file .csv, .json or .parquet").WithExit(run.ExitUsage)
	}
	e, m, err := openQuery(ctx, dir, query, o)
	if err != nil {
		return 0, err
	}
	defer e.close()
	if _, err := e.columns(ctx, m, queryWords); err != nil {
		return 0, asQuery(ctx, err)
	}
	text := m.selectText()
	if !slices.Contains(selectWords, m.tokens[0].text) {
		text = "from (" + text + ")"
	}
	temp := filepath.Join(e.dir.Temp(), "export."+format)
	statement := fmt.Sprintf("copy (%s) to %s (%s)", text, literal(absolute(temp)), options)
	done, err := e.db.ExecContext(ctx, statement)
	if err != nil {
		return 0, asQuery(ctx, e.explainRun(m, statementError{statement, err}))
	}
	rows, err := done.RowsAffected()
	if err != nil {
		return 0, err
	}
	f, err := os.Open(temp)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(to, f)
	return rows, errors.Join(err, f.Close())
}
