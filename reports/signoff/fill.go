package signoff

import (
	"os"
	"path/filepath"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/internal/xlsx"
)

// Fill fills in the yellow cells of a sign-off sheet as somebody at a desk would, and saves
// the workbook under another name. The demo signs with it; a real sign-off is made by hand.
func Fill(path, to string, s Signed) error {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return run.Problemf(path, "cannot be opened: %v", err)
	}
	defer f.Close()
	yesNo := map[bool]string{true: "yes", false: "no"}
	answers := map[string]string{signName: s.Name, signRole: s.Role, signDate: s.Date, signVerdict: s.Verdict,
		signRemarks: s.Remarks,
		signMap:     yesNo[s.MapDefault], signFindings: yesNo[s.FindingsDefault], signNoBackup: yesNo[s.NoBackup]}
	rows, err := f.GetRows(Name)
	if err != nil {
		return run.Problemf(path, "there is no sheet to sign: %v", err)
	}
	for i, row := range rows {
		if len(row) == 0 {
			continue
		}
		if answer, asked := answers[row[0]]; asked {
			if err := f.SetCellStr(Name, xlsx.CellName(2, i+1), answer); err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
		return run.CannotWrite(to, err)
	}
	if err := f.SaveAs(to); err != nil {
		return run.CannotWrite(to, err)
	}
	return os.Chmod(to, run.FileMode)
}
