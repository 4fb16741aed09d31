package reports

import (
	"archive/zip"
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

// orderedZip writes the parts of a workbook in the order of their names and without times, so
// that the same tables give the same bytes: excelize walks a map. Parts wait, compressed, in
// temporary files, so that memory stays flat.
type orderedZip struct {
	out     io.Writer
	temp    string
	entries []*zipEntry
}

// firstDay is 1 January 1980 as zip files write it: the earliest there is.
const firstDay = 1<<5 | 1

type zipEntry struct {
	name   string
	file   *os.File
	packer *flate.Writer
	sum    hash.Hash32
	size   uint64
}

func (e *zipEntry) Write(p []byte) (int, error) {
	all := len(p)
	if e.name == "[Content_Types].xml" {
		p = pictures.ReplaceAll(p, nil)
	}
	e.size += uint64(len(p))
	_, _ = e.sum.Write(p)
	if _, err := e.packer.Write(p); err != nil {
		return 0, err
	}
	return all, nil
}

// pictures are kinds of files that excelize announces, in any order, as soon as there is a chart;
// our workbooks have none of them.
var pictures = regexp.MustCompile(`<Default Extension="[a-z]+" ContentType="image/[a-z-]+"></Default>`)

// Create starts a part.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	f, err := os.CreateTemp(z.temp, "part-*")
	if err != nil {
		return nil, err
	}
	packer, err := flate.NewWriter(f, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	e := &zipEntry{name: name, file: f, packer: packer, sum: crc32.NewIEEE()}
	z.entries = append(z.entries, e)
	return e, nil
}

// AddFS is not used for workbooks.
func (z *orderedZip) AddFS(fs.FS) error { return fs.ErrInvalid }

// Close puts the parts together, the list of content types first, as readers expect.
func (z *orderedZip) Close() error {
	defer z.discard()
	slices.SortFunc(z.entries, func(a, b *zipEntry) int { return strings.Compare(a.name, b.name) })
	w := zip.NewWriter(z.out)
	for _, e := range z.entries {
		if err := e.copyTo(w); err != nil {
			return err
		}
	}
	return w.Close()
}

func (e *zipEntry) copyTo(w *zip.Writer) error {
	if err := e.packer.Close(); err != nil {
		return err
	}
	packed, err := e.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := e.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	part, err := w.CreateRaw(&zip.FileHeader{Name: e.name, Method: zip.Deflate, ModifiedDate: firstDay, CRC32: e.sum.Sum32(), CompressedSize64: uint64(packed), UncompressedSize64: e.size})
	if err != nil {
		return err
	}
	_, err = io.Copy(part, e.file)
	return err
}

func (z *orderedZip) discard() {
	for _, e := range z.entries {
		_ = e.file.Close()
		_ = os.Remove(e.file.Name())
	}
	z.entries = nil
}
