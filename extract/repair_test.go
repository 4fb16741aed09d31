package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// person is what a row of people says.
func person(i int) (id, user, time, city string) {
	return fmt.Sprint(1000 + i), fmt.Sprintf("u-%03d", i), fmt.Sprintf("2024-%02d-%02d 10:00:00", i%12+1, i%28+1),
		[]string{"Dublin", "New York", "Cork City"}[i%3]
}

// people are rows alike enough to know each column by: an id, a user, a time, a city, a remark, and a column that
// is always empty. Some lines are written as a template says.
func people(rows int, templates map[int]string) string {
	var b strings.Builder
	b.WriteString("profile_id,user_id,create_time,City,Remark,last_name\n")
	for i := range rows {
		template, ok := templates[i]
		if !ok {
			template = `ID,USER,TIME,CITY,"Called once, will call again",`
		}
		id, user, time, city := person(i)
		b.WriteString(strings.NewReplacer("ID", id, "USER", user, "TIME", time, "CITY", city).Replace(template) + "\n")
	}
	return b.String()
}

func TestOneWrongDelimiterIsPutRight(t *testing.T) {
	templates := map[int]string{
		7:  `ID,USER,TIME,CITY"Called once, will call again",`,       // missing before quotes
		9:  `ID,USER,TIME,CITY,"Called once, will call again"`,       // missing at the end
		15: `ID USER "TIME" CITY "Called once, will call again" `,    // spaces
		17: `ID,USER;TIME;CITY;"Called once, will call again",`,      // semicolons in part
		19: `ID,USER,TIME,CITY,Called once, will call again,`,        // prose that is not quoted
		21: `ID,USER,TIME,CITY,'Called once, will call again',`,      // apostrophes for quotes
		23: `ID,USER,TIME,"CITY,"Called once, will call again",`,     // a stray quote
		25: `ID,USER,TIME,CITY,"Called ""once"", will call again",,`, // one more at the end, as ever
	}
	dir, res := mustLand(t, map[string]string{"user_profiles.csv": people(60, templates)})
	if res.Records != 60 || res.Landed != 60 {
		t.Errorf("%+v, %v", res, readTable(t, dir.Rejects(), "_line", "reason", "raw"))
	}
	for i, row := range landed(t, dir, "user_profiles", "profile_id", "user_id", "create_time", "last_name", "_extra") {
		id, user, time, city := person(i)
		remark := `Called once, will call again`
		switch i {
		case 23:
			city = `\"` + city
		case 25:
			remark = `Called \"once\", will call again`
		}
		same(t, templates[i], [][]string{row},
			[][]string{{id, user, time, "∅", `{"City":"` + city + `","Remark":"` + remark + `"}`}})
	}
	if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note,
		"7 records with damaged quotes or delimiters") {
		t.Errorf("the note is %q", note)
	}
}

// TestARepairMakesUpNoKeyAndMovesNoCell: such a record is rejected, with the ways it could be read.
func TestARepairMakesUpNoKeyAndMovesNoCell(t *testing.T) {
	templates := map[int]string{
		3:  `IDUSER,TIME,CITY,"Called once, will call again",`,      // missing between number and text
		5:  `ID,USERTIME,CITY,"Called once, will call again",`,      // missing between text and time
		11: `,ID,USER,TIME,CITY,"Called once, will call again",`,    // too many at the beginning
		13: `ID,USER,,TIME,CITY,"Called once, will call again",`,    // too many in the middle
		17: `ID,USER,TIME,,,CITY,"Called once, will call again",`,   // two too many
		19: `ID,"USER",x,TIME,CITY,"Called once, will call again",`, // a cell too many that is not empty
		23: `"ID,USER",TIME,CITY,"Called once, will call again",`,   // two cells in one pair of quotes
	}
	dir, res := mustLand(t, map[string]string{"user_profiles.csv": people(60, templates)})
	if res.Records != 60 || res.Landed != 53 {
		t.Errorf("%+v, %v", res, landed(t, dir, "user_profiles", "profile_id", "user_id", "_extra", "_line")[:30])
	}
	rejected := readTable(t, dir.Rejects(), "_record", "raw", "readings")
	if len(rejected) != 7 || !strings.Contains(rejected[2][2], `["1011","u-011","2024-12-12 10:00:00"`) {
		t.Errorf("%q", rejected)
	}
}

func TestARecordThatCouldBeReadInTwoWaysIsRejected(t *testing.T) {
	templates := map[int]string{
		5:  `ID,USER,TIME,CITY`,                                      // two cells missing
		10: `ID,USER,TIME,Corkcalled once,`,                          // words run together
		15: `ID,USER,TIME,CITY,"Called once, will call again",x,y`,   // a cell more
		20: `total,of,all,profiles`,                                  // another kind of record
		59: `ID,USER,TIME,CITY,"Called once, will call again"` + "x", // the last, perhaps cut off
	}
	text := strings.TrimSuffix(people(60, templates), "x\n")
	dir, res := mustLand(t, map[string]string{"user_profiles.csv": text})
	if res.Records != 60 || res.Landed != 55 {
		t.Errorf("%+v", res)
	}
	same(t, "rejects", readTable(t, dir.Rejects(), "_record", "reason"), [][]string{
		{"6", "4 columns, the header has 6"}, {"11", "5 columns, the header has 6"}, {"16", "7 columns, the header has 6"},
		{"21", "4 columns, the header has 6"}, {"60", "the file ends in the middle of this record"},
	})
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
		{"b.csv", `{"column 1":"red","column 2":"3"}`}, {"b.csv", `{"column 1":"blue","column 2":"4"}`},
		{"b.csv", `{"column 1":"green","column 2":"5"}`}, {"b.csv", `{"column 1":"red","column 2":"3"}`},
		{"c.csv", `{"column 1":"red","column 2":"3","column 3":"9.50"}`},
		{"c.csv", `{"column 1":"blue","column 2":"4","column 3":"8.00"}`},
		{"c.csv", `{"column 1":"red","column 2":"5","column 3":"7.25"}`},
	})
	same(t, "notes", readTable(t, dir.Sources(), "source", "note"), [][]string{
		{"a.csv", "ferry.yaml says that these are user_profiles, though the column profile_id, or user_id is missing"},
		{"b.csv", "there is no header: the columns are numbered"},
		{"c.csv",
			"ferry.yaml says that these are user_profiles, though the column profile_id, or user_id is missing; the header " +
				"has 2 names for 3 columns: the columns are numbered"},
	})
}

func TestNoColumnIsForgotten(t *testing.T) {
	dir, _ := mustLand(t, map[string]string{"notes.csv": "Note ID,user_id,body,Tag,Tag,\n1,u1,one,a,b,\n2,u2,two,,,\n"})
	same(t, "extra", landed(t, dir, "notes", "_extra"), [][]string{{`{"Tag":"a","Tag (2)":"b"}`}, {"∅"}})
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
	if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note,
		"from line 60003 on there seems to be another table") {
		t.Errorf("the note is %q", note)
	}
}
