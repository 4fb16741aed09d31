package discovery

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzRecover(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "Report\n\nid;name\n1;x\n2;\"y\n3;z\n\nTotal: 3", "\xff\xfea\x00,\x00b\x00",
		"a b c\n1 2 3\n", "id,id\n1,,\"\"\n", "'a','b'\n'c','d'\n", strings.Repeat(",", 500) + "\n1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<12 {
			return
		}
		var out bytes.Buffer
		if _, err := ReadLoose(bytes.NewReader(text), &out, 1); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(out.Bytes()) {
			t.Fatal("what was written is not UTF-8")
		}
		shapeOf(text, true, known)
		shapeOf(text, false, known)
	})
}
