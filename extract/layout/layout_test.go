package layout

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func names(of []string) bool { return len(of) > 1 && of[0] == "id" }

// What is delimited as it stands is left alone.
func TestDelimitedTextIsLeftAlone(t *testing.T) {
	for _, text := range []string{"id,name\n1,Ann\n2,Bob\n", "\"id\",\"name\"\n\"1\",\"Ann\"\n",
		"id;a;;b\n1;2;;3\n4;5;;6\n", "name\n\"Kelly, Ann\"\n\"Lee, Bob\"\n", "id,url\n1,http://a/?b=c&d\n",
		"\"Last, First\"\n\"Kelly, Ann\"\n\"Lee, Bob\"\n", "Rate %,Cost\n5%,3\n6%,4\n7%,5\n",
		"id|name||city\n1|Ann||Cork\n2|Bob||Bonn\n", "a b c\n1 2 3\n4 5 6\n", "id name\n1 Ann\n2 Bob\n", "", "\n\n",
		"1,http://a/\n2 b,http://b/,c\n3,http://c/\n",
		"id", "id\n1 - 2\n3 - 4\n", "text\nParis – France\nBonn – Germany\nRome – Italy\n"} {
		header, _, _ := strings.Cut(strings.Trim(text, `"`), "\n")
		sure := strings.ContainsAny(header, ",;|") && strings.HasPrefix(header, "id")
		if l := Of([]byte(text), names, sure); !l.Plain() {
			t.Errorf("%q is taken for: %s", text, l.Said)
		}
	}
}

// FuzzLayout: no line is lost or made, whatever is found, and reading piece by piece makes no difference.
func FuzzLayout(f *testing.F) {
	for _, s := range []string{"\"id,a\"\n\"1,\"\"x\ny\"\"\"\n\"2,b\"\n", "| id | a |\n|---|---|\n| 1 | x\\| |\n",
		"id~|~a\n1~|~2\n\"x~|~\"~|~3\n", "id   a\n---  --\n1    é\n22   b\n", "id\u2028a\u2028b",
		" id | a \n----+---\n 1  | 2\n", "id，a\r\n1，2\r\n3，4\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 {
			return
		}
		l := Of(text, names, false)
		got := l.Text(text)
		slow, err := io.ReadAll(l.Reader(iotest.OneByteReader(bytes.NewReader(text))))
		if err != nil || !bytes.Equal(got, slow) {
			t.Fatalf("%q becomes %q, byte by byte %q (%v)", text, got, slow, err)
		}
		if had, has := bytes.Count(text, []byte{'\n'}), bytes.Count(got, []byte{'\n'}); had > 0 && had != has {
			t.Fatalf("%d lines become %d: %q becomes %q", had, has, text, got)
		}
		if l.Plain() && !bytes.Equal(got, text) {
			t.Fatalf("%q becomes %q", text, got)
		}
	})
}
