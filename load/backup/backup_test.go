package backup_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/backup"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
)

// knownAccount has 12 contacts of which a load will change three.
func knownAccount(t *testing.T) *loadtest.Bench {
	b := loadtest.NewBench(t, loadtest.Quick())
	for i := range 12 {
		loadtest.Call(t, b.URL, "POST", "/contacts", fmt.Sprintf(
			`{"contact":{"emails":"c%06d@example.com","first_name":"Before","job_title":"=1+1","mobile_number":"+35385%07d"}}`,
			100+i, i))
	}
	for i := range 3 {
		loadtest.Call(t, b.URL, "POST", "/contacts", fmt.Sprintf(
			`{"contact":{"emails":"c%06d@example.com","first_name":"Before","job_title":"=1+1"}}`, i))
	}
	b.Contacts(6)
	return b
}

// TestACopyHoldsWhatTheLoadWillTouch: a call for each record that is there and will change, none for others; with
// the values as they stood, which no spreadsheet takes for a formula.
func TestACopyHoldsWhatTheLoadWillTouch(t *testing.T) {
	b := knownAccount(t)
	if _, err := b.Copy(false, true); err == nil || !strings.Contains(err.Error(), "ferry plan") {
		t.Fatalf("a copy without a plan: %v", err)
	}
	if _, err := load.Plan(context.Background(), b.Dir, b.RunOptions().PlanOptions); err != nil {
		t.Fatal(err)
	}
	said, err := b.Copy(false, true)
	if err != nil || said.Calls != 0 || said.Estimate.Total != 3 || said.Wanted["contacts"] != 3 {
		t.Fatalf("the cost of a copy: %+v %v", said, err)
	}
	if _, err := os.Stat(b.Project.Target("twin").Backups()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("saying what a copy costs wrote something", err)
	}
	b.Twin.ResetCalls()
	r, err := b.Copy(false, false)
	if err != nil || !r.IsDone || r.Calls != 3 || r.Copy.Records["contacts"] != 3 {
		t.Fatalf("%+v %v", r, err)
	}
	if n := b.Twin.WriteCalls(); n != 0 {
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
	copies, err := load.Copies(b.Project.Target("twin"))
	if err != nil || len(copies) != 1 || copies[0].Digest != r.Copy.Digest {
		t.Fatalf("copies: %+v %v", copies, err)
	}
	if lacks, err := load.NotCopied(b.Project.Target("twin"), b.Dir, copies); err != nil || len(lacks) > 0 {
		t.Errorf("the copy lacks %v %v", lacks, err)
	}
	if lacks, err := load.NotCopied(b.Project.Target("twin"), b.Dir, nil); err != nil || lacks["contacts"] != 3 {
		t.Errorf("without a copy the load changes %v %v", lacks, err)
	}
	beforeImages(b, r)
}

// beforeImages: after the load, what it kept before it changed a record is part of the next copy.
func beforeImages(b *loadtest.Bench, first backup.Result) {
	b.T.Helper()
	if _, err := load.Run(context.Background(), b.Dir, b.RunOptions()); err != nil {
		b.T.Fatal(err)
	}
	r, err := b.Copy(true, false)
	if err != nil || r.Copy.Images != 3 || r.Folder == first.Folder {
		b.T.Fatalf("%+v %v", r, err)
	}
	if text := read(b.T, filepath.Join(r.Folder, "before_images.csv")); !strings.Contains(text, "Before") {
		b.T.Errorf("the before-images are not in the copy:\n%s", text)
	}
}

// TestACopyOfEverythingGoesOnWhereItStopped: no record is read twice, and one that is gone meanwhile is said.
func TestACopyOfEverythingGoesOnWhereItStopped(t *testing.T) {
	b := knownAccount(t)
	said, err := b.Copy(true, true)
	if err != nil || said.Wanted["contacts"] != 15 {
		t.Fatalf("%+v %v", said, err)
	}
	if err := b.Twin.SetFaults(1, twin.Fault{Kind: "401", On: "contacts.get", Rate: 0.3, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Copy(true, false); err == nil {
		t.Fatal("a copy whose key was refused ended well")
	}
	if err := b.Twin.SetFaults(1); err != nil {
		t.Fatal(err)
	}
	b.Twin.ResetCalls()
	r, err := b.Copy(true, false)
	if err != nil || r.Copy.Records["contacts"] != 15 {
		t.Fatalf("%+v %v", r, err)
	}
	if reads := b.Twin.Calls()["contacts.get"].Calls; reads == 0 || reads >= 15 {
		t.Errorf("%d of 15 records were read after the stop", reads)
	}
	entries, err := os.ReadDir(b.Project.Target("twin").Backups())
	if err != nil || len(entries) != 1 {
		t.Errorf("%d folders, %v", len(entries), err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
