package extract

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// eachLine writes rows as a program does that takes each line for one cell.
func eachLine(rows ...string) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "\"%s\"\n", strings.ReplaceAll(r, `"`, `""`))
	}
	return b.String()
}

func TestTablesThatAreNotPlainlyDelimited(t *testing.T) {
	comma := "user_id,email,Mood\nu1,a@x.com,good\nu2,b@x.com,bad\nu3,c@x.com,so so\n"
	want := [][]string{{"u1", "a@x.com", `{"Mood":"good"}`, "2"}, {"u2", "b@x.com", `{"Mood":"bad"}`, "3"},
		{"u3", "c@x.com", `{"Mood":"so so"}`, "4"}}
	below := func(lines string) [][]string { // the same rows further down
		var out [][]string
		for i, row := range want {
			out = append(out, append(row[:3:3], strings.Fields(lines)[i]))
		}
		return out
	}
	with := func(delim string) string { return strings.ReplaceAll(comma, ",", delim) }
	for name, c := range map[string]struct {
		text, says string
		want       [][]string
	}{
		"each line in quotes": {eachLine("user_id,email,Mood", "u1,a@x.com,good", "u2,b@x.com,bad", "u3,c@x.com,so so"),
			"each of its lines stands in quotes", want},
		"each line in quotes but the names": {"user_id,email,Mood\n" +
			eachLine(`u1,a@x.com,"good, ""very"""`, "u2,b@x.com,bad"),
			"each of its lines stands in quotes",
			[][]string{{"u1", "a@x.com", `{"Mood":"good, \"very\""}`, "2"}, want[1]}},
		"each line in quotes, delimiters behind": {
			"\"user_id,email,Mood\";;\n\"u1,a@x.com,good\";;\n\"u2,b@x.com,bad\";;\n",
			"each of its lines stands in quotes", want[:2]},
		"each line in quotes, line ends within": {
			eachLine("user_id,email,Mood", "u1,a@x.com,good", "u2,b@x.com,\"very\nbad\""),
			"each of its lines stands in quotes",
			[][]string{want[0], {"u2", "b@x.com", `{"Mood":"very\nbad"}`, "3"}}},
		"full-width commas":        {with("，"), `parted by "，"`, want},
		"a delimiter of three":     {with("~|~"), `parted by "~|~"`, want},
		"a delimiter doubled":      {with("||"), `parted by "||"`, want},
		"a character nobody types": {with("\x01"), `parted by "\x01"`, want},
		"a comma and a tab":        {with(",\t"), `parted by ",\t"`, want},
		"a table of Markdown": {"| user_id | email | Mood |\n|---|:-:|--:|\n| u1 | a@x.com | good |\n| u2 | b@x.com | b\\|d |\n",
			"a table drawn with lines",
			[][]string{{"u1", "a@x.com", `{"Mood":"good"}`, "3"}, {"u2", "b@x.com", `{"Mood":"b|d"}`, "4"}}},
		"a table of a client": {
			"+---------+---------+-------+\n| user_id | email   | Mood  |\n+---------+---------+-------+\n" +
				"| u1      | a@x.com | good  |\n| u2      | b@x.com | bad   |\n| u3      | c@x.com | so so |\n" +
				"+---------+---------+-------+\n", "a table drawn with lines", below("4 5 6")},
		"a table of another client": {
			" user_id |  email  | Mood  \n---------+---------+-------\n u1      | a@x.com | good\n" +
				" u2      | b@x.com | bad\n u3      | c@x.com | so so\n(3 rows)\n", "a table drawn with lines", below("3 4 5")},
		"columns of fixed width": {
			"user_id email     Mood\nu1      a@x.com   good\n" +
				"u2      b@x.com   bad\nu3      c@x.com   so so\n", "of fixed width", want},
		"dashes tell the width": {
			"user_id email   Mood\n------- ------- -----\n" +
				"u1      a@x.com good\nu2      b@x.com bad\nu3      c@x.com so so\n", "of fixed width", below("3 4 5")},
		"lines that end oddly": {strings.ReplaceAll(comma, "\n", "\u2028"), "lines end with a character", want},
		"ids kept from becoming numbers": {
			"user_id,email,Mood\n=\"001\",a@x.com,good\n\"=\"\"002\"\"\",b@x.com,=\"a,b\"\n", `="text"`,
			[][]string{{"001", "a@x.com", `{"Mood":"good"}`, "2"}, {"002", "b@x.com", `{"Mood":"a,b"}`, "3"}}},
		"an end of old":             {comma + "\x1a\r\n", "", want},
		"an end of old, filled up":  {strings.TrimSuffix(comma, "\n") + strings.Repeat("\x1a", 200), "", want},
		"an end filled up with NUL": {comma + strings.Repeat("\x00", 200), "", want},
		"carriage returns doubled":  {strings.ReplaceAll(comma, "\n", "\r\r\n"), "", want},
		"files put together": {"\ufeff" + strings.Replace(comma, "u2,", "\ufeffuser_id,email,Mood\n\ufeffu2,", 1),
			"1 repeated header line", below("2 4 5")},
		"one line that ends with CR": {strings.Replace(comma, "good\n", "good\r", 1), "", below("2 2 3")},
		"a carriage return in a cell": {"user_id,email,Mood\nu1,a@x.com,go\rod\nu2,b@x.com,bad\n", "",
			[][]string{{"u1", "a@x.com", `{"Mood":"go\rod"}`, "2"}, want[1]}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, res, err := landOne(t, "a.csv", c.text)
			if err != nil || len(res.Doubts) > 0 {
				t.Fatalf("%+v, %v", res, err)
			}
			same(t, "rows", landed(t, dir, "user_profiles", "user_id", "email", "_extra", "_line"), c.want)
			if note := readTable(t, dir.Sources(), "note")[0][0]; !strings.Contains(note, c.says) {
				t.Errorf("the note is %q, want %q", note, c.says)
			}
		})
	}
}

