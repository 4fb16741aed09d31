package answers

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// openWorkbook opens a workbook somebody sent.
func openWorkbook(path, temp string) (*xlsx.File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, run.Problemf(path, "there is no such file").
			WithTry("ferry decide runs/<run>/reports/quality.xlsx").WithExit(run.ExitUsage)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, run.Problemf(path, "this is a folder, not a workbook").WithTry("name the .xlsx file itself").
			WithExit(run.ExitUsage)
	}
	f, err := xlsx.Open(path, temp)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return f, nil
}

// unreadable says what a file is if it is no workbook, and what to do.
func unreadable(path string, err error) error {
	var big *xlsx.TooLarge
	var other *xlsx.Another
	switch {
	case errors.As(err, &big):
		return run.Problemf(path, "this workbook is not read: %s", big.Why).
			WithTry("copy the answers into the workbook as ferry report wrote it, and read that one")
	case errors.As(err, &other):
		return run.Problemf(path, "this is not a workbook that can be read: it is %s", other.Kind).
			WithTry("open it where the answers were written, save it as an Excel workbook (.xlsx) without a password, " +
				"and read that one")
	}
	p := run.Problemf(path, "this is not a workbook that can be read (%v)", err)
	p.Err = err
	return p.WithTry("open it in Excel or LibreOffice, save it as .xlsx without a password, and try again")
}

// savedAt is when somebody last saved a workbook: what its program wrote into it, or, where that was
// never touched, the time of the file.
func savedAt(f *xlsx.File, path string) time.Time {
	if t := f.Saved(); !t.IsZero() {
		return t
	}
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime().UTC()
}

// summaryOf is what the summary is called now: somebody may have given it another name.
func summaryOf(f *xlsx.File) (string, error) {
	sheets := f.Sheets()
	if slices.Contains(sheets, books.SummaryName) {
		return books.SummaryName, nil
	}
	for _, name := range sheets {
		rows, err := f.Rows(name)
		if err != nil {
			return "", err
		}
		is := rows.Next() && rows.Number() == 1 &&
			slices.ContainsFunc(rows.Cells(), func(c xlsx.Cell) bool { return c.Text == books.MarksTitle })
		if err := rows.Close(); err != nil {
			return "", err
		}
		if is {
			return name, nil
		}
	}
	return books.SummaryName, nil
}

// nameIn is the name somebody wrote on the summary.
func nameIn(f *xlsx.File, summary string) (string, error) {
	rows, err := f.Rows(summary)
	if rows == nil {
		return "", err // no summary: the name must come from elsewhere
	}
	defer rows.Close()
	for rows.Next() && rows.Number() <= onSummary {
		cells := rows.Cells()
		if len(cells) > 1 && books.Same(cells[0].Text, books.NameLabel) {
			return books.Clean(cells[1].Text), nil
		}
	}
	return "", rows.Err()
}
