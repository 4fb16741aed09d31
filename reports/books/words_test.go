package books

import (
	"regexp"
	"strings"
	"testing"
)

// technical is what a customer has no use for: files, settings, commands, names of tables.
var technical = regexp.MustCompile(`\.(csv|ya?ml|xlsx|sql|md)\b|\bferry [a-z]|--[a-z]|[a-z]_[a-z]|` +
	`\b(SQL|JSON|API|YAML|regex|schema|null|boolean|Parquet|DuckDB|payload|endpoint|fate)\b`)

// TestEveryWordOfTheWorkbooksIsTheCustomers: titles, sentences, how-to and the names of values.
func TestEveryWordOfTheWorkbooksIsTheCustomers(t *testing.T) {
	look := func(where, text string) {
		if found := technical.FindString(text); found != "" {
			t.Errorf("%s: a customer reads %q in %q", where, found, text)
		}
	}
	for _, b := range All {
		look(b.File, strings.Join(append([]string{b.Title, b.Question}, b.HowTo...), "\n"))
		sheets := b.Sheets
		if b.Defaults != nil {
			sheets = append(sheets, *b.Defaults)
		}
		for _, s := range sheets {
			look(b.File, s.Title+"\n"+s.About)
			for _, c := range s.Columns {
				look(s.Title, c.Title)
				for _, word := range c.Words {
					look(s.Title+", "+c.Title, word)
				}
			}
		}
	}
}

// TestNamesAreSpelledAsTheirMakersDo: in sentences of ours and in names of fields, not in what others
// wrote.
func TestNamesAreSpelledAsTheirMakersDo(t *testing.T) {
	for text, want := range map[string]string{
		"read as a refusal for email, push, sms, whatsapp": "read as a refusal for e-mail, push, SMS, WhatsApp",
		"Ios": "iOS", "ios push and android push": "iOS push and Android push", "the same user id": "the same user ID",
		"an id of this person": "an ID of this person", "Email consent": "E-mail consent", "mms/rcs": "MMS/RCS",
		"“sms” is no answer": "“sms” is no answer", `called "ios"`: `called "ios"`, "sms@example.com": "sms@example.com",
		"sms_opt_out": "sms_opt_out", "e-mail, SMS, iOS": "e-mail, SMS, iOS", "ideal": "ideal", "": "",
	} {
		t.Run(text, func(t *testing.T) {
			if got := Spell(text); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	for name, want := range map[string]string{"cf_sms_opt_out": "SMS opt out", "whatsapp_number": "WhatsApp number",
		"external_id": "External ID", "lifecycle_stage_id": "Lifecycle stage", "owner_id": "Owner", "email": "Email",
		"ios_version": "iOS version", "target_id": "Target ID"} {
		t.Run(name, func(t *testing.T) {
			if got := FieldWords(name); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
