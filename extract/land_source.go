package extract

import (
	"context"
	"errors"
	"io"
	"strings"

	"ferry/internal/run"
)

// source lands one file.
func (l *landing) source(ctx context.Context, s source, seq int) (*tally, error) {
	t := &tally{source: s, coding: "utf-8", firstLine: 1}
	in, err := openSource(s)
	if err != nil {
		return t, run.Problemf(s.name, "the file cannot be read: %v", err)
	}
	defer in.Close()
	sample, err := in.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return t, run.Problemf(s.name, "the file cannot be read: %v", err)
	}
	if k := skipSpace(sample, 0); k < len(sample) && sample[k] == '{' {
		t.format = "ndjson"
		err = l.file(ctx, t, in, lineSplitter{}, newJSONRows(l, s), nil, seq)
	} else {
		t.format, t.delim = "csv", ","
		err = l.csv(ctx, t, in, seq)
	}
	t.bytes, t.sha256 = in.read, in.sum()
	return t, err
}

func (l *landing) csv(ctx context.Context, t *tally, in *stream, seq int) error {
	line, err := in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	cells, _, _ := plainCSV.cells([]byte(strings.TrimRight(line, "\r\n")), nil, nil)
	var headers []string
	for _, c := range cells {
		headers = append(headers, string(c.text))
	}
	if missing := t.source.entity.Missing(headers); missing != "" && line != "" {
		return run.Problemf(t.source.name, "a file of %s must have the column %s", t.source.entity.Name, missing).WithTry("check the header line of the file")
	}
	t.firstLine = 2
	split := csvSplitter{d: plainCSV, maxField: 1 << 20, maxLines: 1000}
	r := newCSVRows(l, t.source, plainCSV, headers)
	return l.file(ctx, t, in, split, r, nil, seq)
}
