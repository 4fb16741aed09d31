package engine

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
	number int
	folder string
	schema string
}

const (
	landedSchema   = "landed"
	loadedSchema   = "loaded"
	settingsSchema = "settings"
	salesSchema    = "freshsales"
	checksSchema   = "checks"
	reportsSchema  = "reports"
)

var floors = []floor{
	{0, "0_settings", settingsSchema},
	{1, "1_staging", "staging"},
	{2, "2_matching", "matching"},
	{3, "3_mapping", "mapping"},
	{4, "4_engagement", "engagement"},
	{5, "5_freshsales", salesSchema},
	{6, "6_checks", checksSchema},
	{7, "7_reports", reportsSchema},
}

func floorOf(schema string) floor {
	for _, f := range floors {
		if f.schema == schema {
			return f
		}
	}
	return floor{number: -1}
}

func folders() []string {
	var all []string
	for _, f := range floors {
		all = append(all, f.folder)
	}
	return all
}

// source is one file, ours or theirs.
type source struct {
	floor floor
	name  string // table name, without schema
	path  string // inside its file system
	text  string
	yours bool // from the analyst's folder
	// replaces is our text when theirs stands in its place, "" otherwise.
	replaces string
	// copied is the digest of the shipped version a file of theirs was copied from.
	copied string
}

func (s source) qualified() string { return s.floor.schema + "." + s.name }

// where names a line of the file and whose file it is.
func (s source) where(line int) string {
	owner := "(ours)"
	if s.yours {
		owner = "(yours)"
	}
	if line < 1 {
		return fmt.Sprintf("sql/%s   %s", s.path, owner)
	}
	return fmt.Sprintf("sql/%s:%d   %s", s.path, line, owner)
}

func (s source) try() string {
	if s.yours {
		return "ferry sql test --only " + s.qualified()
	}
	return "ferry sql copy " + s.qualified() + "   (to change it in your own sql folder)"
}

// overlay lays the analyst's files over ours, by qualified name.
func overlay(ours, theirs fs.FS) ([]source, error) {
	found := map[string]source{}
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
			key := s.path[strings.LastIndex(s.path, ".")+1:] + " " + s.qualified()
			if old, ok := found[key]; ok {
				if old.yours == s.yours {
					return nil, s.problem(0, "%s is defined twice: here and in sql/%s", s.qualified(), old.path)
				}
				s.replaces = old.text
			}
			found[key] = s
		}
	}
	all := make([]source, 0, len(found))
	for _, s := range found {
		all = append(all, s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].path < all[j].path })
	return all, nil
}

// storiesFolder may stand beside the floors in the analyst's folder.
const storiesFolder = "stories"

func readLayer(files fs.FS, yours bool) ([]source, error) {
	var all []source
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
		case strings.HasPrefix(path.Base(p), "."), isBackup(path.Base(p)), yours && p == storiesFolder:
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			return checkFolder(p, yours)
		}
		s, err := readSource(files, p, yours)
		if err == nil && s.text != "" {
			all = append(all, s)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return all, err
}

// notUTF8 says why a file is no text that ferry reads, and in which line, "" when it is one.
func notUTF8(content []byte) (why string, line int) {
	text := string(content)
	switch at := firstInvalid(text); {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"), strings.Contains(text, "\x00"):
		return "this file is UTF-16, not UTF-8", 1
	case at < len(text):
		return "a letter in this line is not UTF-8; it looks like Latin-1 (Windows-1252)", lineOf(text, at)
	}
	return "", 0
}

// isBackup says whether an editor left this file beside the real one.
func isBackup(name string) bool {
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		slices.Contains([]string{".bak", ".orig", ".swp", ".swo", ".tmp", ".old", ".save", ".rej"}, path.Ext(name))
}

func checkFolder(p string, yours bool) error {
	s := source{path: p, yours: yours}
	for _, f := range floors {
		if f.folder == p {
			return nil
		}
	}
	if strings.Contains(p, "/") {
		return run.Problemf(s.where(0), "a floor has no folders inside").WithTry("move the files up into sql/%s", path.Dir(p))
	}
	return run.Problemf(s.where(0), "unknown folder.%s The floors are %s, and %s for your stories.",
		run.DidYouMean(p, folders()), strings.Join(folders(), ", "), storiesFolder).WithTry("ferry sql list")
}

func readSource(files fs.FS, p string, yours bool) (source, error) {
	s := source{path: p, yours: yours}
	dir, base := path.Split(p)
	for _, f := range floors {
		if f.folder+"/" == dir {
			s.floor = f
		}
	}
	ending := path.Ext(base)
	s.name = strings.TrimSuffix(base, ending)
	want := ".sql"
	if s.floor.number == 0 {
		want = ".csv"
	}
	switch {
	case dir == "" && base == "README.md":
		return s, nil
	case dir == "":
		return s, run.Problemf(s.where(0), "a file stands beside the floors; it belongs into one of %s",
			strings.Join(folders(), ", ")).WithTry("ferry sql list")
	case ending != want:
		return s, run.Problemf(s.where(0), "files in %s end in %s", s.floor.folder, want).
			WithTry("rename it, or move it out of sql/")
	case !grainNames.MatchString(s.name):
		return s,
			run.Problemf(s.where(0), "a table is named in lower case letters, digits and underscores, and so is its file").
				WithTry("rename it")
	}
	content, err := fs.ReadFile(files, p)
	if err != nil {
		return s, err
	}
	if why, at := notUTF8(content); why != "" {
		s.text = string(content)
		return s, run.Problemf(s.where(at), "%s", why).WithTry("save it as UTF-8 in your editor")
	}
	s.text = strings.TrimPrefix(string(content), "\ufeff")
	if strings.TrimSpace(s.text) == "" {
		return s, run.Problemf(s.where(0), "the file is empty").WithTry("write one SELECT into it, or delete it")
	}
	s.takeNote()
	return s, nil
}

func schemas() []string {
	var all []string
	for _, f := range floors {
		all = append(all, f.schema)
	}
	return all
}
