package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// jargon is what no sentence for a customer may hold: files, settings, commands, names of tables and columns, codes,
// and names of channels as programs write them.
var jargon = regexp.MustCompile(`\.(csv|ndjson|ya?ml|xlsx|sql|md|parquet)\b|\bferry\b|--[a-z]|\b[a-z0-9]+(_[a-z0-9]+)+\b|` +
	`\b(Ios|Sms|Mms|Whatsapp|ios|sms|mms|whatsapp|SQL|JSON|API|CSV|YAML|HTTP|regex|schema|null|NULL|boolean|varchar|` +
	`Parquet|DuckDB|payload|endpoint|fate|entity|upsert|selector|rollback|[45]\d\d (Bad|Not|Too|Internal|Unauthorized)\w*)\b`)

// address is somebody's e-mail address.
var address = regexp.MustCompile(`[^\s<>]+@[^\s<>]+`)

// mayBeSaid are words of programs that a customer's sentence is about.
var mayBeSaid = []string{
	"NULL", // stands in cells of exports where nothing should stand
}

// checkWords reads every cell of every workbook of a project in which we speak: on summaries all of them, in lists the
// titles, the headers and the columns that hold our words. A name that is the customer's own may be named.
func checkWords(t *testing.T, dir string) {
	t.Helper()
	var said []struct{ where, text string }
	own, looked := map[string]bool{}, 0
	err := filepath.WalkDir(filepath.Join(dir, "runs"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xlsx" {
			return err
		}
		looked++
		f, err := xlsx.Open(path, t.TempDir())
		if err != nil {
			return err
		}
		defer f.Close()
		for _, name := range f.Sheets() {
			rows, err := f.Rows(name)
			if err != nil {
				return err
			}
			spec, ours := sheetCalled(filepath.Base(path), name), map[int]bool{}
			for rows.Next() {
				for i, c := range rows.Cells() {
					where := filepath.Base(path) + ", " + name + "!" + xlsx.CellName(i+1, rows.Number())
					isHead := rows.Number() <= 4
					if rows.Number() == 4 && spec != nil {
						k := slices.IndexFunc(spec.Columns, func(x books.Column) bool { return x.Title == c.Text })
						ours[i] = k >= 0 && spec.Columns[k].IsOurs()
						isHead = isHead && (k < 0 || spec.Columns[k].Kind < books.Key)
					}
					switch isSummary := name == books.SummaryName; {
					case c.Kind != xlsx.Text, isSummary && i >= 11: // what ties answers to rows
					case isSummary, isHead, ours[i]:
						said = append(said, struct{ where, text string }{where, c.Text})
					default:
						own[c.Text] = true
					}
				}
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || looked < 5 || len(said) < 1000 {
		t.Fatalf("%d workbooks with %d sentences were read: %v", looked, len(said), err)
	}
	told := map[string]bool{}
	for _, s := range said {
		for _, word := range jargon.FindAllString(address.ReplaceAllString(s.text, ""), -1) {
			if !own[word] && !slices.Contains(mayBeSaid, word) && !told[word] {
				told[word] = true
				t.Errorf("%s: a customer reads %q in %q", s.where, word, s.text)
			}
		}
	}
}

// TestReasonsGivenByActsAreTheCustomers: why a record was not sent, refused or left out is said in Go, and stands in
// workbooks that no demo shows.
func TestReasonsGivenByActsAreTheCustomers(t *testing.T) {
	given := regexp.MustCompile(`\bReason\b[^"\n]*=[^"\n]*("(?:[^"\\]|\\.)*")|\bReason:\s*("(?:[^"\\]|\\.)*")`)
	read := 0
	for _, path := range goFiles(t, "../../load") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range given.FindAllStringSubmatch(string(text), -1) {
			read++
			if word := jargon.FindString(found[1] + found[2]); word != "" {
				t.Errorf("%s: a customer reads %q in %s", path, word, found[1]+found[2])
			}
		}
	}
	if read < 10 {
		t.Errorf("only %d reasons were found", read)
	}
}

// goFiles are the files of a folder that are no tests.
func goFiles(t *testing.T, root string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sheetCalled is what a sheet of a workbook holds; nil if it comes from no table.
func sheetCalled(file, title string) *books.Sheet {
	for _, b := range books.All {
		for i, s := range b.Sheets {
			if b.File == file && (s.Title == title || strings.HasPrefix(title, s.Title+" (")) {
				return &b.Sheets[i]
			}
		}
	}
	return nil
}
