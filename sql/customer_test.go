package sql

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// technical is what a customer has no use for: files, settings, commands, columns, names of ours.
var technical = regexp.MustCompile(
	`0_settings|\.(csv|ya?ml|xlsx|sql|md|go)\b|\bferry [a-z]|--[a-z]|[a-z]_[a-z]|\b[a-z]+\.[a-z]+\b|` +
		`\b(SQL|JSON|API|CSV|YAML|regex|schema|null|boolean|Parquet|DuckDB|fate|payload|endpoint)\b`)

// TestWhatCustomersReadOfAChecksHeaderIsTheirLanguage: the sentence, what they should do, and the one act
// of an administrator; what an engineer does stands under “engineer:”.
func TestWhatCustomersReadOfAChecksHeaderIsTheirLanguage(t *testing.T) {
	files, err := fs.Glob(floors, "6_checks/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no checks", err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(floors, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			line, is := strings.CutPrefix(line, "-- ")
			if !is {
				break
			}
			isForCustomers := i == 0 || strings.HasPrefix(line, "fix: ") || strings.HasPrefix(line, "one_act: ")
			_, said, named := strings.Cut(line, ": ")
			if !named || i == 0 {
				said = line
			}
			if found := technical.FindString(said); isForCustomers && found != "" {
				t.Errorf("%s:%d: a customer reads %q", name, i+1, found)
			}
		}
	}
}

// literal is a text in a rule; comments are cut off before.
var literal = regexp.MustCompile(`'((?:[^']|'')*)'`)

// TestWhatCustomersReadInFindingsAndReportsIsTheirLanguage: reasons, suggestions and everything else the rules put
// into sentences. What is one word, or a pattern, is no sentence.
func TestWhatCustomersReadInFindingsAndReportsIsTheirLanguage(t *testing.T) {
	var files []string
	for _, floor := range []string{"6_checks/*.sql", "7_reports/*.sql"} {
		found, err := fs.Glob(floors, floor)
		if err != nil || len(found) == 0 {
			t.Fatal(floor, err)
		}
		files = append(files, found...)
	}
	for _, name := range files {
		text, err := fs.ReadFile(floors, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "--") {
				continue
			}
			for _, m := range literal.FindAllStringSubmatch(line, -1) {
				said := m[1]
				if strings.Count(said, " ") < 2 || strings.ContainsAny(said, `\^$%|`) {
					continue
				}
				if found := technical.FindString(said); found != "" {
					t.Errorf("%s:%d: a customer reads %q in %q", name, i+1, found, said)
				}
			}
		}
	}
}
