package answers

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/sql"
)

// TestWhatPeopleTypeIsUnderstoodOrRefused: wordings of every kind of question, without a workbook. What could mean two
// things, or asks, is none.
func TestWhatPeopleTypeIsUnderstoodOrRefused(t *testing.T) {
	pair, finding := []string{"merge", "apart"}, []string{"clean", "delete", "accept"}
	attribute, kinds := []string{"confirm", "change", "skip"}, []string{"text", "text_area", "number", "dropdown",
		"multi_select", "checkbox", "date"}
	for _, test := range []struct {
		allowed []string
		typed   map[string]string // "" is refused
	}{
		{pair, map[string]string{
			"yes": "merge", "Yes!": "merge", "YES.": "merge", "y": "merge", "yes please": "merge", "yes, same person": "merge",
			"Yes - same": "merge", "yes / merge": "merge", "merge (same person)": "merge", "Merge please": "merge",
			"pls merge": "merge", "same\u00a0person": "merge", "they are the same": "merge", "Duplicate": "merge",
			"ok, merge": "merge", "“merge”": "merge", "merge\n": "merge", "✓ yes": "merge", "ja": "merge",
			"no": "apart", "No, different": "apart", "no - keep apart": "apart", "keep\u2011apart": "apart",
			"Keep them apart please": "apart", "KEEP SEPARATE": "apart", "don’t merge": "apart", "do not merge": "apart",
			"not the same person": "apart", "two different people": "apart", "nein": "apart", "no (two people)": "apart",
			"no - merge": "", "merge?": "", "same person?": "", "yes and no": "", "yes, keep apart": "", "no, merge": "", "merge or apart": "",
			"keep": "", "delete": "", "accept": "", "maybe": "", "1": "", "x": "", "ask Anna": "", "not sure": "", "ok": "",
			"true": "", "merge / apart": "",
		}},
		{finding, map[string]string{
			"delete": "delete", "Delete.": "delete", "please delete": "delete", "ok, delete": "delete",
			"yes, delete": "delete",
			"remove it":   "delete", "leave out": "delete", "don't import": "delete", "exclude": "delete",
			"accept": "accept", "keep as is": "accept", "leave as-is": "accept", "Accept as it is": "accept",
			"clean": "clean", "fix it": "clean", "accept the suggestion": "clean", "use suggestion please": "clean",
			"ok": "", "yes": "", "no": "", "no, delete": "", "delete?": "", "not delete": "", "do not delete": "",
			"clean/delete": "",
			"keep, delete": "", "later": "", "tbd": "", "-": "", "merge": "", "n/a": "",
		}},
		{attribute, map[string]string{
			"confirm": "confirm", "ok": "confirm", "OK!": "confirm", "yes, correct": "confirm", "agreed": "confirm",
			"looks good": "confirm", "approved": "confirm", "skip": "skip", "not needed": "skip", "skip please": "skip",
			"leave it behind": "skip", "change": "change", "other field": "change", "okay, skip": "",
			"no": "", "change?": "", "confirm, skip": "", "wrong": "",
		}},
		{kinds, map[string]string{
			"Text": "text", "long text": "text_area", "Text area": "text_area", "Number": "number", "numeric": "number",
			"drop-down": "dropdown", "List (one choice)": "dropdown", "picklist": "dropdown",
			"List (several choices)": "multi_select",
			"multi-select":           "multi_select", "Yes or no": "checkbox", "yes/no": "checkbox", "check box": "checkbox",
			"date":       "date",
			"Date field": "date", "text or number": "", "money": "", "dat?": "",
		}},
	} {
		for typed, want := range test.typed {
			if got, _ := understand(typed, test.allowed, true); got != want {
				t.Errorf("%v, %q: %q, want %q", test.allowed, typed, got, want)
			}
		}
	}
}

