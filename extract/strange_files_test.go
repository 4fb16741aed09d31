package extract

import (
	"bytes"
	"ferry/extract/discovery"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is cut off is shown as far as it goes.
func TestAFileCutOffIsShownAsFarAsItGoes(t *testing.T) {
	var rows strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&rows, "u%d,%x@x.com\n", i, i*104729)
	}
	packed := gzipped(t, "user_id,email\n"+rows.String())
	path := filepath.Join(t.TempDir(), "a.csv.gz")
	if err := os.WriteFile(path, []byte(packed[:len(packed)/2]), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	shown, err := discovery.ExplainFile(path, &out, 1)
	if err != nil || !shown.CutOff || strings.Count(out.String(), "\n") < 1000 {
		t.Errorf("%+v, %v, %d lines", shown, err, strings.Count(out.String(), "\n"))
	}
}

// Files as strangers make them: each lands as it was meant, or what cannot is rejected.
func TestFilesOfStrangersLandAsTheyWereMeant(t *testing.T) {
	columns := []string{"user_id", "email", "first_name", "_extra"}
	ann, bob := []string{"u1", "a@x.com", "Ann", "∅"}, []string{"u2", "b@x.com", "Bob", "∅"}
	both := [][]string{ann, bob}
	for name, c := range map[string]struct {
		file, text string
		want       [][]string
		rejected   int64
	}{
		"a header in two lines": {"a.csv",
			"user,email,first,last\nid,address,name,name\nu1,a@x.com,Ann,\nu2,b@x.com,Bob,\n", both, 0},
		"a first line of groups": {"a.csv",
			"User,,Name\nuser_id,email,first_name\nu1,a@x.com,Ann\nu2,b@x.com,Bob\n", both, 0},
		"line ends behind a backslash": {"a.csv",
			"user_id,email,first_name,note\nu1,a@x.com,Ann,one\\\ntwo\nu2,b@x.com,Bob,one\\\ntwo\n",
			[][]string{{"u1", "a@x.com", "Ann", `{"note":"one\ntwo"}`}, {"u2", "b@x.com", "Bob", `{"note":"one\ntwo"}`}}, 0},
		"a backslash at the end of a folder": {"a.csv",
			"user_id,email,first_name,at\nu1,a@x.com,Ann,C:\\x\\\nu2,b@x.com,Bob,C:\\\n",
			[][]string{{"u1", "a@x.com", "Ann", `{"at":"C:\\x\\"}`}, {"u2", "b@x.com", "Bob", `{"at":"C:\\"}`}}, 0},
		"the separator said above": {"a.csv",
			"sep=;\r\nuser_id;email;first_name\r\nu1;a@x.com;Ann\r\nu2;b@x.com;Bob\r\n", both, 0},
		"a header behind a hash": {"a.csv", "#user_id,email,first_name\nu1,a@x.com,Ann\nu2,b@x.com,Bob\n", both, 0},
		"a sum below in German": {"a.csv",
			"user_id;email;first_name\nu1;a@x.com;Ann\nu2;b@x.com;Bob\nSumme;2;\n", both, 1},
		"a line drawn below": {"a.csv",
			"user_id,email,first_name\n-------,-----,----------\nu1,a@x.com,Ann\nu2,b@x.com,Bob\n", both, 0},
		"lines that end with a carriage return": {"a.csv",
			"user_id,email,first_name\ru1,a@x.com,Ann\ru2,b@x.com,Bob\r", both, 0},
		"another delimiter at each line's end": {"a.csv",
			"user_id,email,first_name\nu1,a@x.com,Ann,\nu2,b@x.com,Bob,\n", both, 0},
		"an answer in an envelope": {"a.json",
			`{"meta":{"n":2},"data":{"users":[{"user_id":"u1","email":"a@x.com","first_name":"Ann"},` +
				`{"user_id":"u2","email":"b@x.com","first_name":"Bob"}]}}`, both, 0},
		"a record with a list of records": {"a.json",
			`{"user_id":"u1","email":"a@x.com","first_name":"Ann","devices":[{"id":"d1"}]}`,
			[][]string{{"u1", "a@x.com", "Ann", `{"devices":[{"id":"d1"}]}`}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir, res, err := landOne(t, c.file, c.text)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "rows", landed(t, dir, "user_profiles", columns...), c.want)
			if res.Rejected != c.rejected {
				t.Errorf("%d records were rejected, %d should have been", res.Rejected, c.rejected)
			}
		})
	}
}

// A table beside the one that lands is not part of its records, and somebody has to look.
func TestATableBesideAnotherIsLeftOutAndSaid(t *testing.T) {
	text := "user_id,email,,segment,size\nu1,a@x.com,,VIP,3\nu2,b@x.com,,New,9\nu3,c@x.com,,,\n"
	dir, res, err := landOne(t, "a.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "user_id", "email", "_extra"),
		[][]string{{"u1", "a@x.com", "∅"}, {"u2", "b@x.com", "∅"}, {"u3", "c@x.com", "∅"}})
	if len(res.Doubts) != 1 || !strings.Contains(res.Doubts[0].Why, "from column 4 on") {
		t.Errorf("the doubts are %v", res.Doubts)
	}
}

func TestJSONThatHoldsNoRecordsIsSaid(t *testing.T) {
	for text, says := range map[string]string{
		`{"user_id":{"0":"u1","1":"u2"},"email":{"0":"a@x.com","1":"b@x.com"}}`: "column by column",
		`[["user_id","email"],["u1","a@x.com"]]`:                                "lists without names",
	} {
		if _, _, err := landOne(t, "a.json", text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want a problem saying %s", text, err, says)
		}
	}
}

// What --explain shows of JSON is what lands.
func TestExplainReadsJSONAsLandingDoes(t *testing.T) {
	for text, want := range map[string]string{
		`{"u1":{"email":"a@x.com"},"u2":{"email":"b@x.com","n":1}}`:         "id,email,n\nu1,a@x.com,\nu2,b@x.com,1\n",
		`{"data":[{"user_id":"u1","tags":["a"],"n":null}]}`:                 "user_id,tags,n\nu1,\"[\"\"a\"\"]\",\n",
		"{\"user_id\":\"u1\"}\n{\"user_id\":\"u2\",\"name\":\"\\u00d6\"}\n": "user_id,name\nu1,\nu2,Ö\n",
	} {
		path := filepath.Join(t.TempDir(), "a.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := discovery.ExplainFile(path, &out, 1); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s\nshows %s\nwant  %s", text, out.String(), want)
		}
	}
}
