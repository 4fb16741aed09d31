package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	main = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	odr  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	pack = ` xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
)

// book writes a workbook of one sheet, “Answers”, from the XML of its parts.
func book(t testing.TB, parts map[string]string) string {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml": head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels": head + `<Relationships` + pack + `><Relationship Id="rId1" Type="` + odr +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": head + `<workbook` + main + ` xmlns:r="` + odr +
			`"><sheets><sheet name="Answers" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships` + pack + `><Relationship Id="rId1" Type="` + odr +
			`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + odr +
			`/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="` + odr +
			`/styles" Target="styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml": head + `<sst` + main + `><si><t>shared</t></si><si><r><t>in </t></r><r><rPr><b/></rPr>` +
			`<t xml:space="preserve">two runs </t></r><rPh sb="0" eb="1"><t>not this</t></rPh></si><si><t/></si>` +
			`<si><t>a_x000D_b _x005F_x000D_</t></si></sst>`,
		"xl/styles.xml": head + `<styleSheet` + main + `><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>` +
			`<numFmt numFmtId="165" formatCode="0&quot; days&quot;;[Red]\d0"/></numFmts><cellStyleXfs><xf numFmtId="14"/>` +
			`</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/>` +
			`</cellXfs></styleSheet>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range all {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// sheetOf is a sheet that holds rows.
func sheetOf(rows string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": head + `<worksheet` + main + `><cols><col min="1"/></cols>` +
		`<sheetData>` + rows + `</sheetData><pageMargins left="1"/></worksheet>`}
}

// cells reads a whole sheet, kinds before texts.
func cells(path, name string) (map[string]string, error) {
	f, err := Open(path, os.TempDir())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := f.Rows(name)
	if err != nil || rows == nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		for i, c := range rows.Cells() {
			if c.Kind != Empty {
				all[CellName(i+1, rows.Number())] = fmt.Sprint(c.Kind) + c.Text
			}
		}
	}
	return all, rows.Err()
}

