package speed

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/extract"
	"ferry/internal/run"
)

// What lands must be readable by the next stage's DuckDB, whatever was in the file.
func TestDuckDBReadsWhatLanded(t *testing.T) {
	p := run.OpenProject(t.TempDir())
	if err := os.MkdirAll(p.Exports(), 0o700); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("long ", 1<<18)
	bodies := []string{"plain", "nul\x00byte", "bad \xff\xfe bytes", "emoji 😀", "bell\a", long, "line\nbreak"}
	want := []string{"plain", "nulbyte", "bad ÿþ bytes", "emoji 😀", "bell\a", long, "line\nbreak"}
	text := "note_id,user_id,body,also unknown\n"
	for i, b := range bodies {
		text += fmt.Sprintf("%d,u,\"%s\",\"%s\"\n", i, b, b)
	}
	if err := os.WriteFile(filepath.Join(p.Exports(), "notes.csv"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	dir, err := p.NewRun(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := extract.Run(context.Background(), dir, extract.Options{Exports: p.Exports(), Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i, w := range want {
		var body, extra string
		q := fmt.Sprintf("select body, _extra->>'also unknown' from read_parquet('%s') where note_id = '%d'",
			filepath.Join(dir.Landed("notes"), "*.parquet"), i)
		if err := db.QueryRow(q).Scan(&body, &extra); err != nil {
			t.Errorf("%.40q: %v", w, err)
			continue
		}
		if body != w || extra != w {
			t.Errorf("%.40q came back as %.40q and %.40q", w, body, extra)
		}
	}
	for _, s := range extract.Tables() {
		var n int
		if err := db.QueryRow(fmt.Sprintf("select count(*) from read_parquet('%s')",
			filepath.Join(dir.Landed(s.Name), "*.parquet"))).Scan(&n); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}
