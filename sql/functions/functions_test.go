package functions

import (
	"context"
	stdsql "database/sql"
	"flag"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The property tests of this package draw the same values every time; -rapid.seed asks for others.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

func TestPhonesAreReadAsWritten(t *testing.T) {
	for _, c := range []struct{ raw, region, number, reason string }{
		{"447911123456", "IE", "+447911123456", ""},            // Xtremepush's form: no plus
		{"+44 (0)7911 123456", "", "+447911123456", ""},        // trunk zero kept
		{"07911 123456", "GB", "+447911123456", ""},            // national form
		{"00353 87 123 4567", "GB", "+353871234567", ""},       // 00 instead of plus
		{"4.47911123456E+11", "GB", "+447911123456", "undone"}, // spreadsheet, nothing lost
		{`="447911123456"`, "", "+447911123456", ""},           // spreadsheet formula
		{"447911123456.0", "", "+447911123456", "undone"},      // spreadsheet float
		{"4.479E+11", "GB", "", "rounded"},                     // spreadsheet, digits lost
		{"+44 7911 123456 ext. 12", "", "+447911123456", ""},   // extension
		{"01 6789012 / 087 123 4567", "IE", "+353871234567", "several"},
		{"tel: 087 123 4567", "IE", "+353871234567", ""},
		{"+1 212 555 2368 (work)", "IE", "+12125552368", ""},
		{"087 123 4567 mobile", "IE", "+353871234567", ""},
		{"087 123 4567", "", "", "nothing says which country"},
		{"9545231948", "US", "+19545231948", ""}, // not South Africa, nor Burma
		{"6705550123", "US", "+16705550123", ""},
		{"087 123 4567 (call after 6)", "IE", "+353871234567", ""},
		{"(mobile) 087 123 4567", "IE", "+353871234567", ""},
		{"087 123 4567 (home) 01 678 9012 (work)", "IE", "+353871234567", "several"},
		{"+353871234567+353861234567", "IE", "+353871234567", "several"},
		{"0871234567 0861234567", "IE", "+353871234567", "several"},
		{"087 123 4567, 086 123 4567", "IE", "+353871234567", "several"},
		{"call after 6pm 087 123 4567", "IE", "+353871234567", "among words"},
		{"ring me at 0871234567 between 9 and 5", "IE", "+353871234567", "among words"},
		{"since 2019: 087 123 4567", "IE", "+353871234567", "among words"},
		{"2 x sim: 0871234567", "IE", "+353871234567", "among words"},
		{"Mon-Fri 9-17 087 123 4567", "IE", "+353871234567", "among words"},
		{"only text messages to 212 555 2368 please", "US", "+12125552368", "among words"},
		{"office 01 678 9012, evenings 087 123 4567", "IE", "+353871234567", "among words"},
		{"room 12, no phone", "IE", "", "too short"},
		{"+044 123 456", "XK", "+38344123456", "plus"},
		{"+0871234567", "IE", "+353871234567", "plus"},
		{"+49 151 2345679", "DE", "", "right length"}, // a digit short, and no number of Leer (0491)
		{"491512345679", "DE", "", "right length"},
		{"+49 30 123456 ext. 12", "DE", "+4930123456", ""},
		{"55991234567", "BR", "+5555991234567", ""}, // area 55
		{"0000000000", "IE", "", "placeholder"},
		{"12345", "IE", "", "too short"},
		{"call me", "IE", "", "no digits"},
		{"08712345678901234", "IE", "", "too long"},
		{"", "IE", "", ""},
	} {
		t.Run(c.raw, func(t *testing.T) {
			got := cleanPhone(c.raw, c.region)
			if got.number != c.number || !strings.Contains(got.reason, c.reason) {
				t.Errorf("%q in %q: got %q (%s), want %q (…%s…)", c.raw, c.region, got.number, got.reason, c.number, c.reason)
			}
		})
	}
	if got := cleanPhone("+44 7911 123456 ext. 12", ""); got.extension != "12" {
		t.Errorf("extension %q, want 12", got.extension)
	}
	if got := cleanPhone("01 6789012 / 087 123 4567", "IE"); got.others != "+35316789012" {
		t.Errorf("others %q", got.others)
	}
}

// In Go as in the macro that stands for it elsewhere.
func TestLettersAreSortedAsDuckDBSortsThem(t *testing.T) {
	ctx, bare := context.Background(), duckDB(t, false)
	if _, err := bare.ExecContext(ctx, Macros()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"walter": "aelrtw", "19840302": "00123489", "ann-li": "-ailnn", "żółw": "wółż",
		"éa👍b": "abé👍", "": ""} {
		for where, db := range map[string]*stdsql.Conn{"Go": duckDB(t, true), "a macro": bare} {
			var got stdsql.NullString
			err := db.QueryRowContext(ctx, "select sorted_letters(?)", text).Scan(&got)
			if err != nil || got.String != want || got.Valid != (want != "") {
				t.Errorf("%q in %s: got %q, want %q, %v", text, where, got.String, want, err)
			}
		}
	}
}

func TestEmailsFallIntoPolicyClasses(t *testing.T) {
	for _, c := range []struct{ raw, address, class string }{
		{" Foo.Bar@Example.COM ", "foo.bar@example.com", emailDeliverable},
		{"mailto:a@b.ie?subject=hello", "a@b.ie", emailDeliverable},
		{"Jane Doe <jane@doe.org>", "jane@doe.org", emailDeliverable},
		{"a@b.com; c@d.com", "a@b.com", emailDeliverable},
		{"o'hara+news@x.ie", "o'hara+news@x.ie", emailDeliverable},
		{"a@bücher.de", "a@xn--bcher-kva.de", emailDeliverable},
		{"jösé@c.com", "jösé@c.com", emailUnusual},
		{`"a b"@c.com`, `"a b"@c.com`, emailUnusual},
		{"a@[127.0.0.1]", "a@[127.0.0.1]", emailUnusual},
		{"Jane <jane@doe.org", "", emailInvalid},
		{"jane@doe.org>", "", emailInvalid},
		{"ann\x00@x.com", "", emailInvalid},
		{"ann\x1b@x.com", "", emailInvalid},
		{"j***@x.com", "", emailInvalid},
		{"j*@x.com", "", emailInvalid},
		{"jane@x***.com", "", emailInvalid},
		{"xxxx@x.com", "", emailInvalid},
		{"a@shop.invalid", "a@shop.invalid", emailReserved},
		{"a@shop.test", "a@shop.test", emailReserved},
		{"a@shop.example", "a@shop.example", emailReserved},
		{"a@1.arpa", "a@1.arpa", emailReserved},
		{"a@example.com", "a@example.com", emailDeliverable},
		{"a@host.local", "a@host.local", emailUnusual},
		{"a @c.com", "a@c.com", emailObsolete},
		{"a(b)@c.com", "a@c.com", emailObsolete},
		{"a..b@c.com", "", emailInvalid},
		{"a@b", "", emailInvalid},
		{"a@b_c.com", "", emailInvalid},
		{"a@-b.com", "", emailInvalid},
		{"x@y.c0m", "", emailInvalid},
		{"@b.com", "", emailInvalid},
		{"nobody", "", emailInvalid},
		{strings.Repeat("a", 65) + "@b.com", "", emailInvalid},
		{"", "", ""},
	} {
		t.Run(c.raw, func(t *testing.T) {
			if got := cleanEmail(c.raw); got.address != c.address || got.class != c.class {
				t.Errorf("%q: got %q, %s (%s), want %q, %s", c.raw, got.address, got.class, got.note, c.address, c.class)
			}
		})
	}
}

func TestCaseIsRepairedOnlyWhereNobodyChoseIt(t *testing.T) {
	for raw, want := range map[string]string{
		"JOHN": "John", "mcdonald": "McDonald", "O'BRIEN": "O'Brien", "JEAN-LUC": "Jean-Luc", "van gogh": "van Gogh", "VAN DER BERG": "van der Berg",
		"Jean-luc": "Jean-luc", "deVito": "deVito", "李小龙": "李小龙", "JP": "JP", "smith 😀": "Smith 😀", "maría josé": "María José", "henry viii": "Henry VIII", "": "",
	} {
		t.Run(raw, func(t *testing.T) {
			if got := nameCase(raw); got != want {
				t.Errorf("%q: got %q, want %q", raw, got, want)
			}
		})
	}
}

// dirty makes texts as exports have them: fragments that mean something, in any order.
func dirty(fragments ...string) *rapid.Generator[string] {
	part := rapid.OneOf(rapid.SampledFrom(fragments), rapid.StringN(0, 4, 8))
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), "") })
}

func TestCleansingTheResultChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		region := rapid.SampledFrom([]string{"", "ZZ", "IE", "GB", "US", "DE", "FR"}).Draw(t, "region")
		raw := dirty("+", "00", "0", "44", "353", "7911", "123456", "87", "12025550123", " ", "-", "/", "(0)", "ext 5", "E+11", ".0", "'", ";").Draw(t, "phone")
		if once := cleanPhone(raw, region); once.number != "" {
			twice := cleanPhone(once.number, region)
			if twice.number != once.number || twice.reason != "" {
				t.Errorf("phone %q became %q, then %q (%s)", raw, once.number, twice.number, twice.reason)
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		raw := dirty("a", "Ann", ".", "@", "@", "example", ".com", "bücher", ".de", "<", ">", `"`, " ", "mailto:", "(x)", ";", "[::1]", "+x", "'").Draw(t, "email")
		if once := cleanEmail(raw); once.address != "" {
			twice := cleanEmail(once.address)
			if twice.address != once.address {
				t.Errorf("e-mail %q became %q, then %q (%s)", raw, once.address, twice.address, twice.note)
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		raw := dirty("JOHN", "anna", "van", "DER", "o'", "Mc", "donald", "-", ".", " ", "é", "李", "ii").Draw(t, "name")
		if once := nameCase(raw); nameCase(once) != once {
			t.Errorf("name %q became %q, then %q", raw, once, nameCase(once))
		}
	})
}

func TestAPanicInAFunctionGivesNullAndStopsNothing(t *testing.T) {
	udf, err := newTextUDF(textFunction{name: "breaks", inputs: 1, fields: []string{"a", "b"}, call: func([]string) []any { panic("defect") }})
	if err != nil {
		t.Fatal(err)
	}
	if got := udf.safely([]string{"x"}); len(got) != 2 || got[0] != nil {
		t.Errorf("got %v, want two nulls", got)
	}
}

// duckDB is one of its own, with ferry's functions or without.
func duckDB(t *testing.T, withFunctions bool) *stdsql.Conn {
	t.Helper()
	db, err := stdsql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = conn.Close(), db.Close() })
	if withFunctions {
		if err := Register(conn); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

func TestFunctionsAnswerInSQL(t *testing.T) {
	conn := duckDB(t, true)
	var number, address, name stdsql.NullString
	var none bool
	row := conn.QueryRowContext(context.Background(), `select clean_phone('087 123 4567', 'IE').number, clean_email('A@B.ie').email, name_case('ANN'),
		clean_phone(null, null).number is null and clean_email(null).email is null and name_case(null) is null`)
	if err := row.Scan(&number, &address, &name, &none); err != nil {
		t.Fatal(err)
	}
	if number.String != "+353871234567" || address.String != "a@b.ie" || name.String != "Ann" || !none {
		t.Errorf("got %v %v %v %v", number, address, name, none)
	}
}
