// Package killed_test kills the loader wherever it writes, and measures it, in processes of its own.
package killed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load"
	"ferry/load/backup"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/reconcile"
	"ferry/load/rollback"
	"ferry/load/target"
)

// killedRun is what a child process is told: which load to run, and at which commit to die.
type killedRun struct {
	Project, Run, URL string
	At                int  // boundary to die at; 0: never
	Measure           bool // for benchmarks: full batches, and say what it took
	Act               string
}

// act does what a child process, and whoever goes on after it, is asked to do.
func (k killedRun) act(dir run.Dir, o target.Options) (err error) {
	switch k.Act {
	case "rollback":
		_, err = rollback.Run(context.Background(), dir, rollback.Options{Options: o})
	case "undo the last run":
		_, err = rollback.Run(context.Background(), dir, rollback.Options{Options: o, OnlyRun: dir.ID()})
	case "reconcile":
		_, err = reconcile.Run(context.Background(), dir, reconcile.Options{Options: o, Depth: "full"})
	case "fields":
		o.CreateFields = true
		_, err = load.Run(context.Background(), dir, loadtest.ToRun(o))
	case "backup":
		_, err = backup.Run(context.Background(), dir, backup.Options{Options: o, All: true,
			Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	case "adopt":
		r := loadtest.ToRun(o)
		r.Adopt = true
		_, err = load.Run(context.Background(), dir, r)
	default:
		_, err = load.Run(context.Background(), dir, loadtest.ToRun(o))
	}
	return err
}

const childVariable = "FERRY_KILLED_LOAD"

// TestMain lets the test binary be the loader that is killed.
func TestMain(m *testing.M) {
	if os.Getenv(twinVariable) != "" {
		serveTwin()
	}
	text := os.Getenv(childVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	var k killedRun
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		panic(err)
	}
	dir, err := run.OpenProject(k.Project).Run(k.Run)
	if err != nil {
		panic(err)
	}
	o := loadtest.KillOptions(dir.Project().Target("twin"), k.URL)
	if k.Measure {
		o.Workers, o.BatchSize = 8, 0
		measure(dir, o)
		os.Exit(0)
	}
	n := 0
	o.Boundary = func(string) {
		if n++; n == k.At {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if err := k.act(dir, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(int(run.ExitOf(err)))
	}
	os.Exit(0)
}

// uninterrupted loads the company in one go and gives the state it must always end in.
func uninterrupted(t *testing.T, models string) (digest string, boundaries int) {
	tw, url, stop := loadtest.KillTwin(t)
	defer stop()
	dir := loadtest.ProjectWith(t, models)
	o := loadtest.KillOptions(dir.Project().Target("twin"), url)
	o.Boundary = func(string) { boundaries++ }
	if _, err := load.Run(context.Background(), dir, loadtest.ToRun(o)); err != nil {
		t.Fatal(err)
	}
	return loadtest.DigestOf(t, tw), boundaries
}

// killPlaces is how many interruptions cover every boundary, bad day and random moment in turn.
const killPlaces = 200

// killPoints are the interruptions of loads that are tried: in the ordinary run a part of all places, spread
// over them; FERRY_KILL_POINTS asks for more. Of other acts a share is tried.
func killPoints(share int) (points []int) {
	n, err := strconv.Atoi(os.Getenv("FERRY_KILL_POINTS"))
	if err != nil || n <= 0 {
		n = ordinaryKills
	}
	n = max(2, n*share/killPlaces)
	for i := range n {
		if n < share {
			i = i * share / n
		}
		points = append(points, i)
	}
	return points
}

// ordinaryKills keeps the ordinary run short.
var ordinaryKills = long.Or(16, 48)

// badDays are the faults under which loads are killed, besides none.
var badDays = [][]twin.Fault{
	nil,
	{{Kind: "500_after", On: "*.create", Rate: 0.2}, {Kind: "cut_after", On: "*.bulk_upsert", Rate: 0.3}},
	{{Kind: "cut_before", Rate: 0.05}, {Kind: "cut_body", On: "*.create", Rate: 0.2}},
	{{Kind: "job_some_fail", Rate: 0.3}, {Kind: "500_before", On: "*.create", Rate: 0.2}},
	{{Kind: "405_bulk", Rate: 0.3}, {Kind: "gateway_after", On: "*.create", Rate: 0.2},
		{Kind: "job_odd_report", Rate: 0.2}},
	{{Kind: "401", Rate: 0.01, Times: 1}, {Kind: "job_fails", Rate: 0.2}, {Kind: "gateway_before", Rate: 0.05}},
}

func TestKilledAnywhereItEndsTheSame(t *testing.T) {
	models := loadtest.KillModels(t)
	want, boundaries := uninterrupted(t, models)
	t.Logf("%d boundaries", boundaries)
	points := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for i := range points {
				killOnce(t, models, want, i, boundaries)
			}
		})
	}
	for _, i := range killPoints(killPlaces) {
		if t.Failed() {
			break
		}
		points <- i
	}
	close(points)
	wg.Wait()
}

// killOnce interrupts one load: every boundary in turn, under every kind of bad day in turn, and
// every fourth time at a random moment instead. Then it runs until it ends by itself.
func killOnce(t *testing.T, models, want string, i, boundaries int) {
	tw, url, stop := loadtest.KillTwin(t, badDays[(i/max(1, boundaries)+i)%len(badDays)]...)
	defer stop()
	dir := loadtest.ProjectWith(t, models)
	k := killedRun{Project: dir.Project().Root(), Run: dir.ID(), URL: url, At: 1 + i%boundaries}
	random := rand.New(rand.NewPCG(uint64(i), 7))
	var after time.Duration
	if i%4 == 3 {
		k.At, after = 0, time.Duration(random.IntN(400))*time.Millisecond
	}
	runKilled(t, k, after)
	var err error
	for range 30 {
		o := loadtest.ToRun(loadtest.KillOptions(dir.Project().Target("twin"), url))
		if _, err = load.Run(context.Background(), dir, o); err == nil {
			break
		}
	}
	if err != nil {
		t.Errorf("point %d: does not end: %v", i, err)
		return
	}
	if got := loadtest.DigestOf(t, tw); got != want {
		t.Errorf("point %d (boundary %d, after %v): the account is not what an uninterrupted load makes of it",
			i, k.At, after)
		dumpDifference(t, tw, models)
	}
}

func runKilled(t testing.TB, k killedRun, after time.Duration) {
	text, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	_ = cmd.Wait() // killed, or ended under a fault, or done
}

// dumpDifference keeps both states where they can be compared.
func dumpDifference(t *testing.T, tw *twin.Twin, models string) {
	folder := os.Getenv("FERRY_KILL_KEEP")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, filepath.Base(filepath.Dir(models))+
		strconv.Itoa(int(time.Now().UnixNano()))+".ndjson"))
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	if err := tw.Dump(f); err != nil {
		t.Error(err)
	}
}
