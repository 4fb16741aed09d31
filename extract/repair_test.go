package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// people are rows that are alike enough to know each column by: id, user, time, city, note and a column that is
// always empty.
func people(lines map[int]string) string {
	var b strings.Builder
	b.WriteString("profile_id,user_id,create_time,City,Remark,last_name\n")
	for i := range 40 {
		if line, ok := lines[i]; ok {
			b.WriteString(line + "\n")
			continue
		}
		fmt.Fprintf(&b, "%d,u-%03d,2024-%02d-%02d 10:00:00,%s,\"Called once, will call again\",\n", 1000+i, i, i%12+1, i%28+1, []string{"Dublin", "New York", "Cork City"}[i%3])
	}
	return b.String()
}

func TestOneWrongDelimiterIsPutRight(t *testing.T) {
	want := []string{"1005", "u-005", "2024-06-06 10:00:00", "∅", `{"City":"Cork City","Remark":"Called once, will call again"}`}
	for name, line := range map[string]string{
		"missing between number and text": `1005u-005,2024-06-06 10:00:00,Cork City,"Called once, will call again",`,
		"missing between text and time":   `1005,u-0052024-06-06 10:00:00,Cork City,"Called once, will call again",`,
		"missing before quotes":           `1005,u-005,2024-06-06 10:00:00,Cork City"Called once, will call again",`,
		"missing at the end":              `1005,u-005,2024-06-06 10:00:00,Cork City,"Called once, will call again"`,
		"too many at the beginning":       `,1005,u-005,2024-06-06 10:00:00,Cork City,"Called once, will call again",`,
		"too many in the middle":          `1005,u-005,,2024-06-06 10:00:00,Cork City,"Called once, will call again",`,
		"spaces":                          `1005 u-005 "2024-06-06 10:00:00" Cork City "Called once, will call again" `,
		"semicolons in part":              `1005,u-005;2024-06-06 10:00:00;Cork City;"Called once, will call again",`,
		"prose that is not quoted":        `1005,u-005,2024-06-06 10:00:00,Cork City,Called once, will call again,`,
		"apostrophes for quotes":          `1005,u-005,2024-06-06 10:00:00,Cork City,'Called once, will call again',`,
	} {
		dir, res := mustLand(t, map[string]string{"user_profiles.csv": people(map[int]string{5: line})})
		if res.Records != 40 || res.Landed != 40 {
			t.Errorf("%s: %+v", name, res)
			continue
		}
		rows := landed(t, dir, "user_profiles", "profile_id", "user_id", "create_time", "last_name", "_extra")
		same(t, name, rows[5:6], [][]string{want})
		if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note, "1 record with damaged quotes or delimiters") {
			t.Errorf("%s: the note is %q", name, note)
		}
	}
}

func TestARecordThatCouldBeReadInTwoWaysIsRejected(t *testing.T) {
	for name, line := range map[string]string{
		"two cells missing":      `1005,u-005,2024-06-06 10:00:00,Cork City`,
		"words run together":     `1005,u-005,2024-06-06 10:00:00,Corkcalled once,`,
		"one cell more":          `1005,u-005,2024-06-06 10:00:00,Cork City,"Called once, will call again",x,y`,
		"another kind of record": `total,of,all,profiles`,
	} {
		dir, res := mustLand(t, map[string]string{"user_profiles.csv": people(map[int]string{5: line})})
		rejected := readTable(t, dir.Rejects(), "_line", "raw")
		if res.Records != 40 || res.Landed != 39 || len(rejected) != 1 || rejected[0][0] != "7" || rejected[0][1] != line {
			t.Errorf("%s: %+v, %v", name, res, rejected)
		}
	}
	dir, _ := mustLand(t, map[string]string{"user_profiles.csv": strings.TrimSuffix(people(map[int]string{39: `1039,u-039,2024-04-12 10:00:00,Cork City,"Called`}), "\n")})
	if reason := readTable(t, dir.Rejects(), "reason"); len(reason) != 1 {
		t.Errorf("a record that is cut off: %v", reason)
	}
}

