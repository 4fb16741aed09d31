package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"ferry/internal/run"
	"ferry/sql/sqltest"
)

// landedProfile is a row as the landing writes it: the time stands once in a file.
type landedProfile struct {
	ID     string `parquet:"profile_id"`
	Email  string `parquet:"email"`
	Extra  string `parquet:"_extra"`
	File   string `parquet:"_file,dict"`
	Record string `parquet:"_record"`
	Line   string `parquet:"_line"`
	At     string `parquet:"_landed_at,dict"`
}

// TestWhatLandsAgainAsItWasCostsNoBuild: of the time at which rows landed the shipped models use the order alone.
func TestWhatLandsAgainAsItWasCostsNoBuild(t *testing.T) {
	project := run.OpenProject(t.TempDir())
	h := sqltest.NewHouse()
	now := sqltest.Clock()
	// built lands one row in each of two files, at hours of their own, and says how many tables were made anew.
	built := func(o Options, first, second int, email string) (n int) {
		t.Helper()
		now = now.Add(time.Hour)
		dir, err := project.NewRun(now)
		if err != nil {
			t.Fatal(err)
		}
		folder := dir.Landed("user_profiles")
		if err := os.MkdirAll(folder, run.DirMode); err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]landedProfile{
			"part-0.parquet": {ID: "1", Email: "a@x.com", At: now.Add(time.Duration(first) * time.Hour).Format(time.RFC3339)},
			"part-1.parquet": {ID: "2", Email: email, At: now.Add(time.Duration(second) * time.Hour).Format(time.RFC3339)},
		} {
			if err := parquet.WriteFile(filepath.Join(folder, name), []landedProfile{p}); err != nil {
				t.Fatal(err)
			}
		}
		if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
			t.Fatal(err)
		}
		r, err := Run(context.Background(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range r.Built {
			if !b.Reused {
				n++
			}
		}
		return n
	}
	theirs := houseOptions(h)
	theirs.Analyst = sqltest.Files("1_staging/profiles.sql", h.Texts["1_staging/profiles.sql"])
	for _, c := range []struct {
		what          string
		options       Options
		first, second int
		email         string
		isBuilt       bool
	}{
		{"for the first time", houseOptions(h), 1, 2, "b@x.com", true},
		{"again, later", houseOptions(h), 5, 9, "b@x.com", false},
		{"the older file as the newer one", houseOptions(h), 2, 1, "b@x.com", true},
		{"with another value", houseOptions(h), 2, 1, "c@x.com", true},
		{"for a model of the analyst's own", theirs, 2, 1, "c@x.com", true},
		{"again for it", theirs, 4, 3, "c@x.com", true},
	} {
		if n := built(c.options, c.first, c.second, c.email); (n > 0) != c.isBuilt {
			t.Errorf("landed %s: %d tables were built", c.what, n)
		}
	}
}
