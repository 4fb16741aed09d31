package killed_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
	"ferry/load/ledger"
	"ferry/load/loadtest"
	"ferry/load/target"
)

// The benchmarks load a number of records into a twin in a process of its own, from a loader in a
// process of its own, and report calls per record, records per second and the loader's peak memory:
//
//	go test ./load -run '^$' -bench . -benchtime 1x
//	FERRY_BENCH_N=1000000 go test ./load -run '^$' -bench Contacts -benchtime 1x -timeout 1h
//
// FERRY_BENCH_PROFILE=<path> also writes profiles of processor and memory beside that path.
const (
	twinVariable  = "FERRY_TWIN_SERVER"
	benchVariable = "FERRY_BENCH_N"

	profileVariable = "FERRY_BENCH_PROFILE"
)

// serveTwin is the process of a benchmark's twin; it says where it listens and stays.
func serveTwin() {
	tw, err := twin.New(twin.Config{Plan: "enterprise", LimitsOff: true,
		Switches: loadtest.Quick("bulk_links", "honoured"),
		Account:  loadtest.TestAccount()})
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s/crm/sales\n", l.Addr())
	panic(http.Serve(l, tw))
}

func startTwinProcess(b *testing.B) string {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), twinVariable+"=1", "GOGC=400") // the server stands for somebody else's machine
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// measured is what a loader's process says of itself.
type measured struct {
	Calls, Writes, Records int64
	Seconds, CPU, MB       float64
}

func measure(dir run.Dir, o target.Options) {
	if path := os.Getenv(profileVariable); path != "" {
		defer profile(fmt.Sprintf("%s.%d", path, os.Getpid()))()
	}
	start := time.Now()
	r, err := load.Run(context.Background(), dir, loadtest.ToRun(o))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	text, err := json.Marshal(measured{r.Calls, r.Writes, r.Count(ledger.Created) + r.Count(ledger.Updated),
		time.Since(start).Seconds(), cpuSeconds(), peakMemory()})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// profile writes where this process spends its time, and what its memory holds each time it has
// grown by a twentieth.
func profile(path string) (stop func()) {
	f, err := os.Create(path + ".cpu")
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	go func() {
		var most uint64
		for range time.Tick(100 * time.Millisecond) {
			var m runtime.MemStats
			if runtime.ReadMemStats(&m); m.HeapInuse < most+most/20 {
				continue
			}
			most = m.HeapInuse
			h, err := os.Create(fmt.Sprintf("%s.heap-%dMB", path, most>>20))
			if err != nil {
				panic(err)
			}
			_ = pprof.WriteHeapProfile(h)
			_ = h.Close()
		}
	}()
	return func() { pprof.StopCPUProfile(); _ = f.Close() }
}

// cpuSeconds is what this process used of all cores; it means something on a busy machine too.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// peakMemory is the most this process ever held, in MB.
func peakMemory() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			if err == nil {
				return kb / 1024
			}
		}
	}
	return 0
}

func loadProcess(b *testing.B, dir run.Dir, url string) measured {
	b.Helper()
	text, err := json.Marshal(killedRun{Project: dir.Project().Root(), Run: dir.ID(), URL: url, Measure: true})
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var m measured
	if err := json.Unmarshal(bytes.TrimSpace(out), &m); err != nil {
		b.Fatal(err)
	}
	return m
}

func (m measured) report(b *testing.B, n int) {
	b.ReportMetric(float64(n)/m.Seconds, "records/s")
	b.ReportMetric(float64(m.Calls)/float64(n), "calls/record")
	b.ReportMetric(m.MB, "MB")
	b.ReportMetric(m.Seconds, "s")
	b.ReportMetric(m.CPU, "cpu-s")
}

func benchSize(standard int) int {
	if n, err := strconv.Atoi(os.Getenv(benchVariable)); err == nil && n > 0 {
		return n
	}
	return standard
}

// manyContacts writes n contacts row by row, so that the benchmark itself stays small.
func manyContacts(b *testing.B, dir run.Dir, n int) {
	b.Helper()
	write := func(name string, columns []run.Column, row func(int) run.Row) {
		w, err := run.CreateTable(dir.Model("freshsales", name), run.Schema{Name: name, Columns: columns})
		if err != nil {
			b.Fatal(err)
		}
		for i := range n {
			if err := w.Write(row(i)); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	write("contacts", loadtest.ContactColumns, loadtest.ContactRow)
	write("contact_members", loadtest.Texts("profile_key", "contact_key"),
		func(i int) run.Row { k := loadtest.ContactRow(i)[0]; return run.Row{k, k} })
}

// BenchmarkContacts loads new contacts, then makes a second pass over them that writes nothing.
func BenchmarkContacts(b *testing.B) {
	n := benchSize(20_000)
	for range b.N {
		dir := emptyRun(b)
		manyContacts(b, dir, n)
		url := startTwinProcess(b)
		b.Run("new", func(b *testing.B) { loadProcess(b, dir, url).report(b, n) })
		b.Run("unchanged", func(b *testing.B) {
			m := loadProcess(b, dir, url)
			if m.Writes != 0 {
				b.Errorf("%d calls that write", m.Writes)
			}
			m.report(b, n)
		})
	}
}

func emptyRun(b *testing.B) run.Dir {
	b.Helper()
	dir, err := run.OpenProject(b.TempDir()).NewRun(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	if err := dir.Mark("transform", run.Stage{}); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkTasks loads new tasks for contacts that are there.
func BenchmarkTasks(b *testing.B) {
	n, people := benchSize(20_000), 1000
	for range b.N {
		dir := emptyRun(b)
		manyContacts(b, dir, people)
		url := startTwinProcess(b)
		loadProcess(b, dir, url)
		(&loadtest.Bench{T: b, Dir: dir}).Tasks(n, people)
		loadProcess(b, dir, url).report(b, n)
		if _, err := os.Stat(filepath.Join(dir.LoadedRoot("twin"), "outcomes.parquet")); err != nil {
			b.Error(err)
		}
	}
}
