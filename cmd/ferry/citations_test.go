package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ferry/load/freshsales/twin"
)

var (
	citation = regexp.MustCompile(`API\.md ((?:\d+(?:\.\d+)?(?:, | and | to )?)+)`)
	section  = regexp.MustCompile(`\d+(?:\.\d+)?`)
	heading  = regexp.MustCompile(`^#{2,3} (\d+(?:\.\d+)?)\.? `)
	point    = regexp.MustCompile(`^(\d+)\. `)
	abroad   = regexp.MustCompile(`(?i)\breference [0-9]`)
)

// sectionsOf are the numbers a file of facts can be cited by: its headings, and the numbered points below one.
func sectionsOf(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found, chapter := map[string]bool{}, ""
	for line := range strings.Lines(string(text)) {
		if m := heading.FindStringSubmatch(line); m != nil {
			chapter = m[1]
			found[chapter] = true
		} else if m := point.FindStringSubmatch(line); m != nil {
			found[chapter+"."+m[1]] = true
		}
	}
	return found
}

// TestCitedFactsAreThere reads every comment that cites a fact about an API: a newcomer must find what it rests on.
func TestCitedFactsAreThere(t *testing.T) {
	for room, facts := range map[string]string{"load": "load/freshsales/API.md", "extract": "extract/xtremepush/API.md"} {
		known, cited := sectionsOf(t, filepath.Join("../..", facts)), 0
		for _, p := range ourPackages(t) {
			if !within(p.room(), room) {
				continue
			}
			files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range citation.FindAllStringSubmatch(string(text), -1) {
					for _, s := range section.FindAllString(m[1], -1) {
						cited++
						if !known[s] {
							t.Errorf("%s/%s cites %s, section %s, which is not there", p.room(), filepath.Base(file), facts, s)
						}
					}
				}
				if m := abroad.FindString(string(text)); m != "" {
					t.Errorf("%s/%s cites %q, which is in no file here: facts about an API stand in %s", p.room(),
						filepath.Base(file), m, facts)
				}
			}
		}
		if cited < 5 {
			t.Errorf("%s: %d citations found; does the test still know what one looks like?", room, cited)
		}
	}
}

// TestOpenQuestionsAreExplained: a switch of the twin that names a section names one that is there.
func TestOpenQuestionsAreExplained(t *testing.T) {
	known, named := sectionsOf(t, "../../load/freshsales/API.md"), 0
	for _, s := range twin.SwitchTable() {
		if m := regexp.MustCompile(`\((\d+\.\d+)\)$`).FindStringSubmatch(s.Asks); m != nil {
			named++
			if !known[m[1]] {
				t.Errorf("switch %s asks section %s of load/freshsales/API.md, which is not there", s.Name, m[1])
			}
		}
	}
	if named < 30 {
		t.Errorf("%d switches name a section", named)
	}
}

// TestGuidesNamePlacesThatExist: what CONTRIBUTING.md sends a newcomer to must be there.
func TestGuidesNamePlacesThatExist(t *testing.T) {
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	paths, bases := map[string]bool{}, map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		paths[strings.TrimPrefix(filepath.ToSlash(path), "../../")] = true
		bases[filepath.Base(path)] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, m := range regexp.MustCompile("`([a-z0-9_./-]+)`").FindAllStringSubmatch(string(text), -1) {
		name := m[1]
		switch {
		case strings.Contains(name, "/"):
			found := paths[strings.TrimSuffix(name, "/")]
			for p := range paths {
				found = found || strings.HasSuffix(p, "/"+name)
			}
			if !found {
				t.Errorf("CONTRIBUTING.md names %s, which is not there", name)
			}
		case strings.HasSuffix(name, ".go"), strings.HasSuffix(name, ".sql"), strings.HasSuffix(name, ".csv"):
			if !bases[name] {
				t.Errorf("CONTRIBUTING.md names %s, and no folder holds such a file", name)
			}
		default:
			continue
		}
		checked++
	}
	if checked < 50 {
		t.Errorf("%d places named; does the test still know what one looks like?", checked)
	}
}

// TestReadmeNamesEveryVerb: the table of verbs is the first thing read, and the first to be forgotten.
func TestReadmeNamesEveryVerb(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		told[m[1]] = true
	}
	for _, c := range (&verbs{}).commands() {
		if !told[c.Name] {
			t.Errorf("README's table of verbs lacks %s", c.Name)
		}
		delete(told, c.Name)
	}
	for name := range told {
		t.Errorf("README tells of a verb %s, which is none", name)
	}
}
