package answers

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/reports/books"
)

// The files that decisions are kept in, and their columns (contracts, section 4).
const (
	decisionsFile = "decisions.csv"
	fieldMapFile  = "field_map.csv"
)

var (
	decisionColumns = []string{"rule", "key", "field", "decision", "value", "who", "decided_at", "source_cell"}
	fieldMapColumns = []string{"attribute", "entity", "name", "label", "type", "decision", "who", "decided_at"}
)

type decisionRow struct{ rule, key, field, decision, value, who, at, source string }

type fieldRow struct{ attribute, entity, name, label, kind, decision, who, at string }

// decisionFiles are both files in memory: small, because people wrote them.
type decisionFiles struct {
	folder    string
	decisions map[string][]string // by rule, key, field
	fields    map[string][]string // by attribute
	changed   map[string]bool
}

func readDecisions(folder string) (*decisionFiles, error) {
	d := &decisionFiles{folder: folder, changed: map[string]bool{}}
	var err error
	if d.decisions, err = readKeyed(filepath.Join(folder, decisionsFile), decisionColumns, 3); err != nil {
		return nil, err
	}
	fields, err := readKeyed(filepath.Join(folder, fieldMapFile), fieldMapColumns, 2)
	d.fields = make(map[string][]string, len(fields))
	for _, row := range fields {
		if old := d.fields[fieldKey(row[0], row[1])]; old == nil || old[7] <= row[7] {
			d.fields[fieldKey(row[0], row[1])] = row
		}
	}
	return d, err
}

// lists are what the map holds beside the attributes (sql/3_mapping/list_answers.sql).
var lists = []string{"lifecycle_map", "deal_tiers", "owners", "tags", "segments"}

// fieldKey is what an answer of the map is kept under: an attribute may move to another record, an entry of a
// list stays in its list.
func fieldKey(attribute, entity string) string {
	if slices.Contains(lists, entity) {
		return entity + "\x00" + attribute
	}
	return attribute
}

// readKeyed reads a file whose first columns are its key; later rows win.
func readKeyed(path string, columns []string, keys int) (map[string][]string, error) {
	rows := map[string][]string{}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return rows, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = len(columns)
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err == nil && first {
			row[0] = strings.TrimPrefix(row[0], "\ufeff")
			if slices.Equal(row, columns) {
				continue
			}
			err = errors.New("its columns are not " + strings.Join(columns, ", "))
		}
		if err != nil {
			return nil, &run.Problem{Where: path, What: "this file of decisions cannot be read: " + err.Error(), Err: err,
				Try: "repair the line, or take the file back from version control"}
		}
		rows[strings.Join(row[:keys], "\x00")] = row
	}
}

// wholeRule ends the source of a decision that came from an answer for all findings of a rule.
const wholeRule = " (whole rule)"

// unchanged is told when a decision was already there; a decision is never this word.
const unchanged = "\x00"

// decide records a decision and says what stood there: unchanged, "" or another decision.
func (d *decisionFiles) decide(r decisionRow) string {
	key := r.rule + "\x00" + r.key + "\x00" + r.field
	old, had := d.decisions[key]
	if had && old[3] == r.decision && old[4] == r.value {
		return unchanged
	}
	d.decisions[key] = []string{r.rule, r.key, r.field, r.decision, r.value, r.who, r.at, r.source}
	d.changed[decisionsFile] = true
	if had {
		return old[3]
	}
	return ""
}

// mapField records where an attribute goes.
func (d *decisionFiles) mapField(r fieldRow) string {
	key := fieldKey(r.attribute, r.entity)
	row := []string{r.attribute, r.entity, r.name, r.label, r.kind, r.decision, r.who, r.at}
	old, had := d.fields[key]
	if had && slices.Equal(old[:6], row[:6]) {
		return unchanged
	}
	d.fields[key] = row
	d.changed[fieldMapFile] = true
	if had {
		return old[5]
	}
	return ""
}

// standing is the answer that a question has now.
type standing struct{ decision, value, who, at, source string }

// text is the answer as “Answer before” would show it.
func (x *standing) text() string { return books.Together([]string{x.decision, x.value}) }

// says tells whether it is what a choice says.
func (x *standing) says(c choice) bool {
	return x.decision == c.decision && x.value == c.value
}

// where is the cell it came from.
func (x *standing) where() string {
	if x.source == "" {
		return "in " + fieldMapFile
	}
	return x.source
}

// stored is the answer that stands for the question of a row; nil if there is none.
func (d *decisionFiles) stored(r answerRow) *standing {
	if r.isOfMap() {
		if row := d.fields[r.mapKey()]; row != nil {
			return &standing{decision: row[5], value: r.kept(row), who: row[6], at: row[7]}
		}
		return nil
	}
	if row := d.decisions[r.identity()]; row != nil {
		return &standing{decision: row[3], value: row[4], who: row[5], at: row[6], source: row[7]}
	}
	return nil
}

// drop takes an answer back and gives what it was.
func (d *decisionFiles) drop(r answerRow) string {
	key, rows, file, at := r.identity(), d.decisions, decisionsFile, 3
	if r.isOfMap() {
		key, rows, file, at = r.mapKey(), d.fields, fieldMapFile, 5
	}
	old, had := rows[key]
	if !had {
		return ""
	}
	delete(rows, key)
	d.changed[file] = true
	return old[at]
}

// write stores what changed, sorted, so that the files can be compared and kept in version control.
func (d *decisionFiles) write(ctx context.Context) ([]string, error) {
	var files []string
	for _, f := range []struct {
		name    string
		columns []string
		rows    map[string][]string
	}{{decisionsFile, decisionColumns, d.decisions}, {fieldMapFile, fieldMapColumns, d.fields}} {
		if !d.changed[f.name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return files, err
		}
		path := filepath.Join(d.folder, f.name)
		rows := make([][]string, 0, len(f.rows))
		for _, r := range f.rows {
			rows = append(rows, r)
		}
		slices.SortFunc(rows, func(a, b []string) int { return slices.Compare(a[:3], b[:3]) })
		err := run.WriteFile(path, func(out io.Writer) error {
			w := csv.NewWriter(out)
			_ = w.Write(f.columns) // the error is kept and told by Error
			_ = w.WriteAll(rows)
			return w.Error()
		})
		if err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}
