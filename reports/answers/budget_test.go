package answers

import (
	"strings"
	"testing"
)

func TestAFullBudgetOfFieldsIsRefusedWithItsCell(t *testing.T) {
	budget := Budget{Plan: "growth", Needed: map[string]int{"number": 3, "text_area": 1, "date": 1, "dropdown": 1},
		Allowed: map[string]int{"text": 1, "number": 3, "text_area": 5, "dropdown": 5, "date": 5}}
	// row 7 holds a long text, row 8 numbers
	for name, test := range map[string]struct {
		cells   map[string]any
		at, why string
		taken   int
	}{
		"one text field is left, two are asked for": {map[string]any{
			attributes(mapAnswer, "7"): "change", attributes(mapType, "7"): "Text",
			attributes(mapAnswer, "8"): "change", attributes(mapType, "8"): "Text"}, "Attributes!K8",
			"your plan Growth allows 1 custom fields of the kind “Text”, and with this answer 2 would be needed", 1},
		"what was full stays as it was": {map[string]any{attributes(mapAnswer, "8"): "confirm"}, "", "", 1},
		"a field that exists needs no new one": {map[string]any{attributes(mapAnswer, "7"): "change",
			attributes(mapLabel, "7"): "Job title", attributes(mapAnswer, "8"): "change",
			attributes(mapType, "8"): "Text"}, "", "", 2},
		"one left behind makes room": {map[string]any{attributes(mapAnswer, "8"): "skip",
			attributes(mapAnswer, "7"): "change", attributes(mapType, "7"): "Text"}, "", "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t, "mapping.xlsx")
			c.budget = budget
			c.fill(test.cells)
			d := c.decide()
			if d.Taken != test.taken || d.Refused != len(test.at)/max(len(test.at), 1) {
				t.Fatalf("%+v", d)
			}
			for _, a := range d.Answers {
				if a.State == Refused && (a.Cell != test.at || !strings.Contains(a.Reason, test.why)) {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}
