package ask

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

func told(t *testing.T, o engine.Options, csv ...string) []StoryResult {
	t.Helper()
	results, err := Test(context.Background(), sqltest.Files(csv...), o, "")
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// The difference shows rows as they stand in the story's files, missing ones and surplus ones.
func TestADifferenceIsShownAsRows(t *testing.T) {
	got := told(t, rules(sqltest.Small()),
		"a/given/user_profiles.csv", "profile_id,email\n1,A@x.com\n2,\n3,<empty>\n",
		"a/expect/freshsales.contacts.csv", "contact_key,email\n1,A@x.com\n2,\n3,\n",
		"b/given/user_profiles.csv", "profile_id,email\n1,A@x.com\n",
		"b/expect/freshsales.contacts.csv", "email\na@x.com\n",
		"b/expect/staging.profiles.csv", "profile_key,email\n1,a@x.com\n",
		"c/expect/freshsales.contacts.csv", "email\n",
	)
	want := []StoryResult{
		{Name: "a",
			Diff: "freshsales.contacts   (- expected, + built)\n    contact_key,email\n  - 1,A@x.com\n  + 1,a@x.com\n  - 3,\n" +
				"  + 3,<empty>\n"},
		{Name: "b"},
		{Name: "c"},
	}
	for i, r := range got {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		if diff := cmp.Diff(want[i], r); diff != "" {
			t.Error(diff)
		}
	}
	if len(got) != len(want) {
		t.Error(got)
	}
}

// A table that is given is not built, has the types it would have had, and is gone for the next story.
func TestGivenTablesStandInForBuiltOnes(t *testing.T) {
	o := rules(sqltest.Files(
		"0_settings/options.csv", "name,value\na,1\nb,2\n", "0_settings/owners.csv", "who,where\nann,here\n",
		"1_staging/profiles.sql",
		"-- P.\n-- one row per profile_key\nselect profile_id as profile_key, length(email) as n, true as is_real, [email] "+
			"as list from landed.user_profiles\n",
		"2_matching/people.sql",
		"-- P.\n-- one row per profile_key\nselect profile_key, n + 1 as n, is_real, (select string_agg(name || value, ' ' "+
			"order by name) from settings.options) as options, (select any_value(who) from settings.owners) as who "+
			"from staging.profiles\n"))
	for _, r := range told(t, o,
		"1/given/staging.profiles.csv", "profile_key,n\n7,41\n",
		"1/given/settings.options.csv", "name,value\nb,3\n",
		"1/given/settings.owners.csv", "who\nbob\n",
		"1/expect/matching.people.csv", "profile_key,n,is_real,options,who\n7,42,,a1 b3,bob\n",
		"2/given/user_profiles.csv", "profile_id,email\n8,abc\n",
		"2/expect/matching.people.csv", "profile_key,n,is_real,options,who\n8,4,true,a1 b2,ann\n",
		"3/given/user_profiles.csv", "profile_id,email\n8,abc\n",
		"3/expect/staging.profiles.csv", "list\n[abc]\n",
	) {
		if !r.OK() {
			t.Error(r.Name, r.Diff, r.Err)
		}
	}
}

func TestAStoryThatCannotBeToldSaysWhy(t *testing.T) {
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{"a/given/user_profile.csv", "x\n", "a/expect/staging.profiles.csv", "profile_key\n"},
			`there is no table landed.user_profile. Did you mean "landed.user_profiles"?`},
		{[]string{"a/given/events.csv", "event_idd\n1\n", "a/expect/staging.profiles.csv", "profile_key\n"},
			`unknown column "event_idd". Did you mean "event_id"?`},
		{[]string{"a/given/staging.profils.csv", "x\n", "a/expect/staging.profiles.csv", "profile_key\n"},
			`there is no table staging.profils. Did you mean "staging.profiles"?`},
		{[]string{"a/given/staging.profiles.csv", "emial\n", "a/expect/freshsales.contacts.csv", "email\n"},
			`unknown column "emial". Did you mean "email"?`},
		{[]string{"a/expect/freshsales.contact.csv", "email\n"},
			`there is no table freshsales.contact. Did you mean "freshsales.contacts"?`},
		{[]string{"a/expect/freshsales.contacts.csv", "emails\n"},
			`freshsales.contacts has no column "emails". Did you mean "email"?`},
	} {
		got := told(t, rules(sqltest.Small()), c.files...)
		if len(got) != 1 || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), c.want) {
			t.Errorf("%v\nwant %s", got, c.want)
		}
	}
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{"a/given/user_profiles.csv", "x\n"}, "this story expects nothing"},
		{[]string{"a/expect/contacts.csv", "x\n"}, "what is expected is named schema.table.csv"},
		{[]string{"a/expect/x.txt", "x\n"}, "a story holds CSV files only"},
		{[]string{"a/expect/freshsales.contacts.csv", "a,b\n1\n"}, "this list cannot be read"},
	} {
		_, err := Test(context.Background(), sqltest.Files(c.files...), rules(sqltest.Small()), "")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
}

