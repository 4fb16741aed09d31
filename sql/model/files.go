package model

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// floor is one numbered folder; its number is a law, its name is the schema of its tables.
type floor struct {
	Number int
	Folder string
	Schema string
}

const (
	LandedSchema   = "landed"
	LoadedSchema   = "loaded"
	SettingsSchema = "settings"
	SalesSchema    = "freshsales"
	ChecksSchema   = "checks"
	ReportsSchema  = "reports"
)

var Floors = []floor{
	{0, "0_settings", SettingsSchema},
	{1, "1_staging", "staging"},
	{2, "2_matching", "matching"},
	{3, "3_mapping", "mapping"},
	{4, "4_engagement", "engagement"},
	{5, "5_freshsales", SalesSchema},
	{6, "6_checks", ChecksSchema},
	{7, "7_reports", ReportsSchema},
}

// FloorOf is the floor of a schema; its number is -1 where there is none.
func FloorOf(schema string) floor {
	for _, f := range Floors {
		if f.Schema == schema {
			return f
		}
	}
	return floor{Number: -1}
}

func folders() []string {
	var all []string
	for _, f := range Floors {
		all = append(all, f.Folder)
	}
	return all
}

// Source is one file, ours or theirs.
type Source struct {
	Floor floor
	Name  string // table name, without schema
	Path  string // inside its file system
	Text  string
	Yours bool // from the analyst's folder
	// replaces is our text when theirs stands in its place, "" otherwise.
	Replaces string
	// written is a list as it stands in its file, when Text is what was made of it, and lines where its rows begin.
	written string
	lines   []int
	// copied is the digest of the shipped version a file of theirs was copied from.
	copied string
}

func (s Source) Qualified() string { return s.Floor.Schema + "." + s.Name }

// Where names a line of the file and whose file it is.
func (s Source) Where(line int) string {
	owner := "(ours)"
	if s.Yours {
		owner = "(yours)"
	}
	if line < 1 {
		return fmt.Sprintf("sql/%s   %s", s.Path, owner)
	}
	return fmt.Sprintf("sql/%s:%d   %s", s.Path, line, owner)
}

func (s Source) try() string {
	if s.Yours {
		return "ferry sql test --only " + s.Qualified()
	}
	return "ferry sql copy " + s.Qualified() + "   (to change it in your own sql folder)"
}

// Overlay lays the analyst's files over ours, by qualified name.
func Overlay(ours, theirs fs.FS) ([]Source, error) {
	found := map[string]Source{}
	for _, layer := range []struct {
		files fs.FS
		yours bool
	}{{ours, false}, {theirs, true}} {
		if layer.files == nil {
			continue
		}
		list, err := readLayer(layer.files, layer.yours)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			key := s.Path[strings.LastIndex(s.Path, ".")+1:] + " " + s.Qualified()
			if old, ok := found[key]; ok {
				if old.Yours == s.Yours {
					return nil, s.Problem(0, "%s is defined twice: here and in sql/%s", s.Qualified(), old.Path)
				}
				s.Replaces = old.Text
			}
			found[key] = s
		}
	}
	all := make([]Source, 0, len(found))
	for _, s := range found {
		all = append(all, s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Path < all[j].Path })
	return all, nil
}

// storiesFolder may stand beside the floors in the analyst's folder.
const storiesFolder = "stories"

func readLayer(files fs.FS, yours bool) ([]Source, error) {
	var all []Source
	err := fs.WalkDir(files, ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p == ".":
			return nil
		case yours && e.Type()&fs.ModeSymlink != 0:
			return run.Problemf("sql/"+p,
				"this is a link; ferry reads real files only, so that a rule cannot be a file from elsewhere").
				WithTry("put the file itself here").WithExit(run.ExitUsage)
		case strings.HasPrefix(path.Base(p), "."), IsBackup(path.Base(p)), yours && p == storiesFolder:
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			return checkFolder(p, yours)
		}
		s, err := readSource(files, p, yours)
		if err == nil && s.Text != "" {
			all = append(all, s)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}

// NotUTF8 says why a file is no text that ferry reads, and in which line, "" when it is one.
func NotUTF8(content []byte) (why string, line int) {
	text := string(content)
	switch at := firstInvalid(text); {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"), strings.Contains(text, "\x00"):
		return "this file is UTF-16, not UTF-8", 1
	case at < len(text):
		return "a letter in this line is not UTF-8; it looks like Latin-1 (Windows-1252)", LineOf(text, at)
	}
	return "", 0
}

// IsBackup says whether an editor left this file beside the real one.
func IsBackup(name string) bool {
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		slices.Contains([]string{".bak", ".orig", ".swp", ".swo", ".tmp", ".old", ".save", ".rej"}, path.Ext(name))
}

func checkFolder(p string, yours bool) error {
	s := Source{Path: p, Yours: yours}
	for _, f := range Floors {
		if f.Folder == p {
			return nil
		}
	}
	if strings.Contains(p, "/") {
		return run.Problemf(s.Where(0), "a floor has no folders inside").WithTry("move the files up into sql/%s", path.Dir(p))
	}
	return run.Problemf(s.Where(0), "unknown folder.%s The floors are %s, and %s for your stories.",
		run.DidYouMean(p, folders()), strings.Join(folders(), ", "), storiesFolder).WithTry("ferry sql list")
}

func readSource(files fs.FS, p string, yours bool) (Source, error) {
	s := Source{Path: p, Yours: yours}
	dir, base := path.Split(p)
	for _, f := range Floors {
		if f.Folder+"/" == dir {
			s.Floor = f
		}
	}
	ending := path.Ext(base)
	s.Name = strings.TrimSuffix(base, ending)
	want := ".sql"
	if s.Floor.Number == 0 {
		want = ".csv"
	}
	switch {
	case dir == "" && base == "README.md":
		return s, nil
	case dir == "":
		return s, run.Problemf(s.Where(0), "a file stands beside the floors; it belongs into one of %s",
			strings.Join(folders(), ", ")).WithTry("ferry sql list")
	case ending != want:
		return s, run.Problemf(s.Where(0), "files in %s end in %s", s.Floor.Folder, want).
			WithTry("rename it, or move it out of sql/")
	case !grainNames.MatchString(s.Name):
		return s,
			run.Problemf(s.Where(0), "a table is named in lower case letters, digits and underscores, and so is its file").
				WithTry("rename it")
	}
	content, err := fs.ReadFile(files, p)
	if err != nil {
		return s, err
	}
	if why, at := NotUTF8(content); why != "" {
		s.Text = string(content)
		return s, run.Problemf(s.Where(at), "%s", why).WithTry("save it as UTF-8 in your editor")
	}
	s.Text = strings.TrimPrefix(string(content), "\ufeff")
	if strings.TrimSpace(s.Text) == "" {
		return s, run.Problemf(s.Where(0), "the file is empty").WithTry("write one SELECT into it, or delete it")
	}
	s.takeNote()
	return s, nil
}

func Schemas() []string {
	var all []string
	for _, f := range Floors {
		all = append(all, f.Schema)
	}
	return all
}
