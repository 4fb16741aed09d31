// Package pack puts the parts of a workbook into its file, in one order and without times. It must not know what a part
// says. Start at Ordered.
package pack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
)

// Ordered writes the parts of a workbook in the order of their names and without times, so
// that the same tables give the same bytes: excelize walks a map. Parts wait compressed, the big
// ones in temporary files, so that memory stays flat.
func Ordered(out io.Writer, temp string) *Zip { return &Zip{out: out, temp: temp} }

// Zip is a workbook's file being written.
type Zip struct {
	out     io.Writer
	temp    string
	entries []*zipEntry
}

// zipEntry is a part that is being written.
type zipEntry struct {
	name   string
	store  spill
	packer *flate.Writer
	sum    hash.Hash32
	size   uint64
}

// pictures are kinds of files that excelize announces, in any order, as soon as there is a chart;
// our workbooks have none of them.
var pictures = regexp.MustCompile(`<Default Extension="[a-z]+" ContentType="image/[a-z-]+"></Default>`)

func (e *zipEntry) Write(p []byte) (int, error) {
	all := len(p)
	if e.name == "[Content_Types].xml" {
		p = pictures.ReplaceAll(p, nil)
	}
	e.size += uint64(len(p))
	_, _ = e.sum.Write(p) // a hash never fails
	if _, err := e.packer.Write(p); err != nil {
		return 0, err
	}
	return all, nil
}

// Create starts a part.
func (z *Zip) Create(name string) (io.Writer, error) {
	e := &zipEntry{name: name, store: spill{folder: z.temp}, sum: crc32.NewIEEE()}
	packer, err := flate.NewWriter(&e.store, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	e.packer = packer
	z.entries = append(z.entries, e)
	return e, nil
}

// AddFS is not used for workbooks.
func (z *Zip) AddFS(fs.FS) error { return fs.ErrInvalid }

// Close puts the parts together, the list of content types first, as readers expect.
func (z *Zip) Close() error {
	defer func() {
		for _, e := range z.entries {
			e.store.discard()
		}
	}()
	slices.SortFunc(z.entries, func(a, b *zipEntry) int { return strings.Compare(a.name, b.name) })
	w := zip.NewWriter(z.out)
	for _, e := range z.entries {
		if err := e.packer.Close(); err != nil {
			return err
		}
		part, err := w.CreateRaw(&zip.FileHeader{Name: e.name, Method: zip.Deflate,
			CRC32: e.sum.Sum32(), CompressedSize64: uint64(e.store.size), UncompressedSize64: e.size})
		if err != nil {
			return err
		}
		if err := e.store.copyTo(part); err != nil {
			return err
		}
	}
	return w.Close()
}

// spill keeps bytes in memory, or in a file once there are many.
type spill struct {
	folder string
	memory bytes.Buffer
	file   *os.File
	size   int64
}

const inMemory = 1 << 20

func (s *spill) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if s.file == nil && s.memory.Len()+len(p) <= inMemory {
		return s.memory.Write(p)
	}
	if s.file == nil {
		f, err := os.CreateTemp(s.folder, "part-*")
		if err != nil {
			return 0, err
		}
		s.file = f
	}
	return s.file.Write(p)
}

// copyTo gives everything back, in order.
func (s *spill) copyTo(w io.Writer) error {
	if _, err := w.Write(s.memory.Bytes()); err != nil || s.file == nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spill) discard() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}
