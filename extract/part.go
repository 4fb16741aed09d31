package extract

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"ferry/internal/run"
)

// pageSize is how much of a column is encoded and compressed at once.
const pageSize = 512 << 10

// batchRows is how many rows are gathered before they go to the column writers.
const batchRows = 1024

// part is one Parquet file of a landed table. Its row groups are filled side by side and committed in order.
type part struct {
	path   string
	file   *os.File
	writer *parquet.GenericWriter[any]
	width  int
	rows   int64
	mutex  sync.Mutex
	spare  []*rowGroup // committed and empty, to be filled again
}

// createPart starts a file; dictionary says for each column whether its values repeat enough to be listed once.
func createPart(path string, s run.Schema, dictionary []bool) (*part, error) {
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return nil, run.CannotWrite(path, err)
	}
	f, err := os.OpenFile(run.TempName(path), os.O_RDWR|os.O_CREATE|os.O_TRUNC, run.FileMode)
	if err != nil {
		return nil, run.CannotWrite(path, err)
	}
	options := []parquet.WriterOption{s.Parquet(stored(s, dictionary)),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}), parquet.DictionaryMaxBytes(1 << 20),
		parquet.PageBufferSize(pageSize), parquet.DataPageStatistics(false)}
	for _, c := range s.Columns {
		options = append(options, parquet.SkipPageBounds(c.Name)) // nobody looks for a range in text that is not typed yet
	}
	w := parquet.NewGenericWriter[any](f, options...)
	return &part{path: path, file: f, writer: w, width: len(s.Columns)}, nil
}

// stored says how columns are written. Values that repeat are listed once. The extras are most of the text
// of a profile and their keys repeat: Snappy takes a sixth of the time off landing them, for a third more disk.
func stored(s run.Schema, dictionary []bool) func(int, parquet.Node) parquet.Node {
	return func(column int, node parquet.Node) parquet.Node {
		if column < len(dictionary) && dictionary[column] {
			node = parquet.Encoded(node, &parquet.RLEDictionary)
		}
		if s.Columns[column].Name == extraColumn {
			node = parquet.Compressed(node, &parquet.Snappy)
		}
		return node
	}
}

// begin starts a row group; it may be filled by another goroutine than its neighbours.
func (p *part) begin() *rowGroup {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if n := len(p.spare); n > 0 {
		g := p.spare[n-1]
		p.spare = p.spare[:n-1]
		return g
	}
	g := &rowGroup{group: p.writer.BeginRowGroup(), values: make([][]parquet.Value, p.width)}
	g.columns = g.group.ColumnWriters()
	for i := range g.values {
		g.values[i] = make([]parquet.Value, 0, batchRows)
	}
	return g
}

// commit adds a filled row group to the file; calls must follow each other in the order of the rows.
func (p *part) commit(g *rowGroup) error {
	if g.rows == 0 {
		return nil
	}
	n, err := g.group.Commit()
	if err != nil {
		return run.CannotWrite(p.path, err)
	}
	p.rows += n
	g.rows = 0
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.spare = append(p.spare, g)
	return nil
}

// close completes the file and publishes it.
func (p *part) close() error {
	err := p.writer.Close()
	if e := p.file.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(p.file.Name())
		return run.CannotWrite(p.path, err)
	}
	return run.Publish(p.file.Name(), p.path)
}

// abort gives the file up.
func (p *part) abort() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}

// rowGroup gathers rows column by column.
type rowGroup struct {
	group   *parquet.ConcurrentRowGroupWriter
	columns []*parquet.ColumnWriter
	values  [][]parquet.Value
	rows    int64
	fixed   []fixedColumn
	pending int // rows gathered and not flushed
}

// fixedColumn has the same value in every row.
type fixedColumn struct {
	column int
	values []parquet.Value
}

// fix gives a column the same value in every row to come.
func (g *rowGroup) fix(column int, value []byte) {
	for _, f := range g.fixed {
		if f.column == column {
			return // a row group of the same part used again
		}
	}
	f := fixedColumn{column: column, values: make([]parquet.Value, batchRows)}
	for i := range f.values {
		f.values[i] = textValue(value)
	}
	g.fixed = append(g.fixed, f)
}

// text puts a value into a column of the current row; the bytes must stay as they are until flush.
func (g *rowGroup) text(column int, value []byte) {
	g.values[column] = append(g.values[column], textValue(value))
}

func (g *rowGroup) null(column int) {
	g.values[column] = append(g.values[column], parquet.NullValue())
}

// textValue is a value that is there; its definition level is what tells it from a null.
func textValue(text []byte) parquet.Value {
	v := parquet.ByteArrayValue(text)
	v.SetDefinitionLevel(1)
	return v
}

// endRow completes a row.
func (g *rowGroup) endRow() {
	g.rows++
	g.pending++
}

// full says that the batch wants to be flushed.
func (g *rowGroup) full() bool { return g.pending >= batchRows }

// flush hands the gathered values to the column writers, which copy them.
func (g *rowGroup) flush() error {
	for i, v := range g.values {
		if len(v) == 0 {
			continue
		}
		if _, err := g.columns[i].WriteRowValues(v); err != nil {
			return err
		}
		g.values[i] = v[:0]
	}
	for _, f := range g.fixed {
		if g.pending == 0 {
			break
		}
		if _, err := g.columns[f.column].WriteRowValues(f.values[:g.pending]); err != nil {
			return err
		}
	}
	g.pending = 0
	return nil
}

// finish encodes what is left, so that commit only copies bytes.
func (g *rowGroup) finish() error {
	if err := g.flush(); err != nil {
		return err
	}
	return g.group.Flush()
}
