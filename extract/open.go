package extract

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// sampleSize is how much of a source is looked at before reading it in earnest.
const sampleSize = 1 << 20

// stream is an opened source: decompressed text, with the digest and size of the bytes as stored.
type stream struct {
	*bufio.Reader
	file   *os.File
	digest hash.Hash
	read   int64
}

func openSource(s source) (*stream, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	st := &stream{file: f, digest: sha256.New()}
	var in io.Reader = io.TeeReader(f, st)
	if strings.HasSuffix(strings.ToLower(s.path), ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			f.Close()
			return nil, err
		}
		in = z
	}
	st.Reader = bufio.NewReaderSize(in, sampleSize)
	if head, _ := st.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = st.Discard(3)
	}
	return st, nil
}

// Write takes the bytes as stored.
func (s *stream) Write(p []byte) (int, error) {
	s.read += int64(len(p))
	return s.digest.Write(p)
}

func (s *stream) sum() string { return hex.EncodeToString(s.digest.Sum(nil)) }

func (s *stream) Close() error { return s.file.Close() }
