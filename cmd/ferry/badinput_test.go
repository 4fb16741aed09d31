package main

import (
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load/freshsales/twin"
)

const goodProfiles = `user_id,email,email_subscription,mobile_number,sms_subscription,first_name,last_name,hobby,create_time
u1,ann.one@example.com,1,353850123456,1,Ann,One,chess,2024-01-02 10:00:00
u2,bob.two@example.com,1,353850123457,1,Bob,Two,chess,2024-01-03 10:00:00
u3,cat.three@example.com,1,353850123458,1,Cat,Three,rowing,2024-01-04 10:00:00
`

// project is a folder with ferry.yaml and some exports; a target "sandbox" is a twin of the test.
type testProject struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newProject(t *testing.T, exports map[string]string) testProject {
	t.Helper()
	p := testProject{t: t, dir: t.TempDir(), env: map[string]string{}}
	if got := p.say("init"); got.code != run.ExitDone {
		t.Fatal(got)
	}
	for name, text := range exports {
		p.write("exports/"+name, text)
	}
	return p
}

// shared is a project that is made once, and copied for each test that begins there.
type shared struct {
	make   func(t *testing.T) testProject
	once   sync.Once
	folder string // goes with TestMain
}

// transformed is a project whose tables are built; what builds them has tests of its own.
var transformed = shared{make: func(t *testing.T) testProject {
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	p.write("ferry.yaml",
		"targets:\n  sandbox:\n    url: http://127.0.0.1:1/crm/sales\n    plan: pro\n    rehearsal: true\n")
	p.expect(run.ExitDone, nil, "extract")
	p.expect(run.ExitDone, nil, "transform")
	return p
}}

