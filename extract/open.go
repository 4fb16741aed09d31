package extract

import (
	"archive/zip"
	"bufio"
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
	name := s.name
	packed := s.member != ""
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			st.Close()
			return nil, fmt.Errorf("this is not a gzip file, or it is cut off at its beginning")
		}
		in, packed = z, true
	}
	if packed {
		in = &bounded{in: in, stored: func() int64 { return max(st.read, 1) }, o: o}
		if s.member != "" && !strings.HasSuffix(strings.ToLower(name), ".gz") {
			in.(*bounded).stored = func() int64 { return max(s.size, 1) }
		}
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

func (st *stream) open(s source) (io.Reader, error) {
	if s.member == "" {
		f, err := os.Open(s.path)
		if err != nil {
			return nil, err
		}
		st.closes = append(st.closes, f)
		return f, nil
	}
	z, err := zip.OpenReader(s.path)
	if err != nil {
		return nil, err
	}
	st.closes = append(st.closes, z)
	for _, f := range z.File {
		if f.Name == s.member {
			in, err := f.Open()
			if err != nil {
				return nil, err
			}
			st.closes = append(st.closes, in)
			return in, nil
		}
	}
	return nil, fmt.Errorf("the archive no longer has this member")
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

// membersOf lists the members of an archive. A member whose name would leave the archive's folder is
// refused, the others are not.
func membersOf(archive source, o Options) []source {
	z, err := zip.OpenReader(archive.path)
	if err != nil {
		archive.refuse("the archive cannot be opened: it is cut off or not a zip file; fetch it again")
		return []source{archive}
	}
	defer z.Close()
	if len(z.File) > o.MaxMembers {
		archive.refuse(fmt.Sprintf("the archive has %d members, more than the %d allowed", len(z.File), o.MaxMembers))
		return []source{archive}
	}
	var all []source
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || strings.HasPrefix(path.Base(f.Name), ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		s := source{path: archive.path, member: f.Name, name: archive.name + "!" + printable(f.Name), size: int64(f.CompressedSize64), mtime: archive.mtime, entity: archive.entity}
		s.told(o)
		ending := strings.ToLower(path.Ext(f.Name))
		switch {
		case s.state == ignored:
		case !localName(f.Name):
			s.refuse("the name of this member leads out of the archive")
		case f.Mode()&os.ModeSymlink != 0:
			s.refuse("this member is a symbolic link and is not followed")
		case f.Flags&1 != 0:
			s.refuse("this member is encrypted; unpack it first")
		case ending == ".zip":
			s.refuse("this is an archive inside an archive; unpack the outer one first")
		case !tableEndings[ending]:
			s.ignore("not a table: left alone")
		case f.UncompressedSize64 > uint64(o.MaxUnpacked) || f.UncompressedSize64 > 64<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(o.MaxRatio):
			s.refuse(errBomb.Error())
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		archive.ignore("the archive is empty")
		return []source{archive}
	}
	return all
}

// localName says whether a name stays inside the folder it is unpacked in, on any system.
func localName(name string) bool {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	return !strings.HasPrefix(clean, "/") && clean != ".." && !strings.HasPrefix(clean, "../") && !(len(clean) > 1 && clean[1] == ':')
}

// printable makes a member's name safe to show.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
}