func TestQuotesThatAreTextStayText(t *testing.T) {
	var b strings.Builder
	b.WriteString("note_id,user_id,body\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,u%d,a 5\" pipe and a 24\"x36\" sheet\n", i, i)
	}
	dir, res := mustLand(t, map[string]string{"notes.csv": b.String()})
	if res.Landed != 5000 {
		t.Errorf("%+v", res)
	}
	rows := landed(t, dir, "notes", "body")
	for _, i := range []int{0, 2500, 4999} {
		same(t, "body", rows[i:i+1], [][]string{{`a 5" pipe and a 24"x36" sheet`}})
	}
}

func TestWhatFerryYamlNamesLandsWithoutItsColumns(t *testing.T) {
	dir, o := drop(t, map[string]string{
		"a.csv": "Colour,Size\nred,3\nblue,4\n",
		"b.csv": "red,3\nblue,4\ngreen,5\nred,3\n",
		"c.csv": "ColourSize,Price\nred,3,9.50\nblue,4,8.00\nred,5,7.25\n",
	})
	o.Files = map[string]string{"*.csv": "user_profiles"}
	res, err := Run(context.Background(), dir, o)
	if err != nil || res.Landed != 9 {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "_file", "_extra"), [][]string{
		{"a.csv", `{"Colour":"red","Size":"3"}`}, {"a.csv", `{"Colour":"blue","Size":"4"}`},
		{"b.csv", `{"column 1":"red","column 2":"3"}`}, {"b.csv", `{"column 1":"blue","column 2":"4"}`}, {"b.csv", `{"column 1":"green","column 2":"5"}`}, {"b.csv", `{"column 1":"red","column 2":"3"}`},
		{"c.csv", `{"column 1":"red","column 2":"3","column 3":"9.50"}`}, {"c.csv", `{"column 1":"blue","column 2":"4","column 3":"8.00"}`}, {"c.csv", `{"column 1":"red","column 2":"5","column 3":"7.25"}`},
	})
	same(t, "notes", readTable(t, dir.Sources(), "source", "note"), [][]string{
		{"a.csv", "ferry.yaml says that these are user_profiles, though the column profile_id, or user_id is missing"},
		{"b.csv", "there is no header: the columns are numbered"},
		{"c.csv", "ferry.yaml says that these are user_profiles, though the column profile_id, or user_id is missing; the header has 2 names for 3 columns (ColourSize, Price): the columns are numbered"},
	})
}

func TestTheManifestSaysWhatTheHeaderWas(t *testing.T) {
	dir, _ := mustLand(t, map[string]string{"notes.csv": "Note ID,user_id,body,Tag,Tag,\n1,u1,one,a,b,\n2,u2,two,,,\n"})
	f := manifestFacts(t, dir)
	same(t, "columns", [][]string{f[0].Columns}, [][]string{{"Note ID", "user_id", "body", "Tag", "Tag", ""}})
	if f[0].Header != 1 {
		t.Errorf("%d lines of header", f[0].Header)
	}
}

func TestAnotherTableFarDownIsSaid(t *testing.T) {
	var b strings.Builder
	b.WriteString("note_id,user_id,body\n")
	for i := range 60000 {
		fmt.Fprintf(&b, "%d,u%d,\"text, %d\"\n", i, i, i)
	}
	b.WriteString("\nlabel,colour\n")
	for i := range 10 {
		fmt.Fprintf(&b, "x%d,red\n", i)
	}
	dir, res := mustLand(t, map[string]string{"notes.csv": b.String()})
	if res.Landed != 60000 || res.Rejected != 11 {
		t.Errorf("%+v", res)
	}
	if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note, "from line 60003 on there seems to be another table") {
		t.Errorf("the note is %q", note)
	}
}
