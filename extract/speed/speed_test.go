// Package speed compares landing with DuckDB's own COPY, in the same run, on the same machine:
//
//	FERRY_SPEED_MB=1024 go test ./extract/speed -run TestSpeed -v -count=1
//
// prints, for event CSV and profile NDJSON, seconds by the clock and by the processor, MB/s, memory, and
// the ratios; by the processor they hold on a busy machine too.
// Without the variable it only checks, on a few megabytes, that both land the same rows.
package speed

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"ferry/extract"
	"ferry/internal/run"
)

func TestSpeed(t *testing.T) {
	size, measured := int64(4<<20), false
	if mb, err := strconv.Atoi(os.Getenv("FERRY_SPEED_MB")); err == nil {
		size, measured = int64(mb)<<20, true
	}
	folder := t.TempDir()
	for _, c := range []struct {
		file, entity, reader string
		write                func(*bufio.Writer, *rand.Rand, int)
		header               string
		columns              string
		least                float64
	}{
		{"events.csv", "events", "read_csv('%s', all_varchar=true)", eventLine,
			"event_id,event,user_id,profile_id,timestamp,value\n",
			"event_id, event, user_id, profile_id, timestamp, value", 0.9},
		{"user_profiles.ndjson", "user_profiles", "read_json('%s', format='newline_delimited')", profileLine, "",
			"profile_id, user_id, email", 0.75},
	} {
		p := run.OpenProject(filepath.Join(folder, c.entity))
		path := filepath.Join(p.Exports(), c.file)
		bytes := generate(t, path, size, c.header, c.write)
		dir, err := p.NewRun(time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		var ours, theirs cost
		target := filepath.Join(folder, c.entity+".parquet")
		rounds := 1
		if measured {
			rounds = 3
		}
		for range rounds {
			ours = ours.better(measure(t, func() error {
				_, err := extract.Run(context.Background(), dir, extract.Options{Exports: p.Exports(), Now: time.Now})
				return err
			}))
			theirs = theirs.better(measure(t, func() error { return copyWithDuckDB(path, c.reader, target) }))
		}
		mb := float64(bytes) / 1e6
		ratio := theirs.wall.Seconds() / ours.wall.Seconds()
		t.Logf("%s, %.0f MB, %d cores", c.file, mb, runtime.GOMAXPROCS(0))
		t.Logf("  ferry  %6.2f s %5.0f MB/s, %6.2f s of processor, %4d MiB more at the most", ours.wall.Seconds(),
			mb/ours.wall.Seconds(), ours.cpu.Seconds(), ours.memory>>20)
		t.Logf("  DuckDB %6.2f s %5.0f MB/s, %6.2f s of processor, %4d MiB more at the most", theirs.wall.Seconds(),
			mb/theirs.wall.Seconds(), theirs.cpu.Seconds(), theirs.memory>>20)
		t.Logf("  ratio  %.2f by the clock, %.2f by the processor", ratio, theirs.cpu.Seconds()/ours.cpu.Seconds())
		if measured && ratio < c.least {
			t.Errorf("%s: the ratio is %.2f, must be %.2f", c.file, ratio, c.least)
		}
		sameRows(t, filepath.Join(dir.Landed(c.entity), "*.parquet"), target, c.columns)
	}
}

// cost is what one landing took.
type cost struct {
	wall, cpu time.Duration
	memory    int64
}

// better keeps the best of several rounds, as the machine may be shared, but the most memory.
func (c cost) better(d cost) cost {
	if c.wall == 0 {
		return d
	}
	return cost{min(c.wall, d.wall), min(c.cpu, d.cpu), max(c.memory, d.memory)}
}

func measure(t *testing.T, f func() error) cost {
	t.Helper()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forget the peak so far
	before, start, used := status("VmRSS:"), time.Now(), processor()
	if err := f(); err != nil {
		t.Fatal(err)
	}
	return cost{time.Since(start), processor() - used, status("VmHWM:") - before}
}

// processor is the time all cores have spent on this process.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func copyWithDuckDB(path, reader, target string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(fmt.Sprintf("copy (from "+reader+") to '%s' (format parquet, compression zstd)", path, target))
	return err
}

// sameRows checks that two sets of Parquet files hold the same rows in the named columns.
func sameRows(t *testing.T, a, b, columns string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		var n int64
		casts := strings.ReplaceAll(columns, ", ", "::varchar, ") + "::varchar"
		q := fmt.Sprintf("select count(*) from (select %s from read_parquet('%s') except all select %s "+
			"from read_parquet('%s'))", casts, pair[0], casts, pair[1])
		if err := db.QueryRow(q).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("%d rows of %s are not in %s", n, pair[0], pair[1])
		}
	}
}

// status reads a size of this process.
func status(name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// generate writes lines until a file has a size.
func generate(t *testing.T, path string, size int64, header string, line func(*bufio.Writer, *rand.Rand, int)) int64 {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(1, 1))
	_, _ = w.WriteString(header)
	var done int64
	for i := 0; done < size; i++ {
		line(w, r, i)
		if i%1000 == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			done = info.Size()
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

var eventNames = []string{"session_start", "purchase", "message_open", "customer/order/created",
	"page_view", "level_up"}

func eventLine(w *bufio.Writer, r *rand.Rand, i int) {
	user := r.IntN(2_000_000)
	fmt.Fprintf(w, "%08x%08x,%s,U%07d,%d,%s,\"{\"\"amount\"\":%d.%02d,\"\"sku\"\":\"\"A%d\"\"}\"\n", i, r.Uint32(),
		eventNames[r.IntN(len(eventNames))], user, 40_000_000+user,
		time.Unix(1_600_000_000+int64(r.IntN(100_000_000)), 0).UTC().Format("2006-01-02 15:04:05"), r.IntN(500),
		r.IntN(100), r.IntN(5000))
}

func profileLine(w *bufio.Writer, r *rand.Rand, i int) {
	fmt.Fprintf(w,
		`{"profile_id":"%d","user_id":"U%07d","email":"person%d@example.com","mobile_number":"3538%07d","first_name":"Name%d","last_name":"Surname%d","language":"en","timezone":"Europe/Dublin","country":"IE","email_subscription":%d,"sms_subscription":%d,"create_time":%d,"update_time":%d`,
		40_000_000+i, i, i, r.IntN(10_000_000), r.IntN(5000), r.IntN(20000), r.IntN(2), r.IntN(2), 1_600_000_000+i,
		1_650_000_000+r.IntN(50_000_000))
	for a := range 18 {
		switch a % 3 {
		case 0:
			fmt.Fprintf(w, `,"attribute_%d":"value %d"`, a, r.IntN(50))
		case 1:
			fmt.Fprintf(w, `,"attribute_%d":%d.%d`, a, r.IntN(1000), r.IntN(10))
		default:
			fmt.Fprintf(w, `,"attribute_%d":%t`, a, r.IntN(2) == 1)
		}
	}
	_, _ = w.WriteString("}\n")
}
