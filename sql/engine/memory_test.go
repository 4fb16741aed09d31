package engine

import (
	"context"
	"testing"

	"ferry/internal/run"
	"ferry/sql/sqltest"
)

func TestAmountsOfMemory(t *testing.T) {
	for text, want := range map[string]int64{"2GB": 2e9, "2 GiB": 2 << 30, "1500mb": 15e8, "0.5GiB": 1 << 29} {
		if got, err := MemoryBytes(text); err != nil || got != want {
			t.Errorf("%s is read as %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"2", "two GB", "2GBs", "-1GB", "10MB"} {
		if got, err := MemoryBytes(text); err == nil {
			t.Errorf("%s is read as %d", text, got)
		}
	}
	if got, err := MemoryBytes(""); err != nil || got < leastMemory {
		t.Errorf("without a setting it is %d, %v", got, err)
	}
}

// A model that finds no room is built in parts where it says by what, and gives the rows it would give whole.
func TestAModelWithoutRoomIsBuiltInParts(t *testing.T) {
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(20_000))
	// Lists that are gathered for a group stay in memory: DuckDB cannot put them on the disk.
	body := "select profile_key, len(list(email || repeat('x', 6000) || n)) as n from staging.profiles, " +
		"range(4) as t(n) group by all\n"
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/long.sql", "-- L.\n-- one row per profile_key\n-- parts: by profile_key\n"+body))
	o.MemoryLimit, o.Threads = "512MB", 1
	var told []string
	o.Events = func(e run.Event) {
		if e.Kind == run.Note {
			told = append(told, e.Text)
		}
	}
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	if len(told) == 0 {
		t.Error("it fitted at once: this test shows nothing")
	}
	n := 0
	err := run.ReadTable(dir.Model("matching", "long"), func(_ []run.Column, row run.Row) error {
		n++
		return nil
	})
	if err != nil || n != 20_000 {
		t.Error(n, err)
	}
}
