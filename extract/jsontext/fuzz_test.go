package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"ferry/extract/records"
	"ferry/extract/records/recordstest"
)

func FuzzJSONObject(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[{"c":"\u00e9\ud83d\ude00"}],"d":null}`, `{"a":-0.5e+10,"a":2}`, `{`,
		`{"a":"\x"}`, `[]`, `{"\u0061":true} `, `{"a":01}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		found, _, err := Members(text, nil, nil, nil)
		trimmed := bytes.Trim(text, " \t\r\n")
		plain, _ := Plain(text)
		object := len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(plain)
		if (err == nil) != object && !errors.Is(err, errDepth) {
			t.Fatalf("%q: %v, but valid says %v", text, err, object)
		}
		if err != nil {
			return
		}
		if Odd(text) {
			return // the standard library does not know what this is
		}
		again, _, err := Members(text, nil, found, nil)
		if err != nil || len(again) != len(found) {
			t.Fatalf("%q read after itself: %d members, %v", text, len(again), err)
		}
		for i, m := range again {
			if f := found[i]; !m.Again || string(m.Key) != string(f.Key) || string(m.Value) != string(f.Value) ||
				m.Start != f.Start || m.End != f.End || m.Escaped != f.Escaped {
				t.Fatalf("%q read after itself: %q is %q", text, f.Key, m.Key)
			}
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range found {
			seen[string(m.Key)] = true
			if m.Value[0] != '"' || !utf8.Valid(text) {
				continue
			}
			var s string
			if err := json.Unmarshal(m.Value, &s); err != nil {
				t.Fatal(err)
			}
			if m.Escaped != bytes.ContainsRune(m.Value, '\\') {
				t.Fatalf("%s: escaped is %v", m.Value, m.Escaped)
			}
			if got, _ := DecodeString(m.Value[1:len(m.Value)-1], nil); string(got) != s {
				t.Fatalf("%s is decoded to %q, want %q", m.Value, got, s)
			}
		}
		if utf8.Valid(text) && len(seen) != len(want) {
			t.Fatalf("%d keys, want %d", len(seen), len(want))
		}
	})
}

func FuzzJSONRecords(f *testing.F) {
	for _, s := range []string{"[{\"a\":1},\n{\"a\":2}]", "[\n{\"a\":1\n{\"b\":2},\n{\"c\" 3}\n]",
		"{\"a\":{\n\"b\":[1]}} {\"c\":2}", "[[{}]]", "[{\"a\":\"x\ny\"},\n{\"b\":1}]", "]}"} {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, wrapped bool) {
		if len(text) > 1<<12 {
			return
		}
		recordstest.SameInAnyBlocks(t, text, func() records.Splitter { return &Objects{Wrapped: wrapped} })
		recordstest.SameInAnyBlocks(t, text, func() records.Splitter { return Lines{} })
	})
}
