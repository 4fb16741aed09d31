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

	"ferry/internal/run"
)

// The property tests of this package draw the same few values every time; -rapid.seed and -rapid.checks ask for
// others and for more.
func init() {
	for name, value := range map[string]string{"rapid.seed": "1", "rapid.checks": "10"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// house is a project whose rules and rows change from build to build.
type house struct {
	texts map[string]string
	rows  []string // e-mail addresses
}

func newHouse() *house {
	return &house{rows: []string{"a@x.com", "b@x.com"}, texts: map[string]string{
		"0_settings/options.csv": "name,value\nsuffix,one\n",
		"1_staging/profiles.sql": "-- Profiles.\n-- one row per profile_key\nselect profile_id as profile_key, " +
			"lower(email) as email from landed.user_profiles;\n",
		"1_staging/options.sql": "-- Options.\n-- one row per name\nselect name, value from settings.options;\n",
		"2_matching/people.sql": "-- People.\n-- one row per person_key\n-- view\nselect profile_key as person_key, email " +
			"from staging.profiles;\n",
		"4_engagement/scores.sql": "-- Scores.\n-- one row per person_key\nselect person_key, length(email) as score, " +
			"(select value from staging.options where name = 'suffix') as suffix from matching.people;\n",
		"5_freshsales/contacts.sql": "-- Contacts.\n-- one row per contact_key\nselect person_key as contact_key, email, " +
			"suffix as job_title from matching.people " +
			"join engagement.scores using (person_key);\n",
		"6_checks/short.sql": "-- Short addresses.\n-- severity: note\n-- fix: ask\n-- decisions: accept\nselect " +
			"'contacts' as entity, contact_key as key, 'email' as field, " +
			"email as value, 'short' as reason, null as suggestion from freshsales.contacts where length(email) < 8;\n",
		"7_reports/counts.sql": "-- Counts.\n-- one row per rule\nselect rule, findings from checks.rules;\n",
	}}
}

// edit changes one thing, as an analyst or a new export would.
func (h *house) edit(t *rapid.T) string {
	kind := rapid.SampledFrom([]string{"text", "setting", "row", "comment", "nothing", "check"}).Draw(t, "kind")
	n := rapid.IntRange(0, 3).Draw(t, "n")
	switch kind {
	case "text":
		path := rapid.SampledFrom([]string{"1_staging/profiles.sql", "2_matching/people.sql", "4_engagement/scores.sql",
			"5_freshsales/contacts.sql"}).Draw(t, "path")
		base := strings.TrimSuffix(newHouse().texts[path], ";\n")
		h.texts[path] = base + fmt.Sprintf(" where length(email) > %d;\n", n)
	case "setting":
		h.texts["0_settings/options.csv"] = fmt.Sprintf("name,value\nsuffix,%d\n", n)
	case "row":
		h.rows = append(h.rows, fmt.Sprintf("p%d@long%d.example", len(h.rows), n))
	case "comment":
		h.texts["1_staging/profiles.sql"] += fmt.Sprintf("-- why %d\n", n)
	case "check":
		h.texts["6_checks/short.sql"] = strings.Replace(newHouse().texts["6_checks/short.sql"], "< 8",
			fmt.Sprintf("< %d", 5+n), 1)
	}
	return kind
}

func (h *house) options() Options {
	var pairs []string
	for path, text := range h.texts {
		pairs = append(pairs, path, text)
	}
	o := options(files(pairs...))
	o.Program, o.Rehearsed = func() string { return "one" }, true
	return o
}

// land writes the rows of the house as a landed table.
func (h *house) land(t *testing.T, dir run.Dir) {
	t.Helper()
	var rows [][]string
	for i, email := range h.rows {
		rows = append(rows, []string{fmt.Sprint(i), email})
	}
	land(t, dir, map[string]StoryTable{"landed.user_profiles": given("profile_id,email", rows...)})
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
		h := newHouse()
		project := run.OpenProject(t.TempDir())
		now := clock()
		dir, edits := (*run.Dir)(nil), rapid.IntRange(1, 4).Draw(r, "edits")
		for i := 0; i <= edits; i++ {
			if i > 0 {
				h.edit(r)
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
				h.land(t, d)
				if err := d.Mark("extract", run.Stage{Output: "landed"}); err != nil {
					t.Fatal(err)
				}
				o := h.options()
				o.Everything = everything
				res, err := Run(context.Background(), d, o)
				if err != nil {
					t.Fatal(err)
				}
				return res
			}
			reused += build(*dir, false).Reused
			fresh := newRun(t)
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
	h := newHouse()
	dir := newRun(t)
	h.land(t, dir)
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
	if got := build(h.options()); len(got) != 6 {
		t.Errorf("the first build made %v", got)
	}
	if got := build(h.options()); len(got) != 0 {
		t.Errorf("nothing changed, yet these were built: %v", got)
	}
	h.texts["4_engagement/scores.sql"] = strings.Replace(h.texts["4_engagement/scores.sql"], "length(email)",
		"1 + length(email)", 1)
	// contacts reads scores, but not the column that changed: its file comes out the same, so the check is left alone
	want := map[string]bool{"engagement.scores": true, "freshsales.contacts": true}
	if diff := cmp.Diff(want, build(h.options())); diff != "" {
		t.Error(diff)
	}
	all := h.options()
	all.Everything = true
	if got := build(all); len(got) != 6 {
		t.Errorf("everything was asked for, and %v built", got)
	}
	other := h.options()
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
	h := newHouse()
	p, err := readProject(h.options().Room())
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{
		"engagement.scores":  "matching.people staging.options staging.profiles engagement.scores",
		"+engagement.scores": "matching.people staging.options staging.profiles engagement.scores",
		"staging.options+": "matching.people staging.options staging.profiles engagement.scores " +
			"freshsales.contacts checks.short",
	} {
		some, err := p.limited([]string{said})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, m := range some.models {
			got[m.qualified()] = true
		}
		expected := map[string]bool{}
		for _, w := range strings.Fields(want) {
			expected[w] = true
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s: %s", said, diff)
		}
	}
	if _, err := p.limited([]string{"engagement.score+"}); err == nil ||
		!strings.Contains(err.Error(), "engagement.scores") {
		t.Error(err)
	}
}
