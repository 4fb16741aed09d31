package reports

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ferry/reports/signoff"
)

// signoffSheet adds the sheet to the workbook of a run that was loaded.
func (r *reporter) signoffSheet(w *workbook) error {
	result, err := signoff.ResultOf(r.dir, r.options.Target)
	if err != nil || result == "" {
		return err
	}
	if _, err := w.file.NewSheet(signoff.Name); err != nil {
		return err
	}
	p := signPage{w}
	w.before(signoff.Name, "F4DE8B")
	for i, width := range []float64{38, 52, 60, 14} {
		w.keep(w.file.SetColWidth(signoff.Name, letter(i+1), letter(i+1), width))
	}
	p.put(1, 1, "Sign-off", style{role: "title"})
	w.keep(w.file.SetRowHeight(signoff.Name, 1, 34))
	p.put(1, 2, "Nothing goes into production before somebody who may decide it has signed here.",
		style{role: "plainAbout"})
	row := 4
	for _, line := range [][2]string{{signoff.TargetLabel, r.options.Target}, {signoff.RunLabel, r.dir.ID()},
		{signoff.ResultLabel, result}, {signoff.AuditLabel, r.options.AuditHead}} {
		if line[1] == "" {
			continue
		}
		p.put(1, row, line[0], style{role: "label"})
		p.put(2, row, line[1], style{role: "key", format: "text"})
		w.keep(w.file.MergeCell(signoff.Name, cell(2, row), cell(3, row)))
		row++
	}
	row++
	p.put(1, row, "I have looked at the numbers, at the differences and at the spot check.", style{role: "plainAbout"})
	row++
	for _, f := range signoff.Fields {
		row++
		p.field(row, f, signoff.Code(result, f.Label))
	}
	w.page(signoff.Name, signoff.Name, 1, 1)
	w.lists = append(w.lists, written{signoff.Name,
		"To be filled in by whoever decides that this may be done in production.", int64(len(signoff.Fields))})
	return w.err
}

// signPage writes cells of the sheet.
type signPage struct{ *workbook }

func (p signPage) put(column, row int, v any, s style) {
	at := cell(column, row)
	p.keep(p.file.SetCellValue(signoff.Name, at, v))
	p.keep(p.file.SetCellStyle(signoff.Name, at, at, p.styleID(s)))
}

func (p signPage) field(row int, f signoff.Field, code string) {
	p.put(1, row, f.Label, style{role: "label"})
	p.put(2, row, "", style{role: "input", format: "text", wrap: true})
	p.put(3, row, f.About, style{role: "note"})
	p.put(signoff.CodeColumn, row, code, style{role: "key"})
	p.keep(p.file.SetRowHeight(signoff.Name, row, 46))
	if f.Choices == nil {
		return
	}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = cell(2, row)
	p.keep(dv.SetDropList(f.Choices))
	dv.SetError(excelize.DataValidationErrorStyleStop, "Please choose from the list",
		fmt.Sprintf("Possible answers here: %v.", f.Choices))
	p.keep(p.file.AddDataValidation(signoff.Name, dv))
}