func TestEveryKindOfCell(t *testing.T) {
	got, err := cells(book(t, sheetOf(`<row r="2" spans="1:9"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c>`+
		`<c r="C2" t="s"><v>2</v></c><c r="D2" t="s"><v> 3 </v></c><c r="F2"><v>1.50</v></c><c r="G2" s="1"><v>29221</v></c>`+
		`<c r="H2" s="2"><v>7</v></c><c r="I2" t="b"><v>1</v></c></row><row/>`+
		`<row r="5"><c t="str"><f>A1&amp;"x"</f><v>a &lt;b&gt; &#233;&#x1F600;</v></c><c t="e"><v>#REF!</v></c>`+
		`<c><f>TODAY()</f></c><c s="3"><f>NOW()</f><v>45000.5</v></c>`+
		`<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c t="d"><v>2026-03-02</v></c>`+
		`<c r="AA5" t="inlineStr"><is><t><![CDATA[a & b]]></t></is></c><c r="AB5" s="1"/></row>`)), "answers")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"A2": "1shared", "B2": "1in two runs ", "D2": "1a\rb _x000D_", "F2": "21.50", "G2": "329221",
		"H2": "27", "I2": "41", "A5": "1a <b> é😀", "B5": "5#REF!", "C5": "6", "D5": "345000.5", "E5": "1inline",
		"F5": "32026-03-02", "AA5": "1a & b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestOtherProgramsWriteItDifferently: prefixes, other names of parts, quotes and comments.
func TestOtherProgramsWriteItDifferently(t *testing.T) {
	path := book(t, map[string]string{
		"_rels/.rels": head + `<Relationships` + pack + `><Relationship Target='/xl\book.xml' Type='http://purl.oclc.org/` +
			`ooxml/officeDocument/relationships/officeDocument' Id='x'/></Relationships>`,
		"xl/book.xml": head + `<x:workbook xmlns:x="y" xmlns:rel="z"><!-- > --><x:workbookPr date1904="1"/><x:sheets>` +
			`<x:sheet rel:id="a" name="Ann&apos;s &gt; all"/></x:sheets></x:workbook>`,
		"xl/_rels/book.xml.rels": `<Relationships` + pack + `><Relationship Id="a" Target="/XL/Data/One.xml" Type="q/` +
			`worksheet"/></Relationships>`,
		`xl\data\one.xml`: "\ufeff" + head + `<x:worksheet xmlns:x="y"><x:sheetData><x:row note=">"><x:c t='inlineStr'>` +
			`<x:is><x:t a='"/>"'>yes` + "\r\n" + `no</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>` + "\n",
		"xl/workbook.xml": "", "xl/_rels/workbook.xml.rels": "",
	})
	got, err := cells(path, "Ann's > all")
	if diff := cmp.Diff(map[string]string{"A1": "1yes\nno"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	f, err := Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.AsTime(1.5); got != time.Date(1904, 1, 2, 12, 0, 0, 0, time.UTC) {
		t.Error(got)
	}
}

func TestADamagedSheetIsAnErrorAndNotItsEnd(t *testing.T) {
	for what, rows := range map[string]string{
		"ends in the middle":      `<row><c><v>1`,
		"another end":             `<row><c><v>1</c></v></row>`,
		"a text there is not":     `<row><c t="s"><v>9</v></c></row>`,
		"no number of a text":     `<row><c t="s"><v>x</v></c></row>`,
		"a row twice":             `<row r="2"/><row r="2"/>`,
		"a row beyond the last":   `<row r="1048577"/>`,
		"a cell beyond the last":  `<row><c r="XFE1"/></row>`,
		"no name of a cell":       `<row><c r="17"/></row>`,
		"an unknown character":    `<row><c t="str"><v>&nbsp;</v></c></row>`,
		"an ampersand alone":      `<row><c t="str"><v>a & b</v></c></row>`,
		"declared entities":       `<!DOCTYPE a [<!ENTITY b "c">]>`,
		"no UTF-8":                "<row><c t=\"str\"><v>\xff</v></c></row>",
		"elements without bottom": strings.Repeat("<a>", mostOpen),
	} {
		t.Run(what, func(t *testing.T) {
			if got, err := cells(book(t, sheetOf(rows)), "Answers"); err == nil {
				t.Errorf("%s: read as %v", what, got)
			}
		})
	}
}

func TestWhatWouldTakeTooMuchIsRefused(t *testing.T) {
	long := strings.Repeat("x", mostText)
	for what, parts := range map[string]map[string]string{
		"a long text": sheetOf(`<row><c t="str"><v>` + long + "y" + `</v></c></row>`),
		"a long tag":  sheetOf(`<row a="` + strings.Repeat(long, 9) + `"/>`),
		"a long text in parts": sheetOf(`<row><c t="inlineStr"><is>` + strings.Repeat("<r><t>"+long+"</t></r>", 3) +
			`</is></c></row>`),
		"one text many times": {"xl/sharedStrings.xml": head + `<sst><si><t>` + long + `</t></si></sst>`,
			"xl/worksheets/sheet1.xml": sheetOf("<row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 300) +
				"</row>")["xl/worksheets/sheet1.xml"]},
	} {
		_, err := cells(book(t, parts), "Answers")
		var big *TooLarge
		if !errors.As(err, &big) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAnotherKindOfFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answers.xlsx")
	archive := func(part string) string {
		text, err := os.ReadFile(book(t, map[string]string{part: "x", "content.xml": "x", "[Content_Types].xml": ""}))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for content, want := range map[string]string{
		"":                          "an empty file",
		"a;b\nü;2\n":                "a text file (.csv, perhaps)",
		"\xd0\xcf\x11\xe0 and more": "a workbook of the old kind (.xls), or one with a password",
		"%PDF-1.7\n\x00":            "a PDF",
		archive("mimetype"):         "an OpenDocument spreadsheet (.ods)",
		archive("xl/workbook.bin"):  "a binary workbook (.xlsb)",
		archive("photo.jpg"):        "an archive (.zip) and not a workbook itself",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path, "")
		var other *Another
		if !errors.As(err, &other) || other.Kind != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_ = os.WriteFile(path, []byte("PK\x03\x04 and no end"), 0o600)
	if _, err := Open(path, ""); err == nil {
		t.Error("half an archive was opened")
	}
}

func TestSharedTextsThatDoNotFitLieInAFile(t *testing.T) {
	var sst strings.Builder
	sst.WriteString(head + "<sst>")
	const n = 600
	text := func(i int) string { return fmt.Sprint(i, strings.Repeat(string(rune('a'+i%26)), 7*i)) }
	for i := range n {
		sst.WriteString("<si><t>" + text(i) + "</t></si>")
	}
	folder := t.TempDir()
	for _, most := range []int{1, 300_000, textMemory} {
		all, err := readTexts(strings.NewReader(sst.String()+"</sst>"), folder, most)
		if err != nil {
			t.Fatal(err)
		}
		if isInFile := most < textMemory; isInFile != (all.file != nil) {
			t.Errorf("%d bytes: in a file: %v", most, all.file != nil)
		}
		for i := range n {
			k := (i * 7) % n
			if got, err := all.get(k); err != nil || got != text(k) {
				t.Fatalf("text %d is another one (%v)", k, err)
			}
		}
		all.discard()
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestCellNames(t *testing.T) {
	for column, want := range map[int]string{1: "A7", 26: "Z7", 27: "AA7", 702: "ZZ7", 703: "AAA7", lastColumn: "XFD7"} {
		if got := CellName(column, 7); got != want {
			t.Errorf("%d: %s, want %s", column, got, want)
		}
	}
}

// FuzzRows reads whatever stands between the tags of a sheet: what both readers take, they read the same.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1"><v>2</v></c></row><row r="4"><c t="str"><v>a&amp;b</v></c></row>`,
		`<row><c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c t="b"><v>0</v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>_x000A_</t></r><rPh><t>no</t></rPh></is></c></row>`,
		`<row><c><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c></row><!-- c --><row r="9"></row>`,
		`<row><c t="str"><v><![CDATA[<x>]]></v></c></row>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		path := book(t, sheetOf(rows))
		got, err := cells(path, "Answers")
		if err != nil || !isWellFormed(sheetOf(rows)["xl/worksheets/sheet1.xml"]) || strings.Contains(rows, "sheetData") {
			return
		}
		for at, c := range got {
			got[at] = c[1:]
			if c[1:] == "" {
				delete(got, at) // a formula without its result
			}
		}
		want := asExcelizeReads(t, path, "Answers")
		if want == nil {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", rows, diff)
		}
	})
}

// isWellFormed says whether a part is XML; the decoder lets an attribute stand twice, XML does not.
func isWellFormed(part string) bool {
	d := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := d.Token()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		element, _ := token.(xml.StartElement)
		seen := map[string]bool{}
		for _, a := range element.Attr {
			if seen[a.Name.Local] {
				return false
			}
			seen[a.Name.Local] = true
		}
	}
}

// asExcelizeReads are the cells of a sheet as the other reader sees them, nil if it does not take them.
func asExcelizeReads(t testing.TB, path, sheet string) map[string]string {
	t.Helper()
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil
	}
	defer f.Close()
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil
	}
	defer rows.Close()
	all := map[string]string{}
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil
		}
		for i, c := range cells {
			if c != "" {
				all[CellName(i+1, n)] = c
			}
		}
	}
	if rows.Error() != nil {
		return nil
	}
	return all
}
