package extract

import (
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ferry/extract/discovery"
)

// stray is a file as strangers make them, and what is right about it.
type stray struct {
	file, text string
	want       string // its people, a line each: user_id|email|first_name|last_name|extras, nothing where there is nothing
	rejected   int64  // records that cannot land
	says       string // part of its note
	doubt      string // part of what somebody is to look at; "" for nothing
	refused    string // part of why it does not land at all
	unlike     bool   // --explain shows it otherwise, and says so
}

// dropStrays lands all of them together, each by its name, and holds every one against what is right; what
// --explain shows of each has to be what landed.
func dropStrays(t *testing.T, all map[string]stray) {
	t.Helper()
	files, at := map[string]string{}, map[string]string{}
	for name, s := range all {
		if s.file == "" {
			s.file = "user_profiles.csv"
		}
		at[name] = strings.ReplaceAll(name, " ", "_") + "/" + s.file
		files[at[name]] = s.text
	}
	dir, o := drop(t, files)
	res, err := Run(context.Background(), dir, o)
	said := ""
	if err != nil {
		said = err.Error()
	}
	type landing struct {
		rows     []string
		rejected string
		note     string
		landed   int
	}
	got := map[string]*landing{}
	of := func(file string) *landing {
		file, _, _ = strings.Cut(file, "!")
		if got[file] == nil {
			got[file] = &landing{}
		}
		return got[file]
	}
	for _, r := range landed(t, dir, "user_profiles", "_file", "user_id", "email", "first_name", "last_name", "_extra") {
		for i := range r {
			if r[i] == "∅" {
				r[i] = ""
			}
		}
		of(r[0]).rows = append(of(r[0]).rows, strings.Join(r[1:], "|"))
	}
	for _, r := range readTable(t, dir.Sources(), "source", "rejected", "note", "landed") {
		of(r[0]).rejected, of(r[0]).note = r[1], of(r[0]).note+r[2]
		n, _ := strconv.Atoi(r[3])
		of(r[0]).landed += n
	}
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			g := of(at[name])
			var want []string
			if s.want != "" {
				want = strings.Split(strings.TrimSuffix(s.want, "\n"), "\n")
			}
			if !slices.Equal(g.rows, want) {
				t.Errorf("landed\n  %s\nwant\n  %s\n(%s)", strings.Join(g.rows, "\n  "), strings.Join(want, "\n  "), g.note)
			}
			if g.rejected != fmt.Sprint(s.rejected) {
				t.Errorf("%s rejected, want %d", g.rejected, s.rejected)
			}
			if !strings.Contains(g.note, s.says) {
				t.Errorf("the note is %q, want %q", g.note, s.says)
			}
			doubt := ""
			for _, d := range res.Doubts {
				if strings.HasPrefix(d.File, at[name]) {
					doubt += d.Why
				}
			}
			if s.doubt == "" && doubt != "" && s.refused == "" || !strings.Contains(doubt, s.doubt) {
				t.Errorf("the doubt is %q, want %q", doubt, s.doubt)
			}
			if refused := strings.Contains(said, at[name]); refused != (s.refused != "") || s.refused != "" &&
				!strings.Contains(g.note, s.refused) {
				t.Errorf("refused: %v, %s; want %q", refused, g.note, s.refused)
			}
			if s.refused == "" && !s.unlike {
				sameAsShown(t, filepath.Join(o.Exports, filepath.FromSlash(at[name])), g.landed, s.rejected)
			}
		})
	}
}

// sameAsShown says whether --explain shows as many records as landed, but for those it says are guesses or no records.
func sameAsShown(t *testing.T, path string, landed int, rejected int64) {
	t.Helper()
	n, guessed := 0, 0
	for which, tables := 1, 1; which <= tables; which++ {
		var out strings.Builder
		shown, err := discovery.ExplainFile(path, &out, which)
		if err != nil {
			if landed > 0 {
				t.Errorf("--explain: %v", err)
			}
			return
		}
		r := csv.NewReader(strings.NewReader(out.String()))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		n += max(len(rows)-1, 0)
		tables, guessed = shown.Tables, guessed+shown.Guessed
	}
	if n < landed || n > landed+int(rejected) || n > landed+guessed+int(rejected) {
		t.Errorf("--explain shows %d records, %d landed and %d were rejected", n, landed, rejected)
	}
}
