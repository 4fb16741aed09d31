package extract

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
)

// landOne lands a single file as user_profiles and gives what became of it.
func landOne(t *testing.T, name, text string) (run.Dir, Result, error) {
	t.Helper()
	dir, o := drop(t, map[string]string{name: text})
	o.Files = map[string]string{"*": "user_profiles"}
	res, err := Run(context.Background(), dir, o)
	return dir, res, err
}

func TestRealFilesLandAsTheyWereMeant(t *testing.T) {
	columns := []string{"user_id", "email", "_extra"}
	for name, c := range map[string]struct {
		file, text string
		want       [][]string
	}{
		"blanks around quoted cells do not count": {"a.csv",
			"user_id,email,name\n1,a@x.com,\"O Brien\"  \n2, \"b@x.com\" ,\"Smith\" , \n",
			[][]string{{"1", "a@x.com", `{"name":"O Brien"}`}, {"2", "b@x.com", `{"name":"Smith"}`}}},
		"a delimiter in quotes with a blank behind": {"a.csv", "user_id;name\n1;\"Smith; J\" \n2;\"Doe; A\"\t\n",
			[][]string{{"1", "∅", `{"name":"Smith; J"}`}, {"2", "∅", `{"name":"Doe; A"}`}}},
		"lines in quotes with a blank behind": {"a.csv", "user_id,name\n1, \"Smith\nJ\" \n2,x\n",
			[][]string{{"1", "∅", `{"name":"Smith\nJ"}`}, {"2", "∅", `{"name":"x"}`}}},
		"a header in another encoding": {"a.csv", "user_id,email,Pr\xe9nom\n1,a@x.com,Zo\xc3\xab\n",
			[][]string{{"1", "a@x.com", `{"Prénom":"Zoë"}`}}},
		"characters nobody sees in a header": {"a.csv", "user\u200b_id,\u00a0e-mail,N\u00adame\n1,a@x.com,Zoe\n",
			[][]string{{"1", "a@x.com", `{"Name":"Zoe"}`}}},
		"all rows shorter than the header": {"a.csv", "user_id,email,approve,reject\n0,u0@x.com\n1,u1@x.com\n",
			[][]string{{"0", "u0@x.com", `{"approve":null,"reject":null}`}, {"1", "u1@x.com", "∅"}}},
		"one column with another delimiter in it": {"a.csv", "user_id\nauth0|5f1a\nauth0|5f1b\n",
			[][]string{{"auth0|5f1a", "∅", "∅"}, {"auth0|5f1b", "∅", "∅"}}},
		"known names settle the delimiter": {"a.csv",
			"user_id;email;first_name\na,1;a@x.com;x,y,z\nb,2;b@x.com;x,y,z\nc,3;c@x.com;x,y,z\n",
			[][]string{{"a,1", "a@x.com", "∅"}, {"b,2", "b@x.com", "∅"}, {"c,3", "c@x.com", "∅"}}},
		"no number is null": {"a.json",
			`[{"user_id":"j","score":NaN,"deep":[Infinity,{"a":-Infinity}],"text":"NaN"}]`,
			[][]string{{"j", "∅", `{"score":null,"deep":[null,{"a":null}],"text":"NaN"}`}}},
		"objects by their keys": {"a.json",
			`{"u1":{"email":"a@x.com","user_id":"1"},"u2":{"email":"b@x.com","user_id":"2"}}`,
			[][]string{{"1", "a@x.com", "∅"}, {"2", "b@x.com", "∅"}}},
		"a list of addresses": {"a.json", `["a@x.com", "b\u0040x.com"]`,
			[][]string{{"∅", "a@x.com", "∅"}, {"∅", "b@x.com", "∅"}}},
		"several objects on a line": {"a.json", `{"user_id":"1"}{"user_id":"2"} {"user_id":"3"}` + "\n" +
			`{"user_id":"4"}`, [][]string{{"1", "∅", "∅"}, {"2", "∅", "∅"}, {"3", "∅", "∅"}, {"4", "∅", "∅"}}},
		"lines of JSON put together": {"a.ndjson", "\ufeff{\"user_id\":\"1\"}\n\ufeff{\"user_id\":\"2\"}\n",
			[][]string{{"1", "∅", "∅"}, {"2", "∅", "∅"}}},
		"arrays of JSON put together": {"a.json", "\ufeff[{\"user_id\":\"1\"}]\n\ufeff[{\"user_id\":\"2\"}]",
			[][]string{{"1", "∅", "∅"}, {"2", "∅", "∅"}}},
		"an answer within an answer": {"a.json", `{"data":{"total":1,"items":[{"user_id":"1","of":{"email":"a@x.com"}}]}}`,
			[][]string{{"1", "∅", `{"of":{"email":"a@x.com"}}`}}},
		"no NUL byte lands": {"a.csv", "user_id,email,n\x00ote\n1,a@x.com,h\x00i\n",
			[][]string{{"1", "a@x.com", `{"note":"hi"}`}}},
		"nor does one in JSON": {"a.json", `[{"user_id":"a\u0000b","x":"\\u0000","y":"\u0000"}]`,
			[][]string{{"ab", "∅", `{"x":"\\u0000","y":""}`}}},
		"a total is no person": {"a.csv", "user_id,email,points\n1,a@x.com,3\n2,b@x.com,4\nTotal,,7\n",
			[][]string{{"1", "a@x.com", `{"points":"3"}`}, {"2", "b@x.com", `{"points":"4"}`}}},
		"a packed file under another name": {"a.csv", gzipped(t, "user_id,email\n1,a@x.com\n"),
			[][]string{{"1", "a@x.com", "∅"}}},
		"a plain file named as if packed": {"a.csv.gz", "user_id,email\n1,a@x.com\n",
			[][]string{{"1", "a@x.com", "∅"}}},
		"an archive under another name": {"a.csv", zipped(t, "b.csv", "user_id,email\n1,a@x.com\n"),
			[][]string{{"1", "a@x.com", "∅"}}},
		"a packed tape archive": {"a.gz",
			gzipped(t, tarred(t, "b.csv", "user_id,email\n1,a@x.com\n", "c.csv", "user_id\n2\n")),
			[][]string{{"1", "a@x.com", "∅"}, {"2", "∅", "∅"}}},
		"a tape archive packed by zstd": {"a.csv", zstded(t, tarred(t, "b.csv", "user_id,email\n1,a@x.com\n")),
			[][]string{{"1", "a@x.com", "∅"}}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _, err := landOne(t, c.file, c.text)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "rows", landed(t, dir, "user_profiles", columns...), c.want)
		})
	}
}

