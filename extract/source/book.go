package source

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"ferry/internal/run"
	"ferry/internal/xlsx"
)

// book is a spreadsheet of which the sheets are read one at a time, row by row.
type book struct {
	file *xlsx.File
	one  sync.Mutex // sheet at a time
}

// sheet is one of its tables.
type sheet struct {
	*book
	name string
}

// sheetsOf lists the sheets of the spreadsheet that lies at a path: the file itself, or what was unpacked of it.
func sheetsOf(f File, at string, o Rules, archives *Archives) []File {
	b, err := openBook(at, o)
	var large *xlsx.TooLarge
	switch {
	case errors.As(err, &large):
		f.Refuse(ErrBomb.Error())
		return []File{f}
	case err != nil:
		f.Refuse("this spreadsheet cannot be opened (" + err.Error() +
			"): open it in a spreadsheet program and save it again")
		return []File{f}
	}
	archives.books = append(archives.books, b)
	var all []File
	for _, name := range b.file.Sheets() {
		s := File{Path: f.Path, Member: name, sheet: &sheet{b, name}, Name: f.Name + "!" + Printable(name), Size: f.Size,
			Mtime: f.Mtime}
		if b.file.Hidden(name) {
			s.Note = "a sheet that the spreadsheet hides is read like the others"
		}
		o.leaveOut(&s)
		all = append(all, s)
	}
	return all
}

func openBook(path string, o Rules) (*book, error) {
	if err := os.MkdirAll(o.Temp, run.DirMode); err != nil {
		return nil, err
	}
	f, err := xlsx.OpenWithin(path, o.Temp,
		xlsx.Limits{Unpacked: uint64(o.MaxUnpacked), Ratio: uint64(o.MaxRatio)})
	if err != nil {
		return nil, err
	}
	return &book{file: f}, nil
}

// packedSheets lists the sheets of a spreadsheet that lies in an archive or a wrapping: it is unpacked, as all of it
// has to be there at once. It answers nil where what is packed is no spreadsheet.
func packedSheets(f File, open func() (io.ReadCloser, error), o Rules, archives *Archives) []File {
	at, err := unpackBook(f, open, o)
	if err != nil {
		f.Refuse(CannotRead(err))
		return []File{f}
	}
	z, err := zip.OpenReader(at)
	if err != nil {
		f.Refuse("the archive in it cannot be opened: it is cut off or not a zip file; fetch it again")
		return []File{f}
	}
	defer z.Close()
	if is, _ := isBook(z.File); !is {
		return nil
	}
	if why := harmful(f, z.File, o); why != "" {
		f.Refuse(why)
		return []File{f}
	}
	return sheetsOf(f, at, o, archives)
}

// orSheets is the file, or its sheets if it is called a spreadsheet and is one.
func (s File) orSheets(open func() (io.ReadCloser, error), o Rules, archives *Archives) []File {
	ending := strings.ToLower(path.Ext(s.Member))
	if s.State != ToLand || ending != ".xlsx" && ending != ".xlsm" {
		return []File{s}
	}
	if sheets := packedSheets(s, open, o, archives); sheets != nil {
		return sheets
	}
	return []File{s}
}

// unpackBook puts what is packed into a file of its own.
func unpackBook(f File, open func() (io.ReadCloser, error), o Rules) (path string, err error) {
	in, err := open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	if err := os.MkdirAll(o.Temp, run.DirMode); err != nil {
		return "", err
	}
	out, err := os.CreateTemp(o.Temp, "book-*.xlsx")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, &bounded{in: in, stored: func() int64 { return max(f.Size, 1) }, o: o})
	return filepath.Clean(out.Name()), errors.Join(err, out.Close())
}

// open gives the sheet as delimited text: a line for each row, all of one width as far as one can see.
func (s *sheet) open(st *Stream) (io.Reader, error) {
	s.one.Lock()
	raw, err := s.file.Rows(s.name)
	if err != nil || raw == nil {
		s.one.Unlock()
		return nil, errors.Join(err, fmt.Errorf("the sheet cannot be read"))
	}
	rows := &sheetRows{book: s.file, raw: raw}
	st.sheet = rows
	out, in := io.Pipe()
	done := make(chan struct{})
	go func() {
		w := bufio.NewWriterSize(in, 64<<10)
		err := rows.write(w)
		in.CloseWithError(errors.Join(err, w.Flush()))
		close(done)
	}()
	st.closes = append(st.closes, closer(func() error {
		_ = out.Close()
		<-done
		defer s.one.Unlock()
		return raw.Close()
	}))
	return out, nil
}

type closer func() error

func (c closer) Close() error { return c() }

// isBook says whether a zip file is a spreadsheet of today.
func isBook(members []*zip.File) (yes bool, otherwise string) {
	for _, f := range members {
		switch f.Name {
		case "xl/workbook.xml":
			return true, ""
		case "xl/workbook.bin":
			return false, "this is a binary spreadsheet (.xlsb), not read here: save it as .xlsx or CSV"
		case "content.xml":
			return false, "this is an OpenDocument file, not read here: save it as .xlsx or CSV"
		case "word/document.xml":
			return false, "this is a text document, not a table: export the table as CSV"
		}
	}
	return false, ""
}
