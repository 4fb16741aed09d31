package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// proseAfterFerry are words that follow the name of the program where no command is meant: what ferry does or is.
var proseAfterFerry = strings.Fields(`alone as before brings builds can cannot changes command could created decides did
	does ends ever fills from gave goes hangs has itself keeps knows lays learns leaves looked made makes may means meets
	more moves never on only or reads sent serves ships stored stores takes that therefore waits writes wrote runs asks
	is was will would must and in of to the gives tells holds needs uses sends finds sees says counts`)

// TestCommandsThatArePeopleToldExist: every command that a message, a guide, a list or a comment of SQL names has its
// verb, and the flags named with it.
func TestCommandsThatArePeopleToldExist(t *testing.T) {
	all := (&verbs{}).commands()
	told := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 {
				return filepath.SkipDir
			}
			return err
		}
		if strings.HasSuffix(path, "_test.go") || !slices.Contains([]string{".go", ".sql", ".csv", ".md", ".yaml", ".html"},
			filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, words := range commandsIn(line) {
				told++
				if wrong := wrongCommand(words, all); wrong != "" {
					t.Errorf("%s:%d tells people to type ferry %s: %s", path, i+1, strings.Join(words, " "), wrong)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if told < 300 {
		t.Errorf("%d commands told; does the test still know what one looks like?", told)
	}
}

// TestAWrongCommandIsSeen: the test above would see what it looks for.
func TestAWrongCommandIsSeen(t *testing.T) {
	all := (&verbs{}).commands()
	for line, wrong := range map[string]bool{
		"ferry transform, then ferry plan":                     false,
		"ferry transfrom":                                      true,
		"`ferry sql diff --text NAME` shows it":                false,
		"ferry sql compare NAME":                               true,
		"ferry load --adopt":                                   false,
		"ferry load --target twin --adoptt":                    true,
		"ferry never guesses what a file was meant for":        false,
		"first ferry report --nosuch, then open the workbooks": true,
	} {
		t.Run(line, func(t *testing.T) {
			found := false
			for _, words := range commandsIn(line) {
				found = found || wrongCommand(words, all) != ""
			}
			if found != wrong {
				t.Errorf("%q: wrong is %v", line, found)
			}
		})
	}
}

var commandStart = regexp.MustCompile(`\bferry ([a-z])`)

// commandsIn are the words behind each "ferry " of a line that could be a command, up to where it ends.
func commandsIn(line string) [][]string {
	var found [][]string
	for _, at := range commandStart.FindAllStringSubmatchIndex(line, -1) {
		var words []string
		for _, word := range strings.Fields(line[at[2]:]) {
			end := strings.IndexAny(word, "`;|()\"\\,")
			if end >= 0 {
				word = word[:end]
			}
			word = strings.TrimRight(word, ".:'’")
			if word == "ferry" || word == "then" || word == "" {
				break
			}
			if words = append(words, word); end >= 0 {
				break
			}
		}
		if len(words) > 0 && !slices.Contains(proseAfterFerry, words[0]) {
			found = append(found, words)
		}
	}
	return found
}

// wrongCommand says what is wrong with a command, "" when nothing is.
func wrongCommand(words []string, all []*cli.Command) string {
	at := slices.IndexFunc(all, func(c *cli.Command) bool { return c.Name == words[0] })
	if at < 0 {
		return "there is no such verb"
	}
	c, rest := all[at], words[1:]
	if len(c.Subcommands) > 0 && len(rest) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(rest[0]) {
		sub := slices.IndexFunc(c.Subcommands, func(s *cli.Command) bool { return s.Name == rest[0] })
		if sub < 0 {
			return c.Name + " has no such part"
		}
		c, rest = c.Subcommands[sub], rest[1:]
	}
	for _, word := range rest {
		name, isFlag := strings.CutPrefix(word, "--")
		name, _, _ = strings.Cut(name, "=")
		known := slices.ContainsFunc(c.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
		if isFlag && name != "" && name != "help" && !known {
			return "it has no flag --" + name
		}
	}
	return ""
}
