package extract

import (
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// JSON as programs write it, and as it breaks.
func TestBreadthOfJSON(t *testing.T) {
	ann, bob := `{"user_id":"u1","email":"a@x.com","first_name":"Ann","last_name":"Kelly"}`,
		`{"user_id":"u2","email":"b@x.com","first_name":"Bob","last_name":"Byrne"}`
	both := "[" + ann + "," + bob + "]"
	dropStrays(t, map[string]stray{
		"an array": {file: "user_profiles.json", text: both, want: annAndBob},
		"an array over lines": {file: "user_profiles.json", text: "[\n  " + ann + ",\n  " + bob + "\n]\n",
			want: annAndBob},
		"lines":               {file: "user_profiles.ndjson", text: ann + "\n" + bob + "\n", want: annAndBob},
		"lines of Windows":    {file: "user_profiles.jsonl", text: ann + "\r\n" + bob + "\r\n", want: annAndBob},
		"lines, blank ones":   {file: "user_profiles.ndjson", text: ann + "\n\n\n" + bob, want: annAndBob},
		"lines with commas":   {file: "user_profiles.ndjson", text: ann + ",\n" + bob + ",\n", want: annAndBob},
		"lines called csv":    {text: "\n" + ann + "\n" + bob + "\n", want: annAndBob},
		"an array called csv": {text: "\n" + both, want: annAndBob},
		"a table called json": {file: "user_profiles.json",
			text: "user_id,email,first_name,last_name\nu1,a@x.com,Ann,Kelly\nu2,b@x.com,Bob,Byrne\n",
			want: annAndBob},
		"one object": {file: "user_profiles.json", text: ann, want: "u1|a@x.com|Ann|Kelly|\n"},
		"one object over lines": {file: "user_profiles.json", text: strings.ReplaceAll(ann, ",", ",\n  "),
			want: "u1|a@x.com|Ann|Kelly|\n"},
		"several on a line":        {file: "user_profiles.json", text: ann + bob, want: annAndBob},
		"several on a line, apart": {file: "user_profiles.ndjson", text: ann + " " + bob + "\n", want: annAndBob},
		"several on some lines": {file: "user_profiles.ndjson", text: ann + bob + "\n" + ann + "\n",
			want: annAndBob + "u1|a@x.com|Ann|Kelly|\n"},
		"an answer of an API": {file: "user_profiles.json",
			text: `{"success":true,"code":200,"data":` + both + `}`, want: annAndBob},
		"answers of an API, one in a line": {file: "user_profiles.json",
			text: `{"success":true,"data":[` + ann + `]}` + "\n" + `{"success":true,"data":[` + bob + "]}\n",
			want: annAndBob},
		"an answer, data inside": {file: "user_profiles.json",
			text: `{"result":{"records":` + both + `,"total":2}}`, want: annAndBob},
		"keyed by id": {file: "user_profiles.json",
			text: `{"u1":{"email":"a@x.com","first_name":"Ann","last_name":"Kelly"},` +
				`"u2":{"email":"b@x.com","first_name":"Bob","last_name":"Byrne"}}`,
			want: "|a@x.com|Ann|Kelly|\n|b@x.com|Bob|Byrne|\n"},
		"a list of addresses": {file: "user_profiles.json", text: `["a@x.com","b@x.com"]`,
			want:  "|a@x.com|||\n|b@x.com|||\n",
			doubt: "names people by email only"},
		"no numbers": {file: "user_profiles.json",
			text: `[{"user_id":"u1","score":NaN},{"user_id":"u2","score":-Infinity}]`,
			want: "u1||||{\"score\":null}\nu2||||{\"score\":null}\n"},
		"undefined and comments": {file: "user_profiles.json",
			text:    "[\n// people\n{\"user_id\":\"u1\",\"score\":undefined},\n/* more */\n{\"user_id\":\"u2\"}\n]",
			refused: "must have the column"},
		"a broken line": {file: "user_profiles.ndjson",
			text: ann + "\n{\"user_id\":\"u9\",\"email\n" + bob + "\n", want: annAndBob,
			rejected: 1},
		"text between lines": {file: "user_profiles.ndjson", text: ann + "\n-- page 2 --\n" + bob + "\n",
			want: annAndBob, rejected: 1},
		"an array cut off": {file: "user_profiles.json", text: both[:len(both)-20],
			want: "u1|a@x.com|Ann|Kelly|\n", rejected: 1,
			doubt: "could not land"},
		"an array not closed": {file: "user_profiles.json", text: both[:len(both)-1], want: annAndBob},
		"a comma too many":    {file: "user_profiles.json", text: "[" + ann + "," + bob + ",]", want: annAndBob},
		"a comma missing":     {file: "user_profiles.json", text: "[" + ann + " " + bob + "]", want: annAndBob},
		"a mark of order":     {file: "user_profiles.json", text: "\ufeff" + both, want: annAndBob},
		"a NUL in a value": {file: "user_profiles.json", text: `[{"user_id":"u1","first_name":"A\u0000nn"}]`,
			want: "u1||Ann||\n", says: "NUL"},
		"a NUL in the text": {file: "user_profiles.json",
			text: "[" + ann + ",\n{\"user_id\":\"u9\",\"x\":\"A\x00nn\"},\n" + bob + "]",
			want: annAndBob, rejected: 1},
		"characters escaped": {file: "user_profiles.json",
			text: `[{"user_id":"u1","first_name":"Zo\u00eb \ud83d\ude00"}]`, want: "u1||Zoë 😀||\n"},
		"half a character": {file: "user_profiles.json", text: `[{"user_id":"u1","first_name":"Zo\ud83d"}]`,
			want: "u1||Zo\ufffd||\n"},
		"a long id": {file: "user_profiles.json",
			text: `[{"user_id":12345678901234567890,"email":"a@x.com"}]`,
			want: "12345678901234567890|a@x.com|||\n"},
		"a key twice": {file: "user_profiles.json",
			text: `[{"user_id":"u1","email":"a@x.com","email":"b@x.com"}]`,
			want: "u1|a@x.com|||{\"email\":\"b@x.com\"}\n", unlike: true},
		"apostrophes": {file: "user_profiles.json", text: `[{'user_id':'u1'}]`,
			refused: "broken JSON (line 1"},
		"names without quotes": {file: "user_profiles.json", text: `[{user_id:"u1"}]`,
			refused: "broken JSON (line 1"},
		"column by column": {file: "user_profiles.json",
			text: `{"user_id":{"0":"u1"},"email":{"0":"a@x.com"}}`, refused: "column by column"},
		"column by column, in lists": {file: "user_profiles.json",
			text:    `{"user_id":["u1","u2"],"email":["a@x.com","b@x.com"]}`,
			refused: "column by column"},
		"lists without names": {file: "user_profiles.json", text: `[["u1","a@x.com"],["u2","b@x.com"]]`,
			refused: "lists without names"},
		"an empty array":  {file: "user_profiles.json", text: "[]", doubt: "no record"},
		"an empty object": {file: "user_profiles.json", text: "{}", doubt: "no record"},
		"an error of the API": {file: "user_profiles.json", text: `{"success":false,"code":401,"message":"no"}`,
			refused: "answer"},
		"a sentence": {file: "user_profiles.json", text: "Internal Server Error\n",
			refused: "must have the column"},
		"Japanese": {file: "user_profiles.json",
			text: "[{\"user_id\":\"u1\",\"first_name\":\"\x91\xbe\x98\x59\",\"last_name\":\"\x8e\x52\x93\x63\"}]",
			want: "u1||太郎|山田|\n", doubt: "shift_jis"},
		"wide": {file: "user_profiles.json", text: utf16le(both), want: annAndBob},
	})
}

// Packed files are what they hold, whatever they are called.
func TestBreadthOfContainers(t *testing.T) {
	table := "user_id,email,first_name,last_name\nu1,a@x.com,Ann,Kelly\nu2,b@x.com,Bob,Byrne\n"
	dropStrays(t, map[string]stray{
		"gzip as csv": {text: gzipped(t, table), want: annAndBob}, "gzip as gz": {file: "user_profiles.csv.gz",
			text: gzipped(t, table+"\n"), want: annAndBob},
		"gzip as zip": {file: "user_profiles.zip", text: gzipped(t, "\n"+table), want: annAndBob},
		"gzip twice put together": {file: "user_profiles.csv.gz", text: gzipped(t, table) + gzipped(t,
			"u3,c@x.com,Cy,Lee\n"),
			want: annAndBob + "u3|c@x.com|Cy|Lee|\n"},
		"gzip in gzip": {file: "user_profiles.csv.gz", text: gzipped(t, gzipped(t, table)),
			refused: "archive inside"},
		"gzip with rubbish behind": {file: "user_profiles.csv.gz", text: gzipped(t, table) + "rubbish",
			want:  annAndBob,
			doubt: "cut off or damaged", unlike: true},
		"zstd as csv": {text: zstded(t, table), want: annAndBob},
		"zip as csv":  {text: zipped(t, "x.csv", table), want: annAndBob},
		"zip as xlsx": {file: "user_profiles.xlsx", text: zipped(t, "x.csv", table), want: annAndBob},
		"zip of a folder": {file: "user_profiles.zip", text: zipped(t, "a/", "", "a/b.csv", table,
			"__MACOSX/a/._b.csv", "x", "a/.DS_Store", "x",
			"a/readme.txt", "hello"), want: annAndBob, unlike: true},
		"zip in zip": {file: "user_profiles.zip", text: zipped(t, "x.zip", zipped(t, "x.csv", table)),
			refused: "inside an archive"},
		"zip in zip under another name": {file: "user_profiles.zip", text: zipped(t, "x.csv", zipped(t,
			"x.csv", table)), refused: "inside an archive"},
		"gzip in zip": {file: "user_profiles.zip", text: zipped(t, "x.csv.gz", gzipped(t, table)),
			want: annAndBob},
		"an empty zip":  {file: "user_profiles.zip", text: zipped(t), refused: "empty zip"},
		"a zip cut off": {file: "user_profiles.zip", text: zipped(t, "x.csv", table)[:60], refused: "cut off"},
		"a zip that leads out": {file: "user_profiles.zip", text: zipped(t, "../x.csv", table),
			refused: "leads out"},
		"tar as csv":    {text: tarred(t, "x.csv", table), want: annAndBob},
		"tar as zip":    {file: "user_profiles.zip", text: tarred(t, "x.csv", table), want: annAndBob},
		"tar.gz as csv": {text: gzipped(t, tarred(t, "x.csv", table)), want: annAndBob},
		"tar cut off": {file: "user_profiles.tar", text: tarred(t, "x.csv", table)[:560],
			rejected: 1, doubt: "", refused: "cut off"},
		"a page":             {text: "<html><body>Sign in</body></html>", refused: "web page"},
		"a page with a mark": {text: "\ufeff\n <!DOCTYPE html><p>", refused: "web page"},
		"a page of a fault": {file: "user_profiles.json", text: "<HTML><HEAD><TITLE>502 Bad Gateway</TITLE>",
			refused: "web page"},
		"an error in XML": {text: "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
			refused: "XML"},
		"an error in XML without a head": {text: "<Error><Code>AccessDenied</Code></Error>", refused: "XML"},
		"a PDF":                          {text: "%PDF-1.4\n%\xe2\xe3\n1 0 obj", refused: "a PDF"},
		"old Excel": {file: "user_profiles.xls",
			text: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), refused: ".xls"},
		"an image": {text: "\x89PNG\r\n\x1a\nIHDR", refused: "an image"},
		"a page as a spreadsheet": {file: "user_profiles.xls", text: "<table><tr><td>user_id</td></tr></table>",
			refused: "save it as"},
		"XML as a spreadsheet": {file: "user_profiles.xls",
			text: "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", refused: "XML"},
		"a pointer of a store": {text: "version https://git-lfs.github.com/spec/v1\noid sha256:12ab\nsize 12\n",
			refused: "pointer"},
		"NULs only":    {text: strings.Repeat("\x00", 5000), doubt: "nothing in it"},
		"random bytes": {text: randomBytes(4000), refused: "text"},
	})
}

