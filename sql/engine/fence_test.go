package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/sql/sqltest"
)

// Even when no text stands in the way, DuckDB itself keeps to the run folder.
func TestTheFenceHoldsWithoutTheTextCheck(t *testing.T) {
	project := t.TempDir()
	secret := filepath.Join(project, "secret.csv")
	if err := os.WriteFile(secret, []byte("top-secret,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := run.OpenProject(project).NewRun(sqltest.Clock())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Start(context.Background(), dir, options(sqltest.Small()))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, s := range []string{
		"select * from read_text('%o')", "select * from '%o'", "select * from glob('%o')",
		"select * from read_text('%r/../../secret.csv')",
		"copy (select 1) to '%o.out'", "attach '%o.db' as x", "set enable_external_access = true",
		"set global allowed_directories = ['/']",
		"reset lock_configuration", "set lock_configuration = false", "set temp_directory = '/tmp'", "install httpfs",
		"load httpfs", "export database '%o.dir'",
		"create secret (type http, bearer_token 'x')", "set threads = 64", "set memory_limit = '1TB'",
		"copy staging.x from '%o'", "pragma database_list; set threads = 3",
	} {
		s = strings.NewReplacer("%o", secret, "%r", dir.Root()).Replace(s)
		if err := e.exec(context.Background(), s); err == nil {
			t.Errorf("%s was done", s)
		}
	}
}

// A stop is answered at once, names the way on and leaves no mark.
func TestAStoppedRunIsNotMarked(t *testing.T) {
	o := options(sqltest.Files("1_staging/slow.sql",
		"-- Slow.\n-- one row per n\nselect count(*) as n from range(100000000) as a, range(10000) as b where "+
			"a.range % 7 = b.range % 11\n"))
	dir := sqltest.NewRun(t)
	ctx, cancel := context.WithCancel(context.Background())
	o.Events = func(e run.Event) {
		if e.Kind == run.Started {
			time.AfterFunc(50*time.Millisecond, cancel)
		}
	}
	started := time.Now()
	_, err := Run(ctx, dir, o)
	if run.ExitOf(err) != run.ExitInterrupted || !errors.Is(err, context.Canceled) {
		t.Errorf("exit %d: %v", run.ExitOf(err), err)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	if _, err := dir.Done(stage, ""); err == nil {
		t.Error("the run is marked")
	}
	if _, err := os.Stat(dir.Temp()); !errors.Is(err, os.ErrNotExist) {
		t.Error("scratch files are left")
	}
}

// Everything is private to the user.
func TestFilesArePrivate(t *testing.T) {
	dir := sqltest.NewRun(t)
	if _, err := Run(context.Background(), dir, options(sqltest.Small())); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir(dir.Root(), func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		n++
		if want := run.FileMode; !d.IsDir() && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o", p, info.Mode().Perm())
		}
		if d.IsDir() && info.Mode().Perm() != run.DirMode {
			t.Errorf("%s has mode %o", p, info.Mode().Perm())
		}
		return nil
	})
	if err != nil || n < 20 {
		t.Fatal(n, err)
	}
}
