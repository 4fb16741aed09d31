package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
)

// filesOf are all files of a project with their times, to see that nothing was written.
func (p testProject) filesOf() string {
	p.t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(p.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		b.WriteString(path + " " + info.ModTime().Format(time.RFC3339Nano) + "\n")
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return b.String()
}

// TestCheckLooksAndWritesNothing: a good project is fine, each fault is named with what to do, and no file changes.
func TestCheckLooksAndWritesNothing(t *testing.T) {
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	tw := p.sandbox(twin.Config{LimitsOff: true}, "pro")
	before := p.filesOf()
	got := p.want(run.ExitDone, "its key is accepted and sees 0 contacts", "check")
	if !strings.Contains(got.out, "nothing was written") || !strings.Contains(got.err, "at most 11 calls") {
		t.Errorf("%s%s", got.out, got.err)
	}
	p.want(run.ExitDone, `"exit_code": 0`, "check", "--json")
	if after := p.filesOf(); after != before {
		t.Errorf("a check changed files:\n%s\n%s", before, after)
	}
	if n := tw.WriteCalls(); n > 0 {
		t.Errorf("%d writing calls", n)
	}
	if err := tw.SetFaults(1, twin.Fault{Kind: "401", Rate: 1}); err != nil {
		t.Fatal(err)
	}
	p.want(run.ExitStop, "key", "check")
	if err := tw.SetFaults(1); err != nil {
		t.Fatal(err)
	}
	p.write("sql/3_mapping/lifecycle.sql", "select 1 from nowhere at all (")
	p.want(run.ExitStop, "lifecycle.sql", "check", "--offline")
	if err := os.Remove(filepath.Join(p.dir, "sql", "3_mapping", "lifecycle.sql")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(p.dir, "exports")); err != nil {
		t.Fatal(err)
	}
	p.want(run.ExitStop, "there is no folder", "check", "--offline")
}

// TestEverySettingStandsInTheFileInitWrites reads the settings from the program itself.
func TestEverySettingStandsInTheFileInitWrites(t *testing.T) {
	for _, key := range configKeys(reflect.TypeFor[config]()) {
		if !regexp.MustCompile(`(?m)^[# ]*[^\n]*\b` + regexp.QuoteMeta(key) + `:`).MatchString(configTemplate) {
			t.Errorf("the setting %s is explained nowhere in the file that init writes", key)
		}
	}
}

// TestShellsCompleteVerbsAndOptions asks ferry as a shell would.
func TestShellsCompleteVerbsAndOptions(t *testing.T) {
	for line, want := range map[string][]string{
		"--generate-bash-completion":          {"load", "status", "cutover"},
		"load --generate-bash-completion":     {"--target", "--sample"},
		"sql --generate-bash-completion":      {"query", "diff"},
		"sql diff --generate-bash-completion": {"--json"},
	} {
		got := say(t, nil, strings.Fields(line)...)
		for _, w := range want {
			if got.code != run.ExitDone || !strings.Contains("\n"+got.out, "\n"+w+"\n") {
				t.Errorf("ferry %s: exit %d, %q is not offered:\n%s%s", line, got.code, w, got.out, got.err)
			}
		}
	}
	for shell := range completions {
		got := say(t, nil, "completion", shell)
		if got.code != run.ExitDone {
			t.Errorf("%s: %s", shell, got.err)
		}
		if path, err := exec.LookPath(shell); err == nil {
			cmd := exec.Command(path, "-n")
			cmd.Stdin = strings.NewReader(got.out)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s does not read its lines: %v\n%s", shell, err, out)
			}
		}
	}
	if got := say(t, nil, "completion", "cmd.exe"); got.code != run.ExitUsage {
		t.Errorf("an unknown shell: exit %d", got.code)
	}
}
