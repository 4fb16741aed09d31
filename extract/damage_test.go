package extract

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"ferry/internal/run"
)

func zipped(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err == nil {
			_, err = w.Write([]byte(members[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstded(t *testing.T, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

const threeNotes = "note_id,user_id,body\n1,u1,one\n2,u2,two\n3,u3,three\n"

// notesWith are the bodies that the same three notes must give, whatever they were wrapped or written in.
func TestOneTableInManyClothes(t *testing.T) {
	object := func(i int, body string) string {
		return fmt.Sprintf(`{"note_id":%d,"user_id":"u%d","body":%q}`, i, i, body)
	}
	a, b, c := object(1, "one"), object(2, "two"), object(3, "three")
	for name, text := range map[string]string{
		"notes.csv":                   threeNotes,
		"notes_20240101_part001.csv":  "\ufeff" + threeNotes,
		"NOTES export.CSV":            strings.ReplaceAll(threeNotes, "\n", "\r\n"),
		"notes-cr.csv":                strings.ReplaceAll(threeNotes, "\n", "\r"),
		"notes-semicolon.csv":         strings.ReplaceAll(threeNotes, ",", ";"),
		"notes.tsv":                   strings.ReplaceAll(threeNotes, ",", "\t"),
		"notes.psv":                   strings.ReplaceAll(threeNotes, ",", "|"),
		"notes-utf16.csv":             utf16Text(threeNotes, true),
		"notes.csv.gz":                gzipped(t, threeNotes),
		"whatever.zip":                zipped(t, "a/notes.csv", threeNotes),
		"notes.zip":                   zipped(t, "part1.csv", threeNotes),
		"notes-gz-in.zip":             zipped(t, "notes.csv.gz", gzipped(t, threeNotes)),
		"mystery.csv":                 threeNotes,
		"notes.csv.zst":               zstded(t, threeNotes),
		"notes.ndjson":                a + "\n\n" + b + "\r\n" + c,
		"notes-array.json":            "[" + a + "," + b + "," + c + "]",
		"notes-pretty.json":           "[\n  " + a + ",\n  " + b + ",\n  " + c + "\n]\n",
		"notes-answer.json":           `{"success":true,"code":200,"data":[` + a + "," + b + "," + c + `],"more":1}`,
		"notes-spread.json":           strings.ReplaceAll(a+b+c, ",", ",\n "),
		"notes-with-preamble.csv":     "Export of notes\n\n" + threeNotes,
		"notes-with-footer.csv":       threeNotes + "\nTotal: 3\n",
		"notes-header-twice.csv":      "note_id,user_id,body\n" + threeNotes,
		"notes-header-in-between.csv": "note_id,user_id,body\n1,u1,one\nnote_id,user_id,body\n2,u2,two\n3,u3,three\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir, res := mustLand(t, map[string]string{name: text})
			if res.Records != 3 || res.Landed != 3 {
				t.Errorf("%s: %+v", name, res)
			}
			same(t, name, landed(t, dir, "notes", "note_id", "user_id", "body", "_record"),
				[][]string{{"1", "u1", "one", "1"}, {"2", "u2", "two", "2"}, {"3", "u3", "three", "3"}})
		})
	}
}

func TestAStrayQuoteCostsItsOwnRecordAtMost(t *testing.T) {
	for name, line := range map[string]string{
		"opened and never closed":   `500,u500,"never closed`,
		"opened with cells missing": `500,"u500`,
		"in the middle":             `500,u"500,text`,
		"closed too early":          `500,u500,"a" b"`,
	} {
		for _, size := range []int{1000, 60000} {
			var b strings.Builder
			b.WriteString("note_id,user_id,body\n")
			for i := range size {
				if i == 500 {
					b.WriteString(line + "\n")
					continue
				}
				fmt.Fprintf(&b, "%d,u%d,\"text, %d\"\n", i, i, i)
			}
			dir, res := mustLand(t, map[string]string{"notes.csv": b.String()})
			if res.Records != int64(size) || res.Landed < int64(size-1) {
				t.Errorf("%s, %d lines: %+v", name, size, res)
			}
			rows := landed(t, dir, "notes", "note_id", "user_id", "body", "_line")
			if got := rows[len(rows)-1]; got[0] != fmt.Sprint(size-1) || got[2] != fmt.Sprintf("text, %d", size-1) ||
				got[3] != fmt.Sprint(size+1) {
				t.Errorf("%s: the last row is %v", name, got)
			}
		}
	}
}

func TestDamagedRecordsAreKeptAsTheyWere(t *testing.T) {
	dir, res := mustLand(t, map[string]string{
		"notes.csv": "note_id,user_id,body\n1,u1,fine\n2,u2\n3,u3,a,b\n4,u4,ok,,\n5,u5,caf\xe9 \u00fc\n6,u6,nul\x00byte\n" +
			"7,u7",
		"events.json": "[\n{\"event\":\"a\",\"user_id\":1},\n{\"event\":\"b\",\"user_id\":2\n" +
			"{\"event\":\"c\",\"user_id\":3},\n{\"event\":\"d\" \"user_id\":4},\n{\"event\":\"e\",\"user_id\":5}\n]",
		"tags.ndjson": "{\"tag_name\":\"x\",\"user_id\":\"1\"}\n[1]\n{\"tag_name\":\"y\",\"user_id\":\"" +
			strings.Repeat("[", 3) + "\"}\n{\"deep\":" + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}\n",
	})
	same(t, "notes", landed(t, dir, "notes", "note_id", "body"), [][]string{{"1", "fine"}, {"4", "ok"}, {"5", "café ü"},
		{"6", "nulbyte"}})
	same(t, "events", landed(t, dir, "events", "event", "user_id", "_line"), [][]string{{"a", "1", "2"}, {"c", "3", "4"},
		{"e", "5", "6"}})
	same(t, "rejects", readTable(t, dir.Rejects(), "_file", "_record", "_line", "entity", "reason", "raw"), [][]string{
		{"events.json", "2", "3", "events", "the JSON ends in the middle: line 3, column 25", `{"event":"b","user_id":2`},
		{"events.json", "4", "5", "events", "this is not valid JSON: line 5, column 14", `{"event":"d" "user_id":4}`},
		{"notes.csv", "2", "3", "notes", "2 columns, the header has 3", "2,u2"},
		{"notes.csv", "3", "4", "notes", "4 columns, the header has 3", "3,u3,a,b"},
		{"notes.csv", "7", "8", "notes", "the file ends in the middle of this record", "7,u7"},
		{"tags.ndjson", "2", "2", "tags", "this is JSON, but not an object", "[1]"},
		{"tags.ndjson", "4", "4", "tags", "the JSON is nested too deeply: line 4, column 72", "{\"deep\":" +
			strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}"},
	})
	if res.Records != res.Landed+res.Rejected || res.Records != 16 {
		t.Errorf("%+v", res)
	}
	same(t, "sources", readTable(t, dir.Sources(), "source", "entity", "format", "encoding", "delimiter",
		"note"), [][]string{
		{"events.json", "events", "json", "utf-8", "∅", "∅"},
		{"notes.csv", "notes", "csv", "utf-8", ",",
			"1 record had bytes that are not UTF-8; these were read as Windows-1252; 1 record had NUL " +
				"bytes, which were left out"},
		{"tags.ndjson", "tags", "ndjson", "utf-8", "∅", "∅"},
	})
}

func TestACutOffArchiveLandsWhatCanBeRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("note_id,user_id,body\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "%d,u%d,text %d %x\n", i, i, i*7919, i*104729)
	}
	packed := gzipped(t, b.String())
	dir, res := mustLand(t, map[string]string{"notes.csv.gz": packed[:len(packed)/2]})
	if res.Landed < 5000 || res.Records != res.Landed+res.Rejected || res.Rejected > 1 {
		t.Errorf("%+v", res)
	}
	if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note, "cut off") {
		t.Errorf("note is %q", note)
	}
}

// refusedWith runs the stage on files of which one is bad, and checks that the rest landed.
func refusedWith(t *testing.T, name, text string, o Options, words ...string) {
	t.Helper()
	dir, made := drop(t, map[string]string{"notes.csv": threeNotes, name: text})
	if strings.HasSuffix(name, ".manifest.json") {
		dir, made = drop(t, map[string]string{"notes.csv": threeNotes, name: text,
			strings.TrimSuffix(name, ".manifest.json"): "event,user_id\na,1\n"})
	}
	made.MaxUnpacked, made.MaxRatio, made.MaxColumns, made.Files, made.Strict = o.MaxUnpacked, o.MaxRatio, o.MaxColumns,
		o.Files, o.Strict
	_, err := Run(context.Background(), dir, made)
	var p *run.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%s: got %v, want a problem", name, err)
	}
	for _, w := range words {
		if !strings.Contains(p.Error(), w) {
			t.Errorf("%s: the problem does not say %q:\n%v", name, w, p)
		}
	}
	if n := len(landed(t, dir, "notes", "note_id")); n < 3 {
		t.Errorf("%s: %d notes landed besides, want 3", name, n)
	}
	if _, err := dir.Done("extract", ""); err == nil {
		t.Errorf("%s: the run is marked all the same", name)
	}
}

