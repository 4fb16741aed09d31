package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

// escapes are ways out of the run folder; %o is a file outside, %r the run folder, %u a web address.
var escapes = []string{
	"select * from read_text('%o')",
	"select * from read_blob('%o')",
	"select * from read_csv('%o')",
	"select * from read_json('%o')",
	"select * from read_parquet('%o')",
	"select * from '%o'",
	"select * from \"%o\"",
	"select 1, * from staging.profiles, '%o'",
	"select * from read_text('%r/../../../secret.csv')",
	"select * from read_text('file://%o')",
	"select * from read_text('/proc/self/environ')",
	"select * from READ_TEXT('%o')",
	"select * from \"read_text\"('%o')",
	"select * from main.read_text('%o')",
	"select * from system.main.read_text('%o')",
	"select * from /* x */ read_text /* y */ ('%o')",
	"select * from glob('%o')",
	"select * from sniff_csv('%o')",
	"select * from parquet_metadata('%o')",
	"select * from query('select * from read_text(''%o'')')",
	"select * from query('select * from ' || 'read_' || 'text(''%o'')')",
	"select * from query_table('%o')",
	"select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''%o'')'))",
	"select * from read_csv('%u/x.csv')",
	"select * from '%u/x.parquet'",
	"select getenv('HOME')",
	"select getenv('FERRY_TWIN_KEY')",
	"copy (select 1) to '%o.out'",
	"copy (select 1) to '%r/../../../secret.out'",
	"select 1) to '%o.out' (format csv); copy (select 1",
	"select 1; copy (select 1) to '%r/models/out.csv'",
	"copy (select 1) to '%r/models/out.csv'; select 1",
	"create table main.x as select 1; select 1",
	"attach '%o.db' as x; select 1",
	"attach '%o.db' as x",
	"set enable_external_access = true; select * from read_text('%o')",
	"set lock_configuration = false; select 1",
	"reset enable_external_access; select 1",
	"pragma enable_external_access; select 1",
	"install httpfs; select 1",
	"load httpfs; select 1",
	"load '%o'",
	"export database '%o.dir'",
	"import database '%o.dir'",
	"create secret (type s3, key_id 'x', secret 'y'); select 1",
	"call pragma_version()",
	"with x as (select * from read_text('%o')) select * from x",
	"select (select content from read_text('%o'))",
	"select * from staging.profiles where email in (select content from read_text('%o'))",
	"explain analyze select * from read_text('%o')",
	"describe select * from read_text('%o')",
	"summarize select * from read_text('%o')",
	"insert into staging.profiles values (1)",
	"drop view staging.profiles",
	"with x as (delete from staging.profiles returning *) select * from x",
	"prepare p as select 1; execute p",
}

func TestNothingOutsideTheRunIsReadOrWritten(t *testing.T) {
	requests := make(chan string, 100)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { requests <- r.URL.Path })}
	go func() { _ = web.Serve(l) }()
	defer web.Close()
	t.Setenv("FERRY_TWIN_KEY", "top-secret")

	project := t.TempDir()
	secret := filepath.Join(project, "secret.csv")
	if err := os.WriteFile(secret, []byte("top-secret,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := run.OpenProject(project).NewRun(clock())
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{}); err != nil {
		t.Fatal(err)
	}
	o := options(small())
	if _, err := Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	before := listing(t, project)
	for _, escape := range escapes {
		escape = strings.NewReplacer("%o", secret, "%r", dir.Root(), "%u", "http://"+l.Addr().String()).Replace(escape)
		for _, way := range []string{"query", "model"} {
			t.Run(way+" "+escape, func(t *testing.T) {
				var err error
				var answer Table
				if way == "query" {
					answer, err = Query(context.Background(), dir, escape, o)
				} else {
					o := o
					o.Analyst = files("2_matching/out.sql", "-- Out.\n-- one row per content\n"+escape)
					_, err = Test(context.Background(), nil, o, "")
				}
				if err == nil {
					t.Errorf("it was done: %s", answer)
				}
				var p *run.Problem
				if !errors.As(err, &p) {
					t.Errorf("%T is not a Problem: %v", err, err)
				}
				if strings.Contains(answer.String(), "top-secret") || err != nil && strings.Contains(err.Error(), "top-secret") {
					t.Error("the secret was told")
				}
			})
		}
	}
	if after := listing(t, project); after != before {
		t.Errorf("files changed from\n%s\nto\n%s", before, after)
	}
	select {
	case path := <-requests:
		t.Errorf("a web server was asked for %s", path)
	default:
	}
}

// Even when no text stands in the way, DuckDB itself keeps to the run folder.
func TestTheFenceHoldsWithoutTheTextCheck(t *testing.T) {
	project := t.TempDir()
	secret := filepath.Join(project, "secret.csv")
	if err := os.WriteFile(secret, []byte("top-secret,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := run.OpenProject(project).NewRun(clock())
	if err != nil {
		t.Fatal(err)
	}
	e, err := openEngine(context.Background(), dir, options(small()))
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
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
	o := options(files("1_staging/slow.sql",
		"-- Slow.\n-- one row per n\nselect count(*) as n from range(100000000) as a, range(10000) as b where "+
			"a.range % 7 = b.range % 11\n"))
	dir := newRun(t)
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
	dir := newRun(t)
	if _, err := Run(context.Background(), dir, options(small())); err != nil {
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

func listing(t *testing.T, root string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		b.WriteString(p + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
