package source

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Archives are the zip files and spreadsheets of a run; each is opened once, for all of its members.
type Archives struct {
	readers []*zip.ReadCloser
	books   []*book
}

func (a *Archives) open(path string) (*zip.ReadCloser, error) {
	z, err := zip.OpenReader(path)
	if err == nil {
		a.readers = append(a.readers, z)
	}
	return z, err
}

func (a *Archives) Close() error {
	var err error
	for _, z := range a.readers {
		err = errors.Join(err, z.Close())
	}
	for _, b := range a.books {
		err = errors.Join(err, b.file.Close())
	}
	return err
}

// membersOf lists the members of an archive. A member whose name would leave the archive's folder is
// refused, the others are not.
func membersOf(archive File, o Rules, archives *Archives) []File {
	z, err := archives.open(archive.Path)
	if err != nil {
		archive.Refuse("the archive cannot be opened: it is cut off or not a zip file; fetch it again")
		return []File{archive}
	}
	book, why := isBook(z.File)
	if why := harmful(archive, z.File, o); book && why != "" {
		archive.Refuse(why)
		return []File{archive}
	}
	if book {
		return sheetsOf(archive, archive.Path, o, archives)
	}
	if why != "" {
		archive.Refuse(why)
		return []File{archive}
	}
	if len(z.File) > o.MaxMembers {
		archive.Refuse(fmt.Sprintf("the archive has %d members, more than the %d allowed", len(z.File), o.MaxMembers))
		return []File{archive}
	}
	if why := harmful(archive, z.File, o); why != "" {
		archive.Refuse(why)
		return []File{archive}
	}
	var all []File
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		s := File{Path: archive.Path, Member: f.Name, zip: f, Name: archive.Name + "!" + Printable(f.Name),
			Size: int64(f.CompressedSize64), Mtime: archive.Mtime}
		o.leaveOut(&s)
		switch {
		case s.State == Ignored:
		case !localName(f.Name):
			s.Refuse("the name of this member leads out of the archive")
		case f.Mode()&os.ModeSymlink != 0:
			s.Refuse("this member is a symbolic link and is not followed")
		case f.Flags&1 != 0:
			s.Refuse("this member is encrypted; unpack it first")
		case strings.EqualFold(path.Ext(f.Name), ".zip"):
			s.Refuse("this is an archive inside an archive; unpack the outer one first")
		default:
			s.passOver(path.Base(f.Name))
		}
		all = append(all, s.orSheets(f.Open, o, archives)...)
	}
	if len(all) == 0 {
		archive.Ignore("the archive is empty")
		return []File{archive}
	}
	return all
}

// harmful says what makes an archive a trap: members that share their bytes, or more in all of them than
// any archive of its size holds; "" for nothing.
func harmful(archive File, members []*zip.File, o Rules) string {
	type extent struct{ from, to int64 }
	var all []extent
	var unpacked uint64
	most := uint64(0)
	for _, f := range members {
		unpacked += f.UncompressedSize64
		most = max(most, unpacked, f.UncompressedSize64) // a sum that goes round is still a lot
		if from, err := f.DataOffset(); err == nil && f.CompressedSize64 > 0 {
			all = append(all, extent{from, from + int64(f.CompressedSize64)})
		}
	}
	slices.SortFunc(all, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return "entries of this archive overlap: it was made to do harm, or is damaged"
		}
	}
	if most > uint64(o.MaxUnpacked) || most > 64<<20 && most/uint64(max(archive.Size, 1)) > uint64(o.MaxRatio) {
		return ErrBomb.Error()
	}
	return ""
}

// localName says whether a name stays inside the folder it is unpacked in, on any system.
func localName(name string) bool {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	return !strings.HasPrefix(clean, "/") && clean != ".." && !strings.HasPrefix(clean, "../") &&
		!(len(clean) > 1 && clean[1] == ':')
}

// Printable makes a name safe to show and to write down: bytes that are not UTF-8 and characters nobody
// sees are quoted.
func Printable(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		r, n := utf8.DecodeRuneInString(name)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "\\x%02x", name[0])
		case r < ' ' || r == 0x7f || unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
		name = name[n:]
	}
	return b.String()
}
