package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"ferry/internal/run"
	"ferry/sql"
	"ferry/testdata"
)

func (s *session) sqlTest() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	if s.flags.IsSet("accept") && s.flags.IsSet("from") {
		return s.sqlDraft(s.flags.String("accept"), s.flags.String("from"))
	}
	if s.flags.IsSet("accept") {
		return s.sqlAccept(s.flags.String("accept"))
	}
	if s.flags.IsSet("from") {
		return run.Problemf("--from", "a story of real rows needs a name").
			WithTry("ferry sql test --accept a-name-in-plain-words --from KEY").WithExit(run.ExitUsage)
	}
	if s.flags.IsSet("on") {
		return s.sqlTestOn(s.flags.String("on"))
	}
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	only := s.flags.String("only")
	isStory := isOurs(only) || run.Exists(filepath.Join(s.project.Stories(), only))
	if only != "" && !strings.Contains(only, ".") && !isStory {
		return run.Problemf("--only "+only, "there is no story of this name, and a table is written as schema.name").
			WithTry("ferry sql test --only mapping.lifecycle").WithExit(run.ExitUsage)
	}
	results, err := s.tellTheirs(o)
	if err != nil {
		return err
	}
	promised, err := s.promises(o)
	if err != nil {
		return err
	}
	failed, text := 0, "every file parses, and every table it names is there\n"
	for _, r := range results {
		switch {
		case r.OK():
			text += "ok      " + r.Name + "\n"
		case r.Err != nil:
			failed++
			text += "failed  " + r.Name + "\n" + r.Err.Error() + "\n"
		default:
			failed++
			text += "failed  " + r.Name + "\n" + r.Diff + "\n"
		}
	}
	broken := 0
	for _, r := range promised {
		if r.OK() {
			continue
		}
		broken++
		text += "broken  " + r.Name + "   (a promise of the rules you replaced)\n" + r.Diff
		if r.Err != nil {
			text += r.Err.Error() + "\n"
		}
	}
	if len(promised) > 0 {
		text += fmt.Sprintf("%d of %d promises of the rules you replaced are kept\n", len(promised)-broken, len(promised))
	}
	if only != "" && o.Analyst != nil {
		text += "this was about " + only + " alone; what stands on it has stories, too: ferry sql test\n"
	}
	if err := s.result(map[string]any{"stories": results, "promises": promised}, text); err != nil {
		return err
	}
	if broken > 0 {
		return run.Problemf(s.project.SQL(), "your files break %d of %d promises of the rules they replace", broken, len(promised)).
			WithTry("ferry sql diff --text   (what you changed); if this is what the business wants: " +
				"ferry sql test --accept STORY")
	}
	if failed > 0 {
		return run.Problemf(s.project.Stories(), "%d of %d stories came out otherwise than told", failed, len(results)).WithTry("correct the SQL, or the story")
	}
	return nil
}

// sqlTestOn builds the checks as they are now on the landed rows of a run, in a folder of its own, and shows what they
// find and what they found when the run was built.
func (s *session) sqlTestOn(id string) error {
	dir, err := s.project.Run(id)
	if err != nil {
		return err
	}
	if _, err := dir.Done("extract", "ferry extract"); err != nil {
		return err
	}
	o, err := s.sqlOf(dir)
	if err != nil {
		return err
	}
	before := map[string]int64{}
	if run.Exists(dir.Model("checks", "rules")) {
		if o.RunInfo, err = infoOf(dir, o.RunInfo); err != nil {
			return err
		}
		if before, err = findingsOf(dir); err != nil {
			return err
		}
	}
	if o.Only, err = s.checkNames(o); err != nil {
		return err
	}
	scratch := s.project.Scratch("test")
	defer os.RemoveAll(scratch.Root())
	if err := os.RemoveAll(scratch.Root()); err != nil {
		return run.CannotWrite(scratch.Root(), err)
	}
	if err := dir.ForkTo(scratch, s.now()); err != nil {
		return err
	}
	r, err := sql.Run(s.ctx, scratch, o)
	if err != nil {
		return err
	}
	if err := s.result(map[string]any{"run": dir.ID(), "checks": r.Checks, "before": before},
		checksText(dir, r.Checks, before)); err != nil {
		return err
	}
	return stopped(r, dir)
}

// checkNames are the checks that are on, or the one that was asked for.
func (s *session) checkNames(o sql.Options) ([]string, error) {
	entries, err := sql.List(o)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Kind == "check" && e.Off == "" {
			names = append(names, e.Table)
		}
	}
	return s.onlyOf(names, names, "check of this name that is on", "ferry sql list checks")
}

// onlyOf is the one of these names that --only asks for, or what stands for all where it asks for none.
func (s *session) onlyOf(names, otherwise []string, what, try string) ([]string, error) {
	only := s.flags.String("only")
	if only == "" {
		return otherwise, nil
	}
	if !slices.Contains(names, only) {
		return nil, run.Problemf("--only "+only, "there is no %s.%s", what, run.DidYouMean(only, names)).
			WithTry("%s", try).WithExit(run.ExitUsage)
	}
	return []string{only}, nil
}

// findingsOf is how much each check found when a run was built.
func findingsOf(dir run.Dir) (map[string]int64, error) {
	found := map[string]int64{}
	err := run.EachRow(dir.Model("checks", "rules"), func(r run.NamedRow) error {
		found[r.Text("rule")] = r.Number("findings")
		return nil
	})
	return found, err
}

// checksText shows what checks find, the gravest first, and what they found before where that differs.
func checksText(dir run.Dir, checks []sql.CheckResult, before map[string]int64) string {
	checks = slices.Clone(checks)
	gravity := []string{"stop", "hold", "note"}
	slices.SortStableFunc(checks, func(a, b sql.CheckResult) int {
		return cmp.Or(cmp.Compare(slices.Index(gravity, a.Severity), slices.Index(gravity, b.Severity)),
			cmp.Compare(b.Findings, a.Findings))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "your checks as they are now, on the rows of run %s\n\n", dir.ID())
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	silent := 0
	for _, c := range checks {
		was, known := before[c.Rule]
		if c.Findings == 0 && was == 0 {
			silent++
			continue
		}
		note := ""
		switch {
		case !known && len(before) > 0:
			note = "new"
		case known && was != c.Findings:
			note = "was " + thousands(was)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.Severity, thousands(c.Findings), c.Rule, note, c.Sentence)
	}
	_ = w.Flush() // into memory
	fmt.Fprintf(&b, "\n%d checks; %d of them find nothing\n", len(checks), silent)
	return b.String()
}

// promises tells our own stories against what the analyst replaced, with our lists and scope where theirs are not
// changed, at the time the stories happen.
func (s *session) promises(o sql.Options) ([]sql.StoryResult, error) {
	only := s.flags.String("only")
	if o.Analyst == nil && !isOurs(only) {
		return nil, nil
	}
	results, err := sql.TestTouched(s.ctx, testdata.Stories(), asTold(o), only)
	return slices.DeleteFunc(results, func(r sql.StoryResult) bool { // yours stands in its place
		return run.Exists(filepath.Join(s.project.Stories(), r.Name))
	}), err
}

// asTold are the options our own stories are told with, wherever they are told.
func asTold(o sql.Options) sql.Options {
	o.Scope, o.Decisions, o.Target = map[string]string{}, "", "twin"
	o.Now = func() time.Time { return testdata.StoryTime }
	return o
}