// What is no record is kept and counted, but makes no file doubtful.
func TestLinesThatAreNoRecords(t *testing.T) {
	for name, c := range map[string]struct{ line, says string }{
		"units in brackets": {",,(pts),(cm)", "a line of units or types, not a record"},
		"units in all":      {"[-],[-],[pts],[cm]", "a line of units or types, not a record"},
		"types":             {"string,varchar(80),int,double", "a line of units or types, not a record"},
		"a comment":         {"# the first ones", "a comment, not a record"},
		"a person":          {"u9,c@x.com,3,-", ""},
		"someone unsized":   {"u9,c@x.com,,", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir, res, err := landOne(t, "a.csv",
				"user_id,email,points,height\n"+c.line+"\nu1,a@x.com,10,170\nu2,b@x.com,20,171\n")
			if err != nil || len(res.Doubts) > 0 {
				t.Fatalf("%+v, %v", res, err)
			}
			var want [][]string
			if c.says != "" {
				want = [][]string{{"2", c.says, c.line}}
			}
			same(t, "rejects", readTable(t, dir.Rejects(), "_line", "reason", "raw"), want)
			if n := int64(3 - len(want)); res.Landed != n {
				t.Errorf("%d landed, want %d", res.Landed, n)
			}
		})
	}
}

// A header that does not fit its rows is told, and nothing lands below the wrong name.
func TestAHeaderThatDoesNotFitIsTold(t *testing.T) {
	dir, res, err := landOne(t, "a.csv",
		"email,first_name,last_name\n1,a@x.com,Ann,Lee\n2,b@x.com,Bob,Lee\n3,c@x.com,Cy,Lee\n4,d@x.com,Di,Lee\n")
	if err != nil || res.Landed != 0 || res.Rejected != 4 || len(res.Doubts) != 1 ||
		!strings.Contains(res.Doubts[0].Why, "names 3 columns and most rows have 4 cells") {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "user_id"), nil)
}

// People named by an address only land, as somebody has to look at what else names them.
func TestPeopleWithoutAnIDAreDoubtful(t *testing.T) {
	text := "email,first_name\na@x.com,Ann\nb@x.com,Bob\n"
	dir, o := drop(t, map[string]string{"user_profiles.csv": text})
	res, err := Run(context.Background(), dir, o)
	if err != nil || len(res.Doubts) != 1 || !strings.Contains(res.Doubts[0].Why, "by email only") ||
		!strings.Contains(res.Doubts[0].Why, "profile_id, or user_id") {
		t.Fatalf("%+v, %v", res, err)
	}
	same(t, "rows", landed(t, dir, "user_profiles", "email", "first_name"),
		[][]string{{"a@x.com", "Ann"}, {"b@x.com", "Bob"}})
	if _, res, err = landOne(t, "user_profiles.csv", text); err != nil || len(res.Doubts) > 0 {
		t.Fatalf("told what the file is: %+v, %v", res, err)
	}
}
