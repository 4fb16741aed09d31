package source

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

// SampleSize is how much of a source is looked at before reading it in earnest.
const SampleSize = 1 << 20

// Stream is an opened source: unpacked, decoded text, with the digest and size of the bytes as stored.
type Stream struct {
	*bufio.Reader
	Coding string
	digest hash.Hash
	Stored int64
	closes []io.Closer
}

// ErrBomb is what reading a source beyond the limits for packed files ends with.
var ErrBomb = errors.New("it unpacks to more than is allowed")

// Open opens a file or a member, unpacks and decodes it.
func Open(s File, o Rules) (*Stream, error) {
	st := &Stream{digest: sha256.New()}
	in, err := st.open(s)
	if err != nil {
		return nil, err
	}
	in = io.TeeReader(in, st)
	plain := in
	if in, err = st.unpack(in, strings.ToLower(path.Ext(s.Name))); err != nil {
		st.Close()
		return nil, err
	}
	switch {
	case in != plain:
		in = &bounded{in: in, stored: func() int64 { return max(st.Stored, 1) }, o: o}
	case s.Member != "":
		in = &bounded{in: in, stored: func() int64 { return max(s.Size, 1) }, o: o}
	}
	raw := bufio.NewReaderSize(in, 256<<10)
	head, _ := raw.Peek(256 << 10)
	coding, mark := Detect(head)
	if _, err := raw.Discard(mark); err != nil {
		st.Close()
		return nil, err
	}
	st.Coding = coding
	st.Reader = raw
	if coding != CodingUTF8 {
		st.Reader = bufio.NewReaderSize(Decoded(raw, coding), 256<<10)
	}
	return st, nil
}

// unpack takes off a wrapping that packs a single file.
func (st *Stream) unpack(in io.Reader, ending string) (io.Reader, error) {
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

func (st *Stream) open(s File) (io.Reader, error) {
	if s.Member == "" {
		f, err := os.Open(s.Path)
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
func (st *Stream) Write(p []byte) (int, error) {
	st.Stored += int64(len(p))
	return st.digest.Write(p)
}

func (st *Stream) Sum() string { return hex.EncodeToString(st.digest.Sum(nil)) }

// Close closes everything that was opened, the innermost first.
func (st *Stream) Close() error {
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
	o      Rules
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.out += int64(n)
	if b.out > b.o.MaxUnpacked || b.out > 64<<20 && b.out/b.stored() > b.o.MaxRatio {
		return 0, ErrBomb
	}
	return n, err
}
