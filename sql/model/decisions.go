package model

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

var (
	DecisionSchema = run.Texts("decisions", "rule", "key", "field", "decision", "value", "who", "decided_at",
		"source_cell")
	FieldMapSchema = run.Texts("field_map", "attribute", "entity", "name", "label", "type", "decision",
		"who", "decided_at")
)

// fieldMapFile holds the customer's answers about attributes; every other file in the folder
// holds answers about findings.
const fieldMapFile = "field_map.csv"

func ReadDecisions(folder string) (decisions, fieldMap [][]string, err error) {
	if folder == "" {
		return nil, nil, nil
	}
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) != ".csv" {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		schema := DecisionSchema
		if entry.Name() == fieldMapFile {
			schema = FieldMapSchema
		}
		rows, err := readAs(path, schema)
		if err != nil {
			return nil, nil, err
		}
		if entry.Name() == fieldMapFile {
			fieldMap = rows
		} else {
			decisions = append(decisions, rows...)
		}
	}
	return decisions, fieldMap, nil
}

// readAs reads a CSV file into the columns of a schema, whatever their order in the file.
func readAs(path string, s run.Schema) ([][]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	columns, rows, err := ReadCSV(bytes.NewReader(content))
	if err != nil {
		return nil, run.Problemf(path, "this list cannot be read: %s", err).WithTry("ferry decide FILE.xlsx writes it again")
	}
	place := map[string]int{}
	for i, c := range columns {
		place[c] = i
		if slices.Index(s.Names(), c) < 0 {
			return nil, run.Problemf(path, "unknown column %q.%s", c, run.DidYouMean(c, s.Names())).
				WithTry("its columns are %s", strings.Join(s.Names(), ", "))
		}
	}
	out := make([][]string, len(rows))
	for i, r := range rows {
		out[i] = make([]string, len(s.Columns))
		for j, c := range s.Columns {
			if at, ok := place[c.Name]; ok {
				out[i][j] = r[at]
			}
		}
	}
	return out, nil
}

// ReadCSV reads a list with a header line. An empty cell is null.
func ReadCSV(r io.Reader) (columns []string, rows [][]string, err error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 0
	all, err := c.ReadAll()
	if err != nil {
		return nil, nil, err
	}
	if len(all) == 0 {
		return nil, nil, errors.New("it has no header line")
	}
	columns = all[0]
	for i, n := range columns {
		columns[i] = strings.TrimSpace(strings.TrimPrefix(n, "\ufeff"))
		if columns[i] == "" {
			return nil, nil, fmt.Errorf("column %d has no name", i+1)
		}
		if slices.Index(columns[:i], columns[i]) >= 0 {
			return nil, nil, fmt.Errorf("column %q is there twice", columns[i])
		}
	}
	return columns, all[1:], nil
}

func Pairs(m map[string]string) [][]string {
	rows := make([][]string, 0, len(m))
	for k, v := range m {
		rows = append(rows, []string{k, v})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] })
	return rows
}
