package engine

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"

	"ferry/sql/model"
	"ferry/sql/sqltest"
)

// strangerFacts is a model whose rows another engine may bring.
const strangerFacts = "-- F.\n-- one row per event_key\nselect event_id as event_key, profile_id as profile_key, " +
	"now_at::timestamptz as happened_at, 1.5::double as amount, 1::bigint as n from landed.events, " +
	"(select timestamptz '2026-01-01 00:00:00+00' as now_at)\n"

func withGiven(g model.Given) Options {
	o := options(sqltest.Files("1_staging/facts.sql", strangerFacts,
		"4_engagement/sums.sql", "-- S.\n-- one row per profile_key\nselect profile_key, sum(amount) as amount, "+
			"sum(n) as n, "+
			"max(happened_at) as last_at from staging.facts group by all\n"))
	o.Given = map[string]model.Given{"staging.facts": g}
	return o
}

var moment = time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)

// int96 is how Spark wrote times for long: nanoseconds of the day, and the Julian day.
func int96(t time.Time) deprecated.Int96 {
	day := t.Unix()/86400 + 2440588
	nanos := uint64(t.Unix()%86400) * 1e9
	return deprecated.Int96{uint32(nanos), uint32(nanos >> 32), uint32(day)}
}

type plainRow struct {
	Key     string  `parquet:"event_key,dict"`
	Profile string  `parquet:"profile_key,dict"`
	At      int64   `parquet:"happened_at,timestamp(nanosecond)"`
	Amount  int64   `parquet:"amount,decimal(2:12)"`
	N       int32   `parquet:"n,optional"`
	Extra   float64 `parquet:"nobody_asked"`
}

type sparkRow struct {
	Key     string           `parquet:"event_key"`
	Profile string           `parquet:"profile_key,optional"`
	At      deprecated.Int96 `parquet:"happened_at"`
	Amount  float32          `parquet:"amount"`
	N       int64            `parquet:"n,delta"`
}

func writeRows[T any](t *testing.T, file string, rows []T, options ...pq.WriterOption) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := pq.WriteFile(file, rows, options...); err != nil {
		t.Fatal(err)
	}
}

// Files of other writers are read whatever their types, codecs, encodings and pages.
func TestTablesFromOtherWriters(t *testing.T) {
	plain := []plainRow{{"a", "p1", moment.UnixNano(), 150, 2, 1}, {"b", "p1", moment.UnixNano(), 250, 1, 1}}
	spark := []sparkRow{{"a", "p1", int96(moment), 1.5, 2}, {"b", "p1", int96(moment), 2.5, 1}}
	for i, codec := range []compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Gzip, &pq.Brotli, &pq.Lz4Raw, &pq.Zstd} {
		version := 1 + i%2
		t.Run(fmt.Sprintf("%s, pages v%d", codec, version), func(t *testing.T) {
			folder := t.TempDir()
			options := []pq.WriterOption{pq.Compression(codec), pq.DataPageVersion(version)}
			if i < 3 {
				writeRows(t, filepath.Join(folder, "a.parquet"), plain, options...)
			} else {
				writeRows(t, filepath.Join(folder, "part-0000.parquet"), spark, options...)
				writeRows(t, filepath.Join(folder, "_SUCCESS"), spark[:0])
			}
			holdsTheTwoRows(t, model.Given{Files: folder, Rows: 2})
		})
	}
}

func holdsTheTwoRows(t *testing.T, g model.Given) {
	t.Helper()
	dir := sqltest.NewRun(t)
	if _, err := Run(context.Background(), dir, withGiven(g)); err != nil {
		t.Fatal(err)
	}
	text := ask(t, dir, withGiven(g), "select * from engagement.sums")
	if text != "p1 4 3 2025-03-04T05:06:07Z" {
		t.Errorf("%s: \n%s", g.Files, text)
	}
}

// DuckDB's own partitioned files: a column that is only a folder's name.
func TestHivePartitionsAreColumns(t *testing.T) {
	folder := t.TempDir()
	db, err := stdsql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec(fmt.Sprintf(`copy (select * from (values ('a', 'p1', 1.5, 2), ('b', 'p1', 2.5, 1))
		as r (event_key, profile_key, amount, n), (select timestamptz '2025-03-04 05:06:07+00' as happened_at))
		to '%s' (format parquet, partition_by (n))`, filepath.Join(folder, "facts")))
	if err != nil {
		t.Fatal(err)
	}
	holdsTheTwoRows(t, model.Given{Files: filepath.Join(folder, "facts")})
	holdsTheTwoRows(t, model.Given{Files: filepath.Join(folder, "facts", "*", "*.parquet")})
}

