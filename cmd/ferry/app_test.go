package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

// said is what one command line printed.
type said struct {
	code     run.Exit
	out, err string
}

// nowhen is a clock that stands still.
func nowhen() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func say(t *testing.T, env map[string]string, args ...string) said {
	t.Helper()
	var out, errs bytes.Buffer
	clock := nowhen()
	code := ferry(context.Background(), append([]string{"ferry"}, args...), system{
		in: strings.NewReader(""), out: &out, err: &errs,
		now: func() time.Time { clock = clock.Add(time.Millisecond); return clock },
		env: func(k string) (string, bool) { s, ok := env[k]; return s, ok },
	})
	return said{code, out.String(), errs.String()}
}

func TestUsageErrorsNeverDoAnything(t *testing.T) {
	cases := []struct {
		args []string
		want string
	}{
		{[]string{"lod"}, `Did you mean "load"?`},
		{[]string{"init", "here"}, "takes no argument"},
		{[]string{"init", "--drydir", "x"}, "there is no option --drydir"},
		{[]string{"sql", "tset"}, "ferry sql tset\n    there is no such verb. Did you mean \"test\"?\n" +
			"    try: ferry sql test --help"},
		{[]string{"sql", "querry", "select 1"}, "try: ferry sql query --help"},
		{[]string{"sql", "test", "--onlyy", "x"}, "ferry sql test\n    there is no option --onlyy. Did you mean --only?"},
		{[]string{"load", "x", "--dry-run"}, "takes no argument"},
		{[]string{"trace", "a@example.com", "--json"}, "put options first"},
		{[]string{"decide"}, "expected"},
	}
	for _, c := range cases {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			dir := t.TempDir()
			if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone {
				t.Fatal(got)
			}
			args := append([]string{c.args[0]}, "--dir", dir)
			if c.args[0] == "lod" {
				args = args[:1]
			}
			got := say(t, nil, append(args, c.args[1:]...)...)
			if got.code != run.ExitUsage || !strings.Contains(got.err, c.want) {
				t.Fatalf("exit %d, want %q in:\n%s%s", got.code, c.want, got.out, got.err)
			}
		})
	}
}

func TestInitTwiceChangesNothing(t *testing.T) {
	dir := t.TempDir() + "/project"
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone || !strings.Contains(got.out, "ferry.yaml") {
		t.Fatal(got)
	}
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone ||
		!strings.Contains(got.out, "nothing was changed") {
		t.Fatal(got)
	}
}

func TestEveryHelpTextNamesTheExitCodes(t *testing.T) {
	v := &verbs{}
	for _, c := range v.commands() {
		got := say(t, nil, c.Name, "--help")
		if got.code != run.ExitDone || !strings.Contains(got.out, "130 interrupted") {
			t.Errorf("%s: exit %d:\n%s%s", c.Name, got.code, got.out, got.err)
		}
	}
}

// What people type who do not know what to type.
func TestHelpIsFoundHoweverItIsAskedFor(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"-h"}} {
		got := say(t, nil, args...)
		if got.code != run.ExitDone || !strings.Contains(got.out, "what would be written, and what it costs") {
			t.Errorf("ferry %v: exit %d:\n%s%s", args, got.code, got.out, got.err)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
