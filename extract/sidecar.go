package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ferry/extract/discovery"
	"ferry/extract/source"
)

// sidecar is what may lie beside a file as <file>.manifest.json: what its maker says is in it.
type sidecar struct {
	Rows    *int64 `json:"rows"`
	Count   *int64 `json:"row_count"`
	Records *int64 `json:"records"`
	SHA256  string `json:"sha256"`
}

// compare holds what landed against the sidecar of the file, if there is one. Another digest means
// another file; another count is told.
func (t *tally) compare() {
	if t.source.Member != "" || t.source.State != source.ToLand {
		return
	}
	text, err := os.ReadFile(t.source.Path + ".manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var s sidecar
	if err != nil || json.Unmarshal(text, &s) != nil {
		t.note = discovery.JoinNotes(t.note, "the manifest beside it cannot be read")
		return
	}
	if s.SHA256 != "" && !strings.EqualFold(s.SHA256, t.sha256) {
		t.refuse("this is not the file that the manifest beside it describes: its sha256 differs")
		return
	}
	for _, n := range []*int64{s.Rows, s.Count, s.Records} {
		if n != nil && *n != t.records {
			t.note = discovery.JoinNotes(t.note, fmt.Sprintf("the manifest beside it says %d records", *n))
			return
		}
	}
}
