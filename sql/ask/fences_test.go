package ask

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/sqltest"
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
	dir, err := run.OpenProject(project).NewRun(sqltest.Clock())
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{}); err != nil {
		t.Fatal(err)
	}
	o := rules(sqltest.Small())
	if _, err := engine.Run(context.Background(), dir, o); err != nil {
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
					o.Analyst = sqltest.Files("2_matching/out.sql", "-- Out.\n-- one row per content\n"+escape)
					err = engine.Check(context.Background(), o, "")
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
