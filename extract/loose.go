package extract

import (
	"bytes"
	"encoding/csv"
	"io"
)

// ReadLoose recovers the tables in a delimited text and writes one of them as plain CSV: header first, lines
// of a multi-line header joined by a space; preamble, footer and comments left out. Tables are counted from
// 1; it answers how many there are.
func ReadLoose(in io.Reader, out io.Writer, which int) (tables int, err error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return 0, err
	}
	coding, mark := detectCoding(raw[:min(len(raw), sampleSize)])
	text, err := io.ReadAll(decoded(bytes.NewReader(raw[mark:]), coding))
	if err != nil {
		return 0, err
	}
	text, _, _ = repairUTF8(text, nil)
	f := analyse(text, nil)
	all := f.together()
	if which < 1 || which > len(all) {
		return len(all), nil
	}
	t := all[which-1]
	t.mend(f.d)
	w := csv.NewWriter(out)
	if len(t.header) > 0 {
		if err := w.Write(joinHeader(t.header)); err != nil {
			return 0, err
		}
	}
	for _, r := range t.rows {
		if comment(r, t.width) {
			continue
		}
		if err := w.Write(texts(r.cells)); err != nil {
			return 0, err
		}
	}
	w.Flush()
	return len(all), w.Error()
}

// together are the tables, with those that only go on below the same header once more added to the first.
func (f found) together() []table {
	var all []table
	for _, t := range f.tables {
		if len(all) > 0 && sameHeader(t, all[0]) {
			all[0].rows = append(all[0].rows[:len(all[0].rows):len(all[0].rows)], t.rows...)
			continue
		}
		all = append(all, t)
	}
	return all
}

func texts(cells []cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(c.text)
	}
	return out
}

// joinHeader makes one name of the lines of each column's header.
func joinHeader(rows [][]cell) []string {
	out := texts(rows[0])
	for _, r := range rows[1:] {
		for i, c := range r[:min(len(r), len(out))] {
			if len(c.text) > 0 {
				out[i] += " " + string(c.text)
			}
		}
	}
	return out
}
