package extract

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where records have the same keys as the one before, keys are not read again. Records of changing shape,
// escaped keys, bytes that are not UTF-8 and rejects, over several batches of rows, must not be mixed up by that.
func TestKeysThatChangeFromRecordToRecord(t *testing.T) {
	shapes := []struct{ record, id, extra string }{
		{`{"note_id":"%d","body":"a","user_id":"u","x":1,"y":"2"}`, "%d", `{"x":1,"y":"2"}`},
		{`{"note_id":"%d","body":"a","user_id":"u","x":1,"y":"2"}`, "%d", `{"x":1,"y":"2"}`},
		{`{"x":1,"note_id":"%d" , "body":"a","user_id":"u" , "y":"2"}`, "%d", `{"x":1,"y":"2"}`},
		{`{"note\u005fid":"%d","b\u006fdy":"a","user_id":"u","\u0078":1,"y":"2"}`, "%d", `{"\u0078":1,"y":"2"}`},
		{`{"note\u005fid":"%d","b\u006fdy":"a","user_id":"u","\u0078":1,"y":"2"}`, "%d", `{"\u0078":1,"y":"2"}`},
		{`{"body":"%d","note_id":`, "", ""},
		{`{"body":"a","user_id":"u","note_id":"%d"}`, "%d", "∅"},
		{"{\"body\":\"a\",\"user_id\":\"u\",\"note_id\":\"%d\",\"\xff\":1}", "%d", `{"ÿ":1}`},
		{"{\"body\":\"a\",\"user_id\":\"u\",\"note_id\":\"%d\",\"\xff\":1}", "%d", `{"ÿ":1}`},
	}
	r := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	var want [][]string
	for i := range 5000 {
		s := shapes[r.IntN(len(shapes))]
		fmt.Fprintf(&text, s.record+"\n", i)
		if s.id != "" {
			want = append(want, []string{fmt.Sprintf(s.id, i), "a", s.extra})
		}
	}
	dir, res := mustLand(t, map[string]string{"notes.ndjson": text.String()})
	if diff := cmp.Diff(want, landed(t, dir, "notes", "note_id", "body", "_extra")); diff != "" {
		t.Error(diff)
	}
	if landed := int64(len(want)); res.Landed != landed || res.Rejected != 5000-landed {
		t.Errorf("%d landed and %d rejected, want %d and %d", res.Landed, res.Rejected, landed, 5000-landed)
	}
}
