package run

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// TableReader streams one Parquet file in flat memory, whoever wrote it.
type TableReader struct {
	file    *os.File
	rows    parquet.Rows // nil: the file has no rows
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
	if groups := pf.RowGroups(); len(groups) > 0 {
		t.rows = parquet.MultiRowGroup(groups...).Rows()
	}
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

// ColumnNames lists the columns of a Parquet file, those too whose types may not cross rooms.
func ColumnNames(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	pf, err := parquet.OpenFile(f, info.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, field := range pf.Schema().Fields() {
		names = append(names, field.Name())
	}
	return names, nil
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
	if t.rows == nil {
		return io.EOF
	}
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
	if t.rows == nil {
		return t.file.Close()
	}
	return errors.Join(t.rows.Close(), t.file.Close())
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