func (s *shared) copied(t *testing.T) testProject {
	t.Helper()
	s.once.Do(func() {
		p := s.make(t)
		var err error
		if s.folder, err = os.MkdirTemp("", "ferry-shared-"); err == nil {
			err = os.CopyFS(s.folder, os.DirFS(p.dir))
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return testProject{dir: s.folder}.copied(t)
}

// copied is the same project once more.
func (p testProject) copied(t *testing.T) testProject {
	t.Helper()
	q := testProject{t: t, dir: filepath.Join(t.TempDir(), "project"), env: map[string]string{}}
	maps.Copy(q.env, p.env)
	if err := os.CopyFS(q.dir, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	return q
}

func (p testProject) say(args ...string) said {
	p.t.Helper()
	return say(p.t, p.env, append([]string{args[0], "--dir", p.dir}, args[1:]...)...)
}

func (p testProject) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// sandbox adds a target served by a twin of the test.
func (p testProject) sandbox(c twin.Config, plan string) *twin.Twin {
	p.t.Helper()
	c.Key, c.LimitsOff = "right-key", true
	tw, err := twin.New(c)
	if err != nil {
		p.t.Fatal(err)
	}
	server := httptest.NewServer(tw)
	p.t.Cleanup(server.Close)
	p.write("ferry.yaml", "targets:\n  sandbox:\n    url: "+server.URL+"/crm/sales\n    plan: "+plan+
		"\n    rehearsal: true\n")
	p.env["FERRY_SANDBOX_KEY"] = "right-key"
	return tw
}

// expect runs a command that must fail with a code and these words.
func (p testProject) expect(code run.Exit, words []string, args ...string) {
	p.t.Helper()
	got := p.say(args...)
	if got.code != code {
		p.t.Fatalf("ferry %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got.code, code, got.out, got.err)
	}
	for _, w := range words {
		if !strings.Contains(got.out+got.err, w) {
			p.t.Fatalf("ferry %s does not say %q:\n%s%s", strings.Join(args, " "), w, got.out, got.err)
		}
	}
	for _, secret := range []string{"right-key", "wrong-key", "ann.one@example.com"} {
		if strings.Contains(got.err, secret) {
			p.t.Fatalf("ferry %s prints %q:\n%s", strings.Join(args, " "), secret, got.err)
		}
	}
}

func TestBadExportsAreExplained(t *testing.T) {
	good := map[string]string{"user_profiles_20260101.csv": goodProfiles}
	with := func(name, text string) map[string]string {
		return map[string]string{"user_profiles_20260101.csv": good["user_profiles_20260101.csv"], name: text}
	}
	cases := map[string]struct {
		exports map[string]string
		code    run.Exit
		words   []string
	}{
		"no exports": {nil, run.ExitFailed, []string{"there are no export files", "try:"}},
		"a file nobody knows": {with("mystery.csv", "foo,bar\n1,2\n"), run.ExitRows,
			[]string{"mystery.csv", "ferry.yaml"}},
		"a missing required column": {map[string]string{"campaigns_20260101.csv": "title\nSpring\n"}, run.ExitFailed,
			[]string{"campaigns_20260101.csv", "campaign_id"}},
		"an empty file": {with("tags_20260101.csv", ""), run.ExitDone, []string{"landed"}},
		"a damaged line": {with("events_20260101.csv",
			"event_id,event,user_id,timestamp\n1,open,u1,2024-01-01\n2,\"cut off\n3,open,u2,2024-01-01\n"), run.ExitDone,
			[]string{"1 could not be read"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			newProject(t, c.exports).expect(c.code, c.words, "extract")
		})
	}
}

func TestStagesRefuseWhatIsMissingOrStale(t *testing.T) {
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	for _, verb := range []string{"transform", "report", "plan", "load", "reconcile", "trace"} {
		args := []string{verb}
		if verb == "trace" {
			args = append(args, "u1")
		}
		p.expect(run.ExitFailed, []string{"there is no run yet", "try: ferry extract"}, args...)
	}
	p.expect(run.ExitDone, nil, "extract")
	p.expect(run.ExitFailed, []string{"no finished transform stage", "try: ferry transform"}, "plan")
	if got := p.say("reconcile"); got.code != run.ExitFailed || strings.Contains(got.err, "about") ||
		!strings.Contains(got.err, "try: ferry load") {
		t.Errorf("a run that was only extracted is read back: exit %d\n%s", got.code, got.err)
	}
	p.expect(run.ExitDone, []string{"next: ferry transform"}, "status")
	p.expect(run.ExitDone, nil, "transform")
	p.write("sql/0_settings/clear_fields.csv", "entity,field\ncontacts,job_title\n")
	p.expect(run.ExitFailed, []string{"changed since these tables were built", "try: ferry transform"}, "plan")
}

func TestAMistakeInSQLNamesFileAndLine(t *testing.T) {
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	p.expect(run.ExitDone, nil, "extract")
	p.write("sql/6_checks/hobbies.sql",
		"-- Nobody may play chess.\n-- severity: note\n-- fix: another game\nselect 'contacts' as entity, contact_key as "+
			"key, 'x' as field, emial as value, 'r' as reason, 's' as suggestion\nfrom freshsales.contacts\n")
	p.expect(run.ExitFailed, []string{"sql/6_checks/hobbies.sql:4", "(yours)", `"emial"`, "Did you mean",
		"try:"}, "transform")
}

func TestAccountsThatSayNoAreExplained(t *testing.T) {
	long.Only(t)
	p := transformed.copied(t)
	tw := p.sandbox(twin.Config{Keys: []twin.Key{{Token: "no-access", NoAccess: true}}}, "pro")

	p.env["FERRY_SANDBOX_KEY"] = "wrong-key"
	p.expect(run.ExitFailed, []string{"does not accept the API key", "environment variable"}, "load")
	p.env["FERRY_SANDBOX_KEY"] = "no-access"
	p.expect(run.ExitFailed, []string{"may not", "try:"}, "load")
	delete(p.env, "FERRY_SANDBOX_KEY")
	p.expect(run.ExitFailed, []string{"FERRY_SANDBOX_KEY is not set"}, "load")
	p.env["FERRY_SANDBOX_KEY"] = "right-key"
	p.expect(run.ExitStop, []string{"contacts field cf_hobby does not exist", "administrator"},
		"load") // the account makes no fields by API
	if n := tw.WriteCalls(); n != 0 {
		t.Fatalf("%d write calls were made", n)
	}
}

func TestAFreePlanHasNoCustomFields(t *testing.T) {
	long.Only(t)
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	p.sandbox(twin.Config{Plan: "free"}, "free") // the plan of an account is part of the rules
	p.expect(run.ExitDone, nil, "extract")
	p.expect(run.ExitDone, nil, "transform")
	p.expect(run.ExitStop, []string{"Free plan has no custom fields", "nothing was written", "contacts field cf_hobby"},
		"load")
}

func TestATwinThatIsNotRunningIsNamed(t *testing.T) {
	p := transformed.copied(t)
	p.write("ferry.yaml",
		"targets:\n  sandbox:\n    url: http://127.0.0.1:1/crm/sales\n    plan: pro\n    rehearsal: true\n")
	p.env["FERRY_SANDBOX_KEY"] = "right-key"
	p.expect(run.ExitFailed, []string{"127.0.0.1:1", "try:"}, "load")
}

func TestASecondProcessOnATargetIsToldWhoWorksThere(t *testing.T) {
	p := transformed.copied(t)
	p.sandbox(twin.Config{}, "pro")
	lock, err := run.TakeLock(run.OpenProject(p.dir).Target("sandbox").LockFile(), "target sandbox", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	p.expect(run.ExitLocked, []string{"target sandbox is in use by process", "try:"}, "load")
}

func TestProductionIsRefused(t *testing.T) {
	p := transformed.copied(t)
	p.write("ferry.yaml", "targets:\n  live:\n    url: https://acme.myfreshworks.com/crm/sales\n    plan: pro\n")
	p.expect(run.ExitStop, []string{"a gate to this account is closed", "ferry decide"}, "load")
	p.expect(run.ExitStop, []string{"no rehearsal was signed"}, "run")
}

func TestAFolderThatCannotBeWritten(t *testing.T) {
	p := newProject(t, map[string]string{"user_profiles_20260101.csv": goodProfiles})
	p.write("runs", "a file where a folder is needed")
	p.expect(run.ExitFailed, []string{"a file stands where a folder is needed", "try:"}, "extract")
}
