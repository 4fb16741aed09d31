package sample

import (
	"archive/zip"
	"bufio"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// column is one column of an export; JSON files need to know how its values are written.
type column struct {
	name string
	kind kind
}

type kind int

const (
	text   kind = iota // a quoted string
	number             // bare: numbers and 0/1 flags
	raw                // JSON already
)

// texts are columns of text.
func texts(names ...string) []column {
	list := make([]column, len(names))
	for i, n := range names {
		list[i] = column{n, text}
	}
	return list
}

// file is one export being written. The first error stays and is told by close.
type file struct {
	tally
	disk    *os.File
	layers  []io.Closer // innermost first
	zip     *zip.Writer
	out     *bufio.Writer
	columns []column
	comma   byte
	line    []byte
	rows    int
	err     error
	isArray bool
}

func createFile(path string) (*file, error) {
	disk, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	f := &file{disk: disk, comma: ','}
	var w io.Writer = disk
	switch {
	case strings.HasSuffix(path, ".gz"):
		z, err := gzip.NewWriterLevel(disk, gzip.BestSpeed)
		if err != nil {
			return nil, err
		}
		w, f.layers = z, []io.Closer{z}
	case strings.HasSuffix(path, ".zip"):
		f.zip = zip.NewWriter(disk)
		f.layers = []io.Closer{f.zip}
	}
	f.out = bufio.NewWriterSize(w, 1<<16)
	return f, nil
}

// part starts a member of a zip archive.
func (f *file) part(name string) {
	f.keep(f.out.Flush())
	if f.zip == nil {
		return // counting only
	}
	w, err := f.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate,
		Modified: exportDay.Truncate(2 * time.Second)})
	f.keep(err)
	f.out.Reset(w)
}

// header sets the columns and, in a CSV file, writes their labels.
func (f *file) header(columns []column, labels ...string) {
	f.columns, f.rows = columns, 0
	if len(labels) == 0 {
		for _, c := range columns {
			labels = append(labels, c.name)
		}
	}
	f.row(labels...)
	f.rows = 0
}

// row writes a line of a CSV file.
func (f *file) row(values ...string) {
	f.line = f.line[:0]
	for i, v := range values {
		if i > 0 {
			f.line = append(f.line, f.comma)
		}
		f.line = f.appendCell(f.line, v)
	}
	f.rows++
	f.raw(append(f.line, '\n'))
}

func (f *file) appendCell(line []byte, v string) []byte {
	if !strings.ContainsAny(v, "\",;\n\r") && v == strings.TrimSpace(v) {
		return append(line, v...)
	}
	line = append(line, '"')
	for i := 0; i < len(v); i++ {
		if v[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, v[i])
	}
	return append(line, '"')
}

// object writes an object of an NDJSON file or of a JSON array; empty values are left out.
func (f *file) object(columns []column, values ...string) {
	f.line = f.line[:0]
	if f.isArray && f.rows > 0 {
		f.line = append(f.line, ",\n"...)
	}
	f.line = append(f.line, '{')
	separator := ""
	for i, v := range values {
		if v == "" {
			continue
		}
		f.line = append(append(f.line, separator...), '"')
		f.line = append(append(f.line, columns[i].name...), '"', ':')
		if columns[i].kind == text {
			f.line = appendJSON(f.line, v)
		} else {
			f.line = append(f.line, v...)
		}
		separator = ","
	}
	f.line = append(f.line, '}')
	if !f.isArray {
		f.line = append(f.line, '\n')
	}
	f.rows++
	f.raw(f.line)
}

// array makes a JSON file one array of the objects that the function writes.
func (f *file) array(fill func()) {
	f.isArray = true
	f.raw([]byte("[\n"))
	fill()
	f.raw([]byte("\n]\n"))
}

// raw writes bytes as they are.
func (f *file) raw(b []byte) {
	_, err := f.out.Write(b)
	f.keep(err)
}

// damaged writes a line that no reader can take for a record.
func (f *file) damaged(table, line string) {
	f.count(table, "damaged line")
	f.raw([]byte(line + "\n"))
}

func (f *file) keep(err error) {
	if f.err == nil {
		f.err = err
	}
}

func (f *file) close() error {
	f.keep(f.out.Flush())
	for _, l := range f.layers {
		f.keep(l.Close())
	}
	f.keep(f.disk.Close())
	return f.err
}

// appendJSON writes a JSON string.
func appendJSON(line []byte, s string) []byte {
	const hex = "0123456789abcdef"
	line = append(line, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			line = append(line, '\\', c)
		case c == '\n':
			line = append(line, '\\', 'n')
		case c < ' ':
			line = append(line, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			line = append(line, c)
		}
	}
	return append(line, '"')
}
