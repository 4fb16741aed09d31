package main

import (
	"slices"
	"strings"
	"testing"
)

func TestTheFileToScoreMayStandFirst(t *testing.T) {
	for given, want := range map[string]string{
		"ferry sql score people.csv --map a=b --truth c": "ferry sql score --map a=b --truth c people.csv",
		"ferry sql score --truth c people.csv":           "ferry sql score --truth c people.csv",
		"ferry load x --dry-run":                         "ferry load x --dry-run",
	} {
		if got := scoreFileLast(strings.Fields(given)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: got %v, want %s", given, got, want)
		}
	}
}

func TestAQueryMayBeginWithAComment(t *testing.T) {
	given := []string{"ferry", "sql", "query", "--csv", "-- which\nselect 1", "--dir", "--"}
	want := []string{"ferry", "sql", "query", "--csv", " -- which\nselect 1", "--dir", "--"}
	if got := queryAsSaid(given); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
