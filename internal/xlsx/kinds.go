package xlsx

import (
	"bytes"
	"io"
	"os"
	"unicode/utf8"
)

// isWorkbook looks for what a workbook consists of, and says what else the archive is.
func (f *File) isWorkbook() error {
	switch {
	case f.parts["xl/workbook.bin"] != nil:
		return &Another{"a binary workbook (.xlsb)"}
	case f.parts["word/document.xml"] != nil:
		return &Another{"a text document (.docx)"}
	case f.parts["index/document.iwa"] != nil:
		return &Another{"a spreadsheet of Numbers (.numbers)"}
	case f.parts["mimetype"] != nil && f.parts["content.xml"] != nil:
		return &Another{"an OpenDocument spreadsheet (.ods)"}
	}
	for name := range f.parts {
		if name == "[content_types].xml" {
			return nil
		}
	}
	return &Another{"an archive (.zip) and not a workbook itself"}
}

// otherKind says what a file is that is no archive.
func otherKind(path string, err error) error {
	f, e := os.Open(path)
	if e != nil {
		return e
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, e := io.ReadFull(f, head)
	head = head[:n]
	switch {
	case n == 0:
		return &Another{"an empty file"}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return &Another{"a workbook of the old kind (.xls), or one with a password"}
	case bytes.HasPrefix(head, []byte("%PDF")):
		return &Another{"a PDF"}
	case bytes.HasPrefix(head, []byte("PK")):
		return err // an archive that is cut off or damaged
	case e != nil && isText(head) || n == len(head) && isText(head[:n-utf8.UTFMax]):
		return &Another{"a text file (.csv, perhaps)"}
	}
	return err
}

// isText says whether bytes could be somebody's words.
func isText(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 && len(b)-i >= utf8.UTFMax || r < ' ' && r != '\t' && r != '\r' && r != '\n' {
			return false
		}
		i += size
	}
	return true
}
