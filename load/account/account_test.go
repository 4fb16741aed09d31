package account

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// tier is a drop-down as an account has it.
var tier = freshsales.Field{Name: "cf_tier", Type: "dropdown", IsCustom: true,
	Choices: []freshsales.Choice{{ID: 71, Name: "Gold"}, {ID: 72, Name: "Silver"}}}

func knownAccount() *Account {
	a := &Account{Lists: map[string][]freshsales.Choice{}, fields: map[string]map[string]*freshsales.Field{},
		all: map[string][]freshsales.Field{}, unknown: map[unknownValue]int64{}}
	a.owners = []freshsales.Owner{{ID: 1, Email: "Ada@example.com", IsActive: true}, {ID: 2, Email: "gone@example.com"}}
	a.Lists["lifecycle_stage"] = []freshsales.Choice{{ID: 11, Name: "Lead"}, {ID: 12, Name: "Customer"}}
	field := func(name, kind string) freshsales.Field {
		return freshsales.Field{Name: name, Type: kind, IsCustom: true}
	}
	many := tier
	many.Name, many.Type = "cf_many", "multi_select_dropdown"
	a.setFields("contacts", []freshsales.Field{tier, many, field("cf_text", "text"), field("cf_long", "textarea"),
		field("cf_number", "number"),
		field("cf_box", "checkbox"), field("cf_day", "date"), field("cf_instant", "datetime"), field("cf_sum", "formula"),
		{Name: "first_name", Type: "text"}})
	return a
}

func TestValuesTakeTheAccountsTerms(t *testing.T) {
	a := knownAccount()
	n := func(s string) json.Number { return json.Number(s) }
	for _, c := range []struct {
		column string
		in     any
		name   string
		out    any
		reason string // a word of it
	}{
		{"first_name", "Ann", "first_name", "Ann", ""},
		{"first_name", strings.Repeat("ä", 101), "first_name", nil, "longer"},
		{"owner_email", "ada@EXAMPLE.com", "owner_id", n("1"), ""},
		{"owner_email", "gone@example.com", "owner_id", nil, "not active"},
		{"owner_email", "who@example.com", "owner_id", nil, "no user"},
		{"lifecycle_stage", "customer", "lifecycle_stage_id", n("12"), ""},
		{"lifecycle_stage", "Evangelist", "lifecycle_stage_id", nil, "no such lifecycle stage"},
		{"contact_status", "New", "", nil, ""},
		{"cf_tier", "gold", "cf_tier", "Gold", ""},
		{"cf_tier", "Platinum", "cf_tier", nil, "choices"},
		{"cf_many", []string{"Silver", "gold"}, "cf_many", []string{"Gold", "Silver"}, ""},
		{"cf_many", "Gold; Silver", "cf_many", []string{"Gold", "Silver"}, ""},
		{"cf_many", []string{"Gold", "x"}, "cf_many", nil, "choices"},
		{"cf_text", n("7"), "cf_text", "7", ""},
		{"cf_text", strings.Repeat("x", 256), "cf_text", nil, "longer"},
		{"cf_long", strings.Repeat("x", 256), "cf_long", strings.Repeat("x", 256), ""},
		{"cf_number", "12.50", "cf_number", n("12.5"), ""},
		{"cf_number", n("12345678901.1234"), "cf_number", n("12345678901.1234"), ""},
		{"cf_number", n("123456789012"), "cf_number", nil, "digits"},
		{"cf_number", n("0.12345"), "cf_number", nil, "digits"},
		{"cf_number", "twelve", "cf_number", nil, "not a number"},
		{"cf_number", n("-0"), "cf_number", n("0"), ""},
		{"cf_box", "yes", "cf_box", true, ""},
		{"cf_box", false, "cf_box", false, ""},
		{"cf_box", "maybe", "cf_box", nil, "yes or no"},
		{"cf_day", "2024-02-29T23:00:00Z", "cf_day", "2024-02-29", ""},
		{"cf_day", "soon", "cf_day", nil, "not a date"},
		{"cf_instant", "2024-02-29", "cf_instant", "2024-02-29T00:00:00Z", ""},
		{"cf_sum", n("1"), "cf_sum", nil, "computes"},
		{"cf_nowhere", "x", "cf_nowhere", nil, "no field"},
		{"cf_text", nil, "cf_text", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			name, out, reason := a.Value("contacts", c.column, c.in)
			if name != c.name || fmt.Sprint(out) != fmt.Sprint(c.out) || (reason == "") != (c.reason == "") ||
				!strings.Contains(reason, c.reason) {
				t.Errorf("%s %v: got %s, %v, %q; want %s, %v, %q", c.column, c.in, name, out, reason, c.name, c.out, c.reason)
			}
		})
	}
	if got := a.missingNames(); len(got) != 4 || got[0].Kind != "no_list" || got[1].Kind != "unknown_lifecycle_stage" {
		t.Errorf("%v", got)
	}
}

