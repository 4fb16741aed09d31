package extract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// marked is a record as a test compares it.
type marked struct {
	text  string
	line  int64
	fault fault
}

// readAll cuts a text with blocks of a size.
func readAll(t *testing.T, text []byte, split splitter, in io.Reader, size int) []marked {
	t.Helper()
	r := newBlockReader(in, split, 1, size, 1<<20)
	var out []marked
	var last int64
	for {
		b, err := r.next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil || b.err != nil {
			t.Fatal(err, b.err)
		}
		if b.record != int64(len(out))+1 {
			t.Fatalf("a block begins at record %d, want %d", b.record, len(out)+1)
		}
		for _, m := range b.marks {
			if m.line < last || m.start > m.end || m.end > len(b.data) {
				t.Fatalf("mark %+v after line %d in a block of %d", m, last, len(b.data))
			}
			last = m.line
			out = append(out, marked{string(b.data[m.start:m.end]), m.line, m.fault})
		}
		r.giveBack(b)
	}
}

// sameInAnyBlocks checks that records do not depend on where blocks happen to end.
func sameInAnyBlocks(t *testing.T, text []byte, split func() splitter) []marked {
	t.Helper()
	whole := readAll(t, text, split(), bytes.NewReader(text), 1<<20)
	for _, size := range []int{1, 7, 64} {
		cut := readAll(t, text, split(), iotest.OneByteReader(bytes.NewReader(text)), size)
		if len(cut) != len(whole) {
			t.Fatalf("blocks of %d give %d records, one block %d", size, len(cut), len(whole))
		}
		for i := range cut {
			if cut[i] != whole[i] {
				t.Fatalf("blocks of %d: record %d is %+v, in one block %+v", size, i+1, cut[i], whole[i])
			}
		}
	}
	return whole
}

func FuzzCSVRecords(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,\"b\nc\",d\r\n", "1,\"open\n2,x\n", "\"\"\"\",\"\"\n\n,", "a,\"b\"c\",d\n\"e", "'a;b'\r'c'", "1,\"a\" \n2,\"b\n\"\"\n"} {
		f.Add([]byte(s), byte(','), byte('"'), byte(0), false)
	}
	f.Add([]byte("1; 'it\\'s'; 2\n"), byte(';'), byte('\''), byte('\\'), true)
	f.Fuzz(func(t *testing.T, text []byte, delim, quote, escape byte, pad bool) {
		d := dialect{delim: delim, quote: quote, escape: escape, eol: '\n', pad: pad}
		if len(text) > 1<<12 || delim == '\n' || delim == '\r' || quote == '\n' || quote == '\r' || delim == quote || escape == delim || escape == '\n' || escape == '\r' || pad && (delim == ' ' || quote == ' ') {
			return
		}
		split := func() splitter { return csvSplitter{d: d, maxField: 200, maxLines: 5} }
		for _, m := range sameInAnyBlocks(t, text, split) {
			cells, _, _ := d.cells([]byte(m.text), nil, nil)
			if len(cells) == 0 {
				t.Fatalf("no cells in %q", m.text)
			}
		}
	})
}

// FuzzCSVAgreement checks well-formed text against the standard library.
func FuzzCSVAgreement(f *testing.F) {
	f.Add("a,b\n\"c,\"\"d\",e\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		if err != nil || len(text) > 1<<12 || strings.Contains(text, "\r") {
			return
		}
		d := dialect{delim: ',', quote: '"', eol: '\n'}
		got := sameInAnyBlocks(t, []byte(text), func() splitter { return csvSplitter{d: d, maxField: 1 << 16, maxLines: 1 << 16} })
		if len(got) != len(want) {
			t.Fatalf("%d records, the standard library sees %d", len(got), len(want))
		}
		for i, m := range got {
			cells, _, q := d.cells([]byte(m.text), nil, nil)
			if q != tidy || strings.Join(texts(cells), "\x00") != strings.Join(want[i], "\x00") {
				t.Fatalf("record %d is %q, the standard library reads %q", i+1, texts(cells), want[i])
			}
		}
	})
}