func TestHostileAndUnclearFilesAreNamed(t *testing.T) {
	bomb := zipped(t, "events.csv", "event,user_id\n"+strings.Repeat("a,b\n", 6<<20/4))
	wide := "user_id," + strings.Repeat("x,", 30000) + "y\n"
	refusedWith(t, "thing.csv", "colour,size\nred,3\n", Options{Strict: true}, "thing.csv", "it could be: segments",
		"2 columns, of these known: size", "ignore")
	refusedWith(t, "x.csv", "user_id,value\n1,2\n", Options{Strict: true}, "x.csv", "it could be")
	refusedWith(t, "user_profiles.csv", "colour,size\nred,3\n", Options{}, "must have the column profile_id, or user_id",
		"2 columns, of these known: size")
	refusedWith(t, "user_profiles_2.csv", "1,2,3\n4,5,6\n7,8,9\n", Options{}, "no names of columns")
	refusedWith(t, "evil.zip", zipped(t, "../../notes.csv", threeNotes), Options{}, "leads out of the archive")
	refusedWith(t, "evil2.zip", zipped(t, `C:\notes.csv`, threeNotes), Options{}, "leads out of the archive")
	refusedWith(t, "inner.zip", zipped(t, "a.zip", "PK"), Options{}, "archive inside an archive")
	refusedWith(t, "bomb.zip", bomb, Options{MaxUnpacked: 1 << 20}, "unpacks to more than is allowed")
	refusedWith(t, "events.csv.gz", gzipped(t, "event,user_id\n"+strings.Repeat("a,b\n", 6<<20/4)),
		Options{MaxUnpacked: 4 << 20}, "unpacks to more than is allowed")
	refusedWith(t, "cut.zip", bomb[:len(bomb)/2], Options{}, "cut off")
	refusedWith(t, "events.csv.gz", "no gzip", Options{}, "no names of columns")
	refusedWith(t, "users.csv.crdownload", "user_id\n", Options{}, "still being fetched")
	refusedWith(t, "users.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Options{}, "a spreadsheet of an old kind",
		"save it as .xlsx or CSV")
	refusedWith(t, "users.csv", wide, Options{}, "columns, more than")
}

