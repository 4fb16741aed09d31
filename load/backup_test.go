package load

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/backup"
	"ferry/load/freshsales/twin"
)

// knownAccount has 12 contacts of which a load will change three.
func knownAccount(t *testing.T) *bench {
	b := newBench(t, quick())
	for i := range 12 {
		call(t, b.url, "POST", "/contacts", fmt.Sprintf(
			`{"contact":{"emails":"c%06d@example.com","first_name":"Before","job_title":"=1+1","mobile_number":"+35385%07d"}}`,
			100+i, i))
	}
	for i := range 3 {
		call(t, b.url, "POST", "/contacts", fmt.Sprintf(
			`{"contact":{"emails":"c%06d@example.com","first_name":"Before","job_title":"=1+1"}}`, i))
	}
	b.contacts(6)
	return b
}

func (b *bench) copy(all, costOnly bool) (backup.Result, error) {
	return backup.Run(context.Background(), b.dir, backup.Options{Options: b.options(), All: all, CostOnly: costOnly,
		Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
}

// TestACopyHoldsWhatTheLoadWillTouch: a call for each record that is there and will change, none for others; with
// the values as they stood, which no spreadsheet takes for a formula.
func TestACopyHoldsWhatTheLoadWillTouch(t *testing.T) {
	b := knownAccount(t)
	if _, err := b.copy(false, true); err == nil || !strings.Contains(err.Error(), "ferry plan") {
		t.Fatalf("a copy without a plan: %v", err)
	}
	if _, err := Plan(context.Background(), b.dir, b.runOptions().PlanOptions); err != nil {
		t.Fatal(err)
	}
	said, err := b.copy(false, true)
	if err != nil || said.Calls != 0 || said.Estimate.Total != 3 || said.Wanted["contacts"] != 3 {
		t.Fatalf("the cost of a copy: %+v %v", said, err)
	}
	if _, err := os.Stat(b.project.Target("twin").Backups()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("saying what a copy costs wrote something", err)
	}
	b.twin.ResetCalls()
	r, err := b.copy(false, false)
	if err != nil || !r.IsDone || r.Calls != 3 || r.Copy.Records["contacts"] != 3 {
		t.Fatalf("%+v %v", r, err)
	}
	if n := b.twin.WriteCalls(); n != 0 {
		t.Errorf("a copy made %d writing calls", n)
	}
	text := read(t, filepath.Join(r.Folder, "contacts.csv"))
	if n := strings.Count(text, "'=1+1"); n != 3 || strings.Contains(text, ",=1+1") {
		t.Errorf("%d of 3 formulas are harmless:\n%s", n, text)
	}
	rows, err := run.RowsOf(filepath.Join(r.Folder, "contacts.parquet"))
	if err != nil || len(rows) != 3 || rows[0].Text("job_title") != "=1+1" || rows[0].Text("id") == "" {
		t.Errorf("Parquet holds %d rows, %v", len(rows), err)
	}
	copies, err := Copies(b.project.Target("twin"))
	if err != nil || len(copies) != 1 || copies[0].Digest != r.Copy.Digest {
		t.Fatalf("copies: %+v %v", copies, err)
	}
	if lacks, err := NotCopied(b.project.Target("twin"), b.dir, copies); err != nil || len(lacks) > 0 {
		t.Errorf("the copy lacks %v %v", lacks, err)
	}
	if lacks, err := NotCopied(b.project.Target("twin"), b.dir, nil); err != nil || lacks["contacts"] != 3 {
		t.Errorf("without a copy the load changes %v %v", lacks, err)
	}
	b.beforeImages(r)
}

// beforeImages: after the load, what it kept before it changed a record is part of the next copy.
func (b *bench) beforeImages(first backup.Result) {
	b.t.Helper()
	if _, err := Run(context.Background(), b.dir, b.runOptions()); err != nil {
		b.t.Fatal(err)
	}
	r, err := b.copy(true, false)
	if err != nil || r.Copy.Images != 3 || r.Folder == first.Folder {
		b.t.Fatalf("%+v %v", r, err)
	}
	if text := read(b.t, filepath.Join(r.Folder, "before_images.csv")); !strings.Contains(text, "Before") {
		b.t.Errorf("the before-images are not in the copy:\n%s", text)
	}
}

// TestACopyOfEverythingGoesOnWhereItStopped: no record is read twice, and one that is gone meanwhile is said.
func TestACopyOfEverythingGoesOnWhereItStopped(t *testing.T) {
	b := knownAccount(t)
	said, err := b.copy(true, true)
	if err != nil || said.Wanted["contacts"] != 15 {
		t.Fatalf("%+v %v", said, err)
	}
	if err := b.twin.SetFaults(1, twin.Fault{Kind: "401", On: "contacts.get", Rate: 0.3, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.copy(true, false); err == nil {
		t.Fatal("a copy whose key was refused ended well")
	}
	if err := b.twin.SetFaults(1); err != nil {
		t.Fatal(err)
	}
	b.twin.ResetCalls()
	r, err := b.copy(true, false)
	if err != nil || r.Copy.Records["contacts"] != 15 {
		t.Fatalf("%+v %v", r, err)
	}
	if reads := b.twin.Calls()["contacts.get"].Calls; reads == 0 || reads >= 15 {
		t.Errorf("%d of 15 records were read after the stop", reads)
	}
	entries, err := os.ReadDir(b.project.Target("twin").Backups())
	if err != nil || len(entries) != 1 {
		t.Errorf("%d folders, %v", len(entries), err)
	}
}

// copiedAll is what a copy of everything holds, wherever it was stopped.
func (b *bench) copiedAll() string {
	copies, err := Copies(b.project.Target("twin"))
	if err != nil {
		b.t.Error(err)
	}
	text := ""
	for _, c := range copies {
		text += fmt.Sprint(c.Kind, c.Records, c.Gone, c.Images, len(c.Files), "\n")
		if _, err := os.Stat(filepath.Join(c.Folder, "unfinished")); err == nil && c.Records["contacts"] == 0 {
			text += "unfinished\n"
		}
		rows, err := run.RowsOf(filepath.Join(c.Folder, "contacts.parquet"))
		if err != nil {
			b.t.Error(err)
		}
		var lines []string
		for _, r := range rows {
			lines = append(lines, r.Text("email")+" "+r.Text("first_name")+" "+r.Text("last_name")+"\n")
		}
		slices.Sort(lines)
		text += strings.Join(lines, "")
	}
	return text
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