func FuzzJSONObject(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[{"c":"\u00e9\ud83d\ude00"}],"d":null}`, `{"a":-0.5e+10,"a":2}`, `{`, `{"a":"\x"}`, `[]`, `{"\u0061":true} `, `{"a":01}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		found, _, err := members(text, nil, nil, nil)
		trimmed := bytes.Trim(text, " \t\r\n")
		object := len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(text)
		if (err == nil) != object && !errors.Is(err, errDepth) {
			t.Fatalf("%q: %v, but valid says %v", text, err, object)
		}
		if err != nil {
			return
		}
		again, _, err := members(text, nil, found, nil)
		if err != nil || len(again) != len(found) {
			t.Fatalf("%q read after itself: %d members, %v", text, len(again), err)
		}
		for i, m := range again {
			if f := found[i]; !m.again || string(m.key) != string(f.key) || string(m.value) != string(f.value) || m.start != f.start || m.end != f.end || m.escaped != f.escaped {
				t.Fatalf("%q read after itself: %q is %q", text, f.key, m.key)
			}
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range found {
			seen[string(m.key)] = true
			if m.value[0] != '"' || !utf8.Valid(text) {
				continue
			}
			var s string
			if err := json.Unmarshal(m.value, &s); err != nil {
				t.Fatal(err)
			}
			if m.escaped != bytes.ContainsRune(m.value, '\\') {
				t.Fatalf("%s: escaped is %v", m.value, m.escaped)
			}
			if got, _ := decodeString(m.value[1:len(m.value)-1], nil); string(got) != s {
				t.Fatalf("%s is decoded to %q, want %q", m.value, got, s)
			}
		}
		if utf8.Valid(text) && len(seen) != len(want) {
			t.Fatalf("%d keys, want %d", len(seen), len(want))
		}
	})
}

func FuzzJSONRecords(f *testing.F) {
	for _, s := range []string{"[{\"a\":1},\n{\"a\":2}]", "[\n{\"a\":1\n{\"b\":2},\n{\"c\" 3}\n]", "{\"a\":{\n\"b\":[1]}} {\"c\":2}", "[[{}]]", "[{\"a\":\"x\ny\"},\n{\"b\":1}]", "]}"} {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, wrapped bool) {
		if len(text) > 1<<12 {
			return
		}
		sameInAnyBlocks(t, text, func() splitter { return &jsonSplitter{wrapped: wrapped} })
		sameInAnyBlocks(t, text, func() splitter { return lineSplitter{} })
	})
}

func FuzzRecover(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "Report\n\nid;name\n1;x\n2;\"y\n3;z\n\nTotal: 3", "\xff\xfea\x00,\x00b\x00", "a b c\n1 2 3\n", "id,id\n1,,\"\"\n", "'a','b'\n'c','d'\n", strings.Repeat(",", 500) + "\n1"} {
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
		shapeOf(text, true)
		shapeOf(text, false)
	})
}

// FuzzMend checks that a repair moves borders only: it loses no text and makes none up.
func FuzzMend(f *testing.F) {
	for _, s := range []string{"5u5,2024-01-06,Cork,\"one, two\",", "5,u5,,2024-01-06,Cork,\"one, two\",", "5 u5 2024-01-06 New York \"one, two\" ", "5,u5;2024-01-06;Cork;two;", "5,u5,2024-01-06,Cork,'one, two',",
		"5,\"u5,2024-01-06,Cork,\"one, two\",", "5,u5,2024-01-06,Cork\"one\"\"\"\"two\",", "\"", ",,,,,,,,", "5,u5,2024-01-06,Cork,one, two,"} {
		f.Add([]byte(s), byte(','), false)
		f.Add([]byte(s), byte(' '), true)
	}
	marks := func(text []byte) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(",;\t| \"'", r) {
				return -1
			}
			return r
		}, string(text))
	}
	f.Fuzz(func(t *testing.T, text []byte, delim byte, bold bool) {
		if len(text) > 1<<10 || !utf8.Valid(text) || strings.IndexByte(",;\t| ", delim) < 0 {
			return
		}
		d := dialect{delim: delim, quote: '"', eol: '\n'}
		r := repairer{d: d, width: 6, looks: newLooks(6), bold: bold}
		for i := range 30 {
			cells, _, _ := dialect{delim: ',', quote: '"'}.cells(fmt.Appendf(nil, "%d,u%d,2024-01-%02d,Cork,\"one, two\",", i, i, i+1), nil, nil)
			r.looks.add(cells)
		}
		_, _, q := d.cells(text, nil, nil)
		cells, ok := r.mend(text, q, true)
		if !ok {
			return
		}
		if len(cells) != r.width {
			t.Fatalf("%d cells, want %d", len(cells), r.width)
		}
		if got, want := marks(bytes.Join(bytesOf(cells), nil)), marks(text); got != want {
			t.Fatalf("%q became %q", text, texts(cells))
		}
	})
}

func bytesOf(cells []cell) [][]byte {
	var out [][]byte
	for _, c := range cells {
		out = append(out, c.text)
	}
	return out
}