func TestASymbolicLinkIsNotFollowed(t *testing.T) {
	dir, o := drop(t, map[string]string{"notes.csv": threeNotes})
	if err := os.Symlink(filepath.Join(o.Exports, "notes.csv"), filepath.Join(o.Exports, "more notes.csv")); err != nil {
		t.Fatal(err)
	}
	_, err := Run(context.Background(), dir, o)
	if err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Fatalf("got %v", err)
	}
}

func TestWhatFerryYamlSaysWins(t *testing.T) {
	dir, o := drop(t, map[string]string{"odd.csv": "user_id,note\n1,hello\n", "junk.csv": "a,b\n1,2\n",
		"documents/1.pdf": "%PDF", "empty.csv": "", "deep/er/users.csv": "user_id\n"})
	o.Files = map[string]string{"odd*": "notes", "junk.csv": "ignore"}
	res, err := Run(context.Background(), dir, o)
	if err != nil || res.Landed != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "notes", landed(t, dir, "notes", "user_id", "body"), [][]string{{"1", "hello"}})
	same(t, "sources", readTable(t, dir.Sources(), "source", "entity", "note"), [][]string{
		{"deep/er/users.csv", "user_profiles", "∅"}, {"documents/1.pdf", "∅", "not a table: left alone"},
		{"empty.csv", "∅", "empty"}, {"junk.csv", "∅", "ferry.yaml says to ignore it"}, {"odd.csv", "notes", "∅"},
	})
	o.Files = map[string]string{"odd*": "note"}
	if _, err := Run(context.Background(), dir, o); err == nil || !strings.Contains(err.Error(), `no entity "note"`) {
		t.Errorf("got %v", err)
	}
}

func TestTwoTablesInOneFile(t *testing.T) {
	dir, res := mustLand(t,
		map[string]string{"users.csv": "user_id,email,first_name\nu1,a@example.com,Ann\nu2,b@example.com,Bob\n\n" +
			"note_id,user_id,body,author\n1,u1,hello,me\n2,u2,there,me\n3,u1,again,me\n"})
	if res.Landed != 5 || res.Records != 5 {
		t.Errorf("%+v", res)
	}
	same(t, "users", landed(t, dir, "user_profiles", "user_id", "first_name"), [][]string{{"u1", "Ann"}, {"u2", "Bob"}})
	same(t, "notes", landed(t, dir, "notes", "note_id", "body", "_record", "_line"),
		[][]string{{"1", "hello", "3", "6"}, {"2", "there", "4", "7"}, {"3", "again", "5", "8"}})
}

func TestNoExports(t *testing.T) {
	dir, o := drop(t, nil)
	if _, err := Run(context.Background(), dir, o); err == nil || !strings.Contains(err.Error(), "no folder of exports") {
		t.Errorf("got %v", err)
	}
	if err := os.MkdirAll(o.Exports, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), dir, o); err == nil || !strings.Contains(err.Error(), "no export files") {
		t.Errorf("got %v", err)
	}
}

func TestTheManifestBesideAFileIsCompared(t *testing.T) {
	dir, _ := mustLand(t, map[string]string{"notes.csv": threeNotes, "notes.csv.manifest.json": `{"rows":4}`,
		"tags.csv": "tag_name,user_id\na,1\n", "tags.csv.manifest.json": `{"records":1}`})
	same(t, "sources", readTable(t, dir.Sources(), "source", "note"), [][]string{
		{"notes.csv", "the manifest beside it says 4 records"}, {"notes.csv.manifest.json", "not a table: left alone"},
		{"tags.csv", "∅"}, {"tags.csv.manifest.json", "not a table: left alone"},
	})
	refusedWith(t, "events.csv.manifest.json", `{"sha256":"00"}`, Options{Files: map[string]string{"tags.csv": "ignore"}},
		"sha256 differs")
}
