package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
	"ferry/load"
)

func TestResultsAreSpelledOneWay(t *testing.T) {
	type inner struct{ MaxLoadHours float64 }
	type Shared struct{ TargetURL string }
	got := run.Snake(struct {
		Shared
		RunID   string
		Empty   []string
		Tagged  int `json:"said"`
		Skipped int `json:"left,omitempty"`
		hidden  int
		Inner   *inner
		ByName  map[string]inner
		At      time.Time
	}{Shared{"u"}, "r", nil, 1, 0, 2, &inner{1.5}, map[string]inner{"A Name": {2}}, nowhen()})
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"at":"2026-01-02T03:04:05Z","by_name":{"A Name":{"max_load_hours":2}},"empty":[],"inner":{"max_load_hours":1.5},"run_id":"r","said":1,"target_url":"u"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
}

func TestALogKeepsNoName(t *testing.T) {
	for typed, want := range map[string]string{
		"ferry trace ann@example.com":              "ferry trace …",
		"ferry trace --run 20260102T150405Z 4711":  "ferry trace --run … …",
		"ferry purge --person ann --yes":           "ferry purge --person … --yes",
		"ferry purge --person=ann --yes":           "ferry purge --person=… --yes",
		"ferry load --target twin --only contacts": "ferry load --target twin --only contacts",
		"ferry cutover --done told --by Anna":      "ferry cutover --done told --by …",
	} {
		if got := strings.Join(withoutNames(strings.Fields(typed)), " "); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

func TestRunsThatExplainNothingAreRemoved(t *testing.T) {
	dir := t.TempDir()
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone {
		t.Fatal(got)
	}
	project := run.OpenProject(dir)
	var runs []run.Dir
	for i := range 4 {
		d, err := project.NewRun(nowhen().Add(time.Duration(i) * time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.Root(), "x"), make([]byte, 2048), 0o600); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, d)
	}
	outcomes := runs[0].Loaded("twin", "outcomes")
	for _, err := range []error{os.MkdirAll(filepath.Dir(outcomes), 0o700), os.WriteFile(outcomes, nil, 0o600),
		os.Link(filepath.Join(runs[0].Root(), "x"), filepath.Join(runs[1].Root(), "shared"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ids := func() (all []string) {
		left, err := project.AllRuns()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range left {
			all = append(all, d.ID())
		}
		return all
	}
	got := say(t, nil, "prune", "--dir", dir, "--keep", "1")
	if got.code != run.ExitDone || len(ids()) != 4 || !strings.Contains(got.out, "2 runs would go and free 4 kB") {
		t.Errorf("only asked, exit %d, %d runs left\n%s%s", got.code, len(ids()), got.out, got.err)
	}
	got = say(t, nil, "prune", "--dir", dir, "--keep", "1", "--yes", "--json")
	var said struct {
		ExitCode int   `json:"exit_code"`
		Freed    int64 `json:"freed_bytes"`
	}
	if err := json.Unmarshal([]byte(got.out), &said); err != nil || said.Freed != 4096 || said.ExitCode != 0 {
		t.Errorf("%v\n%s%s", err, got.out, got.err)
	}
	if diff := cmp.Diff([]string{runs[0].ID(), runs[3].ID()}, ids()); diff != "" {
		t.Error(diff)
	}
}

func TestEveryTopicCanBeRead(t *testing.T) {
	for name := range topics {
		t.Run(name, func(t *testing.T) {
			if got := say(t, nil, "help", name); got.code != run.ExitDone || len(got.out) < 200 {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
	if got := say(t, nil, "help", "setings"); got.code != run.ExitUsage || !strings.Contains(got.err, `"settings"`) {
		t.Errorf("exit %d\n%s", got.code, got.err)
	}
	if got := say(t, nil, "help", "load"); got.code != run.ExitUsage || !strings.Contains(got.err, "ferry load --help") {
		t.Errorf("exit %d\n%s", got.code, got.err)
	}
}

// TestWhatAChangedRuleLeavesBehindIsCountedByTable: 64 deals are one line, beside the contacts no longer wanted.
func TestWhatAChangedRuleLeavesBehindIsCountedByTable(t *testing.T) {
	var all []load.Notice
	for n := range 64 {
		all = append(all, load.Notice{Kind: "vanished", Entity: "deals", Key: fmt.Sprint("d", n)})
	}
	text := noticesText(append(all, load.Notice{Kind: "vanished", Entity: "contacts", Key: "c1"}))
	for _, want := range []string{"64 deals of an earlier load", "such as d0, d1, d2;", "1 contacts of an earlier load"} {
		if !strings.Contains(text, want) {
			t.Errorf("the screen does not say %q:\n%s", want, text)
		}
	}
}
