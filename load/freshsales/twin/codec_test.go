package twin

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Whatever text there is, it is written as JSON that reads back the same.
func TestStringsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		var back string
		if err := json.Unmarshal(appendString(nil, s), &back); err != nil || back != s {
			t.Fatalf("%q became %q (%v)", s, back, err)
		}
	})
	for bad, want := range map[string]string{"a\xffb": "a�b", "\xc3": "�",
		"tab\t\"quote\" \\ \x00": "tab\t\"quote\" \\ \x00"} {
		var back string
		if err := json.Unmarshal(appendString(nil, bad), &back); err != nil || back != want {
			t.Errorf("%q became %q (%v)", bad, back, err)
		}
	}
}

func TestDocumentsSurvive(t *testing.T) {
	text := `{"a":[1,2.5,-3e10,"x",null,true,{"b":{}}],"c":false,"d":"é\u0001","n":12345678901234567890}`
	d, err := decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	again, err := decode(appendMap(nil, d))
	if err != nil || !reflect.DeepEqual(d, again) {
		t.Errorf("%v\n%v (%v)", d, again, err)
	}
	for _, bad := range []string{"", "null", "[]", `{"a":1}{"b":2}`, `{"a":nan}`, `{"a":01}`, `{"a":}`, "1"} {
		if _, err := decode([]byte(bad)); err == nil {
			t.Errorf("%q is taken for an object", bad)
		}
	}
}