// TestOurStoriesAreToldWhereARuleWasReplaced: a changed rule is held against what was promised of it, others are left
// alone.
func TestOurStoriesAreToldWhereARuleWasReplaced(t *testing.T) {
	stories := sqltest.Files(
		"small-letters/given/user_profiles.csv", "profile_id,email\n1,A@X.COM\n",
		"small-letters/expect/staging.profiles.csv", "profile_key,email\n1,a@x.com\n",
		"no-rules/expect/settings.options.csv", "name,value\nx,1\n",
	)
	o := rules(sqltest.Small())
	o.Analyst = sqltest.Files("1_staging/profiles.sql", "-- Profiles.\n-- one row per profile_key\n"+
		"select profile_id as profile_key, email from landed.user_profiles;\n")
	results, err := TestTouched(context.Background(), stories, o, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 || results[0].Name != "small-letters" || results[0].OK() {
		t.Errorf("%+v", results)
	}
	for only, want := range map[string]int{"staging.profiles": 1, "freshsales.contacts": 0, "no-rules": 1} {
		if some, err := TestTouched(context.Background(), stories, o, only); err != nil || len(some) != want {
			t.Errorf("%s: %v, %+v", only, err, some)
		}
	}
	o.Analyst = nil
	if results, err = TestTouched(context.Background(), stories, o, ""); err != nil || len(results) != 0 {
		t.Errorf("nothing was replaced: %v %+v", err, results)
	}
}

func TestAStoryComesOutAsItIsTold(t *testing.T) {
	s := story.Story{Name: "holds", Given: map[string]story.Table{
		"landed.user_profiles": sqltest.Rows("profile_id,email", []string{"1", "A@X.COM"}, []string{"2", ""}),
	}, Expect: map[string]story.Table{
		"freshsales.contacts": sqltest.Rows("contact_key,email", []string{"2", ""}, []string{"1", "a@x.com"}),
		"checks.findings":     sqltest.Rows("rule,key,is_held", []string{"no_email", "2", "true"}),
		"reports.counts":      sqltest.Rows("rule,findings", []string{"no_email", "1"}),
	}}
	diff, err := Tell(context.Background(), sqltest.NewRun(t), s, rules(sqltest.Small()))
	if err != nil {
		t.Fatal(err)
	}
	if diff != "" {
		t.Error(diff)
	}
}

// TestWhatCameOutIsAccepted: a story expects what the rules give now, keeps what says the same as it was written, and
// holds from then on.
func TestWhatCameOutIsAccepted(t *testing.T) {
	ctx, folder := context.Background(), t.TempDir()
	o := rules(sqltest.Small())
	s := story.Story{Name: "small-letters", Given: map[string]story.Table{
		"landed.user_profiles": sqltest.Rows("profile_id,email", []string{"1", "A@X.COM"}, []string{"2", "b,c"}),
	}, Expect: map[string]story.Table{
		"staging.profiles": sqltest.Rows("profile_key,email", []string{"2", "b,c"}, []string{"1", "A@X.COM"}),
	}}
	accepted, err := Accept(ctx, s, o)
	if err != nil {
		t.Fatal(err)
	}
	want := sqltest.Rows("profile_key,email", []string{"2", "b,c"}, []string{"1", "a@x.com"})
	if diff := cmp.Diff(want, accepted.Expect["staging.profiles"]); diff != "" {
		t.Error(diff)
	}
	if err := accepted.Write(folder, "ann decided so"); err != nil {
		t.Fatal(err)
	}
	results, err := Test(ctx, os.DirFS(folder), o, "")
	if err != nil || len(results) != 1 || !results[0].OK() {
		t.Errorf("%+v, %v", results, err)
	}
	if text, _ := os.ReadFile(filepath.Join(folder, "small-letters", "reason.txt")); string(text) != "ann decided so\n" {
		t.Errorf("the reason is %q", text)
	}
	if promise := accepted.Promise(); promise != "" {
		t.Errorf("it promises nothing about %s", promise)
	}
	for table, promise := range map[string]string{"matching.people": "who is one person", "mapping.consent": "consent"} {
		s.Expect = map[string]story.Table{table: sqltest.Rows("x")}
		if got := s.Promise(); got != promise {
			t.Errorf("%s: %q", table, got)
		}
	}
}

// Whoever stops it is told what that left, and not of tables that nobody was building.
func TestAnInterruptionSaysWhatItLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Test(ctx, sqltest.Files("a/expect/freshsales.contacts.csv", "email\n"), rules(sqltest.Small()), "")
	var problem *run.Problem
	if !errors.As(err, &problem) || problem.Try != "ferry sql test" || problem.Exit != run.ExitInterrupted {
		t.Error(err)
	}
}

