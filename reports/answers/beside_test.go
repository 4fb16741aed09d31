package answers

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/reports/books"
)

// TestWhatIsDoneWhereNothingIsAskedIsNamed: on sheets without questions, on the summary, on a sheet of somebody's own,
// and to rows and sheets that are gone.
func TestWhatIsDoneWhereNothingIsAskedIsNamed(t *testing.T) {
	type change = func(f *excelize.File)
	set := func(at, text string) change {
		sheet, cell, _ := strings.Cut(at, "!")
		return func(f *excelize.File) { _ = f.SetCellStr(sheet, cell, text) }
	}
	for name, test := range map[string]struct {
		do   change
		want string // the cells that are named
	}{
		"a white cell of a list without questions": {set("Rules!A5", "not so"), "Rules!A5"},
		"a remark above such a list":               {set("Rules!F2", "look"), "Rules!F2"},
		"a remark beside such a list":              {set("Rules!Z6", "look"), "Rules!Z6"},
		"a remark on the summary":                  {set("Summary!C9", "look"), "Summary!C9"},
		"a changed figure of the summary":          {set("Summary!B9", "1"), "Summary!B9"},
		"a remark below the summary":               {set("Summary!A90", "look"), "Summary!A90"},
		"a row that is gone":                       {func(f *excelize.File) { _ = f.RemoveRow("Findings", 6) }, "Findings"},
		"a sheet that is gone":                     {func(f *excelize.File) { _ = f.DeleteSheet("Rules") }, "Rules"},
		"a sheet of somebody's own": {func(f *excelize.File) {
			_, _ = f.NewSheet("Mine")
			_ = f.SetCellStr("Mine", "A1", "call me")
		}, "Mine"},
		"a note on a sheet without questions": {func(f *excelize.File) {
			_ = f.AddComment("Rules", excelize.Comment{Cell: "A6", Author: "Ada", Text: "why?"})
		}, "Rules!A6"},
		"names of sheets": {func(f *excelize.File) {
			_ = f.SetSheetName("Rules", "Regeln")
			_ = f.SetSheetName(books.SummaryName, "Zusammenfassung")
		}, ""},
		"rows of a list in another order": {func(f *excelize.File) { swap(t, f, "Rules", 5, 6, letters('A', 'K')...) }, ""},
		"a column inserted on the summary": {func(f *excelize.File) {
			_ = f.InsertCols(books.SummaryName, "B", 1)
		}, "Summary"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t, "quality.xlsx")
			c.edit(test.do)
			var got []string
			for _, i := range c.decide().Ignored {
				got = append(got, i.Cell)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("named are %v, want %q", got, test.want)
			}
		})
	}
}
