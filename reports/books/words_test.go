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
