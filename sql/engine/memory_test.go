package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql/sqltest"
)

// A model that finds no room is built in parts where it says by what, and gives the rows it would give whole.
func TestAModelWithoutRoomIsBuiltInParts(t *testing.T) {
	long.Only(t)
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

// Built step by step a model gives the rows it gives whole, and a mistake in a step is told at its line.
func TestAModelIsBuiltStepByStep(t *testing.T) {
	dir, ctx := sqltest.NewRun(t), context.Background()
	sqltest.Land(t, dir, sqltest.People(2000))
	body := "with\n\nshort as (\n    select profile_key, length(email) as n from staging.profiles\n),\n\n" +
		"longer as not materialized (\n    select *, sum(n) over () as whole from short\n)\n\nselect * from longer\n"
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/long.sql", "-- L.\n-- one row per profile_key\n"+body))
	if _, err := Run(ctx, dir, o); err != nil {
		t.Fatal(err)
	}
	p, e := opened(t, dir, o)
	m, file := p.Find("matching", "long"), dir.Model("matching", "long")
	whole, err := e.contentOf(ctx, file, false)
	if err != nil || os.Remove(file) != nil {
		t.Fatal(err)
	}
	steps, left := m.InSteps()
	if err := e.inSteps(ctx, m, steps, left, o); err != nil {
		t.Fatal(err)
	}
	if got, err := e.contentOf(ctx, file, false); err != nil || got != whole {
		t.Errorf("step by step: %s, whole: %s, %v", got, whole, err)
	}
	steps[1].Text = "select * from short where n = error('no')"
	if err := e.inSteps(ctx, m, steps, left, o); err == nil {
		t.Error("a step that cannot be built is passed over")
	}
}

// A model that may be cut is tried whole first, and cut from the start only as the build before came to need.
func TestPartsAreChosenBeforeABuild(t *testing.T) {
	dir := sqltest.NewRun(t)
	sqltest.Land(t, dir, sqltest.People(20))
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/long.sql", "-- L.\n-- one row per profile_key\n-- parts: by profile_key\n"+
			"select profile_key, email from staging.profiles\n"))
	p, e := opened(t, dir, o)
	m := p.Find("matching", "long")
	if n := e.partsFor(m); n != 0 {
		t.Errorf("never built: %d parts", n)
	}
	e.memory = &memory{before: map[string][]stored{"matching.long": {{Built: Built{Parts: 8}}}}}
	if n := e.partsFor(m); n != 8 {
		t.Errorf("the build before came to need 8 parts, this one takes %d", n)
	}
}

// A question beside a build leaves the scratch files of the build alone; a build clears those of one that was killed.
func TestScratchFilesBelongToOne(t *testing.T) {
	dir, o := sqltest.NewRun(t), options(sqltest.Small())
	ctx := context.Background()
	if _, err := Run(ctx, dir, o); err != nil {
		t.Fatal(err)
	}
	build, err := start(ctx, dir, builds, o)
	if err != nil {
		t.Fatal(err)
	}
	spilled := filepath.Join(build.Temp(), "spilled")
	if err := os.WriteFile(spilled, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	question, err := Open(ctx, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	question.Close()
	if _, err := os.Stat(spilled); err != nil {
		t.Errorf("a question took a build's scratch files away: %v", err)
	}
	if _, err := Run(ctx, dir, o); err != nil { // the other build is as good as killed
		t.Fatal(err)
	}
	if _, err := os.Stat(spilled); err == nil {
		t.Error("what a killed build left is still there")
	}
	build.Close()
	if _, err := os.Stat(dir.Temp()); err == nil {
		t.Error("scratch folders are left")
	}
}

// What was freed and kept is given back where the process holds more than it may, at most once a second.
func TestFreedMemoryIsGivenBackAboveTheCeiling(t *testing.T) {
	if resident() == 0 {
		t.Skip("this system does not tell what a process holds")
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	few, much := budget{all: 1}, budget{all: 1 << 50}
	if got := few.giveBack(time.Time{}, start); !got.Equal(start) {
		t.Errorf("above its ceiling: %v", got)
	}
	if got := few.giveBack(start, start.Add(giveBackEvery/2)); !got.Equal(start) {
		t.Errorf("twice within %v", giveBackEvery)
	}
	if got := much.giveBack(time.Time{}, start); !got.IsZero() {
		t.Errorf("below its ceiling: %v", got)
	}
}
