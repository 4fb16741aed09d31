package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql"
)

// TestStoriesThroughTheWholeProgram drops what each story is given as export files, lands them as
// any export, and transforms them with the program's own options: what the story expects must come
// out at the other end. One story that promises something about consent, one about who is one person, and one of the
// rest; FERRY_STORIES=all takes all of them.
func TestStoriesThroughTheWholeProgram(t *testing.T) {
	all := os.Getenv("FERRY_STORIES") == "all"
	if !all {
		long.Only(t)
	}
	stories, err := sql.ReadStories(os.DirFS(filepath.Join("..", "..", "testdata", "stories")))
	if err != nil {
		t.Fatal(err)
	}
	if len(stories) == 0 {
		t.Fatal("there are no stories")
	}
	told := map[string]int{}
	for _, story := range stories {
		if told[story.Promise()] > 0 && !all {
			continue // the SQL stage tells every one
		}
		exports, rest := split(t, story)
		if len(exports) == 0 {
			continue // it begins above the landed tables: the SQL stage tells it
		}
		told[story.Promise()]++
		t.Run(story.Name, func(t *testing.T) {
			p := newProject(t, exports)
			if got := p.say("extract"); got.code != run.ExitDone {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			v := &verbs{system: system{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: nowhen,
				env: func(string) (string, bool) { return "", false }}}
			s := &session{verbs: v, ctx: context.Background(), project: run.OpenProject(p.dir), config: defaults()}
			s.printer = newPrinter(v.system, false)
			dir, err := s.project.LatestRun()
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.sqlOptions("")
			if err != nil {
				t.Fatal(err)
			}
			diff, err := sql.Tell(s.ctx, dir, sql.Story{Name: story.Name, Given: rest, Expect: story.Expect}, o)
			if err != nil {
				t.Fatal(err)
			}
			if diff != "" {
				t.Error(diff)
			}
		})
	}
	if len(told) < 3 {
		t.Errorf("stories of these promises go the whole way: %v", told)
	}
}

// hasParts is an attribute whose value is an object of its own.
var hasParts = regexp.MustCompile(`:\s*\{`)

// split parts what a story is given into export files and what is said besides them.
func split(t *testing.T, s sql.Story) (exports map[string]string, rest map[string]sql.StoryTable) {
	t.Helper()
	exports, rest = map[string]string{}, maps.Clone(s.Given)
	for name, table := range s.Given {
		entity, landed := strings.CutPrefix(name, "landed.")
		if !landed || strings.HasPrefix(entity, "_") {
			continue
		}
		at := slices.Index(table.Columns, "_extra")
		if slices.Contains(table.Columns, "_file") {
			return nil, nil // it is about several files, which one export file cannot tell
		}
		if slices.ContainsFunc(table.Rows, func(r []*string) bool {
			return at >= 0 && r[at] != nil && hasParts.MatchString(*r[at])
		}) {
			return nil, nil // it is about values with parts, which only an export in JSON has
		}
		exports[entity+".csv"] = exportText(t, spread(t, table))
		delete(rest, name)
	}
	return exports, rest
}

// spread turns the JSON of a given _extra column back into the columns an export has.
func spread(t *testing.T, table sql.StoryTable) sql.StoryTable {
	t.Helper()
	at := slices.Index(table.Columns, "_extra")
	if at < 0 {
		return table
	}
	var names []string
	extras := make([]map[string]any, len(table.Rows))
	for i, r := range table.Rows {
		if r[at] == nil {
			continue
		}
		if err := json.Unmarshal([]byte(*r[at]), &extras[i]); err != nil {
			t.Fatal(err)
		}
		for n := range extras[i] {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	slices.Sort(names)
	out := sql.StoryTable{Columns: append(slices.Delete(slices.Clone(table.Columns), at, at+1), names...)}
	for i, r := range table.Rows {
		row := slices.Delete(slices.Clone(r), at, at+1)
		for _, n := range names {
			var cell *string
			if v, ok := extras[i][n]; ok {
				text := fmt.Sprint(v)
				cell = &text
			}
			row = append(row, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func exportText(t *testing.T, table sql.StoryTable) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{table.Columns}
	for _, r := range table.Rows {
		line := make([]string, len(r))
		for i, cell := range r {
			if cell != nil {
				line[i] = *cell
			}
		}
		rows = append(rows, line)
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
