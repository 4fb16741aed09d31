package sql_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryOptionHasATypedColumn holds the list of options against staging.typed_options, in both directions.
func TestEveryOptionHasATypedColumn(t *testing.T) {
	columns := map[string]string{}
	text := read(t, filepath.Join("1_staging", "typed_options.sql"))
	line := regexp.MustCompile(`(try_cast\()?max\(value\) filter \(name = '([^']+)'\)(?: as (\w+)\))? as (\w+),`)
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		if m[4] != strings.ReplaceAll(m[2], ".", "_") {
			t.Errorf("the column of %s is called %s", m[2], m[4])
		}
		columns[m[2]] = m[3]
	}
	rows, err := csv.NewReader(strings.NewReader(read(t, filepath.Join("0_settings", "options.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{"text": "", "choice": "", "zone": "", "country": "", "domain": "", "address": "",
		"currency": "", "whole": "bigint", "number": "double",
		"boolean": "boolean", "date": "date"}
	for _, row := range rows[1:] {
		want, known := types[row[2]]
		got, there := columns[row[0]]
		switch {
		case !known:
			t.Errorf("%s: %q is no type of an option", row[0], row[2])
		case !there:
			t.Errorf("%s has no column in staging.typed_options", row[0])
		case got != want:
			t.Errorf("%s is %s, and its column %q", row[0], row[2], got)
		}
		delete(columns, row[0])
	}
	for name := range columns {
		t.Errorf("staging.typed_options has a column for %s, which is no option", name)
	}
}

// TestOptionsAreReadByTheirColumn keeps rules from asking for an option by its text: a misspelt one would be null.
func TestOptionsAreReadByTheirColumn(t *testing.T) {
	files, err := filepath.Glob("[1-6]_*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	asked := regexp.MustCompile(`staging\.options where name = '`)
	for _, file := range files {
		if asked.MatchString(read(t, file)) {
			t.Errorf("%s reads an option by its text: staging.typed_options has a column for it", file)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