// TestAmountsScoresAndAddressesAsPeopleWriteThem: one meaning, or refused.
func TestAmountsScoresAndAddressesAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{"100": "100", "1,000": "1000", "1 000": "1000", "1\u00a0000,50": "1000.5",
		"1.000,50": "1000.5", "99,5": "99.5", "99.50": "99.5", "€ 250": "250", "250 EUR": "250", "$1,200.00": "1200",
		"1'200": "1200", "250,-": "250", "0": "0", "1.000": "!", "-5": "!", "lots": "!", "1e99": "!", "10 or 20": "!",
		"12.34.56": "!", "€": ""} {
		t.Run(typed, func(t *testing.T) {
			got, ok := amount(typed)
			if !ok {
				got = "!"
			}
			if got != want {
				t.Errorf("amount %q: %q, want %q", typed, got, want)
			}
		})
	}
	for typed, want := range map[string]string{"Anna@Example.com": "anna@example.com",
		"mailto:anna@example.com":     "anna@example.com",
		"Anna Lee <anna@example.com>": "anna@example.com", " anna@example.com; ": "anna@example.com"} {
		if got := bareAddress(typed); got != want {
			t.Errorf("address %q: %q", typed, got)
		}
	}
}

// TestNewValuesAreCheckedAsTheRulesWould: days, addresses and numbers, in the spellings of people and programs.
func TestNewValuesAreCheckedAsTheRulesWould(t *testing.T) {
	for field, typed := range map[string]map[string]string{
		"cf_birth_date": {"1980-01-31": "1980-01-31", "29221": "1980-01-01", "31.01.1980": "1980-01-31",
			"31/1/1980": "1980-01-31",
			"1/31/1980": "1980-01-31", "31 January 1980": "1980-01-31", "31 Jan 1980": "1980-01-31",
			"Jan 31, 1980": "1980-01-31",
			"19800131":     "1980-01-31", "1980/01/31": "1980-01-31", "05/05/1980": "1980-05-05", "03/04/1980": "!",
			"30.02.1980": "!",
			"31.1.80":    "!", "last spring": "!", "1980": "!", "-5": "!", "99999999": "!"},
		"email": {"anna@example.com": "anna@example.com", " Anna@Example.com ": "anna@example.com", "anna": "!",
			"anna@":        "!",
			"anna@example": "!", "a@b.example": "!", "anna@example.com, ben@example.com": "!"},
		"mobile_number": {"+353 85 012 3456": "+353850123456", "00353850123456": "+353850123456", "ask her": "!",
			"12": "!"},
		"website": {"https://example.com": "https://example.com", "none": "!"},
	} {
		for text, want := range typed {
			got, wrong := sql.TypedValue(field, text)
			if wrong != "" {
				got = "!"
			}
			if got != want {
				t.Errorf("%s %q: %q (%s), want %q", field, text, got, wrong, want)
			}
		}
	}
}

// TestAFieldIsFoundHoweverItIsWritten: capitals, hyphens, blanks and the name programs use.
func TestAFieldIsFoundHoweverItIsWritten(t *testing.T) {
	f := field{label: "Mobile number", name: "mobile_number"}
	for _, typed := range []string{"mobile number", "Mobile-Number", "MOBILENUMBER", "mobile_number",
		"Mobile number field",
		"“Mobile number”", "Field: Mobile number"} {
		if !f.isCalled(typed) {
			t.Errorf("%q is not found", typed)
		}
	}
	for _, typed := range []string{"Mobile number 2", "number", ""} {
		if f.isCalled(typed) {
			t.Errorf("%q is taken for it", typed)
		}
	}
}

// TestWhatElsePeopleDoToAWorkbook: cells are merged, remarks stand above and beside the list.
func TestWhatElsePeopleDoToAWorkbook(t *testing.T) {
	c := newCustomer(t, "quality.xlsx")
	c.fill(map[string]any{finding(findingDecision, "5"): "delete", finding(findingDecision, "9"): "accept"})
	c.edit(func(f *excelize.File) {
		_ = f.MergeCell("Findings", "H5", "H7")
		_ = f.MergeCell("Findings", "H9", "I9") // beside each other: one row, one answer
		_ = f.SetCellStr("Findings", "E2", "please call me first")
	})
	d := c.decide()
	if d.Taken != 1 || d.Refused != 1 || d.Answers[0].Cell != "Findings!H5" || !strings.Contains(d.Answers[0].Reason, "H5:H7") {
		t.Errorf("merged: %+v", d)
	}
	if len(d.Ignored) != 1 || d.Ignored[0].Cell != "Findings!E2" {
		t.Errorf("remarks: %+v", d.Ignored)
	}
}
