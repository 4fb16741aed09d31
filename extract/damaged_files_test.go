package extract

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"ferry/extract/discovery"
	"ferry/extract/xtremepush"
	"ferry/internal/run"

	"ferry/extract/delimited"
)

// TestDamagedFiles scores what is recovered from a collection of damaged files on disk: FERRY_DAMAGED_CSV names a
// folder with csv/ (the files), clean/ (for each the table a reader should find, as plain CSV, header first) and,
// if there is one, weights.json (how much each file counts).
func TestDamagedFiles(t *testing.T) {
	folder := os.Getenv("FERRY_DAMAGED_CSV")
	if folder == "" {
		t.Skip("FERRY_DAMAGED_CSV names no collection of damaged files")
	}
	names, err := filepath.Glob(filepath.Join(folder, "csv", "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	board := newScoreboard(t, folder)
	for _, path := range names {
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := discovery.ReadLoose(in, &out, 1); err != nil {
			t.Fatal(err)
		}
		in.Close()
		board.add(filepath.Base(path), plainRows(t, &out))
	}
	board.report("recovered as plain CSV")

	dir, o := drop(t, nil)
	o.Exports, o.Files = filepath.Join(folder, "csv"), map[string]string{"*": "user_profiles"}
	_, err = Run(context.Background(), dir, o)
	for p := new(run.Problem); errors.As(err, &p); _, err = Run(context.Background(), dir, o) {
		t.Logf("refused, counted as nothing recovered: %s: %s", p.Where, p.What)
		o.Files[p.Where] = "ignore"
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, manifest := range []bool{true, false} {
		board, tables := newScoreboard(t, folder), landedAsWritten(t, dir, "user_profiles", manifest)
		for _, path := range names {
			board.add(filepath.Base(path), tables[filepath.Base(path)])
		}
		board.report(map[bool]string{true: "landed", false: "landed, by the tables alone"}[manifest])
	}
}

// landedAsWritten puts landed files together again: the header as the manifest has it, or what the first
// row shows of it, and below it the rows in their order, from the columns of the table and from _extra.
func landedAsWritten(t *testing.T, dir run.Dir, entity string, manifest bool) map[string]grid {
	t.Helper()
	e, _ := xtremepush.ByName(entity)
	rows := map[string][][]string{}
	for _, row := range landed(t, dir, entity, append([]string{fileColumn, extraColumn}, e.Columns...)...) {
		rows[row[0]] = append(rows[row[0]], row[1:])
	}
	out := map[string]grid{}
	for _, f := range manifestFacts(t, dir) {
		if !manifest {
			f.Columns, f.Header = nil, 0
			if found := rows[f.Source]; len(found) > 0 {
				f.Columns, f.Header = shownColumns(t, e, found), 1
			}
		}
		out[f.Source] = asWritten(t, e, f, rows[f.Source])
	}
	return out
}

// shownColumns are the columns that landed rows show: those of the table with a value, and those the first
// row names.
func shownColumns(t *testing.T, e xtremepush.Entity, rows [][]string) []string {
	var names []string
	for i, c := range e.Columns {
		if slices.ContainsFunc(rows, func(row []string) bool { return row[1+i] != "∅" }) {
			names = append(names, c)
		}
	}
	if rows[0][0] == "∅" {
		return names
	}
	in := json.NewDecoder(strings.NewReader(rows[0][0]))
	for i := 0; in.More() || i == 0; i++ {
		token, err := in.Token()
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 { // after the brace a name and a value take turns
			names = append(names, token.(string))
		}
	}
	return names
}

// manifestFacts are what the manifest says about each source.
func manifestFacts(t *testing.T, dir run.Dir) []fact {
	t.Helper()
	stage, err := dir.Done("extract", "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(stage.Facts["read"])
	if err != nil {
		t.Fatal(err)
	}
	var all []fact
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// asWritten is a landed file in the order of its columns.
func asWritten(t *testing.T, e xtremepush.Entity, f fact, rows [][]string) grid {
	var out grid
	if f.Header == 1 {
		out = grid{f.Columns}
	} else if f.Header > 1 {
		var lines [][]delimited.Cell
		for range f.Header {
			lines = append(lines, cellsOf(f.Columns))
		}
		out = grid{delimited.JoinHeader(lines)}
	}
	names := delimited.UniqueNames(f.Columns)
	at := e.Match(f.Columns)
	for _, row := range rows {
		extra := map[string]string{} // null is read as nothing
		if row[0] != "∅" {
			if err := json.Unmarshal([]byte(row[0]), &extra); err != nil {
				t.Fatal(err)
			}
		}
		cells := make([]string, len(f.Columns))
		for i := range cells {
			if at[i] < 0 {
				cells[i] = extra[names[i]]
			} else if v := row[1+at[i]]; v != "∅" {
				cells[i] = v
			}
		}
		out = append(out, cells)
	}
	return out
}

func cellsOf(row []string) []delimited.Cell {
	var cells []delimited.Cell
	for _, text := range row {
		cells = append(cells, delimited.Cell{Text: []byte(text)})
	}
	return cells
}

// scoreboard gathers the scores of files by what is damaged in them.
type scoreboard struct {
	t       *testing.T
	folder  string
	weights map[string]float64
	scores  map[string]float64
}

func newScoreboard(t *testing.T, folder string) *scoreboard {
	b := &scoreboard{t: t, folder: folder, weights: map[string]float64{}, scores: map[string]float64{}}
	if text, err := os.ReadFile(filepath.Join(folder, "weights.json")); err == nil {
		if err := json.Unmarshal(text, &b.weights); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func plainRows(t *testing.T, in *bytes.Buffer) grid {
	t.Helper()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (b *scoreboard) add(name string, got grid) {
	text, err := os.ReadFile(filepath.Join(b.folder, "clean", name))
	if err != nil {
		b.t.Fatal(err)
	}
	b.scores[name] = scores(plainRows(b.t, bytes.NewBuffer(text)), got)
}

var numbers = regexp.MustCompile(`[0-9]+`)

func (b *scoreboard) report(how string) {
	sum, n, low, lowest := map[string]float64{}, map[string]int{}, map[string]float64{}, map[string]string{}
	var simple, weighted, weight float64
	below := 0
	var list []string
	for name, s := range b.scores {
		w, ok := b.weights[name]
		if !ok {
			w = 1
		}
		simple, weighted, weight = simple+s, weighted+w*s, weight+w
		kind := name
		if len(numbers.FindAllString(name, -1)) > 1 {
			kind = numbers.ReplaceAllString(name, "N")
		}
		sum[kind] += s
		n[kind]++
		if s < 10 {
			below++
			list = append(list, fmt.Sprintf("%.4f %s", s, name))
		}
		if was, ok := low[kind]; !ok || s < was {
			low[kind], lowest[kind] = s, name
		}
	}
	sort.Strings(list)
	if os.Getenv("FERRY_DAMAGED_LIST") != "" {
		for _, l := range list {
			fmt.Println(l)
		}
	}
	for kind := range sum {
		if low[kind] < 10 {
			b.t.Logf("%-40s %4d files  mean %7.4f  lowest %7.4f (%s)", kind, n[kind], sum[kind]/float64(n[kind]),
				low[kind], lowest[kind])
		}
	}
	b.t.Logf("%s: %d files, %d not perfect, simple %.4f, weighted %.4f", how, len(b.scores), below,
		simple/float64(len(b.scores)), weighted/weight)
}
