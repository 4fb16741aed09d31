package extract

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// peopleBook is a workbook with a sheet of two people that begins at a cell.
func peopleBook(t *testing.T, at string) string {
	t.Helper()
	return workbook(t, func(f *excelize.File) error {
		column, row, err := excelize.CellNameToCoordinates(at)
		for i, cells := range [][]any{{"user_id", "email"}, {"u1", "a@x.com"}, {"u2", "b@x.com"}} {
			cell, e := excelize.CoordinatesToCellName(column, row+i)
			err = errors.Join(err, e, f.SetSheetRow("Sheet1", cell, &cells))
		}
		return err
	})
}

func TestSpreadsheetsInAllPlaces(t *testing.T) {
	two := [][]string{{"u1", "a@x.com"}, {"u2", "b@x.com"}}
	plain := peopleBook(t, "A1")
	for name, c := range map[string]struct{ file, text, source string }{
		"on its own":         {"profiles.xlsx", plain, "profiles.xlsx!Sheet1"},
		"not at the corner":  {"profiles.xlsx", peopleBook(t, "C7"), "profiles.xlsx!Sheet1"},
		"in a zip":           {"all.zip", zipped(t, "profiles.xlsx", plain), "all.zip!profiles.xlsx!Sheet1"},
		"in a tape archive":  {"all.tgz", gzipped(t, tarred(t, "profiles.xlsx", plain)), "all.tgz!profiles.xlsx!Sheet1"},
		"packed by itself":   {"profiles.xlsx.gz", gzipped(t, plain), "profiles.xlsx.gz!Sheet1"},
		"under another name": {"profiles.csv", plain, "profiles.csv!Sheet1"},
		"on a hidden sheet": {"profiles.xlsx", workbook(t, func(f *excelize.File) error {
			_, err := f.NewSheet("users")
			return errors.Join(err, f.SetSheetRow("users", "A1", &[]any{"user_id", "email"}),
				f.SetSheetRow("users", "A2", &[]any{"u1", "a@x.com"}), f.SetSheetRow("users", "A3", &[]any{"u2", "b@x.com"}),
				f.SetSheetVisible("users", false))
		}), "profiles.xlsx!users"},
		"below merged names": {"profiles.xlsx", workbook(t, func(f *excelize.File) error {
			return errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"Person", nil, "Other"}),
				f.MergeCell("Sheet1", "A1", "B1"), f.SetSheetRow("Sheet1", "A2", &[]any{"user_id", "email", "points"}),
				f.SetSheetRow("Sheet1", "A3", &[]any{"u1", "a@x.com", 3}),
				f.SetSheetRow("Sheet1", "A4", &[]any{"u2", "b@x.com", 4}), f.SetColVisible("Sheet1", "B", false))
		}), "profiles.xlsx!Sheet1"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, o := drop(t, map[string]string{c.file: c.text})
			res, err := Run(context.Background(), dir, o)
			if err != nil || len(res.Doubts) > 0 {
				t.Fatalf("%+v, %v", res, err)
			}
			same(t, "rows", landed(t, dir, "user_profiles", "user_id", "email"), two)
			found := false
			for _, row := range readTable(t, dir.Sources(), "source", "entity") {
				found = found || row[0] == c.source && row[1] == "user_profiles"
			}
			if !found {
				t.Errorf("%s is not listed: %q", c.source, readTable(t, dir.Sources(), "source", "entity"))
			}
		})
	}
}

func TestFormulasWithoutResultsAreDoubtful(t *testing.T) {
	text := workbook(t, func(f *excelize.File) error {
		return errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"user_id", "email", "Sum"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{"u1", "a@x.com"}), f.SetCellFormula("Sheet1", "C2", "1+1"))
	})
	dir, o := drop(t, map[string]string{"profiles.xlsx": text})
	res, err := Run(context.Background(), dir, o)
	if err != nil || len(res.Doubts) != 1 || !strings.Contains(res.Doubts[0].Why, "1 cell is empty") {
		t.Fatalf("%+v, %v", res, err)
	}
}

// Hours that went by are a number, a time of day is one, and days count from when their workbook says.
func TestTimesInSpreadsheets(t *testing.T) {
	text := workbook(t, func(f *excelize.File) error {
		hours, clock, day := "[h]:mm", "hh:mm", "yyyy-mm-dd"
		spent, err1 := f.NewStyle(&excelize.Style{CustomNumFmt: &hours})
		at, err2 := f.NewStyle(&excelize.Style{CustomNumFmt: &clock})
		on, err3 := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
		since := true
		return errors.Join(err1, err2, err3, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since}),
			f.SetSheetRow("Sheet1", "A1", &[]any{"user_id", "email", "Spent", "At", "create_time"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{"u1", "a@x.com", 1.5, 0.25, 45306 - 1462}),
			f.SetCellStyle("Sheet1", "C2", "C2", spent), f.SetCellStyle("Sheet1", "D2", "D2", at),
			f.SetCellStyle("Sheet1", "E2", "E2", on))
	})
	dir, _ := mustLand(t, map[string]string{"profiles.xlsx": text})
	same(t, "rows", landed(t, dir, "user_profiles", "create_time", "_extra"),
		[][]string{{"2024-01-15", `{"Spent":"1.5","At":"06:00:00"}`}})
}
