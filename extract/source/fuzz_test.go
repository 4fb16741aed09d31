package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/xuri/excelize/v2"
)

// FuzzOpen: whatever is dropped, it is listed, opened or refused, and what is read stays within its bounds.
func FuzzOpen(f *testing.F) {
	var packed, archived, taped bytes.Buffer
	g := gzip.NewWriter(&packed)
	z := zip.NewWriter(&archived)
	t := tar.NewWriter(&taped)
	member, err := z.Create("a.csv")
	if err != nil {
		f.Fatal(err)
	}
	_, err1 := member.Write([]byte("user_id\n1\n"))
	_, err2 := g.Write([]byte("user_id\n1\n"))
	err3 := t.WriteHeader(&tar.Header{Name: "a.csv", Mode: 0o600, Size: 10})
	_, err4 := t.Write([]byte("user_id\n1\n"))
	book := excelize.NewFile()
	err5 := book.SetSheetRow("Sheet1", "A1", &[]any{"user_id", 45000.5, true})
	sheets, err6 := book.WriteToBuffer()
	for _, err := range []error{err1, err2, err3, err4, err5, err6, g.Close(), z.Close(), t.Close()} {
		if err != nil {
			f.Fatal(err)
		}
	}
	for _, seed := range [][]byte{packed.Bytes(), archived.Bytes(), taped.Bytes(), sheets.Bytes(),
		[]byte("user_id\n1\n\x1a\x1a"), []byte("\xff\xfeu\x00s\x00e\x00r\x00\n\x00"), []byte("Jos\xe9,\xa35\n"),
		[]byte("<html>"), []byte("BZh9"), {0x28, 0xb5, 0x2f, 0xfd, 0}} {
		f.Add(seed)
	}
	const most = 1 << 20
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		folder := t.TempDir()
		path := filepath.Join(folder, "x.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		rules := Rules{Ignored: func(string) bool { return false }, MaxUnpacked: most, MaxRatio: 100, MaxMembers: 50,
			Temp: filepath.Join(folder, "temp")}
		archives := &Archives{}
		defer archives.Close()
		files, err := Find(path, rules, archives)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !utf8.ValidString(file.Name) || !utf8.ValidString(file.Note) {
				t.Fatalf("%q: %q", file.Name, file.Note)
			}
			if file.State != ToLand {
				continue
			}
			in, err := Open(file, rules)
			if err != nil {
				continue
			}
			n, _ := io.Copy(io.Discard, in)
			_ = in.Close() // what is cut off is said in reading, and again here
			if n > 8*most {
				t.Fatalf("%d bytes were read", n)
			}
		}
	})
}
