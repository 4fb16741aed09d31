package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
)

// Archives are the zip files of a run; each is opened once, for all of its members.
type Archives struct{ readers []*zip.ReadCloser }

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
	if len(z.File) > o.MaxMembers {
		archive.Refuse(fmt.Sprintf("the archive has %d members, more than the %d allowed", len(z.File), o.MaxMembers))
		return []File{archive}
	}
	var all []File
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || strings.HasPrefix(path.Base(f.Name), ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		s := File{Path: archive.Path, Member: f.Name, zip: f, Name: archive.Name + "!" + Printable(f.Name), Size: int64(f.CompressedSize64), Mtime: archive.Mtime}
		o.leaveOut(&s)
		ending := strings.ToLower(path.Ext(f.Name))
		switch {
		case s.State == Ignored:
		case !localName(f.Name):
			s.Refuse("the name of this member leads out of the archive")
		case f.Mode()&os.ModeSymlink != 0:
			s.Refuse("this member is a symbolic link and is not followed")
		case f.Flags&1 != 0:
			s.Refuse("this member is encrypted; unpack it first")
		case unreadable[ending] != "":
			s.Refuse("files ending in " + ending + " are not read: " + unreadable[ending])
		case ending == ".zip":
			s.Refuse("this is an archive inside an archive; unpack the outer one first")
		case !tableEndings[ending]:
			s.Ignore("not a table: left alone")
		case f.UncompressedSize64 > uint64(o.MaxUnpacked) || f.UncompressedSize64 > 64<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(o.MaxRatio):
			s.Refuse(ErrBomb.Error())
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		archive.Ignore("the archive is empty")
		return []File{archive}
	}
	return all
}

// localName says whether a name stays inside the folder it is unpacked in, on any system.
func localName(name string) bool {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	return !strings.HasPrefix(clean, "/") && clean != ".." && !strings.HasPrefix(clean, "../") && !(len(clean) > 1 && clean[1] == ':')
}

// Printable makes a member's name safe to show.
func Printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
}
