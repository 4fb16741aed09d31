package extract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ferry/extract/xtremepush/fake"
	"ferry/internal/run"
)

const appToken = "do-not-show-this-token"

// project is a folder, a fake Xtremepush and the options to read from both.
type project struct {
	t       *testing.T
	p       run.Project
	fake    *fake.Server
	options Options
	runs    int
}

func newProject(t *testing.T, c fake.Config) *project {
	t.Helper()
	c.Token = appToken
	x := &project{t: t, p: run.OpenProject(t.TempDir()), fake: fake.New(c)}
	h := httptest.NewServer(x.fake)
	t.Cleanup(h.Close)
	x.options = Options{Exports: x.p.Exports(), Now: func() time.Time { return clock }, Workers: 2,
		API: &API{BaseURL: h.URL, Token: appToken, PageSize: 10, PerSecond: 1e6,
			sleep: func(context.Context, time.Duration) error { return nil }}}
	return x
}

func (x *project) drop(name, text string) {
	x.t.Helper()
	path := filepath.Join(x.p.Exports(), name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		x.t.Fatal(err)
	}
}

func (x *project) newRun() run.Dir {
	x.t.Helper()
	x.runs++
	dir, err := x.p.NewRun(clock.Add(time.Duration(x.runs) * time.Hour))
	if err != nil {
		x.t.Fatal(err)
	}
	return dir
}

func (x *project) mustExtract(since *run.Dir) (run.Dir, Result) {
	x.t.Helper()
	dir := x.newRun()
	o := x.options
	o.Since = since
	res, err := Run(context.Background(), dir, o)
	if err != nil {
		x.t.Fatal(err)
	}
	return dir, res
}

func profileRows(n int) []fake.Row {
	var rows []fake.Row
	for i := 1; i <= n; i++ {
		rows = append(rows, fake.Row{"id": i, "user_id": fmt.Sprintf("u%d", i), "email": fmt.Sprintf("p%d@example.com", i),
			"favourite": "x", "update_time": 1_700_000_000 + i*3600})
	}
	return rows
}

func lists(profiles int) map[string][]fake.Row {
	return map[string][]fake.Row{
		"profile": profileRows(profiles),
		"segment": {{"id": 7, "title": "Lapsed", "conditions": map[string]any{"operator": "AND"}}},
		"campaign": {{"id": 1, "title": "Hello",
			"messages": map[string]any{"1": map[string]any{"push_text": "hi"}, "4": []any{}}}},
		"message": {{"id": 1, "campaign_id": 1, "profile_id": "1", "message_type_name": "email",
			"create_time": 1_700_000_000, "open": 0}, {"id": 2, "campaign_id": 1, "profile_id": "2",
			"message_type_name": "email", "create_time": 1_699_000_000, "open": 0},
			{"id": 3, "campaign_id": 1, "profile_id": "2", "create_time": 1_600_000_000, "open": 0}},
		"profile-subscription": {},
	}
}

// facts reads what the manifest says about the sources of a run.
func facts(t *testing.T, dir run.Dir) map[string]fact {
	t.Helper()
	p, err := readPrevious(&dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fact{}
	for name, list := range p.facts {
		for _, f := range list {
			all[name+" "+f.Kind] = f
		}
	}
	return all
}

func TestTheAPIIsReadLandedAndAccountedFor(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(25), Forbidden: map[string]bool{"device": true}})
	x.drop("notes.csv", threeNotes)
	dir, res := x.mustExtract(nil)
	if res.Records != 33 || res.Landed != 33 {
		t.Errorf("%+v", res)
	}
	same(t, "profiles", landed(t, dir, "user_profiles", "profile_id", "email", "update_time", "_extra", "_file", "_record",
		"_line")[24:], [][]string{{"25", "p25@example.com", "1700090000", `{"favourite":"x"}`,
		"api:list/profile", "25", "∅"}})
	same(t, "segments", landed(t, dir, "segments", "kind", "segment_id", "conditions"),
		[][]string{{"segment", "7", `{"operator":"AND"}`}})
	same(t, "campaigns", landed(t, dir, "campaigns", "messages"), [][]string{{`{"1":{"push_text":"hi"},"4":[]}`}})
	notes := map[string]string{}
	for _, r := range readTable(t, dir.Sources(), "source", "note") {
		notes[r[0]] = r[1]
	}
	for source, want := range map[string]string{"api:list/device": "may not read", "api:list/tag-hit": "does not offer",
		"api:events": "drop a file", "api:list/profile": "full sweep", "api:list/profile-subscription": "empty",
		"api:list/push-devices": "switched off"} {
		if !strings.Contains(notes[source], want) {
			t.Errorf("%s: the note is %q, want %q in it", source, notes[source], want)
		}
	}
	f := facts(t, dir)["api:list/profile api"]
	if f.API == nil || f.API.Sweep != "full" || f.API.FirstID != "1" || f.API.LastID != "25" ||
		f.API.WatermarkAfter != "1700090000" || f.API.Pages != 3 || f.Records != 25 || f.SHA256 == "" {
		t.Errorf("the manifest says %+v %+v", f, f.API)
	}
	noSecretIn(t, dir.Root())
}

