package extract

import (
	"encoding/csv"
	"io"

	"ferry/extract/delimited"
	"ferry/extract/source"
)

// ReadLoose recovers the tables in a delimited text and writes one of them as plain CSV: header first, lines
// of a multi-line header joined by a space; preamble, footer and comments left out. Tables are counted from
// 1; it answers how many there are.
func ReadLoose(in io.Reader, out io.Writer, which int) (tables int, err error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(source.Text(raw))
	if err != nil {
		return 0, err
	}
	text, _, _ = source.RepairUTF8(text, nil)
	f := delimited.Analyse(text, delimited.Known{})
	all := f.Together()
	if which < 1 || which > len(all) {
		return len(all), nil
	}
	t := all[which-1]
	t.Mend(f.D)
	w := csv.NewWriter(out)
	if len(t.Header) > 0 {
		if err := w.Write(delimited.JoinHeader(t.Header)); err != nil {
			return 0, err
		}
	}
	for _, r := range t.Rows {
		if delimited.Comment(r, t.Width) {
			continue
		}
		if err := w.Write(delimited.Texts(r.Cells)); err != nil {
			return 0, err
		}
	}
	w.Flush()
	return len(all), w.Error()
}
