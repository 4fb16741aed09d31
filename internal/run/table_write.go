package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// Row holds one value per column: nil, string, bool, int64, float64, time.Time or []string.
type Row []any

const (
	batchRows    = 512
	rowGroupRows = 64 << 10
)

// TableWriter writes one Parquet file; it appears under its name only when Close succeeds.
type TableWriter struct {
	path   string
	file   *os.File
	writer *parquet.GenericWriter[any]
	schema Schema
	batch  []parquet.Row
	err    error
}

// CreateTable starts a table.
func CreateTable(path string, s Schema) (*TableWriter, error) {
	if err := os.MkdirAll(filepath.Dir(path), DirMode); err != nil {
		return nil, CannotWrite(path, err)
	}
	f, err := createTemp(path)
	if err != nil {
		return nil, CannotWrite(path, err)
	}
	// The fastest level looks back 4 MB instead of 8: its memory is what a writer costs most.
	w := parquet.NewGenericWriter[any](f, s.Parquet(nil), parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.MaxRowsPerRowGroup(rowGroupRows))
	return &TableWriter{path: path, file: f, writer: w, schema: s}, nil
}

// Write adds a row.
func (t *TableWriter) Write(row Row) error {
	if t.err != nil {
		return t.err
	}
	if len(row) != len(t.schema.Columns) {
		t.err = fmt.Errorf("table %s: a row has %d values, the schema has %d columns", t.schema.Name, len(row),
			len(t.schema.Columns))
		return t.err
	}
	out := make(parquet.Row, 0, len(row))
	for i, v := range row {
		if out, t.err = appendValue(out, i, t.schema.Columns[i], v); t.err != nil {
			return t.err
		}
	}
	t.batch = append(t.batch, out)
	if len(t.batch) == batchRows {
		t.flush()
	}
	return t.err
}

func (t *TableWriter) flush() {
	if _, err := t.writer.WriteRows(t.batch); err != nil {
		t.err = CannotWrite(t.path, err)
	}
	t.batch = t.batch[:0]
}

// Close completes the file and publishes it; after an error it removes it.
func (t *TableWriter) Close() error {
	if t.err == nil {
		t.flush()
	}
	if t.err == nil {
		t.err = t.writer.Close()
	}
	if err := t.file.Close(); t.err == nil {
		t.err = err
	}
	if t.err != nil {
		_ = os.Remove(t.file.Name())
		return CannotWrite(t.path, t.err)
	}
	return Publish(t.file.Name(), t.path)
}

// Abort gives the file up.
func (t *TableWriter) Abort() {
	t.err = errors.New("given up")
	_ = t.Close()
}

func appendValue(out parquet.Row, column int, c Column, v any) (parquet.Row, error) {
	if v == nil {
		return append(out, parquet.NullValue().Level(0, 0, column)), nil
	}
	var p parquet.Value
	switch x := v.(type) {
	case string:
		p = parquet.ByteArrayValue([]byte(x))
	case bool:
		p = parquet.BooleanValue(x)
	case int64:
		p = parquet.Int64Value(x)
	case int:
		p = parquet.Int64Value(int64(x))
	case float64:
		p = parquet.DoubleValue(x)
	case time.Time:
		if c.Type == Date {
			p = parquet.Int32Value(int32(x.Unix() / 86400))
		} else {
			p = parquet.Int64Value(x.UnixMicro())
		}
	case []string:
		return appendList(out, column, x), nil
	}
	if !fits(c.Type, v) {
		return nil, fmt.Errorf("column %s is %s and cannot hold a Go %T", c.Name, c.Type, v)
	}
	return append(out, p.Level(0, 1, column)), nil
}

func appendList(out parquet.Row, column int, list []string) parquet.Row {
	if len(list) == 0 {
		return append(out, parquet.NullValue().Level(0, 1, column))
	}
	for i, s := range list {
		repetition := 1
		if i == 0 {
			repetition = 0
		}
		out = append(out, parquet.ByteArrayValue([]byte(s)).Level(repetition, 3, column))
	}
	return out
}

func fits(t Type, v any) bool {
	switch v.(type) {
	case string:
		return t == Varchar
	case bool:
		return t == Boolean
	case int64, int:
		return t == Bigint
	case float64:
		return t == Double
	case time.Time:
		return t == Date || t == Timestamptz
	default:
		return false
	}
}
