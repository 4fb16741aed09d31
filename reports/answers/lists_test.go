package answers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStagesTiersOwnersTagsAndSegmentsAreAnswered(t *testing.T) {
	c := newCustomer(t, "mapping.xlsx")
	c.fill(map[string]any{
		"Lifecycle stages!E5": "change", "Lifecycle stages!F5": "customer / won",
		"Lifecycle stages!E6": "ok",
		"Loyalty tiers!F5":    "change", "Loyalty tiers!G5": 2500, "Loyalty tiers!H5": "90",
		"Loyalty tiers!F6": "confirm",
		"Owners!E5":        "change", "Owners!F5": "Ben.Doyle@acme.example",
		"Tags!E5": "confirm", "Tags!E6": "skip",
		"Segments!E5": "yes", "Segments!E6": "leave behind",
	})
	d := c.decide()
	if d.Taken != 9 || d.Refused != 0 {
		t.Fatalf("%+v", d)
	}
	want := `attribute,entity,name,label,type,decision,who,decided_at
ben,owners,ben.doyle@acme.example,,,change,Grace,2026-03-02T08:30:00Z
diamond,deal_tiers,2500,90,,change,Grace,2026-03-02T08:30:00Z
gold,deal_tiers,,,,confirm,Grace,2026-03-02T08:30:00Z
lead,lifecycle_map,,,,confirm,Grace,2026-03-02T08:30:00Z
searched,tags,,,,skip,Grace,2026-03-02T08:30:00Z
segments.as_tags,tags,,,,confirm,Grace,2026-03-02T08:30:00Z
tags.as,tags,,,,confirm,Grace,2026-03-02T08:30:00Z
vip,segments,,,,skip,Grace,2026-03-02T08:30:00Z
zombie,lifecycle_map,Customer,Won,,change,Grace,2026-03-02T08:30:00Z
`
	if diff := cmp.Diff(want, c.file(fieldMapFile)); diff != "" {
		t.Fatal(diff)
	}
	if d := c.decide(); d.Same != 9 || len(d.Files) != 0 {
		t.Fatalf("the same workbook again: %+v", d)
	}
}

func TestAListIsAnsweredWithWhatCanWork(t *testing.T) {
	for name, test := range map[string]struct {
		cells      map[string]any
		at, reason string
	}{
		"a stage there is not": {map[string]any{"Lifecycle stages!E5": "change", "Lifecycle stages!F5": "Customer / Wn"},
			"Lifecycle stages!F5", "did you mean “Customer / Won”?"},
		"change to nothing": {map[string]any{"Lifecycle stages!E5": "change"}, "Lifecycle stages!F5", "needs another value"},
		"confirm and another": {map[string]any{"Lifecycle stages!E5": "confirm", "Lifecycle stages!F5": "Lead / New"},
			"Lifecycle stages!E5", "decide “change”"},
		"a tier left out": {map[string]any{"Loyalty tiers!F5": "skip"}, "Loyalty tiers!F5", "confirm, change"},
		"no amount": {map[string]any{"Loyalty tiers!F5": "change", "Loyalty tiers!G5": "a lot"},
			"Loyalty tiers!G5", "no amount"},
		"not a number at all": {map[string]any{"Loyalty tiers!F5": "change", "Loyalty tiers!G5": "NaN"},
			"Loyalty tiers!G5", "no amount"},
		"a score of 200": {map[string]any{"Loyalty tiers!F5": "change", "Loyalty tiers!H5": 200}, "Loyalty tiers!H5",
			"from 0 to 100"},
		"no address": {map[string]any{"Owners!E5": "change", "Owners!F5": "Ben in Cork"},
			"Owners!F5", "no e-mail address"},
		"stages widened": {map[string]any{"Lifecycle stages!E5": "confirm", "Lifecycle stages!G5": "Boss / New"},
			"Lifecycle stages!E5", "row code"},
		"a tag is renamed": {map[string]any{"Tags!E6": "change"}, "Tags!E6", "skip"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t, "mapping.xlsx")
			c.fill(test.cells)
			d := c.decide()
			if d.Refused != 1 || d.Taken != 0 || d.Answers[0].Cell != test.at ||
				!strings.Contains(d.Answers[0].Reason, test.reason) {
				t.Fatalf("%+v", d)
			}
		})
	}
}

// TestAnAnswerAboutAStageIsTakenBackAndChanged: the third stage of the fixture was answered before.
func TestAnAnswerAboutAStageIsTakenBackAndChanged(t *testing.T) {
	c := newCustomer(t, "mapping.xlsx")
	_ = os.MkdirAll(c.decisions, 0o700)
	old := "attribute,entity,name,label,type,decision,who,decided_at\n" +
		"loyal,contacts,cf_loyal,Loyal,text,confirm,Ada,2026-01-01T00:00:00Z\n" + // an attribute of the same name
		"loyal,lifecycle_map,Lead,New,,change,Ada,2026-01-01T00:00:00Z\n"
	if err := os.WriteFile(filepath.Join(c.decisions, fieldMapFile), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	c.fill(map[string]any{"Lifecycle stages!F7": "Customer / Won"})
	if d := c.decide(); d.Taken != 1 ||
		!strings.Contains(c.file(fieldMapFile), "loyal,lifecycle_map,Customer,Won,,change,Grace") {
		t.Fatalf("%+v\n%s", d, c.file(fieldMapFile))
	}
	c.fill(map[string]any{"Lifecycle stages!E7": "", "Lifecycle stages!F7": ""})
	d := c.decide()
	if d.Withdrawn != 1 || strings.Contains(c.file(fieldMapFile), "lifecycle_map") ||
		!strings.Contains(c.file(fieldMapFile), "loyal,contacts,cf_loyal") {
		t.Fatalf("%+v\n%s", d, c.file(fieldMapFile))
	}
}