// A key that is a folder's name keeps its noughts, and columns in capitals are the columns they name.
func TestPartitionsAndCapitalsOfWarehouses(t *testing.T) {
	type capitals struct {
		Key    string  `parquet:"EVENT_KEY"`
		At     string  `parquet:"HAPPENED_AT"`
		Amount float64 `parquet:"AMOUNT"`
		N      int64   `parquet:"N"`
	}
	folder := t.TempDir()
	writeRows(t, filepath.Join(folder, "profile_key=007", "x.parquet"), []capitals{{"a", "2025-03-04 05:06:07", 4, 3}})
	dir := sqltest.NewRun(t)
	if _, err := Run(context.Background(), dir, withGiven(model.Given{Files: folder})); err != nil {
		t.Fatal(err)
	}
	text := ask(t, dir, withGiven(model.Given{Files: folder}), "select * from engagement.sums")
	if text != "007 4 3 2025-03-04T05:06:07Z" {
		t.Error(text)
	}
}

// What another engine brings is held to what the model promises.
func TestATableFromOutsideIsHeldToItsPromise(t *testing.T) {
	type textRow struct {
		Key     string `parquet:"event_key"`
		Profile string `parquet:"profile_key"`
		At      string `parquet:"happened_at"`
		Amount  string `parquet:"amount"`
		N       string `parquet:"n"`
	}
	type fraction struct {
		Key     float64 `parquet:"event_key"`
		Profile string  `parquet:"profile_key"`
		At      string  `parquet:"happened_at"`
		Amount  string  `parquet:"amount"`
		N       float64 `parquet:"n"`
	}
	type short struct {
		Key string `parquet:"event_keys"`
	}
	good := textRow{"a", "p1", "2025-03-04 05:06:07", "1.5", "2"}
	with := func(change func(*textRow)) textRow { r := good; change(&r); return r }
	for _, c := range []struct {
		name  string
		write func(file string)
		rows  int64
		want  string
	}{
		{"a column is missing", func(f string) { writeRows(t, f, []short{{"a"}}) }, 0,
			`"amount" (double), "n" (bigint). Did you mean "event_keys"?`},
		{"a time is none", func(f string) { writeRows(t, f, []textRow{with(func(r *textRow) { r.At = "soon" })}) }, 0,
			`column "happened_at" holds 1 varchar that are no timestamp with time zone`},
		{"a key is there twice", func(f string) { writeRows(t, f, []textRow{good, good}) }, 0,
			`one row per event_key is promised, but 2 rows have only 1 different ones`},
		{"a key has a space", func(f string) { writeRows(t, f, []textRow{with(func(r *textRow) { r.Key = " a" })}) }, 0,
			`column "event_key" holds 1 keys that are empty or have spaces around them`},
		{"keys and counts have points", func(f string) { writeRows(t, f, []fraction{{1, "p", "2025-03-04", "1", 1.5}}) }, 0,
			`column "n" holds 1 numbers with a fraction where whole ones are promised`},
		{"a count as text has a point", func(f string) {
			writeRows(t, f, []textRow{with(func(r *textRow) { r.N = "1.5" })})
		}, 0, `column "n" holds 1 numbers with a fraction where whole ones are promised`},
		{"rows are lost", func(f string) { writeRows(t, f, []textRow{good}) }, 2,
			`there are 1 rows, and ferry.yaml says there must be 2`},
		{"it is no Parquet", func(f string) { _ = os.WriteFile(f, []byte("a,b\n"), 0o600) }, 0,
			`these files cannot be read as one table`},
		{"nothing is there", func(f string) {}, 0, `no Parquet file is there`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.parquet")
			c.write(file)
			_, err := Run(context.Background(), sqltest.NewRun(t), withGiven(model.Given{Files: file, Rows: c.rows}))
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(err.Error(), "source.tables: staging.facts") {
				t.Errorf("got %v\nwant a problem of source.tables saying %s", err, c.want)
			}
		})
	}
}

func TestOnlyModelsAreGivenFromOutside(t *testing.T) {
	for table, want := range map[string]string{
		"landed.events":  "landed tables come from exports",
		"staging.fatcs":  `Did you mean "staging.facts"?`,
		"checks.nothing": "there is no such table",
	} {
		o := withGiven(model.Given{})
		o.Given = map[string]model.Given{table: {Files: "x"}}
		if _, err := Run(context.Background(), sqltest.NewRun(t), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// Other content is another table; the manifest says where it came from.
func TestATableFromOutsideIsRememberedByContent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.parquet")
	writeRows(t, file, []plainRow{{"a", "p1", moment.UnixNano(), 150, 2, 1}})
	dir, o := sqltest.NewRun(t), withGiven(model.Given{Files: file})
	o.Program = func() string { return "the same program" }
	for i, reused := range []int{0, 2, 0} {
		if i == 2 {
			writeRows(t, file, []plainRow{{"a", "p2", moment.UnixNano(), 150, 2, 1}})
		}
		r, err := Run(context.Background(), dir, o)
		if err != nil || r.Reused != reused {
			t.Errorf("build %d took %d tables over, not %d (%v)", i, r.Reused, reused, err)
		}
	}
	m, err := dir.ReadManifest()
	if err != nil || !strings.Contains(fmt.Sprint(m.Stages[stage].Facts["given"]), "rows:1") {
		t.Error(err, m.Stages[stage].Facts["given"])
	}
	if _, err := os.Stat(filepath.Join(dir.Temp(), "given")); err == nil {
		t.Error("the files are still linked into the run")
	}
}
