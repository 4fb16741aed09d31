package main

import (
	"cmp"
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql"
	"ferry/testdata"
)

// storiesOf are the stories of a folder with some names.
type storiesOf struct {
	fs.FS
	has func(name string) bool
}

func (f storiesOf) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(f.FS, name)
	if name == "." {
		all = slices.DeleteFunc(all, func(e fs.DirEntry) bool { return !f.has(e.Name()) })
	}
	return all, err
}

// isOurs says whether a story of this name is shipped.
func isOurs(story string) bool {
	_, err := fs.Stat(testdata.Stories(), story)
	return err == nil && story != ""
}

// tellTheirs tells the analyst's stories: their own as things are now, those that stand in place of ours as ours are.
func (s *session) tellTheirs(o sql.Options) ([]sql.StoryResult, error) {
	only := s.flags.String("only")
	if !run.Exists(s.project.Stories()) {
		return sql.Test(s.ctx, nil, o, only)
	}
	folder := os.DirFS(s.project.Stories())
	results, err := sql.Test(s.ctx, storiesOf{folder, func(name string) bool { return !isOurs(name) }}, o, only)
	entries, e := os.ReadDir(s.project.Stories())
	instead := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return isOurs(e.Name()) })
	if err != nil || e != nil || !instead {
		return results, cmp.Or(err, e)
	}
	more, err := sql.Test(s.ctx, storiesOf{folder, isOurs}, asTold(o), only)
	return append(results, more...), err
}

// sqlAccept makes a story of the analyst's of one that comes out otherwise: theirs, or ours in a copy.
func (s *session) sqlAccept(name string) error {
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	ours, err := sql.ReadStories(testdata.Stories())
	if err != nil {
		return err
	}
	var theirs []sql.Story
	if run.Exists(s.project.Stories()) {
		if theirs, err = sql.ReadStories(os.DirFS(s.project.Stories())); err != nil {
			return err
		}
	}
	var names []string
	for _, st := range append(slices.Clone(theirs), ours...) {
		names = append(names, st.Name)
	}
	isIt := func(st sql.Story) bool { return st.Name == name }
	told, reason := sql.Story{}, s.flags.String("reason")
	if i := slices.IndexFunc(theirs, isIt); i >= 0 {
		told = theirs[i]
	} else if i := slices.IndexFunc(ours, isIt); i >= 0 {
		told = ours[i]
	} else {
		return run.Problemf("--accept "+name, "there is no story of this name.%s", run.DidYouMean(name, names)).
			WithTry("ferry sql test   (it names those that come out otherwise)").WithExit(run.ExitUsage)
	}
	if isOurs(name) {
		o = asTold(o)
	}
	accepted, err := sql.Accept(s.ctx, told, o)
	if err != nil {
		return err
	}
	if reflect.DeepEqual(accepted.Expect, told.Expect) {
		return s.result(map[string]any{"story": name, "changed": false}, name+" comes out as told: nothing is accepted\n")
	}
	if promise := told.Promise(); promise != "" && strings.TrimSpace(reason) == "" {
		return run.Problemf("--accept "+name, "this story is a promise about %s: it is not given up without a reason", promise).
			WithTry(`ferry sql test --accept %s --reason "who decided what, and when"`, name).WithExit(run.ExitUsage)
	}
	if slices.ContainsFunc(theirs, isIt) {
		accepted.Given = nil // it stays as they wrote it
	}
	if err := accepted.Write(s.project.Stories(), reason); err != nil {
		return err
	}
	folder := filepath.Join(s.project.Stories(), name)
	return s.result(map[string]any{"story": name, "changed": true, "folder": folder, "reason": reason},
		"wrote "+folder+"   (it is yours now, and expects what your rules give)\n\nnext: read it, then: ferry sql test\n")
}

// storyName is how a story's folder may be named.
var storyName = regexp.MustCompile(`^[\p{Ll}\p{Nd}]+(-[\p{Ll}\p{Nd}]+)*$`)

// sqlDraft writes a story of a person's landed rows, masked, that expects what the rules give for them.
func (s *session) sqlDraft(name, key string) error {
	folder := filepath.Join(s.project.Stories(), name)
	if !storyName.MatchString(name) {
		return run.Problemf("--accept "+name, "a story is named in plain words with dashes").
			WithTry("ferry sql test --accept a-trial-customer-is-a-lead --from KEY").WithExit(run.ExitUsage)
	}
	if isOurs(name) || run.Exists(folder) {
		return run.Problemf("--accept "+name, "there is a story of this name").WithTry("give another name").
			WithExit(run.ExitUsage)
	}
	dir, err := s.draftedRun()
	if err != nil {
		return err
	}
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	d := sql.Drafting{Name: name, Secret: make([]byte, 32)}
	_, _ = rand.Read(d.Secret) // it never fails
	if d.Expects, err = s.expectedTables(o); err != nil {
		return err
	}
	q, err := s.ask(dir)
	if err != nil {
		return err
	}
	defer q.Close()
	keys, several, err := s.profilesOf(dir, q, key)
	if err != nil {
		return err
	}
	if len(several.Rows) > 0 {
		return s.result(several, several.String()+"\nseveral people are called so; next: --from with the key of one\n")
	}
	d.Keys = keys
	drafted, err := sql.Draft(s.ctx, q, d, o)
	if err != nil {
		return err
	}
	if err := drafted.Story.Write(s.project.Stories(), ""); err != nil {
		return err
	}
	text := "wrote " + folder + "   (masked rows of one person, and what your rules give for them)\n"
	for _, n := range drafted.Notes {
		text += "note: " + n + "\n"
	}
	return s.result(map[string]any{"story": name, "folder": folder, "notes": drafted.Notes}, text+
		"\nnext: read it, take away what it is not about, then: ferry sql test\n")
}

func (s *session) draftedRun() (dir run.Dir, err error) {
	if s.flags.IsSet("on") {
		dir, err = s.project.Run(s.flags.String("on"))
	} else {
		dir, err = s.chosenRun()
	}
	if err == nil {
		_, err = dir.Done("transform", "ferry transform")
	}
	return dir, err
}

// expectedTables are what a story of real rows expects: the table that was asked for, or those that the analyst wrote,
// or what is sent.
func (s *session) expectedTables(o sql.Options) ([]string, error) {
	entries, err := sql.List(o)
	if err != nil {
		return nil, err
	}
	var names, theirs []string
	for _, e := range entries {
		if e.Kind == "list" || e.Off != "" {
			continue
		}
		names = append(names, e.Table)
		if e.Whose != "ours" {
			theirs = append(theirs, e.Table)
		}
	}
	if len(theirs) == 0 {
		theirs = []string{"freshsales.contacts"}
	}
	return s.onlyOf(names, theirs, "table of this name", "ferry sql list")
}
