package extract

import (
	"context"
	"path/filepath"
	"testing"

	"ferry/internal/run"
)

// The files of testdata/exports are as a customer might drop them: each is damaged in its own way.
func TestUglyExportsLandCompletely(t *testing.T) {
	p := run.OpenProject(t.TempDir())
	dir, err := p.NewRun(clock)
	if err != nil {
		t.Fatal(err)
	}
	_, o := drop(t, nil)
	o.Exports = filepath.Join("..", "testdata", "exports")
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	same(t, "sources", readTable(t, dir.Sources(), "source", "entity", "format", "encoding", "delimiter", "records",
		"landed", "rejected", "note"), [][]string{
		{"User profiles 2024-05-01.csv", "user_profiles", "csv", "utf-8", ";", "5", "4", "1",
			"1 line before the header; 1 line after the data; 1 record with damaged quotes or delimiters was read by its " +
				"columns; 1 repeated header line"},
		{"campaigns.json", "campaigns", "json", "utf-8", "∅", "2", "2", "0", "∅"},
		{"consents.zip!part1.csv", "consents", "csv", "utf-8", ",", "1", "1", "0", "∅"},
		{"consents.zip!part2.csv", "consents", "csv", "utf-8", ",", "2", "2", "0", "∅"},
		{"consents.zip!readme.md", "∅", "∅", "∅", "∅", "0", "0", "0", "not an export: left alone"},
		{"devices_empty.csv", "devices", "empty", "utf-8", "∅", "0", "0", "0",
			"there is nothing in it, not even names of columns"},
		{"dump-7.psv", "tags", "csv", "utf-8", "|", "4", "4", "0", "∅"},
		{"events_acme_20240501_part001.ndjson.gz", "events", "ndjson", "utf-8", "∅", "38", "36", "2",
			"the file is cut off or damaged (unexpected EOF): fetch it again; what could be read has landed"},
		{"geofences.csv", "geofences", "csv", "utf-8", ",", "0", "0", "0", "∅"},
		{"loyalty.csv", "loyalty", "csv", "windows-1252", ",", "2", "2", "0", "∅"},
		{"segment_export_profiles_12.txt", "segment_memberships", "csv", "utf-16le", "\t", "2", "2", "0", "∅"},
	})
	same(t, "rejects", readTable(t, dir.Rejects(), "_file", "_record", "_line", "reason", "raw"), [][]string{
		{"User profiles 2024-05-01.csv", "5", "10", "3 columns, the header has 8", "9005;u-5;cut"},
		{"events_acme_20240501_part001.ndjson.gz", "8", "8", "the JSON ends in the middle: line 8, column 97",
			`{"event":"open","user_id":"u-3","timestamp":"2024-05-08 10:00:00 +01:00","value":{"amount":7.50}`},
		{"events_acme_20240501_part001.ndjson.gz", "38", "38", "the JSON ends in the middle: line 38, column 93",
			`{"event":"open","user_id":"u-3","timestamp":"2024-05-10 10:00:00 +01:00","value":{"amount":3`},
	})
	same(t, "profiles", landed(t, dir, "user_profiles", "profile_id", "email", "first_name", "last_name",
		"email_subscription", "_extra", "_line"), [][]string{
		{"9001", "ann@example.com", "Ann", "O'Brien; née Byrne", "1", `{"Favourite colour":"dark\r\nblue"}`, "4"},
		{"9002", "∅", "∅", "∅", "∅", "∅", "6"},
		{"9003", `"bob@example.com`, "Bob", "Smith", "0", `{"Favourite colour":"red"}`, "8"},
		{"9004", "zoe@example.com", "Zoë", "Ní Dhomhnaill", "∅", `{"Favourite colour":""}`, "9"},
	})
	same(t, "loyalty", landed(t, dir, "loyalty", "user_id", "token_balance", "level_name"),
		[][]string{{"u-1", "120", "Gold"}, {"u-4", "7.50", "Café"}})
	same(t, "tags", landed(t, dir, "tags", "tag_name", "profile_id"), [][]string{{"vip|gold", "9001"}, {"it's", "9003"},
		{"plain", "9004"}, {"two|parts", "9004"}})
	same(t, "campaigns", landed(t, dir, "campaigns", "campaign_id", "title", "messages", "active"),
		[][]string{{"1", "Hello", `{"1":{"push_text":"hi"},"4":[]}`, "1"}, {"2", "∅", "[]", "0"}})
}
