package extract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
)

// clock is the time all tests land at.
var clock = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// drop makes a folder of exports and a run to land it in.
func drop(t *testing.T, files map[string]string) (run.Dir, Options) {
	t.Helper()
	p := run.OpenProject(t.TempDir())
	for name, text := range files {
		path := filepath.Join(p.Exports(), filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := p.NewRun(clock)
	if err != nil {
		t.Fatal(err)
	}
	return dir, Options{Exports: p.Exports(), Now: func() time.Time { return clock }, Workers: 2}
}

// mustLand runs the stage.
func mustLand(t *testing.T, files map[string]string) (run.Dir, Result) {
	t.Helper()
	dir, o := drop(t, files)
	res, err := Run(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, res
}

// landed reads some columns of a landed table, null as "∅".
func landed(t *testing.T, dir run.Dir, entity string, columns ...string) [][]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir.Landed(entity), "*.parquet"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files of %s: %v", entity, err)
	}
	var out [][]string
	for _, path := range paths {
		out = append(out, readTable(t, path, columns...)...)
	}
	return out
}

func readTable(t *testing.T, path string, columns ...string) [][]string {
	t.Helper()
	var out [][]string
	err := run.ReadTable(path, func(all []run.Column, row run.Row) error {
		var r []string
		for _, want := range columns {
			found := false
			for i, c := range all {
				if c.Name != want {
					continue
				}
				found = true
				switch v := row[i].(type) {
				case nil:
					r = append(r, "∅")
				case string:
					r = append(r, v)
				default:
					r = append(r, fmt.Sprint(v))
				}
			}
			if !found {
				t.Fatalf("%s has no column %s", path, want)
			}
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, what string, got, want [][]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestRunLandsCSVAndNDJSONAsTheyAreWritten(t *testing.T) {
	dir, res := mustLand(t, map[string]string{
		"user_profiles_20240101.csv": "\ufeffProfile ID,User ID,Email,Phone,favourite_colour,First Name\n" +
			"1,u1,a@example.com,353,\"red, \"\"dark\"\"\",Ann\n" +
			"\n" +
			"2,,,,,\"\"\n" +
			"3,u3,broken\n" +
			"4,\"u4\nx\",d@example.com,,blue,Dan\n",
		"events.ndjson": `{"id":7,"event_name":"buy","user_id":"u1","value":{"b":1.50,"a":"x"},"time":1700000000,"ref":null}` + "\n" + `{"event":"br` + "\n",
	})
	if diff := cmp.Diff(Result{Sources: 2, Records: 6, Landed: 4, Rejected: 2, Doubts: []Doubt{
		{"events.ndjson", "1 of its 2 records could not land"}}}, res); diff != "" {
		t.Error(diff)
	}
	same(t, "profiles", landed(t, dir, "user_profiles", "profile_id", "user_id", "mobile_number", "first_name", "_extra",
		"_file", "_record", "_line", "_landed_at"), [][]string{
		{"1", "u1", "353", "Ann", `{"favourite_colour":"red, \"dark\""}`, "user_profiles_20240101.csv", "1", "2",
			"2026-01-02T03:04:05Z"},
		{"2", "∅", "∅", "", "∅", "user_profiles_20240101.csv", "2", "4", "2026-01-02T03:04:05Z"},
		{"4", "u4\nx", "∅", "Dan", `{"favourite_colour":"blue"}`, "user_profiles_20240101.csv", "4", "6",
			"2026-01-02T03:04:05Z"},
	})
	same(t, "events", landed(t, dir, "events", "event_id", "event", "value", "timestamp", "_extra", "_record"), [][]string{
		{"7", "buy", `{"b":1.50,"a":"x"}`, "1700000000", `{"ref":null}`, "1"},
	})
	rejected := readTable(t, dir.Rejects(), "_file", "_record", "_line", "reason", "raw")
	sort.Slice(rejected, func(i, j int) bool { return rejected[i][0] < rejected[j][0] })
	same(t, "rejects", rejected, [][]string{
		{"events.ndjson", "2", "2", "the JSON ends in the middle: line 2, column 13", `{"event":"br`},
		{"user_profiles_20240101.csv", "3", "5", "3 columns, the header has 6", "3,u3,broken"},
	})
	for _, s := range Tables() {
		landed(t, dir, s.Name, s.Names()...)
	}
	if _, err := dir.Done("extract", "ferry extract"); err != nil {
		t.Error(err)
	}
}
