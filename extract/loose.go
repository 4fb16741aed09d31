package extract

import (
	"bytes"
	"encoding/csv"
	"io"
)

// ReadLoose recovers the tables in a delimited text and writes them as plain CSV: header first, lines
// of a multi-line header joined by a space, one table after the other, preamble and footer left out.
func ReadLoose(in io.Reader, out io.Writer) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	coding, mark := detectCoding(raw[:min(len(raw), sampleSize)])
	text, err := io.ReadAll(decoded(bytes.NewReader(raw[mark:]), coding))
	if err != nil {
		return err
	}
	text, _, _ = repairUTF8(text, nil)
	w := csv.NewWriter(out)
	for _, t := range analyse(text, nil).tables {
		if len(t.header) > 0 {
			if err := w.Write(joinHeader(t.header)); err != nil {
				return err
			}
		}
		for _, r := range t.rows {
			if err := w.Write(texts(r.cells)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
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
