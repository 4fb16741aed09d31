package source

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
)

// maxTarMembers bounds the members of a tar archive, as each is found by reading what stands before it.
const maxTarMembers = 1000

// tarMembers lists the members of a tar archive, packed or not. It has no table of contents: all of it is
// read for that, within the limits for what unpacks.
func tarMembers(archive File, o Rules, archives *Archives) []File {
	var all []File
	err := eachTarMember(archive, o, func(i int, h *tar.Header, in io.Reader) error {
		if i >= min(o.MaxMembers, maxTarMembers) {
			return Refusal(fmt.Sprintf("the archive has more than the %d members allowed: unpack it",
				min(o.MaxMembers, maxTarMembers)))
		}
		if h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader {
			return nil
		}
		s := File{Path: archive.Path, Member: h.Name, tar: i + 1, Name: archive.Name + "!" + Printable(h.Name), Size: h.Size,
			Mtime: archive.Mtime}
		o.leaveOut(&s)
		switch {
		case s.State == Ignored:
		case !localName(h.Name):
			s.Refuse("the name of this member leads out of the archive")
		case h.Typeflag != tar.TypeReg:
			s.Refuse("this member is no regular file and is not followed")
		default:
			s.passOver(path.Base(h.Name))
		}
		once := func() (io.ReadCloser, error) { return io.NopCloser(in), nil }
		all = append(all, s.orSheets(once, o, archives)...)
		return nil
	})
	var refusal Refusal
	switch {
	case errors.As(err, &refusal), errors.Is(err, ErrBomb):
		archive.Refuse(err.Error())
		return []File{archive}
	case err != nil:
		archive.Refuse("the archive is cut off or damaged (" + err.Error() + "): fetch it again")
		return append(all, archive)
	case len(all) == 0:
		archive.Ignore("the archive is empty")
		return []File{archive}
	}
	return all
}

// eachTarMember walks through an archive; what each answers ends the walk, unless it is nil.
func eachTarMember(archive File, o Rules, each func(i int, h *tar.Header, in io.Reader) error) error {
	st, in, err := openPacked(archive, o)
	if err != nil {
		return err
	}
	defer st.Close()
	t := tar.NewReader(in)
	for i := 0; ; i++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(i, h, t); err != nil {
			return err
		}
	}
}

// openTarMember goes to a member of an archive.
func (st *Stream) openTarMember(s File, o Rules) (io.Reader, error) {
	archive := s
	archive.Member, archive.tar = "", 0
	outer, in, err := openPacked(archive, o)
	if err != nil {
		return nil, err
	}
	st.closes = append(st.closes, outer)
	t := tar.NewReader(in)
	for range s.tar {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
	}
	return t, nil
}
