package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"ferry/golive/audit"
	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load"

	"github.com/google/go-cmp/cmp"
)

// Acts of the way to production are killed where they write, and the same command must end them as if nothing had
// happened. Loads, rollbacks and read-backs are killed in load/killed.

const killedVariable = "FERRY_KILLED_AT"

// TestMain lets the test binary be the ferry that is killed: at the nth moment around a write, or never, and then
// it says how many there were.
func TestMain(m *testing.M) {
	text, asked := os.LookupEnv(killedVariable)
	if !asked {
		code := m.Run()
		_ = errors.Join(os.RemoveAll(transformed.folder), os.RemoveAll(rehearsed.folder))
		os.Exit(code)
	}
	at, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	var mu sync.Mutex
	n := 0
	run.Boundary = func() {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	code := ferry(context.Background(), append([]string{"ferry"}, os.Args[1:]...), system{in: strings.NewReader(""),
		out: os.Stdout, err: os.Stderr, now: nowhen, env: func(string) (string, bool) { return "", false }})
	fmt.Fprintf(os.Stderr, "\nboundaries %d\n", n)
	os.Exit(int(code))
}

// killed runs a command that dies at a boundary; 0 lets it end. It gives how many boundaries there were.
func (p testProject) killed(at int, args ...string) int {
	p.t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{args[0], "--dir", p.dir}, args[1:]...)...)
	cmd.Env = append(os.Environ(), killedVariable+"="+strconv.Itoa(at))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	n := 0
	if _, told, found := strings.Cut(string(out), "\nboundaries "); found {
		n, _ = strconv.Atoi(strings.TrimSpace(told))
	}
	if at == 0 && n == 0 {
		p.t.Fatalf("ferry %s wrote nothing:\n%s", strings.Join(args, " "), out)
	}
	return n
}

// acts are the lines of a target's audit, without their times; said twice is said once.
func (p testProject) acts(target string) string {
	p.t.Helper()
	lines, err := audit.Read(run.OpenProject(p.dir).Target(target))
	if err != nil {
		p.t.Fatal(err)
	}
	var all []string
	for _, l := range lines {
		if text := strings.Join([]string{target, l.Act, l.About, l.Who}, " ") + "\n"; !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "")
}

// end is how a project stands: who did what, what is in the accounts, what status says.
func (p testProject) end() string {
	p.t.Helper()
	text := p.acts("twin") + p.acts("production")
	for _, name := range []string{"twin", "production"} {
		st, err := load.Status(run.OpenProject(p.dir).Target(name))
		if err != nil {
			p.t.Fatal(err)
		}
		text += fmt.Sprintln(name, st.Records, st.Open)
	}
	copies, err := load.Copies(run.OpenProject(p.dir).Target("production"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range copies {
		text += fmt.Sprintln(c.Kind, c.Records, c.Gone)
	}
	status := p.want(run.ExitDone, "next:", "status").out
	_, next, _ := strings.Cut(status, "next:")
	var where []string // which files name the person; where in a file of bytes depends on how its pages fell
	for _, found := range p.canaries() {
		file, _, _ := strings.Cut(found, ": ")
		where = append(where, file)
	}
	return text + "next:" + next + strings.Join(slices.Compact(where), "\n")
}

// killPoints are spread over the boundaries of an act: a few in the ordinary run, all of them when asked for.
func killPoints(boundaries int) []int {
	most := 1
	if n, err := strconv.Atoi(os.Getenv("FERRY_KILL_POINTS")); err == nil {
		most = n
	}
	if most >= boundaries {
		most = boundaries
	}
	var points []int
	for i := range most {
		points = append(points, 1+(2*i+1)*boundaries/(2*most))
	}
	return points
}

// TestActsOfTheWayKilledAnywhereEndTheSame: sign-off, ticks, copy, production load and purges.
func TestActsOfTheWayKilledAnywhereEndTheSame(t *testing.T) {
	all := os.Getenv("FERRY_KILL_POINTS") != ""
	if !all {
		long.Only(t)
	}
	rehearsal := rehearsed.copied(t)
	signed := rehearsal.signRehearsal(anna)
	ready := rehearsal.copied(t)
	ready.want(run.ExitDone, "accept", "signoff", signed)
	ready.want(run.ExitDone, "built", "transform", "--target", "production")
	ready.want(run.ExitDone, "open    Account ready", "plan", "--target", "production")
	loaded := "20260102T030405Z"
	for _, a := range []struct {
		name string
		from testProject
		args []string
	}{
		{"a sign-off", rehearsal, []string{"signoff", signed}},
		{"a tick of the cut-over", ready,
			[]string{"cutover", "--target", "production", "--done", "people_told", "--by", "Otto"}},
		{"a copy of the account", ready, []string{"backup", "--target", "production", "--all", "--yes"}},
		{"a production load", ready, []string{"load", "--target", "production", "--confirm", "production"}},
		{"a purge of a person", rehearsal, []string{"purge", "--person", "ann.nightjar@example.com", "--yes"}},
		{"a purge of a run", rehearsal, []string{"purge", "--run", loaded, "--yes"}},
		{"a purge of a target", rehearsal, []string{"purge", "--target", "twin", "--yes"}},
	} {
		if !all && a.name != "a production load" && a.name != "a purge of a person" {
			continue // the named run kills all of them
		}
		t.Run(a.name, func(t *testing.T) {
			whole := a.from.copied(t)
			boundaries := whole.killed(0, a.args...)
			want := whole.end()
			for _, at := range killPoints(boundaries) {
				p := a.from.copied(t)
				p.killed(at, a.args...)
				if got := p.say(a.args...); got.code != run.ExitDone && got.code != run.ExitRows {
					t.Errorf("killed at %d of %d, the same command ends with %d:\n%s%s", at, boundaries, got.code, got.out, got.err)
					continue
				}
				if d := cmp.Diff(want, p.end()); d != "" {
					t.Errorf("killed at %d of %d it ends otherwise (-want +got):\n%s", at, boundaries, d)
				}
				if err := os.RemoveAll(p.dir); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
