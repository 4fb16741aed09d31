package extract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
)

// BenchmarkLandSpreadsheet lands sheets of 100,000 people, with and without dates in them.
func BenchmarkLandSpreadsheet(b *testing.B) {
	const people = 100_000
	for name, dated := range map[string]bool{"plain": false, "dated": true} {
		b.Run(name, func(b *testing.B) {
			p := run.OpenProject(b.TempDir())
			if err := os.MkdirAll(p.Exports(), 0o700); err != nil {
				b.Fatal(err)
			}
			if err := writePeople(filepath.Join(p.Exports(), "user_profiles.xlsx"), people, dated); err != nil {
				b.Fatal(err)
			}
			dir, err := p.NewRun(clock)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				res, err := Run(context.Background(), dir, Options{Exports: p.Exports(), Now: func() time.Time { return clock }})
				if err != nil || res.Landed != people {
					b.Fatalf("%+v, %v", res, err)
				}
			}
			b.ReportMetric(people*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func writePeople(path string, people int, dated bool) error {
	f := excelize.NewFile()
	format := 0
	if dated {
		var err error
		if format, err = f.NewStyle(&excelize.Style{NumFmt: 22}); err != nil {
			return err
		}
	}
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := w.SetRow("A1", []any{"user_id", "email", "first_name", "last_name", "country", "email_subscription",
		"create_time", "points"}); err != nil {
		return err
	}
	for i := range people {
		row := []any{fmt.Sprintf("U%07d", i), fmt.Sprintf("person%d@example.com", i), "Ann", "Kelly", "IE", 1,
			excelize.Cell{StyleID: format, Value: 45000.25 + float64(i%300)}, i}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.SaveAs(path)
}
