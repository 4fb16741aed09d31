package discovery

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"

	"ferry/extract/delimited"
	"ferry/extract/source"
	"ferry/internal/run"
)

// Shown is what a file turned out to hold.
type Shown struct {
	Tables  int
	Guessed int  // records of the table shown that landing would reject
	CutOff  bool // there is more, which cannot be read
}

// ExplainFile writes a table of a file as ReadLoose does. The file is opened as landing would, wherever it
// lies: unpacked and decoded by what it holds. Of an archive or a spreadsheet the tables of all members count.
func ExplainFile(path string, out io.Writer, which int) (Shown, error) {
	o := Rules{}.WithDefaults()
	temp, err := os.MkdirTemp("", "ferry-")
	if err != nil {
		return Shown{}, run.CannotWrite("the temporary folder", err)
	}
	defer os.RemoveAll(temp)
	o.Limits.Temp = temp
	archives := &source.Archives{}
	defer archives.Close()
	files, err := source.Find(path, o.Source(), archives)
	if err != nil {
		return Shown{}, run.Problemf(path, "cannot be read: %v", err).WithTry("ferry extract --explain FILE")
	}
	var all Shown
	refused := ""
	for _, f := range files {
		if f.State != source.ToLand {
			refused = f.Note
			continue
		}
		in, err := source.Open(f, o.Source())
		if err != nil {
			refused = source.CannotRead(err)
			continue
		}
		k := Input{File: f}.Known()
		shown, err := showText(in, out, which-all.Tables, k)
		_ = in.Close() // what is cut off was met in reading
		if err != nil {
			return all, err
		}
		all.CutOff = all.CutOff || shown.CutOff
		all.Tables += shown.Tables
		all.Guessed += shown.Guessed
	}
	if all.Tables == 0 && refused != "" {
		return all, run.Problemf(path, "%s", refused).WithTry("ferry extract --explain FILE")
	}
	return all, nil
}

// ReadLoose recovers the tables in a delimited text and writes one of them as plain CSV: header first, lines
// of a multi-line header joined by a space; preamble, footer and comments left out. Tables are counted from
// 1; it answers how many there are.
func ReadLoose(in io.Reader, out io.Writer, which int) (tables int, err error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return 0, err
	}
	shown, err := readLoose(source.Text(raw), out, which, known)
	return shown.Tables, err
}

// showText shows what a text holds as landing reads it: delimited, or JSON.
func showText(in io.Reader, out io.Writer, which int, k delimited.Known) (Shown, error) {
	text, broken := io.ReadAll(in)
	if broken != nil && len(text) == 0 {
		return Shown{}, run.Problemf("the file", "it cannot be read: %v", broken).WithTry("fetch it again")
	}
	var shown Shown
	var err error
	if sh := shapeOf(text, true, k); sh.Format == "json" || sh.Format == "ndjson" {
		shown, err = showJSON(text, out, which, sh)
	} else {
		shown, err = readLoose(bytes.NewReader(text), out, which, k)
	}
	shown.CutOff = broken != nil
	return shown, err
}

func readLoose(in io.Reader, out io.Writer, which int, k delimited.Known) (Shown, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return Shown{}, err
	}
	text, _, _ = source.RepairUTF8(text, nil)
	drawn := layoutOf(text, k)
	f := delimited.Analyse(drawn.Text(text), drawnOf(k, drawn))
	all := f.Together()
	if which < 1 || which > len(all) {
		return Shown{Tables: len(all)}, nil
	}
	t := all[which-1]
	shown := Shown{Tables: len(all), Guessed: t.Mend(f.D, anyKeys(HeaderNames(t)))}
	w := csv.NewWriter(out)
	if len(t.Header) > 0 {
		if err := w.Write(delimited.JoinHeader(t.Header)); err != nil {
			return shown, err
		}
	}
	again := len(t.Header) > 0 && IsHeader(HeaderNames(t)) // where it is met again it is no row
	for _, r := range t.Rows {
		if delimited.Comment(r.Text, len(r.Cells), t.Width) || delimited.Rule(r.Cells) || r.Line == t.Units ||
			r.Line == t.Labels || again && delimited.SameCells(r.Cells, t.Header[0]) {
			continue
		}
		if err := w.Write(delimited.Texts(r.Cells)); err != nil {
			return shown, err
		}
	}
	w.Flush()
	return shown, w.Error()
}
