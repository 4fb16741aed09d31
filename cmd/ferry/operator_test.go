package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
)

// sayAt runs a command at a time of its own, with everything it prints in one place, as on a terminal.
func (p testProject) sayAt(at time.Time, args ...string) said {
	p.t.Helper()
	var all bytes.Buffer
	code := ferry(context.Background(), append([]string{"ferry", args[0], "--dir", p.dir}, args[1:]...), system{
		in: strings.NewReader(""), out: &all, err: &all,
		now: func() time.Time { at = at.Add(time.Millisecond); return at },
		env: func(k string) (string, bool) { s, ok := p.env[k]; return s, ok },
	})
	return said{code: code, out: all.String()}
}

// consentingProfiles hold an opt-out and somebody of whom nothing is known.
const consentingProfiles = `user_id,email,email_subscription,mobile_number,sms_subscription,first_name,last_name,hobby,create_time
u1,ann.one@example.net,1,353850123456,1,Ann,One,chess,2024-01-02 10:00:00
u2,bob.two@example.net,0,353850123457,1,Bob,Two,chess,2024-01-03 10:00:00
u3,cat.three@example.net,,353850123458,,Cat,Three,rowing,2024-01-04 10:00:00
`

var sentCounts = regexp.MustCompile(`(?m)^  contacts +.*$`)

// An operator's day on ferry's own twin: the stages alone do what run does, what comes next is the last word, a
// week later unchanged data writes nothing, a run is undone whose folder is gone, and the twin can begin anew.
func TestAnOperatorsDayOnTheTwin(t *testing.T) {
	long.Only(t)
	exports := map[string]string{"user_profiles_20260101.csv": consentingProfiles}
	stages := newProject(t, exports)
	day := nowhen()
	for _, stage := range []string{"extract", "transform", "plan"} {
		if got := stages.sayAt(day, stage); got.code != run.ExitDone && got.code != run.ExitRows {
			t.Fatalf("%s: %d\n%s", stage, got.code, got.out)
		}
	}
	whole := stages.copied(t) // it takes over the tables it need not build again
	all := whole.sayAt(day, "run")
	loaded := stages.sayAt(day, "load")
	a, b := sentCounts.FindAllString(all.out, -1), sentCounts.FindAllString(loaded.out, -1)
	if len(b) == 0 || !strings.Contains(strings.Join(a, "\n"), b[0]) {
		t.Errorf("the stages alone sent %q, run %q\n%s", b, a, loaded.out)
	}
	result, _, _ := strings.Cut(loaded.out, "next:")
	behind := strings.TrimSpace(strings.TrimPrefix(loaded.out, result))
	if lines := strings.Split(behind, "\n"); !strings.HasPrefix(behind, "next: ferry reconcile") ||
		strings.Contains(strings.Join(lines[1:], "\n"), "reports.") {
		t.Errorf("something stands behind what comes next: %q", behind)
	}
	later := whole.sayAt(day.AddDate(0, 0, 7), "run")
	if !strings.Contains(later.out, "nothing had changed, so nothing was written") {
		t.Errorf("a week later:\n%s", later.out)
	}
	runs, err := filepath.Glob(filepath.Join(stages.dir, "runs", "2*"))
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	for _, r := range runs {
		if err := os.RemoveAll(r); err != nil {
			t.Fatal(err)
		}
	}
	id := filepath.Base(runs[0])
	if got := stages.sayAt(day.Add(time.Hour), "rollback", "--run", "20200101T000000Z", "--yes"); got.code != run.ExitUsage ||
		!strings.Contains(got.out, id) {
		t.Errorf("a mistyped run: %d\n%s", got.code, got.out)
	}
	if got := stages.sayAt(day.Add(time.Hour), "rollback", "--run", id, "--yes"); got.code != run.ExitDone ||
		!strings.Contains(got.out, "rolled back") || strings.Contains(got.out, "rolled back  0 reversed") {
		t.Errorf("a run whose folder is gone: %d\n%s", got.code, got.out)
	}
	again := stages.sayAt(day.Add(2*time.Hour), "rollback", "--all", "--yes")
	if !strings.Contains(again.out, "rolled back  0 reversed") {
		t.Errorf("a second rollback: %d\n%s", again.code, again.out)
	}
	if got := whole.sayAt(day, "sandbox", "--reset"); got.code != run.ExitDone ||
		!strings.Contains(got.out, "nothing was deleted") {
		t.Errorf("%d\n%s", got.code, got.out)
	}
	if got := whole.sayAt(day, "sandbox", "--reset", "--yes"); got.code != run.ExitDone {
		t.Errorf("%d\n%s", got.code, got.out)
	}
	for _, name := range []string{"targets/twin/twin", "targets/twin/ledger.db"} {
		if _, err := os.Stat(filepath.Join(whole.dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if got := whole.sayAt(day.AddDate(0, 0, 8), "run"); !strings.Contains(got.out, a[len(a)-1][:20]) ||
		strings.Contains(got.out, "nothing had changed") {
		t.Errorf("after the reset:\n%s", got.out)
	}
}
