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

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// SampleSize is how much of a source is looked at before reading it in earnest.
const SampleSize = 1 << 20

// Stream is an opened source: unpacked, decoded text, with the digest and size of the bytes as stored.
type Stream struct {
	*bufio.Reader
	Coding Coding
	digest hash.Hash
	Stored int64
	sheet  *sheetRows // of a sheet
	closes []io.Closer
}

// ErrBomb is what reading a source beyond the limits for packed files ends with.
var ErrBomb = errors.New("it unpacks to more than is allowed")

// Open opens a file or a member, unpacks and decodes it.
func Open(s File, o Rules) (*Stream, error) {
	st, in, err := openPacked(s, o)
	if err != nil {
		return nil, err
	}
	raw := bufio.NewReaderSize(in, 256<<10)
	head, _ := raw.Peek(256 << 10)
	if is, refusal := contentOf(head); is != text && s.sheet == nil {
		st.Close()
		if is != other {
			refusal = "this is an archive inside an archive or a wrapping; unpack the outer one first"
		}
		return nil, Refusal(refusal)
	}
	st.Coding = Coding{Name: CodingUTF8}
	if s.sheet == nil {
		st.Coding = Detect(head)
	}
	if told := o.told(s.Name); told != "" && s.sheet == nil {
		st.Coding.Name, st.Coding.Doubt = told, ""
	}
	if _, err := raw.Discard(st.Coding.mark); err != nil {
		st.Close()
		return nil, err
	}
	st.Reader = raw
	if st.Coding.Name != CodingUTF8 {
		st.Reader = bufio.NewReaderSize(Decoded(raw, st.Coding.Name), 256<<10)
	}
	if s.sheet == nil {
		st.Reader = bufio.NewReaderSize(&ended{in: st.Reader}, 64<<10)
	}
	return st, nil
}

// openPacked opens a file or a member and takes off what it is packed in, whatever its name says.
func openPacked(s File, o Rules) (*Stream, io.Reader, error) {
	st := &Stream{digest: sha256.New()}
	in, err := st.open(s, o)
	if err != nil {
		st.Close()
		return nil, nil, err
	}
	if s.sheet == nil {
		in = io.TeeReader(in, st)
	}
	stored := bufio.NewReaderSize(in, 64<<10)
	head, _ := stored.Peek(512)
	is, _ := contentOf(head)
	if s.sheet != nil {
		is = text
	}
	plain, err := st.unpack(stored, is)
	switch {
	case err != nil:
		st.Close()
		return nil, nil, err
	case is == gzipped || is == bzipped || is == zstded:
		return st, &bounded{in: plain, stored: func() int64 { return max(st.Stored, 1) }, o: o}, nil
	case s.zip != nil:
		return st, &bounded{in: plain, stored: func() int64 { return max(s.Size, 1) }, o: o}, nil
	}
	return st, plain, nil
}

// unpack takes off a wrapping that packs a single file.
func (st *Stream) unpack(in io.Reader, is content) (io.Reader, error) {
	switch is {
	case gzipped:
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("this is not a gzip file, or it is cut off at its beginning")
		}
		return z, nil
	case bzipped:
		return bzip2.NewReader(in), nil
	case zstded:
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, err
		}
		st.closes = append(st.closes, z.IOReadCloser())
		return z, nil
	}
	return in, nil
}

func (st *Stream) open(s File, o Rules) (io.Reader, error) {
	switch {
	case s.sheet != nil:
		return st.openSheet(s)
	case s.tar > 0:
		return st.openTarMember(s, o)
	case s.zip != nil:
		in, err := s.zip.Open()
		if err != nil {
			return nil, err
		}
		st.closes = append(st.closes, in)
		return in, nil
	}
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	st.closes = append(st.closes, f)
	return f, nil
}

// openSheet gives a sheet as text; its digest is that of the spreadsheet it stands in.
func (st *Stream) openSheet(s File) (io.Reader, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := io.Copy(st, f); err != nil {
		return nil, err
	}
	return s.sheet.open(st)
}

// Hidden is how many of the rows read so far their spreadsheet does not show.
func (st *Stream) Hidden() int {
	if st.sheet == nil {
		return 0
	}
	return st.sheet.hidden
}

// Unsolved is how many of the cells read so far hold formulas of which their spreadsheet did not store the result.
func (st *Stream) Unsolved() int {
	if st.sheet == nil {
		return 0
	}
	return st.sheet.formulas
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
