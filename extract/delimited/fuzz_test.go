package delimited

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"ferry/extract/records"
	"ferry/extract/records/recordstest"
)

func FuzzCSVRecords(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,\"b\nc\",d\r\n", "1,\"open\n2,x\n", "\"\"\"\",\"\"\n\n,",
		"a,\"b\"c\",d\n\"e", "'a;b'\r'c'", "1,\"a\" \n2,\"b\n\"\"\n"} {
		f.Add([]byte(s), byte(','), byte('"'), byte(0), false)
	}
	f.Add([]byte("1; 'it\\'s'; 2\n"), byte(';'), byte('\''), byte('\\'), true)
	f.Fuzz(func(t *testing.T, text []byte, delim, quote, escape byte, pad bool) {
		d := Dialect{Delim: delim, Quote: quote, escape: escape, eol: '\n', pad: pad}
		if len(text) > 1<<12 || delim == '\n' || delim == '\r' || quote == '\n' || quote == '\r' || delim == quote ||
			escape == delim || escape == '\n' || escape == '\r' || pad && (delim == ' ' || quote == ' ') {
			return
		}
		split := func() records.Splitter { return Splitter{D: d, MaxField: 200, MaxLines: 5} }
		for _, m := range recordstest.SameInAnyBlocks(t, text, split) {
			cells, _, _ := d.Cells([]byte(m.Text), nil, nil)
			if len(cells) == 0 {
				t.Fatalf("no cells in %q", m.Text)
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
		d := Dialect{Delim: ',', Quote: '"', eol: '\n'}
		got := recordstest.SameInAnyBlocks(t, []byte(text),
			func() records.Splitter { return Splitter{D: d, MaxField: 1 << 16, MaxLines: 1 << 16} })
		if len(got) != len(want) {
			t.Fatalf("%d records, the standard library sees %d", len(got), len(want))
		}
		for i, m := range got {
			cells, _, q := d.Cells([]byte(m.Text), nil, nil)
			if q != Tidy || strings.Join(Texts(cells), "\x00") != strings.Join(want[i], "\x00") {
				t.Fatalf("record %d is %q, the standard library reads %q", i+1, Texts(cells), want[i])
			}
		}
	})
}

// FuzzMend checks that a repair moves borders only: it loses no text and makes none up.
func FuzzMend(f *testing.F) {
	for _, s := range []string{"5u5,2024-01-06,Cork,\"one, two\",", "5,u5,,2024-01-06,Cork,\"one, two\",",
		"5 u5 2024-01-06 New York \"one, two\" ", "5,u5;2024-01-06;Cork;two;", "5,u5,2024-01-06,Cork,'one, two',",
		"5,\"u5,2024-01-06,Cork,\"one, two\",", "5,u5,2024-01-06,Cork\"one\"\"\"\"two\",", "\"", ",,,,,,,,",
		"5,u5,2024-01-06,Cork,one, two,"} {
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
		d := Dialect{Delim: delim, Quote: '"', eol: '\n'}
		r := Repairer{D: d, Width: 6, Looks: newLooks(6), bold: bold}
		for i := range 30 {
			cells, _, _ := Dialect{Delim: ',', Quote: '"'}.Cells(fmt.Appendf(nil, "%d,u%d,2024-01-%02d,Cork,\"one, two\",", i, i,
				i+1), nil, nil)
			r.Looks.add(cells)
		}
		_, _, q := d.Cells(text, nil, nil)
		cells, verdict := r.Mend(text, q, true)
		if verdict != Mended {
			return
		}
		if len(cells) != r.Width {
			t.Fatalf("%d cells, want %d", len(cells), r.Width)
		}
		if got, want := marks(bytes.Join(bytesOf(cells), nil)), marks(text); got != want {
			t.Fatalf("%q became %q", text, Texts(cells))
		}
	})
}

func bytesOf(cells []Cell) [][]byte {
	var out [][]byte
	for _, c := range cells {
		out = append(out, c.Text)
	}
	return out
}