func TestChoicesTravelAsIdsAndComeBackAsTexts(t *testing.T) {
	a := knownAccount()
	if got := a.wire("contacts", "cf_tier", "Silver", InBulk); got != json.Number("72") {
		t.Errorf("%v", got)
	}
	if got := fmt.Sprint(a.wire("contacts", "cf_many", []string{"Gold", "Silver"}, InBulk)); got != "[71 72]" {
		t.Errorf("%v", got)
	}
	for _, found := range []any{"Silver", json.Number("72")} {
		if got := a.Read("contacts", "cf_tier", found); got != "Silver" {
			t.Errorf("%v reads %v", found, got)
		}
	}
	if got := fmt.Sprint(a.Read("contacts", "cf_many", "72;Gold")); got != "[Gold Silver]" {
		t.Errorf("%v", got)
	}
	if got := a.wire("contacts", "cf_text", "71", InBulk); got != "71" {
		t.Errorf("%v", got)
	}
}

func TestDigestFollowsWhatValuesDependOn(t *testing.T) {
	a := knownAccount()
	before := a.Digest()
	if before != knownAccount().Digest() {
		t.Fatal("the same account has two digests")
	}
	a.owners[1].IsActive = true
	if a.Digest() == before {
		t.Error("a user came back and the digest stayed")
	}
	b := knownAccount()
	b.fields["contacts"]["cf_tier"].Choices = append(b.fields["contacts"]["cf_tier"].Choices,
		freshsales.Choice{ID: 73, Name: "Bronze"})
	if b.Digest() == before {
		t.Error("a choice was added and the digest stayed")
	}
}

func TestAnAccountIsRecognisedByWhatStays(t *testing.T) {
	print := "stages 1 2 3; users 7 8"
	for other, want := range map[string]bool{print: true, "stages 1 2 3 4; users 8 9": true,
		"stages 5 6; users 7 8": false, "stages 1 2; users 9": false, "stages ; users ": false} {
		if got := SameAccount(print, other); got != want {
			t.Errorf("%q: %v", other, got)
		}
	}
}

func TestAStageIsTheOneOfItsPipeline(t *testing.T) {
	a := knownAccount()
	row := func(id, pipeline int64, name string) freshsales.Choice {
		return freshsales.Choice{ID: id, Name: name, Row: freshsales.Record{"deal_pipeline_id": record.Number64(pipeline)}}
	}
	a.Lists["deal_stage"] = []freshsales.Choice{row(1, 10, "New"), row(2, 20, "New"), row(3, 20, "Demo")}
	a.Lists["deal_pipeline"] = []freshsales.Choice{{ID: 10, Name: "Old"},
		{ID: 20, Name: "Main", Row: freshsales.Record{"is_default": true}}}
	for _, c := range []struct {
		stage, pipeline, want string
		withheld              int
	}{{"1", "", "2", 0}, {"1", "10", "1", 0}, {"2", "10", "1", 0}, {"3", "20", "3", 0}, {"3", "10", "", 1}} {
		f := record.Fields{"deal_stage_id": json.Number(c.stage)}
		if c.pipeline != "" {
			f["deal_pipeline_id"] = json.Number(c.pipeline)
		}
		left := a.Whole("deals", f, nil)
		if record.AsText(f["deal_stage_id"]) != c.want || len(left) != c.withheld {
			t.Errorf("%+v: stage %v, %v", c, f["deal_stage_id"], left)
		}
	}
	if name, out, reason := a.Value("contacts", "owner_email", nil); name != "owner_id" || out != nil || reason != "" {
		t.Errorf("clearing an owner: %s, %v, %s", name, out, reason)
	}
}
