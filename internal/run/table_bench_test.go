package run

import (
	"fmt"
	"path/filepath"
	"testing"
)

// BenchmarkReadTable reads 200,000 rows of 20 text columns, as a plan does.
func BenchmarkReadTable(b *testing.B) {
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprint("column_", i))
	}
	path := filepath.Join(b.TempDir(), "t.parquet")
	w, err := CreateTable(path, Texts("t", names...))
	if err != nil {
		b.Fatal(err)
	}
	row := make(Row, len(names))
	const rows = 200_000
	for i := range rows {
		for c := range row {
			row[c] = fmt.Sprint("value ", i%1000, " of ", c)
		}
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		if err := ReadTable(path, func([]Column, Row) error { n++; return nil }); err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
