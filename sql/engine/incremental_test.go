package engine

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql/model"
	"ferry/sql/sqltest"
)

// The property tests of this package draw the same few values every time; -rapid.seed and -rapid.checks ask for
// others and for more.
func init() {
	for name, value := range map[string]string{"rapid.seed": "1", "rapid.checks": long.Or("2", "10")} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// edit changes one thing, as an analyst or a new export would.
func edit(h *sqltest.House, t *rapid.T) string {
	kind := rapid.SampledFrom([]string{"text", "setting", "row", "comment", "nothing", "check"}).Draw(t, "kind")
	n := rapid.IntRange(0, 3).Draw(t, "n")
	switch kind {
	case "text":
		path := rapid.SampledFrom([]string{"1_staging/profiles.sql", "2_matching/people.sql", "4_engagement/scores.sql",
			"5_freshsales/contacts.sql"}).Draw(t, "path")
		base := strings.TrimSuffix(sqltest.NewHouse().Texts[path], ";\n")
		h.Texts[path] = base + fmt.Sprintf(" where length(email) > %d;\n", n)
	case "setting":
		h.Texts["0_settings/options.csv"] = fmt.Sprintf("name,value\nsuffix,%d\n", n)
	case "row":
		h.Rows = append(h.Rows, fmt.Sprintf("p%d@long%d.example", len(h.Rows), n))
	case "comment":
		h.Texts["1_staging/profiles.sql"] += fmt.Sprintf("-- why %d\n", n)
	case "check":
		h.Texts["6_checks/short.sql"] = strings.Replace(sqltest.NewHouse().Texts["6_checks/short.sql"], "< 8",
			fmt.Sprintf("< %d", 5+n), 1)
	}
	return kind
}

// houseOptions are those of a house whose program never changes.
func houseOptions(h *sqltest.House) Options {
	o := options(h.Files())
	o.Program, o.Rehearsed = func() string { return "one" }, true
	return o
}

// contents are all tables of a run as text.
func contents(t *testing.T, dir run.Dir) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	found, _ := filepath.Glob(dir.Model("*", "*"))
	for _, path := range found {
		table := filepath.Base(filepath.Dir(path)) + "." + filepath.Base(path)
		if strings.HasPrefix(table, "settings.run") {
			continue // names the run
		}
		all[table] = []string{}
		err := run.ReadTable(path, func(_ []run.Column, row run.Row) error {
			all[table] = append(all[table], fmt.Sprint(row...))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestBuildingWhatChangedIsBuildingEverything makes random edits and builds twice after each: what changed, on the
// tables of the run before, and everything in a project of its own.
func TestBuildingWhatChangedIsBuildingEverything(t *testing.T) {
	reused := 0
	rapid.Check(t, func(r *rapid.T) {
		h := sqltest.NewHouse()
		project := run.OpenProject(t.TempDir())
		now := sqltest.Clock()
		dir, edits := (*run.Dir)(nil), rapid.IntRange(1, 4).Draw(r, "edits")
		for i := 0; i <= edits; i++ {
			if i > 0 {
				edit(h, r)
			}
			if dir == nil || rapid.Bool().Draw(r, "a new run") {
				now = now.Add(time.Hour)
				made, err := project.NewRun(now)
				if err != nil {
					t.Fatal(err)
				}
				dir = &made
			}
			build := func(d run.Dir, everything bool) Result {
				h.Land(t, d)
				if err := d.Mark("extract", run.Stage{Output: "landed"}); err != nil {
					t.Fatal(err)
				}
				o := houseOptions(h)
				o.Everything = everything
				res, err := Run(context.Background(), d, o)
				if err != nil {
					t.Fatal(err)
				}
				return res
			}
			reused += build(*dir, false).Reused
			fresh := sqltest.NewRun(t)
			build(fresh, true)
			if diff := cmp.Diff(contents(t, fresh), contents(t, *dir)); diff != "" {
				t.Fatalf("after edit %d (-everything +what changed):\n%s", i, diff)
			}
		}
	})
	if reused == 0 {
		t.Error("nothing was ever taken from a build before, so this test shows nothing")
	}
}

func TestOnlyWhatHangsOnAnEditIsBuiltAgain(t *testing.T) {
	h := sqltest.NewHouse()
	dir := sqltest.NewRun(t)
	h.Land(t, dir)
	build := func(o Options) map[string]bool {
		t.Helper()
		r, err := Run(context.Background(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		anew := map[string]bool{}
		for _, b := range r.Built {
			if !b.Reused {
				anew[b.Model] = true
			}
		}
		return anew
	}
	if got := build(houseOptions(h)); len(got) != 6 {
		t.Errorf("the first build made %v", got)
	}
	if got := build(houseOptions(h)); len(got) != 0 {
		t.Errorf("nothing changed, yet these were built: %v", got)
	}
	h.Texts["4_engagement/scores.sql"] = strings.Replace(h.Texts["4_engagement/scores.sql"], "length(email)",
		"1 + length(email)", 1)
	// contacts reads scores, but not the column that changed: its file comes out the same, so the check is left alone
	want := map[string]bool{"engagement.scores": true, "freshsales.contacts": true}
	if diff := cmp.Diff(want, build(houseOptions(h))); diff != "" {
		t.Error(diff)
	}
	all := houseOptions(h)
	all.Everything = true
	if got := build(all); len(got) != 6 {
		t.Errorf("everything was asked for, and %v built", got)
	}
	other := houseOptions(h)
	other.Program = func() string { return "another" }
	if got := build(other); len(got) != 6 {
		t.Errorf("another program, and only %v built", got)
	}
	path := dir.Model("staging", "profiles")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := build(other); !got["staging.profiles"] {
		t.Errorf("a damaged file was taken for the table: %v", got)
	}
}

func TestAPlusAsksForWhatHangsOnATable(t *testing.T) {
	h := sqltest.NewHouse()
	p, err := model.Parse(houseOptions(h).Room())
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{
		"engagement.scores":  "matching.people staging.options staging.profiles engagement.scores",
		"+engagement.scores": "matching.people staging.options staging.profiles engagement.scores",
		"staging.options+": "matching.people staging.options staging.profiles engagement.scores " +
			"freshsales.contacts checks.short",
	} {
		some, err := p.Limited([]string{said})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, m := range some.Models {
			got[m.Qualified()] = true
		}
		expected := map[string]bool{}
		for _, w := range strings.Fields(want) {
			expected[w] = true
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s: %s", said, diff)
		}
	}
	if _, err := p.Limited([]string{"engagement.score+"}); err == nil ||
		!strings.Contains(err.Error(), "engagement.scores") {
		t.Error(err)
	}
}
