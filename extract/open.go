package extract

import (
	"bufio"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// sampleSize is how much of a source is looked at before reading it in earnest.
const sampleSize = 1 << 20

// stream is an opened source: unpacked, decoded text, with the digest and size of the bytes as stored.
type stream struct {
	*bufio.Reader
	coding string
	digest hash.Hash
	read   int64
	closes []io.Closer
}

// errBomb is what reading a source beyond the limits for packed files ends with.
var errBomb = errors.New("it unpacks to more than is allowed")

// openSource opens a file or a member, unpacks and decodes it.
func openSource(s source, o Options) (*stream, error) {
	st := &stream{digest: sha256.New()}
	in, err := st.open(s)
	if err != nil {
		return nil, err
	}
	in = io.TeeReader(in, st)
	plain := in
	if in, err = st.unpack(in, strings.ToLower(path.Ext(s.name))); err != nil {
		st.Close()
		return nil, err
	}
	switch {
	case in != plain:
		in = &bounded{in: in, stored: func() int64 { return max(st.read, 1) }, o: o}
	case s.member != "":
		in = &bounded{in: in, stored: func() int64 { return max(s.size, 1) }, o: o}
	}
	raw := bufio.NewReaderSize(in, 256<<10)
	head, _ := raw.Peek(256 << 10)
	coding, mark := detectCoding(head)
	if _, err := raw.Discard(mark); err != nil {
		st.Close()
		return nil, err
	}
	st.coding = coding
	st.Reader = raw
	if coding != codingUTF8 {
		st.Reader = bufio.NewReaderSize(decoded(raw, coding), 256<<10)
	}
	return st, nil
}

// unpack takes off a wrapping that packs a single file.
func (st *stream) unpack(in io.Reader, ending string) (io.Reader, error) {
	switch ending {
	case ".gz":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("this is not a gzip file, or it is cut off at its beginning")
		}
		return z, nil
	case ".bz2":
		return bzip2.NewReader(in), nil
	case ".zst":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, err
		}
		st.closes = append(st.closes, z.IOReadCloser())
		return z, nil
	}
	return in, nil
}

func (st *stream) open(s source) (io.Reader, error) {
	if s.member == "" {
		f, err := os.Open(s.path)
		if err != nil {
			return nil, err
		}
		st.closes = append(st.closes, f)
		return f, nil
	}
	in, err := s.zip.Open()
	if err != nil {
		return nil, err
	}
	st.closes = append(st.closes, in)
	return in, nil
}

// Write takes the bytes as stored.
func (st *stream) Write(p []byte) (int, error) {
	st.read += int64(len(p))
	return st.digest.Write(p)
}

func (st *stream) sum() string { return hex.EncodeToString(st.digest.Sum(nil)) }

// Close closes everything that was opened, the innermost first.
func (st *stream) Close() error {
	var err error
	for i := len(st.closes) - 1; i >= 0; i-- {
		err = errors.Join(err, st.closes[i].Close())
	}
	return err
}

// bounded stops reading when a packed source grows beyond the limits.
type bounded struct {
	in     io.Reader
	stored func() int64
	out    int64
	o      Options
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.out += int64(n)
	if b.out > b.o.MaxUnpacked || b.out > 64<<20 && b.out/b.stored() > b.o.MaxRatio {
		return 0, errBomb
	}
	return n, err
}