// What an earlier story made stands in for what comes out the same: a story is told as if it were alone.
func TestAStoryBehindOthersIsToldAsIfItWereAlone(t *testing.T) {
	long.Only(t)
	r := rand.New(rand.NewPCG(3, 5))
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	o := rules(sqltest.NewHouse().Files())
	tables := map[string]string{"staging.profiles": "profile_key,email", "engagement.scores": "person_key,score,suffix",
		"freshsales.contacts": "contact_key,email,job_title", "checks.short": "key,value", "checks.findings": "rule,key",
		"reports.counts": "rule,findings"}
	var all []story.Story
	for range 16 {
		s := story.Story{Name: "drawn", Given: map[string]story.Table{}, Expect: map[string]story.Table{}}
		for range r.IntN(3) {
			switch r.IntN(4) {
			case 0:
				s.Given["settings.options"] = sqltest.Rows("name,value", []string{"suffix", one("one", "two")})
			case 1:
				s.Given["staging.profiles"] = sqltest.Rows("profile_key,email", []string{"7", one("a@x.com", "long@x.com")})
			default:
				s.Given["landed.user_profiles"] = sqltest.Rows("profile_id,email",
					[]string{one("1", "2"), one("A@x.com", "c@x.com")}, []string{"3", one("long@x.com", "b@x.com")})
			}
		}
		for _, table := range model.SortedKeys(tables) {
			if r.IntN(2) == 0 {
				s.Expect[table] = story.Table{Columns: strings.Split(tables[table], ",")}
			}
		}
		all = append(all, s)
	}
	behind, err := tellAll(context.Background(), all, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	different := map[string]bool{}
	for i, s := range all {
		alone, err := tellAll(context.Background(), []story.Story{s}, o, nil)
		if err != nil || alone[0].Err != nil {
			t.Fatal(err, alone[0].Err)
		}
		if d := cmp.Diff(alone[0], behind[i]); d != "" {
			t.Errorf("story %d of %v:\n%s", i, model.SortedKeys(s.Given), d)
		}
		different[alone[0].Diff] = true
	}
	if len(different) < 8 {
		t.Errorf("only %d of these stories come out differently", len(different))
	}
}