// randomBytes are such as encrypted files hold.
func randomBytes(n int) string {
	out, x := make([]byte, n), uint32(7)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return string(out)
}

// Spreadsheets as people make them.
func TestBreadthOfSpreadsheets(t *testing.T) {
	head := []any{"user_id", "email", "first_name", "last_name"}
	ann, bob := []any{"u1", "a@x.com", "Ann", "Kelly"}, []any{"u2", "b@x.com", "Bob", "Byrne"}
	rows := func(from int, all ...[]any) func(f *excelize.File) error {
		return func(f *excelize.File) error {
			var err error
			for i, r := range all {
				cell, _ := excelize.CoordinatesToCellName(1, from+i)
				err = errors.Join(err, f.SetSheetRow("Sheet1", cell, &r))
			}
			return err
		}
	}
	and := func(all ...func(f *excelize.File) error) string {
		return workbook(t, func(f *excelize.File) error {
			var err error
			for _, fill := range all {
				err = errors.Join(err, fill(f))
			}
			return err
		})
	}
	table := rows(1, head, ann, bob)
	dropStrays(t, map[string]stray{
		"plain":      {file: "user_profiles.xlsx", text: and(table), want: annAndBob},
		"called csv": {file: "user_profiles.csv", text: and(table), want: annAndBob},
		"in a zip":   {file: "user_profiles.zip", text: zipped(t, "x.xlsx", and(table)), want: annAndBob},
		"packed":     {file: "user_profiles.xlsx.gz", text: gzipped(t, and(table)), want: annAndBob},
		"lines above": {file: "user_profiles.xlsx", text: and(rows(1, []any{"User profiles"}, []any{"Exported",
			"2024-05-01"}), rows(4, head, ann, bob)), want: annAndBob},
		"begins further in": {file: "user_profiles.xlsx", text: workbook(t, func(f *excelize.File) error {
			return errors.Join(f.SetSheetRow("Sheet1", "C3", &head), f.SetSheetRow("Sheet1",
				"C4", &ann), f.SetSheetRow("Sheet1", "C5", &bob))
		}), want: annAndBob},
		"a merged title": {file: "user_profiles.xlsx", text: and(rows(1, []any{"User profiles"}),
			rows(2, head, ann, bob),
			func(f *excelize.File) error { return f.MergeCell("Sheet1", "A1", "D1") }), want: annAndBob},
		"merged groups above": {file: "user_profiles.xlsx", text: and(rows(1, []any{"Identity", nil,
			"Name", nil}), rows(2, head, ann, bob),
			func(f *excelize.File) error {
				return errors.Join(f.MergeCell("Sheet1", "A1", "B1"), f.MergeCell("Sheet1", "C1", "D1"))
			}), want: annAndBob},
		"names merged down": {file: "user_profiles.xlsx", text: and(rows(1, []any{"user_id", "email",
			"Name", nil}, []any{nil, nil, "First", "Last"}, ann, bob),
			func(f *excelize.File) error {
				return errors.Join(f.MergeCell("Sheet1", "A1", "A2"), f.MergeCell("Sheet1", "B1",
					"B2"), f.MergeCell("Sheet1", "C1", "D1"))
			}), want: annAndBob},
		"a name merged over two": {file: "user_profiles.xlsx", text: and(rows(1, []any{"user_id", "email",
			"Name", nil}, ann, bob),
			func(f *excelize.File) error { return f.MergeCell("Sheet1", "C1", "D1") }),
			want: "u1|a@x.com|||{\"Name\":\"Ann\",\"Name (2)\":\"Kelly\"}\n" +
				"u2|b@x.com|||{\"Name\":\"Bob\",\"Name (2)\":\"Byrne\"}\n"},
		"a hidden row": {file: "user_profiles.xlsx", text: and(table,
			func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 3, false) }), want: annAndBob,
			says: "hides"},
		"a hidden column": {file: "user_profiles.xlsx", text: and(table,
			func(f *excelize.File) error { return f.SetColVisible("Sheet1", "B", false) }), want: annAndBob},
		"long ids": {file: "user_profiles.xlsx", text: and(rows(1, []any{"user_id", "email"},
			[]any{"12345678901234567890", "a@x.com"}, []any{123456789012345, "b@x.com"}, []any{"007", "c@x.com"})),
			want: "12345678901234567890|a@x.com|||\n123456789012345|b@x.com|||\n007|c@x.com|||\n"},
		"a total below": {file: "user_profiles.xlsx", text: and(table, rows(4, []any{"Total", 2})),
			want: annAndBob, rejected: 1},
		"a note below": {file: "user_profiles.xlsx", text: and(table, rows(6,
			[]any{"Confidential: for Acme Ltd only"})), want: annAndBob},
		"rows between": {file: "user_profiles.xlsx", text: and(rows(1, head, ann), rows(5, bob)),
			want: annAndBob},
		"only names":     {file: "user_profiles.xlsx", text: and(rows(1, head)), doubt: "no record"},
		"an empty sheet": {file: "user_profiles.xlsx", text: and(), doubt: "nothing in it"},
		"cut off":        {file: "user_profiles.xlsx", text: and(table)[:3000], refused: "cut off"},
		"line ends and quotes in cells": {file: "user_profiles.xlsx", text: and(rows(1, []any{"user_id", "note"},
			[]any{"u1", "one\ntwo"}, []any{"u2", "a \"b\", c;d"})),
			want: "u1||||{\"note\":\"one\\ntwo\"}\nu2||||{\"note\":\"a \\\"b\\\", c;d\"}\n"},
		"several sheets": {file: "user_profiles.xlsx", text: and(table, func(f *excelize.File) error {
			_, err := f.NewSheet("More")
			_, err2 := f.NewSheet("Read me")
			return errors.Join(err, err2, f.SetSheetRow("More", "A1", &head), f.SetSheetRow("More",
				"A2", &[]any{"u3", "c@x.com", "Cy", "Lee"}),
				f.SetSheetRow("Read me", "A1", &[]any{"Ask Ann about this"}))
		}), want: "u3|c@x.com|Cy|Lee|\n" + annAndBob, unlike: true},
	})
}
