package sql_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ferry/extract"
	"ferry/internal/long"
	"ferry/load"
	"ferry/sql"
)

// shippedOptions are the options for the SQL that is shipped, with the real landed tables.
func shippedOptions() sql.Options {
	return sql.Options{
		Landed:  append(extract.Tables(), extract.RejectsTable(), extract.RepairsTable(), extract.SourcesTable()),
		Loaded:  load.Tables(),
		Scope:   map[string]string{},
		RunInfo: map[string]string{"version": "test"},
		Target:  "twin",
		Threads: 1,
		Now:     func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

// TestShippedStories rehearses everything that is shipped on empty tables, and tells the stories of testdata/stories
// with it: in the ordinary run those that promise something about consent, with -run Stories/PART those whose name has
// the part, and with FERRY_LONG=1 all.
func TestShippedStories(t *testing.T) {
	t.Parallel()
	wanted := wantedStories{os.DirFS(filepath.Join("..", "testdata", "stories")), map[string]bool{}}
	stories, err := sql.ReadStories(wanted.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stories {
		wanted.told[s.Name] = long.Asked || s.Promise() == "consent"
	}
	results, err := sql.Test(context.Background(), wanted, shippedOptions(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Run(r.Name, func(t *testing.T) {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			if r.Diff != "" {
				t.Error("\n" + r.Diff)
			}
		})
	}
}

// wantedStories are the stories that -run names behind its slash, or else those that are told in the run that was asked
// for.
type wantedStories struct {
	fs.FS
	told map[string]bool
}

func (w wantedStories) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	_, wanted, some := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	if name != "." || err != nil {
		return entries, err
	}
	pattern, err := regexp.Compile(wanted)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		if some {
			return pattern != nil && !pattern.MatchString(e.Name())
		}
		return !w.told[e.Name()]
	}), err
}

// TestTheReadmesCheckIsOne keeps the example of the README working with the SQL that is shipped.
func TestTheReadmesCheckIsOne(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(readme), "```sql\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(block, "-- severity:") {
			continue
		}
		o := shippedOptions()
		o.Analyst = fstest.MapFS{"6_checks/from_the_readme.sql": {Data: []byte(block)}}
		if _, err := sql.Test(context.Background(), nil, o, "checks.from_the_readme"); err != nil {
			t.Error(err)
		}
		return
	}
	t.Error("the README shows no check")
}

// TestShippedFilesAreRead: every shipped file keeps the laws that an analyst's file is held to.
func TestShippedFilesAreRead(t *testing.T) {
	if _, err := sql.List(shippedOptions()); err != nil {
		t.Fatal(err)
	}
}
