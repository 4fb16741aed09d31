package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ferry/internal/run"
)

// TestTheDemoAndTheDemoAgain goes the whole way on a small sample, twice: the second time nothing
// has changed, so nothing is written.
func TestTheDemoAndTheDemoAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("goes the whole way twice; left out by -short")
	}
	dir := filepath.Join(t.TempDir(), "demo")
	first := say(t, nil, "demo", "--dir", dir, "--profiles", "80")
	if first.code != run.ExitDone {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	for _, want := range []string{"every sum adds up", "contacts", "where every record went", "reconciliation.xlsx"} {
		if !strings.Contains(first.out, want) {
			t.Errorf("the demo does not say %q:\n%s", want, first.out)
		}
	}
	if regexp.MustCompile(`, 0 of them write`).MatchString(first.out) {
		t.Errorf("the first demo wrote nothing:\n%s", first.out)
	}
	checkFigures(t, dir, first.out)
	second := say(t, nil, "demo", "--dir", dir, "--profiles", "80")
	if second.code != run.ExitDone || !strings.Contains(second.out, ", 0 of them write") || !strings.Contains(second.out, "nothing was written") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	checkModes(t, dir)
	checkSilence(t, dir, first.err+second.err)

	project := run.OpenProject(dir)
	for _, c := range []struct {
		args []string
		want string
		code run.Exit
	}{
		{[]string{"status"}, "loaded to twin", run.ExitDone},
		{[]string{"sql", "list"}, "matching.people", run.ExitDone},
		{[]string{"rollback"}, "nothing was written", run.ExitDone},
		{[]string{"rollback", "--yes"}, "", run.ExitUsage}, // undoing everything wants a word
		{[]string{"rollback", "--all", "--yes"}, " reversed, 0 kept", run.ExitDone},
		{[]string{"load", "--run", "20260102T030405Z-2", "--sample", "10"}, "loaded", run.ExitRows},
		{[]string{"rollback", "--all", "--yes", "--only", "contacts"}, " reversed, 0 kept", run.ExitDone},
	} {
		got := say(t, nil, append(slices.Clone(c.args), "--dir", project.Root())...)
		if got.code != c.code || !strings.Contains(got.out, c.want) {
			t.Errorf("ferry %s: exit %d, want %q\n%s%s", strings.Join(c.args, " "), got.code, c.want, got.out, got.err)
		}
	}
}

// checkModes: everything under runs, targets and exports is private to the user.
func checkModes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others can read it", strings.TrimPrefix(path, dir), info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkSilence: no address of anybody stands in what was said or logged.
func checkSilence(t *testing.T, dir, said string) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "runs", "*", "log.jsonl"))
	if err != nil || len(logs) == 0 {
		t.Fatal("there is no log", err)
	}
	for _, l := range logs {
		text, err := os.ReadFile(l)
		if err != nil {
			t.Fatal(err)
		}
		said += string(text)
	}
	if found := regexp.MustCompile(`[\w.]+@example\.(com|net|org)`).FindString(said); found != "" {
		t.Errorf("an e-mail address was said or logged: %s", found)
	}
}
