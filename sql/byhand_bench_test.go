package sql_test

import (
	"bufio"
	"context"
	stdsql "database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ferry/extract"
	"ferry/extract/xtremepush/sample"
	"ferry/internal/run"
	"ferry/sql"
	"ferry/sql/functions"
)

// BenchmarkByHand builds what is sent twice, by the engine and by hand: the same SELECTs, one after the other, in one
// bare DuckDB session with as much memory as it likes, tables in memory, no files in between, no check, no grain, no
// sum. The tables of matching, and those that call words in Go, are there already on both sides. It proves that the
// rows are equal and says how many times longer the engine takes (asked: at most 1.3), by the clock and by processor,
// and for how much of its time nothing was being built (asked: at most 0.1).
//
//	FERRY_HAND_N=50000 go test ./sql -run '^$' -bench ByHand -benchtime 1x -timeout 1h
func BenchmarkByHand(b *testing.B) {
	n := 2000
	if text := os.Getenv("FERRY_HAND_N"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	dir := landWhole(b, n)
	o := shippedOptions()
	o.Threads, o.Program = 0, func() string { return "one" }
	all, err := sql.ShowAll(o)
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range all {
		if strings.HasPrefix(t.Table, "freshsales.") {
			o.Only = append(o.Only, t.Table)
		}
	}
	needed, taken := neededFor(all, o.Only)
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		forgetBuilt(b, dir, taken)
		var idle idleTime
		o.Events = idle.see
		engine := timed(func() {
			if _, err := sql.Run(context.Background(), dir, o); err != nil {
				b.Fatal(err)
			}
		})
		db, err := stdsql.Open("duckdb", "")
		if err != nil {
			b.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		hand := timed(func() { buildByHand(b, db, dir, needed, taken) })
		sameRows(b, db, dir, o.Only)
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(engine.wall/hand.wall, "engine/hand")
		b.ReportMetric(engine.cpu/hand.cpu, "engine/hand-cpu")
		b.ReportMetric(engine.wall, "engine-s")
		b.ReportMetric(hand.wall, "hand-s")
		b.ReportMetric(idle.share(engine.wall), "idle")
	}
	b.ReportMetric(0, "ns/op") // says nothing that these do not
}

// landWhole lands an export with five interactions and twenty-five events for each profile.
func landWhole(b *testing.B, profiles int) run.Dir {
	b.Helper()
	p := run.OpenProject(b.TempDir())
	if err := sample.Write(p.Exports(), sample.Options{Seed: 1, Profiles: profiles, Events: 25 * profiles,
		Interactions: 5 * profiles}); err != nil {
		b.Fatal(err)
	}
	now := func() time.Time { return time.Unix(0, 0) }
	dir, err := p.NewRun(now())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := extract.Run(context.Background(), dir, extract.Options{Exports: p.Exports(), Now: now}); err != nil {
		b.Fatal(err)
	}
	return dir
}

// neededFor gives the tables that some tables need, in building order, and which of them are taken as they are.
func neededFor(all []sql.Shown, wanted []string) (needed []sql.Shown, taken map[string]bool) {
	need := map[string]bool{}
	for _, w := range wanted {
		need[w] = true
	}
	taken = map[string]bool{}
	for _, t := range slices.Backward(all) { // what is read stands before its reader
		if !need[t.Table] || t.Kind == "list" {
			continue
		}
		needed = append(needed, t)
		callsGo := slices.ContainsFunc(functions.Names(), func(f string) bool { return strings.Contains(t.Text, f+"(") })
		if taken[t.Table] = strings.HasPrefix(t.Table, "matching.") || callsGo; t.Kind == "view" {
			taken[t.Table] = false
		}
		for _, r := range t.Reads {
			need[r] = true
		}
	}
	slices.Reverse(needed)
	return needed, taken
}

// forgetBuilt leaves only the tables that are taken, in the record of what was built and on the disk: all others are
// built as they are the first time, when there is no older file to hold their rows against.
func forgetBuilt(b *testing.B, dir run.Dir, taken map[string]bool) {
	b.Helper()
	text, err := os.ReadFile(dir.Built())
	if err != nil {
		b.Fatal(err)
	}
	var kept strings.Builder
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	for lines.Scan() {
		var t sql.Built
		switch {
		case json.Unmarshal(lines.Bytes(), &t) != nil:
		case taken[t.Model]:
			kept.WriteString(lines.Text() + "\n")
		default:
			schema, name, _ := strings.Cut(t.Model, ".")
			if err := os.Remove(dir.Model(schema, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				b.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(dir.Built(), []byte(kept.String()), run.FileMode); err != nil {
		b.Fatal(err)
	}
}

type took struct{ wall, cpu float64 }

func timed(work func()) took {
	cpu := func() float64 {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
	}
	began, used := time.Now(), cpu()
	work()
	return took{time.Since(began).Seconds(), cpu() - used}
}

// idleTime adds up for how long nothing was being built.
type idleTime struct {
	mutex   sync.Mutex
	running int
	busy    time.Duration
	since   time.Time
}

func (i *idleTime) see(e run.Event) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	switch e.Kind {
	case run.Started:
		if i.running++; i.running == 1 {
			i.since = time.Now()
		}
	case run.Progress:
		if i.running--; i.running == 0 {
			i.busy += time.Since(i.since)
		}
	}
}

func (i *idleTime) share(wall float64) float64 { return 1 - i.busy.Seconds()/wall }

// buildByHand runs the texts as tables in memory, and writes what is sent.
func buildByHand(b *testing.B, db *stdsql.DB, dir run.Dir, needed []sql.Shown, taken map[string]bool) {
	b.Helper()
	do := func(what, statement string) {
		if _, err := db.Exec(statement); err != nil {
			b.Fatalf("%s: %v", what, err)
		}
	}
	opening, err := os.ReadFile(dir.OpenSQL())
	if err != nil {
		b.Fatal(err)
	}
	do("open.sql", strings.ReplaceAll(strings.ReplaceAll(string(opening), "'models/", "'"+dir.Root()+"/models/"),
		"'landed/", "'"+dir.Root()+"/landed/"))
	do("settings", "set TimeZone = 'UTC'; set preserve_insertion_order = false")
	for _, t := range needed {
		if taken[t.Table] {
			continue
		}
		kind := "table"
		if t.Kind == "view" {
			kind = "view"
		}
		do(t.Table, fmt.Sprintf("drop view if exists %[1]s; create %[2]s %[1]s as %[3]s", t.Table, kind,
			strings.TrimRight(strings.TrimSpace(t.Text), ";")))
		if entity, isSent := strings.CutPrefix(t.Table, "freshsales."); isSent {
			do(t.Table, fmt.Sprintf("copy (select * from %s order by %s) to '%s' (format parquet, compression zstd)",
				t.Table, strings.Join(t.Grain, ", "), filepath.Join(b.TempDir(), entity+".parquet")))
		}
	}
}

// sameRows fails where a table built by hand and one built by the engine differ.
func sameRows(b *testing.B, db *stdsql.DB, dir run.Dir, tables []string) {
	b.Helper()
	for _, t := range tables {
		schema, name, _ := strings.Cut(t, ".")
		file := "read_parquet('" + dir.Model(schema, name) + "')"
		var rows, more, less int64
		err := db.QueryRow(fmt.Sprintf("select (select count(*) from %[1]s), (select count(*) from (from %[1]s except all "+
			"from %[2]s)), (select count(*) from (from %[2]s except all from %[1]s))", t, file)).Scan(&rows, &more, &less)
		if err != nil || more+less > 0 {
			b.Errorf("%s: of %d rows built by hand %d are not the engine's, and %d of its are not there; %v", t, rows,
				more, less, err)
		}
	}
}
