package source

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// FuzzEncoding: whatever bytes a text has, its encoding is one that is known, what is plainly UTF-8 stays as it is,
// what is read is the same in any pieces, and after repair it is UTF-8 in which no character of ASCII is lost.
func FuzzEncoding(f *testing.F) {
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("太郎,山田\n")
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String("伟,王,北京\n")
	cyrillic, _ := charmap.KOI8R.NewEncoder().String(russian)
	for _, s := range []string{"id,name\n1,José\n", "id,name\n1,Jos\xe9\n", sjis, gbk, cyrillic,
		"\xff\xfei\x00d\x00\n\x00",
		"\xfe\xff\x00i\x00d", "i\x00d\x00\n\x00", "\xef\xbb\xbfid\n",
		"\xff\xfe\x00\x00i\x00\x00\x00", "a\x85b\x85c", "\x1b$B;3", "Ã©Ã¼Ã¶", "\xff", "\xfe\xff\xd8", "\x00", "id\xc3"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 {
			return
		}
		c := Detect(text)
		if err := CheckCoding(c.Name); err != nil || c.mark > len(text) {
			t.Fatalf("%+v: %v", c, err)
		}
		if !utf8.ValidString(c.Doubt) {
			t.Fatalf("%q", c.Doubt)
		}
		whole, err1 := io.ReadAll(Decoded(bytes.NewReader(text[c.mark:]), c.Name))
		slow, err2 := io.ReadAll(Decoded(iotest.OneByteReader(bytes.NewReader(text[c.mark:])), c.Name))
		if err1 != nil || err2 != nil || !bytes.Equal(whole, slow) {
			t.Fatalf("%q becomes %q, byte by byte %q (%v, %v)", text, whole, slow, err1, err2)
		}
		if utf8.Valid(text) && c.Name == CodingUTF8 && !bytes.Equal(whole, text[c.mark:]) {
			t.Fatalf("%q becomes %q", text, whole)
		}
		repaired, _, wrong := RepairUTF8(whole, nil)
		if !utf8.Valid(repaired) || wrong == 0 != utf8.Valid(whole) {
			t.Fatalf("%q becomes %q with %d wrong bytes", whole, repaired, wrong)
		}
		if got, want := plainText(repaired), plainText(whole); got != want {
			t.Fatalf("%q becomes %q", want, got)
		}
	})
}

func plainText(text []byte) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, string(text))
}
