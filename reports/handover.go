package reports

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/reports/books"
)

// inWords writes a workbook as text, for those who keep it beside their code or paste it into a mail; all
// of its lists, or only some.
func (r *reporter) inWords(ctx context.Context, path string, b books.Book, lists ...string) error {
	v, err := r.verdict(b.Kind)
	if err != nil {
		return err
	}
	figures, err := r.figures(b.Kind)
	if err != nil {
		return err
	}
	return run.WriteFile(path, func(out io.Writer) error {
		w := bufio.NewWriter(out)
		fmt.Fprintf(w, "# %s\n\n**%s.** %s\n\nMade from run %s. Times are UTC.\n", b.Title, run.MarkdownCell(v.words),
			run.MarkdownCell(v.sentence), r.dir.ID())
		if r.lastLoad != "" {
			fmt.Fprintf(w, "\n%s\n", r.lastLoad)
		}
		section := ""
		for _, f := range figures {
			if f.section != section {
				section = f.section
				fmt.Fprintf(w, "\n## %s\n\n| | number | |\n| --- | ---: | --- |\n", run.MarkdownCell(section))
			}
			fmt.Fprint(w, run.MarkdownRow(run.MarkdownCell(f.label), fmt.Sprint(f.value), run.MarkdownCell(f.note)))
		}
		for _, s := range b.Sheets {
			if len(lists) > 0 && !slices.Contains(lists, s.Model) {
				continue
			}
			if err := r.listInWords(ctx, w, s); err != nil {
				return err
			}
		}
		return w.Flush()
	})
}

func (r *reporter) listInWords(ctx context.Context, w *bufio.Writer, s books.Sheet) error {
	src, err := r.open(s.Model)
	if src == nil || err != nil {
		return err
	}
	defer src.close()
	columns := layout(s, src)
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = run.MarkdownCell(c.Title)
	}
	if src.total == 0 {
		fmt.Fprintf(w, "\n## %s\n\n%s\n", s.Title, s.WhenEmpty())
		return nil
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n", s.Title, s.About)
	fmt.Fprint(w, run.MarkdownHead(titles...))
	for {
		row, err := src.next()
		if errors.Is(err, io.EOF) {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = run.MarkdownCell(plainText(c.shown(row)))
		}
		fmt.Fprint(w, run.MarkdownRow(cells...))
	}
}

// plainText is a cell as text.
func plainText(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case time.Time:
		return x.UTC().Format("2006-01-02 15:04:05")
	default:
		return fmt.Sprint(x)
	}
}

// pushTokens writes the tokens as CSV, in a stream: there may be millions.
func (r *reporter) pushTokens(ctx context.Context, path string) error {
	src, err := r.open("push_tokens")
	if src == nil || err != nil {
		return err
	}
	defer src.close()
	names := make([]string, len(src.columns))
	for i, c := range src.columns {
		names[i] = c.Name
	}
	return src.writeCSV(ctx, path, names, func(row run.Row, i int) string {
		if _, isText := row[i].(string); isText && names[i] != "token" {
			return harmless(plainText(show(row[i], nil)))
		}
		return plainText(show(row[i], nil))
	})
}

// writeCSV writes the rows of a source as a file of that header, in a stream: there may be millions.
func (src *source) writeCSV(ctx context.Context, path string, header []string, cell func(row run.Row, i int) string) error {
	return run.WriteFile(path, func(out io.Writer) error {
		w := csv.NewWriter(out)
		cells := slices.Clone(header)
		for n := 0; ; n++ {
			if err := w.Write(cells); err != nil {
				return err
			}
			row, err := src.next()
			if errors.Is(err, io.EOF) {
				w.Flush()
				return w.Error()
			}
			if err == nil && n%4096 == 0 {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			for i := range cells {
				cells[i] = cell(row, i)
			}
		}
	})
}

// harmless keeps a spreadsheet that opens a list from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
