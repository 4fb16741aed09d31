package extract

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/extract/xtremepush/fake"
	"ferry/internal/long"
	"ferry/internal/run"
)

// childVariable makes the test binary a process that extracts and may be killed; its value says where.
const childVariable = "FERRY_KILLED_EXTRACT"

type killedExtract struct{ Project, Run, URL string }

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		var c killedExtract
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			panic(err)
		}
		if err := c.extract(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func (c killedExtract) extract() error {
	p := run.OpenProject(c.Project)
	dir, err := p.Run(c.Run)
	if err != nil {
		return err
	}
	_, err = Run(context.Background(), dir,
		Options{Exports: p.Exports(), Now: func() time.Time { return clock }, Workers: 2,
			API: &API{BaseURL: c.URL, Token: appToken, PageSize: 10, PerSecond: 1e6,
				sleep: func(context.Context, time.Duration) error { return nil }}})
	return err
}

// assassin kills a process when a given call arrives, before or after the answer is sent.
type assassin struct {
	http.Handler
	at, calls int64
	after     bool
	victim    chan *os.Process
}

func (a *assassin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kill := atomic.AddInt64(&a.calls, 1) == a.at
	if kill && !a.after {
		a.kill()
	}
	a.Handler.ServeHTTP(w, r)
	if kill && a.after {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		a.kill()
	}
}

func (a *assassin) kill() { _ = (<-a.victim).Signal(syscall.SIGKILL) }

// start runs a child to its end, or to its death.
func (a *assassin) start(t *testing.T, c killedExtract) (killed bool) {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case a.victim <- cmd.Process: // the first one; the others live
	default:
	}
	err = cmd.Wait()
	if err == nil {
		return false
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return true
	}
	t.Fatalf("the child failed: %v\n%s", err, said.String())
	return false
}

// A reading of the API that is killed at any call and started again lands the same rows as one that was
// not, and asks for no page twice but the one it died with.
func TestKilledReadingEndsTheSame(t *testing.T) {
	long.Only(t)
	all := lists(95)
	calm := newProject(t, fake.Config{Lists: all})
	calm.drop("notes.csv", threeNotes)
	undisturbed, _ := calm.mustExtract(nil)
	want, calls, profiles := rowsOf(t, undisturbed), len(calm.fake.Calls()), profileCalls(calm.fake)
	dice := rand.New(rand.NewPCG(1, 7))
	points := []int{1, 2, calls - 1, calls}
	for range 12 {
		points = append(points, 1+dice.IntN(calls))
	}
	deaths := 0
	for i, at := range points {
		x := newProject(t, fake.Config{Lists: all})
		x.drop("notes.csv", threeNotes)
		dir := x.newRun()
		a := &assassin{Handler: x.fake, at: int64(at), after: i%2 == 0, victim: make(chan *os.Process, 1)}
		h := httptest.NewServer(a)
		c := killedExtract{x.p.Root(), dir.ID(), h.URL}
		for a.start(t, c) {
			deaths++
		}
		h.Close()
		if diff := cmp.Diff(want, rowsOf(t, dir)); diff != "" {
			t.Errorf("killed at call %d: %s", at, diff)
		}
		// The page it died with is asked for again, and the list is probed again if no page was kept.
		if n := profileCalls(x.fake); n > profiles+2 {
			t.Errorf("killed at call %d: %d calls for profiles instead of %d", at, n, profiles)
		}
	}
	if deaths < len(points)*3/4 {
		t.Errorf("only %d of %d were killed", deaths, len(points))
	}
}

// rowsOf are the profiles, messages, segments and notes of a run, and where they came from.
func rowsOf(t *testing.T, dir run.Dir) map[string][][]string {
	t.Helper()
	out := map[string][][]string{}
	for entity, column := range map[string]string{"user_profiles": "profile_id", "campaign_interactions": "message_id",
		"segments": "title", "notes": "note_id"} {
		out[entity] = landed(t, dir, entity, column, "_file", "_record", "_extra")
	}
	if left, err := filepath.Glob(filepath.Join(dir.Temp(), "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	return out
}
