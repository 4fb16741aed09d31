package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// build runs one model straight into its Parquet file and reads it back through a view.
func (e *Engine) build(ctx context.Context, m *model.Model, o Options) error {
	if leaves := m.Floor.Schema == model.SalesSchema || m.Floor.Schema == model.ReportsSchema; leaves && !e.knows(m) {
		if err := e.inspect(ctx, m, o); err != nil {
			return err
		}
	}
	if m.View {
		if err := e.setView(ctx, m.Floor.Schema, m.Name, "("+m.SelectText()+")"); err != nil {
			return e.ExplainRun(m, err)
		}
		return e.checkGrain(ctx, m, e.rowsAtMost(m))
	}
	rows, err := e.write(ctx, m)
	if err != nil {
		return e.ExplainRun(m, err)
	}
	if err := e.viewBuilt(ctx, m.Floor.Schema, m.Name); err != nil {
		return err
	}
	if rows == 0 {
		e.count(m, 0)
		return nil
	}
	err = e.checkGrain(ctx, m, rows)
	var p *run.Problem
	if m.Outside != nil && errors.As(err, &p) {
		p.Where, p.Excerpt = m.Given("").Where, ""
	}
	return err
}

// knows is true when the model's columns have been held against what was promised.
func (e *Engine) knows(m *model.Model) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	_, ok := e.known[m.Qualified()]
	return ok
}

func (e *Engine) write(ctx context.Context, m *model.Model) (int64, error) {
	if m.Outside != nil {
		return e.writeOutside(ctx, m, e.dir.Model(m.Floor.Schema, m.Name))
	}
	if m.Parts > 0 {
		return e.writeInParts(ctx, m)
	}
	return e.writeModel(ctx, m, "("+m.SelectText()+")")
}

// writeModel writes the rows of a model into its file. Only the order of a report is part of what it says.
func (e *Engine) writeModel(ctx context.Context, m *model.Model, query string) (int64, error) {
	inOrder := m.Floor.Schema == model.ReportsSchema && m.IsOrdered()
	return e.writeTable(ctx, m.Floor.Schema, m.Name, e.written(m, query), inOrder)
}

// written is a query as it goes into a file: with types that may cross to other rooms, and, if it
// is sent, in the order the loader reads it in, whatever order the model asks for: the loader merges it
// with its ledger as it reads.
func (e *Engine) written(m *model.Model, query string) string {
	columns := "*"
	if len(m.Casts) > 0 {
		columns = "* replace (" + strings.Join(m.Casts, ", ") + ")"
	}
	if m.Floor.Schema != model.SalesSchema {
		return "select " + columns + " from " + query
	}
	var by []string
	for _, c := range m.Order(e.fields) {
		by = append(by, model.Quote(c))
	}
	return fmt.Sprintf("select %s from %s order by %s", columns, query, strings.Join(by, ", "))
}

// fileFormat is how tables are written: read a few times and thrown away with the run, so the fastest way that is small.
// Trying a dictionary for a column of many different texts took two fifths of the time, and made no file smaller.
const fileFormat = "format parquet, compression zstd, compression_level 1, dictionary_size_limit 4000, " +
	"write_bloom_filter false"

// copyOut streams a query into a Parquet file that appears only when it is whole, and gives the
// number of its rows.
func (e *Engine) copyOut(ctx context.Context, query, path string) (int64, error) {
	temp, rows, err := e.writeTemp(ctx, query, path)
	if err != nil {
		return 0, err
	}
	return rows, run.Publish(temp, path)
}

// writeInParts runs the same SELECT once for every bucket of a key, each time over the rows of
// the tables it reads that fall into the bucket, and joins the pieces: memory for one bucket is
// enough. Tables without the key are read whole every time.
func (e *Engine) writeInParts(ctx context.Context, m *model.Model) (int64, error) {
	cut, err := e.cutBy(ctx, m)
	if err != nil {
		return 0, err
	}
	folder := filepath.Join(e.temp, m.Qualified())
	if err := os.MkdirAll(folder, run.DirMode); err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	defer e.restore(context.WithoutCancel(ctx), cut)
	for i := range m.Parts {
		for _, c := range cut {
			bucket := fmt.Sprintf("(select * from %s where hash(%s) %% %d = %d)", c.source, model.Quote(m.PartBy), m.Parts, i)
			if err := e.setView(ctx, c.schema, c.name, bucket); err != nil {
				return 0, err
			}
		}
		if _, err := e.copyOut(ctx, m.SelectText(), filepath.Join(folder, fmt.Sprintf("%04d.parquet", i))); err != nil {
			return 0, err
		}
	}
	return e.writeModel(ctx, m, Parquet(filepath.Join(folder, "*.parquet")))
}

// cutTable is a table that is read bucket by bucket.
type cutTable struct{ schema, name, source string }

func (e *Engine) cutBy(ctx context.Context, m *model.Model) ([]cutTable, error) {
	var cut []cutTable
	for _, r := range m.Reads {
		columns, err := e.ColumnsOf(ctx, r.Schema+"."+model.Quote(r.Name))
		if err != nil {
			return nil, err
		}
		if slices.Contains(model.Names(columns), m.PartBy) {
			cut = append(cut, cutTable{r.Schema, r.Name, e.sources[r.Qualified()]})
		}
	}
	if len(cut) == 0 {
		return nil, m.Problem(m.PartsLine(), "no table read here has a column %q to cut it into parts by", m.PartBy)
	}
	return cut, nil
}

func (e *Engine) restore(ctx context.Context, cut []cutTable) {
	for _, c := range cut {
		_ = e.setView(ctx, c.schema, c.name, c.source)
	}
}

func (e *Engine) count(m *model.Model, rows int64) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.counts[m.Qualified()] = rows
}
