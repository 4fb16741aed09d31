package engine

import (
	"context"
	"fmt"
	"testing"

	"ferry/internal/run"
	"ferry/sql/sqltest"
)

// BenchmarkTransform builds four tables over 200,000 landed events with 512 MB: the
// price of the engine itself, whatever the shipped rules are.
//
//	go test ./sql/engine -run '^$' -bench Transform
func BenchmarkTransform(b *testing.B) {
	const rows = 200_000
	dir, err := run.OpenProject(b.TempDir()).NewRun(sqltest.Clock())
	if err != nil {
		b.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{}); err != nil {
		b.Fatal(err)
	}
	w, err := run.CreateTable(dir.Landed("events")+"/given.parquet", run.Texts("events", "event_id", "profile_id"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range rows {
		if err := w.Write(run.Row{fmt.Sprint(i), fmt.Sprint(i * 7919 % 20_000)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	o := options(sqltest.Files(
		"1_staging/events.sql",
		"-- E.\n-- one row per event_key\nselect event_id as event_key, profile_id as profile_key from landed.events\n",
		"4_engagement/counts.sql",
		"-- C.\n-- one row per profile_key\n-- parts: 4 by profile_key\nselect profile_key, count(*) as n from "+
			"staging.events group by all\n",
		"4_engagement/latest.sql",
		"-- L.\n-- one row per event_key\nselect event_key, profile_key from staging.events qualify row_number() over "+
			"(partition by profile_key order by event_key desc) <= 3\n",
		"5_freshsales/tasks.sql",
		"-- T.\n-- one row per task_key\nselect event_key as task_key, profile_key as contact_key from engagement.latest\n",
	))
	o.MemoryLimit, o.Threads = "512MB", 2
	for b.Loop() {
		if _, err := Run(context.Background(), dir, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "events/s")
}