// noSecretIn fails when the token stands anywhere below a folder.
func noSecretIn(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), appToken) {
			t.Errorf("%s holds the token", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnInterruptedReadingGoesOnFromTheLastPage(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(95), Faults: []fake.Fault{{Kind: fake.NoEnvelope, At: 20}}})
	x.options.API.Concurrency = 1
	dir := x.newRun()
	_, err := Run(context.Background(), dir, x.options)
	var p *run.Problem
	if !errors.As(err, &p) || !Resumable(dir) {
		t.Fatalf("got %v, resumable %v", err, Resumable(dir))
	}
	if strings.Contains(p.Error(), appToken) {
		t.Error("the problem shows the token")
	}
	res, err := Run(context.Background(), dir, x.options)
	if err != nil || res.Landed != 100 {
		t.Fatalf("%+v, %v", res, err)
	}
	seen := map[string]int{}
	for _, r := range landed(t, dir, "user_profiles", "profile_id") {
		seen[r[0]]++
	}
	if len(seen) != 95 {
		t.Errorf("%d different profiles", len(seen))
	}
	whole := newProject(t, fake.Config{Lists: lists(95)})
	whole.mustExtract(nil)
	// asked again are the page that was refused, and one whose answer was dropped by the stop
	if twice, once := profileCalls(x.fake), profileCalls(whole.fake); twice > once+2 {
		t.Errorf("%d calls for profiles with the interruption, %d without: it began anew", twice, once)
	}
	if Resumable(dir) {
		t.Error("pages are left behind")
	}
}

// profileCalls counts the pages of profiles that were asked for.
func profileCalls(s *fake.Server) int {
	n := 0
	for _, c := range s.Calls() {
		if c == "list/profile" {
			n++
		}
	}
	return n
}

func TestADeltaLinksWhatIsTheSameAndReadsWhatIsNew(t *testing.T) {
	all := lists(20)
	x := newProject(t, fake.Config{Lists: all})
	x.drop("notes.csv", threeNotes)
	x.drop("events.csv", "event,user_id\nbuy,u1\nbroken\n")
	x.drop("gone.csv", "tag_name,user_id,hit_time\nvip,u1,1\n")
	first, _ := x.mustExtract(nil)

	all["profile"] = append(all["profile"], fake.Row{"id": 21, "user_id": "u21", "update_time": 1_700_000_000 + 21*3600})
	all["profile"][3]["update_time"], all["profile"][3]["email"] = 1_700_000_000+22*3600, "new4@example.com"
	all["message"][1]["open"] = 1
	x.drop("notes.csv", threeNotes+"4,u4,four\n")
	x.drop("more notes.csv", threeNotes)
	if err := os.Remove(filepath.Join(x.p.Exports(), "gone.csv")); err != nil {
		t.Fatal(err)
	}
	second, res := x.mustExtract(&first)
	if res.Records != res.Landed+res.Rejected || res.Rejected != 1 {
		t.Errorf("%+v", res)
	}
	f := facts(t, second)
	for source, want := range map[string]int64{"events.csv carried": 1, "gone.csv carried": 1, "notes.csv file": 4,
		"more notes.csv file": 3, "api:list/profile carried": 20, "api:list/profile api": 5, "api:list/message carried": 3,
		"api:list/message api": 2, "api:list/segment api": 1} {
		t.Run(source, func(t *testing.T) {
			if got, ok := f[source]; !ok || got.Landed != want {
				t.Errorf("%s: %d rows, want %d", source, got.Landed, want)
			}
		})
	}
	if a := f["api:list/profile api"].API; a.Sweep != "delta" || a.WatermarkBefore != "1700072000" ||
		a.From != "1700064800" || a.WatermarkAfter != "1700079200" {
		t.Errorf("the delta of profiles is %+v", a)
	}
	if f["api:list/segment api"].Note != "unchanged since the run before" {
		t.Errorf("segments: %q", f["api:list/segment api"].Note)
	}
	linked := filepath.Join(second.Landed("events"), f["events.csv carried"].Parts[0].File)
	info, err := os.Stat(linked)
	if err != nil || info.Sys().(*syscall.Stat_t).Nlink != 2 {
		t.Errorf("%s is not a hard link: %v", linked, err)
	}
	rejected := readTable(t, second.Rejects(), "_file", "raw")
	same(t, "rejects", rejected, [][]string{{"events.csv", "broken"}})

	third, _ := x.mustExtract(&second)
	g := facts(t, third)
	if g["api:list/profile carried"].Landed != 25 || len(landed(t, third, "tags", "tag_name")) != 1 ||
		g["api:list/profile api"].API.WatermarkAfter != "1700079200" {
		t.Errorf("the third run has %+v", g["api:list/profile carried"])
	}
}

