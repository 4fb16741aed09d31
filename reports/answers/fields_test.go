package answers

import (
	"strings"
	"testing"

	"ferry/reports/books"
)

func attributes(column, row string) string { return "Attributes!" + column + row }

func TestNamingAFieldThatExistsMeansThatField(t *testing.T) {
	for typed, want := range map[string]string{
		"Mobile number": "contacts,mobile_number,Mobile,text", // its name in words
		"mobile":        "contacts,mobile_number,Mobile,text",
		"Job Title":     "contacts,job_title,Job title,text",
		"new field":     "contacts,cf_comment,Comment,text_area",
		"Remarks":       "contacts,cf_remarks,Remarks,text_area",
	} {
		c := newCustomer(t, "mapping.xlsx")
		c.fill(map[string]any{attributes(mapAnswer, "7"): "change", attributes(mapLabel, "7"): typed})
		if d := c.decide(); d.Taken != 1 || !strings.Contains(c.file(fieldMapFile), "comment,"+want+",change,Grace") {
			t.Errorf("%s: %+v\n%s", typed, d, c.file(fieldMapFile))
		}
	}
}

func TestAKindOfTwoWordsIsTaken(t *testing.T) {
	c := newCustomer(t, "mapping.xlsx")
	c.fill(map[string]any{attributes(mapAnswer, "8"): "change", attributes(mapType, "8"): "Long text"})
	if d := c.decide(); d.Taken != 1 || !strings.Contains(c.file(fieldMapFile), ",text_area,change,Grace") {
		t.Fatalf("%+v\n%s", d, c.file(fieldMapFile))
	}
}

func TestWhatAnAttributeCannotBecomeIsRefusedWithItsCell(t *testing.T) {
	for name, test := range map[string]struct {
		cells map[string]any
		at    string
		why   string
	}{
		"values that are no dates": {map[string]any{attributes(mapAnswer, "8"): "change", attributes(mapType, "8"): "Date"},
			attributes(mapType, "8"), "those that fit are Text, Long text, Number"},
		"a field another attribute fills": {map[string]any{attributes(mapAnswer, "8"): "change",
			attributes(mapLabel, "8"): "Hobby", attributes(mapType, "8"): "Text"},
			attributes(mapAnswer, "8"), "(“hobby”)"},
		"nearly a field": {map[string]any{attributes(mapAnswer, "8"): "change", attributes(mapLabel, "8"): "Job titel"},
			attributes(mapLabel, "8"), "did you mean “Job title”?"},
		"another kind of a standard field": {map[string]any{attributes(mapAnswer, "8"): "change",
			attributes(mapLabel, "8"): "Mobile", attributes(mapType, "8"): "Number"},
			attributes(mapType, "8"), "its kind cannot be chosen"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t, "mapping.xlsx")
			c.fill(test.cells)
			d := c.decide()
			if d.Refused != 1 || d.Taken != 0 || d.Answers[0].Cell != test.at ||
				!strings.Contains(d.Answers[0].Reason, test.why) {
				t.Fatalf("%+v", d)
			}
		})
	}
}

// TestEveryChoiceOfADropDownIsUnderstood: the words a drop-down offers are the ones that are surely typed.
func TestEveryChoiceOfADropDownIsUnderstood(t *testing.T) {
	for _, s := range books.Questions() {
		for _, column := range s.Columns {
			for raw, word := range column.Words {
				if column.Kind != books.Answer {
					continue
				}
				for _, typed := range []string{raw, word, strings.ToUpper(word), " " + strings.ToLower(word) + " "} {
					for from, called := range column.Words { // as the reader of the list does it
						if books.Same(typed, called) {
							typed = from
						}
					}
					if got, _ := understand(typed, []string{"text", raw}, false); got != raw {
						t.Errorf("%s, “%s”: %q is understood as %q", s.Title, column.Title, typed, got)
					}
				}
			}
		}
	}
}

func TestTwoAnswersForOneFieldAreBothRefused(t *testing.T) {
	c := newCustomer(t, "mapping.xlsx")
	c.fill(map[string]any{
		attributes(mapAnswer, "7"): "change", attributes(mapLabel, "7"): "Mobile",
		attributes(mapAnswer, "8"): "change", attributes(mapLabel, "8"): "mobile number",
	})
	d := c.decide()
	if d.Refused != 2 || !strings.Contains(d.Answers[0].Reason, "Attributes!K7") ||
		!strings.Contains(d.Answers[0].Reason, "Attributes!K8") {
		t.Fatalf("%+v", d)
	}
	c.fill(map[string]any{attributes(mapAnswer, "8"): "not needed", attributes(mapLabel, "8"): ""})
	if d = c.decide(); d.Taken != 2 {
		t.Fatalf("one of them stays behind: %+v", d)
	}
}

// TestAFieldTheMigrationFillsItselfTakesNoAttribute: not under its label, nor as a new field of its name.
func TestAFieldTheMigrationFillsItselfTakesNoAttribute(t *testing.T) {
	for _, typed := range []string{"Email", "e-mail", "Email opt out", "cf_email_opt_out", "external id", "External-ID"} {
		c := newCustomer(t, "mapping.xlsx")
		c.closed = []Field{{"contacts", "email", "Email"}, {"contacts", "cf_email_opt_out", "Email opt out"},
			{"contacts", "external_id", "External ID"}}
		c.fill(map[string]any{attributes(mapAnswer, "7"): "change", attributes(mapLabel, "7"): typed})
		if d := c.decide(); d.Refused != 1 || d.Answers[0].Cell != attributes(mapLabel, "7") ||
			!strings.Contains(d.Answers[0].Reason, "fills itself") {
			t.Errorf("%s: %+v", typed, d)
		}
	}
}
