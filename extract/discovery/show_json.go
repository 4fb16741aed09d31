package discovery

import (
	"encoding/csv"
	"io"
	"slices"

	"ferry/extract/jsontext"
	"ferry/extract/records"
	"ferry/extract/source"
	"ferry/internal/run"
)

// showJSON writes the records of a JSON text as plain CSV: a column for each key, objects and lists as they stand.
func showJSON(text []byte, out io.Writer, which int, sh Shape) (Shown, error) {
	if sh.broken != "" {
		return Shown{}, run.Problemf("the file", "%s", sh.broken).WithTry("ferry extract --explain FILE")
	}
	if which != 1 {
		return Shown{Tables: 1}, nil
	}
	text, _, _ = source.RepairUTF8(text, nil)
	shown := Shown{Tables: 1}
	var columns []string
	var rows []map[string]string
	for _, record := range jsonRecords(text, sh) {
		row, keys, ok := jsonRow(record, sh)
		if !ok {
			shown.Guessed++
			continue
		}
		for _, k := range keys {
			if !slices.Contains(columns, k) {
				columns = append(columns, k)
			}
		}
		rows = append(rows, row)
	}
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return shown, err
	}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = row[c]
		}
		if err := w.Write(cells); err != nil {
			return shown, err
		}
	}
	w.Flush()
	return shown, w.Error()
}

// jsonRecords are the records of a text, cut as landing cuts them.
func jsonRecords(text []byte, sh Shape) [][]byte {
	at := jsontext.SkipSpace(text, 0)
	var split records.Splitter = jsontext.Lines{}
	if sh.Format == "json" {
		wrapped := jsontext.Wrapped(text[at:])
		if sh.Keyed {
			wrapped = 0
		}
		split = jsontext.NewObjects(text[at:at+wrapped], sh.Keyed)
		at += wrapped
	}
	return jsontext.Cut(text[at:], split)
}

// jsonRow is one record by its keys, in their order; of a keyed one the key is its id.
func jsonRow(record []byte, sh Shape) (row map[string]string, keys []string, ok bool) {
	record, _ = jsontext.Plain(record)
	row = map[string]string{}
	add := func(name string, value []byte) {
		if _, twice := row[name]; !twice {
			keys = append(keys, name)
		}
		row[name] = jsontext.CellText(value)
	}
	if sh.Texts {
		add("email", record)
		return row, keys, true
	}
	if sh.Keyed {
		key, object, ok := jsontext.CutKey(record)
		if !ok {
			return nil, nil, false
		}
		add("id", key)
		record = object
	}
	found, _, err := jsontext.Members(record, nil, nil, nil)
	if err != nil {
		return nil, nil, false
	}
	for _, m := range found {
		add(string(m.Key), m.Value)
	}
	return row, keys, true
}
