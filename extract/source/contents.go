package source

import (
	"bytes"
	"fmt"
)

// content is what a file is by its first bytes, whatever its name says.
type content int

const (
	text content = iota // as far as one can tell
	zipped
	gzipped
	bzipped
	zstded
	tarred
	packedZip // a zip file in another wrapping
	other     // something that is not read, see foreign
)

// magic are the first bytes of what is read.
var magic = map[content][]byte{zipped: []byte("PK\x03\x04"), gzipped: {0x1f, 0x8b}, bzipped: []byte("BZh"),
	zstded: {0x28, 0xb5, 0x2f, 0xfd}}

// foreign are the first bytes of what is not read, what that is and what to do.
var foreign = []struct{ begin, is, do string }{
	{"%PDF-", "a PDF", "export the table as CSV"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet of an old kind (.xls) or another Office file",
		"save it as .xlsx or CSV"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"},
	{"Rar!\x1a\x07", "a RAR archive", "unpack it"},
	{"\xfd7zXZ\x00", "an xz file", "unpack it"},
	{"\x04\x22\x4d\x18", "an lz4 file", "unpack it"},
	{"\x1f\x9d", "a file packed with compress", "unpack it"},
	{"PK\x05\x06", "an empty zip archive", "fetch it again"},
	{"PK\x07\x08", "a part of a zip archive", "put its parts together and unpack it"},
	{"PAR1", "a Parquet file", "write it as CSV or NDJSON"},
	{"Obj\x01", "an Avro file", "write it as CSV or NDJSON"},
	{"ORC\x00", "an ORC file", "write it as CSV or NDJSON"},
	{"ORC", "an ORC file", "write it as CSV or NDJSON"},
	{"SQLite format 3\x00", "a SQLite database", "export its tables as CSV"},
	{"\x89PNG\r\n\x1a\n", "an image", "remove it"},
	{"\xff\xd8\xff", "an image", "remove it"},
	{"GIF8", "an image", "remove it"},
	{"\x7fELF", "a program", "remove it"},
	{"MZ\x90", "a program", "remove it"},
	{"{\\rtf", "a text document (RTF)", "export the table as CSV"},
	{"-----BEGIN PGP MESSAGE", "an encrypted file", "decrypt it first"},
	{"version https://git-lfs", "the pointer to a file, not the file itself", "fetch the file"},
}

// contentOf says what begins with these bytes; refusal is why it is not read.
func contentOf(head []byte) (is content, refusal string) {
	for c, begin := range magic {
		if bytes.HasPrefix(head, begin) {
			return c, ""
		}
	}
	if len(head) >= 262 && string(head[257:262]) == "ustar" {
		return tarred, ""
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.begin)) {
			return other, fmt.Sprintf("this is %s, not a table: %s", f.is, f.do)
		}
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head[:min(len(head), 512)], []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch {
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")),
		bytes.HasPrefix(start, []byte("<head")), bytes.HasPrefix(start, []byte("<body")),
		bytes.HasPrefix(start, []byte("<!--")) && bytes.Contains(start, []byte("<html")):
		return other,
			"this is a web page, not an export: what was fetched may be the page to sign in on; fetch the file again"
	case bytes.HasPrefix(start, []byte("mime-version:")):
		return other, "this is a table written as a web page: open it in a spreadsheet and save it as .xlsx or CSV"
	case bytes.HasPrefix(start, []byte("<table")):
		return other, "this is a table written as a web page: open it in a spreadsheet and save it as .xlsx or CSV"
	case bytes.HasPrefix(start, []byte("<?xml")),
		len(start) > 1 && start[0] == '<' && start[1] >= 'a' && start[1] <= 'z' && bytes.Contains(start, []byte("</")):
		return other, "this is XML: export it as CSV or NDJSON"
	case noText(head):
		return other, "this is no text: it may be encrypted, or of a program that has to export it: get it as CSV or NDJSON"
	}
	return text, ""
}

// noText says whether bytes are those of a program: characters of control of many kinds between the others.
func noText(head []byte) bool {
	var seen [' ']bool
	kinds, n := 0, 0
	for _, c := range head {
		if c >= ' ' || c == 0 || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		if n++; !seen[c] {
			seen[c] = true
			kinds++
		}
	}
	return kinds >= 8 && n*33 > len(head) && wideCoding(head) == "" && !bytes.HasPrefix(head, []byte("\xff\xfe")) &&
		!bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// Refusal is an error that says what a file is and what to do about it.
type Refusal string

func (r Refusal) Error() string { return string(r) }