func tarred(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: members[i], Mode: 0o600, Size: int64(len(members[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(members[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is no table is called what it is; what it holds is not shown.
func TestWhatIsNoTableIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ file, text, says string }{
		"a web page":           {"a.csv", "<!DOCTYPE html>\n<html><title>Ann Kelly</title>", "this is a web page"},
		"a PDF":                {"a.csv", "%PDF-1.7 Ann Kelly", "this is a PDF"},
		"a packed PDF":         {"a.csv.gz", gzipped(t, "%PDF-1.7 Ann Kelly"), "this is a PDF"},
		"XML":                  {"a.txt", "<?xml version=\"1.0\"?><a>Ann Kelly</a>", "this is XML"},
		"people and no header": {"a.csv", "Ann,Kelly,Dublin\nJohn,Kelly,Cork\n", "Add a header line"},
		"numbered, no header":  {"user_profiles.csv", "1,Ann,Kelly\n2,John,Kelly\n", ""},
		"broken JSON": {"a.json", "{\n \"user_id\": 1,\n \"name\": Ann Kelly\n}",
			"this is broken JSON (line 3, column 10"},
		"JSON of another kind": {"a.json", "{'user_id': 'Ann Kelly'}", "this is broken JSON (line 1, column 2"},
		"a zip in a zip":       {"a.zip", zipped(t, "a.csv", zipped(t, "b.csv", "x")), "archive inside an archive"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, res, err := landOne(t, c.file, c.text)
			if err == nil && len(res.Doubts) == 0 {
				t.Fatal("nothing was said")
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			said := strings.Join(readTable(t, dir.Sources(), "note")[0], "")
			for _, d := range res.Doubts {
				said += d.Why
			}
			if err != nil {
				said += err.Error()
			}
			for _, word := range []string{"Ann", "Kelly", "Dublin"} {
				if strings.Contains(said, word) {
					t.Errorf("what the file holds is shown: %s", said)
				}
			}
		})
	}
}

func TestNotesByAddressAreNoPeople(t *testing.T) {
	dir, o := drop(t, map[string]string{"notes.csv": "id,email,note,created\nn1,a@x.com,Call back,2024-01-01\n"})
	if _, err := Run(context.Background(), dir, o); err == nil ||
		!strings.Contains(err.Error(), "a file of notes must have the column") {
		t.Errorf("got %v", err)
	}
}

func TestEntriesThatOverlapAreRefused(t *testing.T) {
	packed := zipped(t, "a.csv", strings.Repeat("user_id\n", 100), "b.csv", strings.Repeat("user_id\n", 100))
	second := strings.LastIndex(packed, "PK\x01\x02")
	twice := []byte(packed)
	copy(twice[second+42:second+46], []byte{0, 0, 0, 0}) // the second entry begins where the first does
	_, _, err := landOne(t, "a.zip", string(twice))
	if err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Errorf("got %v", err)
	}
}

func TestStraysArePassedOverAndListed(t *testing.T) {
	dir, o := drop(t, map[string]string{"users.csv": "user_id\n1\n", "~$profiles.xlsx": "lock", ".~lock.users.csv#": "x",
		"README.txt": "Dear all, here are the files", ".DS_Store": "\x00\x00", "Thumbs.db": "x", "desktop.ini": "x",
		"odd.csv": "colour,shape\nred,3\nblue,4\n", "na\xefve.csv": "note_id,user_id,body\n1,1,x\n"})
	res, err := Run(context.Background(), dir, o)
	if err != nil || res.Landed != 2 || len(res.Doubts) != 1 || res.Doubts[0].File != "odd.csv" {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "sources", readTable(t, dir.Sources(), "source", "entity"),
		[][]string{{".DS_Store", "∅"}, {".~lock.users.csv#", "∅"}, {"README.txt", "∅"}, {"Thumbs.db", "∅"},
			{"desktop.ini", "∅"},
			{`na\xefve.csv`, "notes"}, {"odd.csv", "∅"}, {"users.csv", "user_profiles"}, {"~$profiles.xlsx", "∅"}})
	o.Strict = true
	var p *run.Problem
	if _, err := Run(context.Background(), dir, o); !errors.As(err, &p) || p.Where != "odd.csv" {
		t.Errorf("strict: got %v", err)
	}
}

func TestTwoColumnsOfOneMeaningBothLand(t *testing.T) {
	dir, _, err := landOne(t, "a.csv", "user_id,email,Email Address,phone,mobile\n1,a@x.com,b@x.com,5,6\n")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "email", "mobile_number", "_extra"),
		[][]string{{"a@x.com", "5", `{"Email Address":"b@x.com","mobile":"6"}`}})
	same(t, "note", readTable(t, dir.Sources(), "note"),
		[][]string{{"email and Email Address are both email: email is taken, Email Address is kept under its own name; " +
			"phone and mobile are both mobile_number: phone is taken, mobile is kept under its own name"}})
}

func TestRepairsAreWrittenDown(t *testing.T) {
	dir, _ := mustLand(t, map[string]string{"user_profiles.csv": people(60,
		map[int]string{17: `ID,USER;TIME;CITY;"Called once, will call again",`})})
	same(t, "repairs", readTable(t, repairsPath(dir), "_file", "_record", "_line", "entity", "before", "after"),
		[][]string{{"user_profiles.csv", "18", "19", "user_profiles",
			`1017,u-017;2024-06-18 10:00:00;Cork City;"Called once, will call again",`,
			`["1017","u-017","2024-06-18 10:00:00","Cork City","Called once, will call again",""]`}})
}

// workbook writes sheets as a spreadsheet program would; a row that begins with "hidden" is.
func workbook(t *testing.T, fill func(f *excelize.File) error) string {
	t.Helper()
	f := excelize.NewFile()
	if err := fill(f); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestASpreadsheetLandsAsItsCellsHoldIt(t *testing.T) {
	text := workbook(t, func(f *excelize.File) error {
		german, percent, clock := `dd\.mm\.yyyy`, "0.0%", "hh:mm"
		date, err1 := f.NewStyle(&excelize.Style{CustomNumFmt: &german})
		share, err2 := f.NewStyle(&excelize.Style{CustomNumFmt: &percent})
		hour, err3 := f.NewStyle(&excelize.Style{CustomNumFmt: &clock})
		_, err4 := f.NewSheet("Notes to self")
		_, err5 := f.NewSheet("notes")
		return errors.Join(err1, err2, err3, err4, err5,
			f.SetSheetRow("Sheet1", "A1", &[]any{"Customers of today"}),
			f.SetSheetRow("Sheet1", "A3", &[]any{"user_id", "email", "create_time", "Share", "Hour", "Long", "Flag",
				"Sum", "Text"}),
			f.SetSheetRow("Sheet1", "A4", &[]any{"0123", "a@x.com", 45306.5, 0.125, 0.75, 1234567890123456, true, nil,
				"a, \"b\"\nc"}),
			f.SetSheetRow("Sheet1", "A5", &[]any{"2", "b@x.com", 45306, 0.1, nil, nil, false}),
			f.SetCellValue("Sheet1", "H5", "#N/A"),
			f.SetCellStyle("Sheet1", "C4", "C5", date), f.SetCellStyle("Sheet1", "D4", "D5", share),
			f.SetCellStyle("Sheet1", "E4", "E4", hour),
			f.SetRowVisible("Sheet1", 5, false),
			f.SetSheetRow("Notes to self", "A1", &[]any{"call Ann"}),
			f.SetSheetRow("notes", "A1", &[]any{"note_id", "user_id", "body"}),
			f.SetSheetRow("notes", "A2", &[]any{1, 123, "hello"}))
	})
	dir, o := drop(t, map[string]string{"users.xlsx": text})
	res, err := Run(context.Background(), dir, o)
	if err != nil || len(res.Doubts) > 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "user_id", "email", "create_time", "_extra", "_line"), [][]string{
		{"0123", "a@x.com", "2024-01-15 12:00:00",
			`{"Share":"0.125","Hour":"18:00:00","Long":"1234567890123456","Flag":"1","Sum":null,"Text":"a, \"b\"\nc"}`, "4"},
		{"2", "b@x.com", "2024-01-15", `{"Share":"0.1","Flag":"0"}`, "6"}})
	same(t, "notes", landed(t, dir, "notes", "note_id", "user_id", "body"), [][]string{{"1", "123", "hello"}})
	same(t, "sources", readTable(t, dir.Sources(), "source", "entity", "format"),
		[][]string{{"users.xlsx!Notes to self", "∅", "xlsx"}, {"users.xlsx!Sheet1", "user_profiles", "xlsx"},
			{"users.xlsx!notes", "notes", "xlsx"}})
}
