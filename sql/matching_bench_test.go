package sql_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ferry/extract"
	"ferry/extract/xtremepush/sample"
	"ferry/internal/run"
	"ferry/sql"
)

// BenchmarkMatching cleans and matches the profiles of an export, with two dozen attributes each, in
// three sizes up to the one asked for, each in a process of its own, and reports seconds, seconds of
// all cores together, peak memory, and by what power of the profiles the work grows. Seconds of
// cores mean something on a busy machine too, so the power is theirs.
//
//	FERRY_MATCH_N=1000000 go test ./sql -run '^$' -bench Matching -benchtime 1x -timeout 1h
func BenchmarkMatching(b *testing.B) {
	most := 30_000
	if text := os.Getenv("FERRY_MATCH_N"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		most = n
	}
	var first float64
	for _, n := range []int{most / 10, most * 3 / 10, most} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			project := landSample(b, n)
			for b.Loop() {
				m := measureApart(b, project)
				b.ReportMetric(m.Seconds, "s")
				b.ReportMetric(m.CPU, "cpu-s")
				b.ReportMetric(m.MB, "MB")
				if n == most/10 {
					first = m.CPU
				} else if first > 0 {
					b.ReportMetric(math.Log(m.CPU/first)/math.Log(float64(n)/float64(most/10)), "power")
				}
			}
			b.ReportMetric(0, "ns/op") // says nothing that "s" does not
		})
	}
}

// benchMemory is what a matching of a million profiles is told it may hold.
const benchMemory = "2550MB"

const matchVariable = "FERRY_MATCH_PROJECT"

func TestMain(m *testing.M) {
	if root := os.Getenv(matchVariable); root != "" {
		measureMatching(root)
		return
	}
	os.Exit(m.Run())
}

// landSample makes a project with the landed profiles of a sample.
func landSample(b *testing.B, profiles int) run.Project {
	b.Helper()
	p := run.OpenProject(b.TempDir())
	if err := sample.Write(p.Exports(), sample.Options{Seed: 1, Profiles: profiles, Events: -1,
		Interactions: -1}); err != nil {
		b.Fatal(err)
	}
	dir, err := p.NewRun(time.Unix(0, 0))
	if err != nil {
		b.Fatal(err)
	}
	now := func() time.Time { return time.Unix(0, 0) }
	if _, err := extract.Run(context.Background(), dir, extract.Options{Exports: p.Exports(), Now: now}); err != nil {
		b.Fatal(err)
	}
	return p
}

// matched is what a process says of its matching.
type matched struct{ Seconds, CPU, MB float64 }

func measureApart(b *testing.B, p run.Project) matched {
	b.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), matchVariable+"="+p.Root())
	child.Stderr = os.Stderr
	text, err := child.Output()
	if err != nil {
		b.Fatal(err)
	}
	var m matched
	if err := json.Unmarshal(text, &m); err != nil {
		b.Fatal(err)
	}
	return m
}

// measureMatching builds staging and matching of a project's run and says what it took.
func measureMatching(root string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	dir, err := run.OpenProject(root).LatestRun()
	fail(err)
	o := shippedOptions()
	o.Threads, o.MemoryLimit = 0, benchMemory
	o.Only = []string{"staging.cleansed", "matching.golden", "matching.survivors", "matching.attributes", "matching.pairs"}
	start := time.Now()
	_, err = sql.Run(context.Background(), dir, o)
	fail(err)
	var u syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	cpu := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	fail(json.NewEncoder(os.Stdout).Encode(matched{time.Since(start).Seconds(), cpu.Seconds(), peakMemory()}))
}

// peakMemory is the most this process ever held, in MB.
func peakMemory() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024
		}
	}
	return 0
}