func TestTheSameInputGivesTheSameDigest(t *testing.T) {
	digest := func() run.Stage {
		dir, _ := mustLand(t, map[string]string{"notes.csv": threeNotes, "users.csv": "user_id\nu1\n"})
		s, err := dir.Done("extract", "")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := digest(), digest()
	if a.Input != b.Input || a.Output != b.Output || a.Output == "" {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestFilesWithTheSameBytesLandOnce(t *testing.T) {
	dir, res := mustLand(t, map[string]string{"notes.csv": threeNotes, "notes (1).csv": threeNotes,
		"other notes.csv": strings.Replace(threeNotes, "one", "eno", 1)})
	if res.Landed != 6 {
		t.Errorf("%+v", res)
	}
	same(t, "sources", readTable(t, dir.Sources(), "source", "note"),
		[][]string{{"notes (1).csv", "∅"}, {"notes.csv", "the same bytes as notes (1).csv: landed once"},
			{"other notes.csv", "∅"}})
}

func TestAWrongTokenOrAddressIsAProblem(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(3)})
	x.options.API.Token = "another"
	for want, change := range map[string]func(){
		"does not accept the token": func() {},
		"must begin with https":     func() { x.options.API.BaseURL = "http://example.com" },
		"there is no such endpoint": func() {
			x.options.API.BaseURL = "http://127.0.0.1:1"
			x.options.API.Endpoints = map[string]Endpoint{"profiles": {}}
		},
	} {
		saved := *x.options.API
		change()
		_, err := Run(context.Background(), x.newRun(), x.options)
		var p *run.Problem
		if !errors.As(err, &p) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		*x.options.API = saved
	}
}

func TestAMissingListIsReplacedByAnother(t *testing.T) {
	all := lists(3)
	delete(all, "message")
	all["push-devices"] = []fake.Row{{"action_id": 21714179, "campaign_id": 245624, "create_time": 1485883608,
		"device_id": 17186391, "error_message": "Not personalized"}}
	x := newProject(t, fake.Config{Lists: all})
	dir, _ := x.mustExtract(nil)
	same(t, "interactions", landed(t, dir, "campaign_interactions", "action_id", "device_id", "error_message", "_file"),
		[][]string{{"21714179", "17186391", "Not personalized", "api:list/push-devices"}})
}

func TestTheManifestIsPlainJSON(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(3)})
	dir, _ := x.mustExtract(nil)
	text, err := os.ReadFile(dir.Manifest())
	if err != nil || !json.Valid(text) || !strings.Contains(string(text), `"watermark_after"`) {
		t.Errorf("%v: %s", err, text)
	}
}

func TestOneListThatFailsTakesNothingElseDown(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(30), Faults: []fake.Fault{{Kind: fake.Broken, Share: 1, Model: "campaign"}, {Kind: fake.NoEnvelope, Share: 1, Model: "segment"}}})
	x.drop("notes.csv", threeNotes)
	x.options.API.Tries = 2
	var said []string
	var mutex sync.Mutex
	x.options.Events = func(e run.Event) {
		mutex.Lock()
		defer mutex.Unlock()
		said = append(said, e.Subject+" "+e.Text)
	}
	dir := x.newRun()
	_, err := Run(context.Background(), dir, x.options)
	var p *run.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Where, "api:list/") || !strings.Contains(p.What, "What else was read has landed") {
		t.Fatalf("got %v", err)
	}
	if n := len(landed(t, dir, "user_profiles", "user_id")); n != 30 {
		t.Errorf("%d profiles landed, want 30", n)
	}
	if n := len(landed(t, dir, "notes", "note_id")); n != 3 {
		t.Errorf("%d notes landed, want 3", n)
	}
	if _, err := dir.Done("extract", ""); err == nil {
		t.Error("the run is marked all the same")
	}
	if all := strings.Join(said, "\n"); !strings.Contains(all, "api:list/campaign asked again in") {
		t.Errorf("no retry is said:\n%s", all)
	}
}

func TestAProbeSaysWhatEachListAnswers(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(3), Forbidden: map[string]bool{"message": true}})
	answers, err := Probe(context.Background(), x.options)
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{}
	for _, a := range answers {
		says[a.Endpoint] = a.Says
	}
	for name, want := range map[string]string{"profile": "rows", "message": "not allowed: ask for the scope, or drop a file", "push-devices": "switched off", "location": "not offered: drop a file"} {
		if says[name] != want {
			t.Errorf("%s: %q, want %q", name, says[name], want)
		}
	}
}

func TestTheWholePictureKeepsNothingThatIsGone(t *testing.T) {
	x := newProject(t, fake.Config{Lists: lists(3)})
	x.options.API = nil
	x.drop("old.csv", "profile_id,user_id,email\n1,u1,a@x.com\n2,u2,b@x.com\n")
	x.drop("notes.csv", threeNotes)
	first, _ := x.mustExtract(nil)
	if err := os.Remove(filepath.Join(x.p.Exports(), "old.csv")); err != nil {
		t.Fatal(err)
	}
	x.drop("new.csv", "profile_id,user_id,email\n1,u1,a@x.com\n")
	x.options.Full = true
	second, _ := x.mustExtract(&first)
	same(t, "profiles", landed(t, second, "user_profiles", "profile_id", "_file"), [][]string{{"1", "new.csv"}})
	if n := len(landed(t, second, "notes", "note_id")); n != 3 {
		t.Errorf("%d notes, want 3", n)
	}
}
