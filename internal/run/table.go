package run

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
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
	writer *parquet.Writer
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
	w := parquet.NewWriter(f, parquetSchema(s), parquet.Compression(&zstd.Codec{}), parquet.MaxRowsPerRowGroup(rowGroupRows))
	return &TableWriter{path: path, file: f, writer: w, schema: s}, nil
}

// Write adds a row.
func (t *TableWriter) Write(row Row) error {
	if t.err != nil {
		return t.err
	}
	if len(row) != len(t.schema.Columns) {
		t.err = fmt.Errorf("table %s: a row has %d values, the schema has %d columns", t.schema.Name, len(row), len(t.schema.Columns))
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

// TableReader streams one Parquet file in flat memory, whoever wrote it.
type TableReader struct {
	file    *os.File
	rows    *parquet.Reader
	columns []Column
	leaves  []leaf
	batch   []parquet.Row
	at      int
	total   int64
}

type leaf struct {
	column int // position in columns
	list   bool
	depth  int // definition level of a value that is there
	decode func(parquet.Value) any
}

// OpenTable opens a Parquet file for reading.
func OpenTable(path string) (*TableReader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	pf, err := parquet.OpenFile(f, info.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		f.Close()
		return nil, &Problem{Where: path, What: "this is not a readable Parquet file: " + err.Error(), Err: err,
			Try: "run the stage that writes it again"}
	}
	t := &TableReader{file: f, total: pf.NumRows()}
	if err := t.learn(pf.Schema()); err != nil {
		f.Close()
		return nil, &Problem{Where: path, What: err.Error()}
	}
	t.rows = parquet.NewReader(pf)
	return t, nil
}

func (t *TableReader) learn(s *parquet.Schema) error {
	for _, field := range s.Fields() {
		t.columns = append(t.columns, Column{Name: field.Name()})
	}
	position := map[string]int{}
	for i, c := range t.columns {
		position[c.Name] = i
	}
	for _, path := range s.Columns() {
		lc, _ := s.Lookup(path...)
		i := position[path[0]]
		kind, decode := decoder(lc.Node.Type())
		l := leaf{column: i, list: lc.MaxRepetitionLevel > 0, depth: lc.MaxDefinitionLevel, decode: decode}
		switch {
		case kind == "", lc.MaxRepetitionLevel > 1, l.list && kind != Varchar, t.columns[i].Type != "":
			return fmt.Errorf("column %s has a type that may not cross from one room to another", path[0])
		case l.list:
			kind = VarcharList
		}
		t.columns[i].Type = kind
		t.leaves = append(t.leaves, l)
	}
	return nil
}

func decoder(t parquet.Type) (Type, func(parquet.Value) any) {
	var logical format.LogicalTypeValue
	if lt := t.LogicalType(); lt != nil {
		logical = lt.Value
	}
	switch t.Kind() {
	case parquet.Boolean:
		return Boolean, func(v parquet.Value) any { return v.Boolean() }
	case parquet.Int32:
		if _, ok := logical.(*format.DateType); ok || t.ConvertedType() != nil && *t.ConvertedType() == deprecated.Date {
			return Date, func(v parquet.Value) any { return time.Unix(int64(v.Int32())*86400, 0).UTC() }
		}
		return Bigint, func(v parquet.Value) any { return int64(v.Int32()) }
	case parquet.Int64:
		if ts, ok := logical.(*format.TimestampType); ok {
			per := int64(time.Second / ts.Unit.Value.Duration())
			return Timestamptz, func(v parquet.Value) any {
				n := v.Int64()
				return time.Unix(n/per, n%per*(int64(time.Second)/per)).UTC()
			}
		}
		return Bigint, func(v parquet.Value) any { return v.Int64() }
	case parquet.Double:
		return Double, func(v parquet.Value) any { return v.Double() }
	case parquet.Float:
		return Double, func(v parquet.Value) any { return float64(v.Float()) }
	case parquet.ByteArray:
		return Varchar, func(v parquet.Value) any { return string(v.ByteArray()) }
	default:
		return "", nil
	}
}

// Columns lists names and types, in file order.
func (t *TableReader) Columns() []Column { return t.columns }

// NumRows is the number of rows in the file.
func (t *TableReader) NumRows() int64 { return t.total }

// Column is the position of a column, or -1.
func (t *TableReader) Column(name string) int {
	for i, c := range t.columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// Next gives the next row, or io.EOF. The row is the caller's to keep.
func (t *TableReader) Next() (Row, error) {
	if t.at == len(t.batch) {
		if err := t.fill(); err != nil {
			return nil, err
		}
	}
	row := make(Row, len(t.columns))
	for _, v := range t.batch[t.at] {
		l := t.leaves[v.Column()]
		switch {
		case !l.list && !v.IsNull():
			row[l.column] = l.decode(v)
		case l.list && v.DefinitionLevel() >= 1:
			list, _ := row[l.column].([]string)
			if v.DefinitionLevel() == l.depth && !v.IsNull() {
				list = append(list, l.decode(v).(string))
			}
			if list == nil {
				list = []string{}
			}
			row[l.column] = list
		}
	}
	t.at++
	return row, nil
}

func (t *TableReader) fill() error {
	if cap(t.batch) == 0 {
		t.batch = make([]parquet.Row, batchRows)
	}
	t.batch = t.batch[:cap(t.batch)]
	n, err := t.rows.ReadRows(t.batch)
	t.batch, t.at = t.batch[:n], 0
	if n > 0 {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return io.EOF
	}
	return err
}

// Close closes the file.
func (t *TableReader) Close() error {
	err := t.rows.Close()
	return errors.Join(err, t.file.Close())
}

// ReadTable gives every row of a file to a function.
func ReadTable(path string, each func(columns []Column, row Row) error) error {
	t, err := OpenTable(path)
	if err != nil {
		return err
	}
	defer t.Close()
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(t.columns, row); err != nil {
			return err
		}
	}
}
