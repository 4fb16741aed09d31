package main

import (
	"os"
	"path/filepath"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/load/freshsales/twin"
)

// After a file of which nothing could land, everything is built and shown, and nothing is sent unless somebody says so.
func TestNothingIsSentDespiteDoubts(t *testing.T) {
	long.Only(t)
	p := newProject(t, map[string]string{"user_profiles.csv": goodProfiles,
		"events.csv": "event_id,event,user_id\n1,visit,u1,2024-02-01 10:00:00\n2,visit,u2,2024-02-01 11:00:00\n" +
			"3,visit,u3,2024-02-01 12:00:00\n4,buy,u1,2024-02-02 10:00:00\n"})
	tw := p.sandbox(twin.Config{}, "enterprise")
	config, err := os.ReadFile(filepath.Join(p.dir, "ferry.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p.write("ferry.yaml", string(config)+"load:\n  acknowledged: [missing_fields]\n")
	why := "none of its records could land; the header names 3 columns and most rows have 4 cells"
	p.expect(run.ExitRows, []string{"events.csv", why, "next: ferry transform"}, "extract")
	p.expect(run.ExitRows, []string{"events.csv", why, "nothing was sent", "--despite-doubts"},
		"run", "--target", "sandbox")
	if n := tw.Counts()["contacts"]; n != 0 {
		t.Fatalf("%d contacts were sent", n)
	}
	p.expect(run.ExitDone, []string{"look at   events.csv"}, "run", "--target", "sandbox", "--despite-doubts")
	if n := tw.Counts()["contacts"]; n != 3 {
		t.Fatalf("%d contacts were sent, want 3", n)
	}
}
