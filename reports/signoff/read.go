package signoff

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// Signed is what somebody wrote on the sign-off sheet, and what it is about.
type Signed struct {
	Name, Role, Date, Verdict, Remarks       string
	MapDefault, FindingsDefault, NoBackup    bool
	Target, Run, Result, AuditHead, Workbook string
}

// Read reads the sign-off sheet of a workbook, and makes sure that it is the sheet ferry wrote for
// what stands in that run now. It writes nothing.
func Read(path string, project run.Project) (Signed, error) {
	f, err := open(path)
	if err != nil {
		return Signed{}, err
	}
	defer f.Close()
	r := signReader{path: filepath.Base(path), file: f, cells: map[string]signCell{}}
	if err := r.read(); err != nil {
		return Signed{}, err
	}
	s := Signed{Target: r.cells[TargetLabel].value, Run: r.cells[RunLabel].value, Result: r.cells[ResultLabel].value,
		AuditHead: r.cells[AuditLabel].value, Workbook: r.path}
	if err := r.checkOrigin(s, project); err != nil {
		return Signed{}, err
	}
	return s, r.answers(&s)
}

func open(path string) (*xlsx.File, error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return nil, run.Problemf(path, "there is no such workbook").
			WithTry("ferry signoff runs/<run>/reports/<target>/reconciliation.xlsx").WithExit(run.ExitUsage)
	}
	f, err := xlsx.Open(path, os.TempDir())
	if err != nil {
		return nil, unreadable(path, err)
	}
	return f, nil
}

func unreadable(path string, err error) error {
	p := run.Problemf(path, "this is not a workbook that can be read (%v)", err).WithExit(run.ExitUsage)
	p.Err = err
	return p.WithTry("open it in Excel or LibreOffice, save it as .xlsx without a password, and try again")
}

// shown is what somebody typed, as a message may carry it: short, and without control characters.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\uFFFD'
		}
		return r
	}, text)
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}

// signCell is a value of the sheet, where it stands, and the code beside it.
type signCell struct{ value, at, code string }

type signReader struct {
	path  string
	file  *xlsx.File
	cells map[string]signCell // by label
}

// read finds the labels wherever somebody moved them.
func (r *signReader) read() error {
	rows, err := r.file.Rows(Name)
	if err != nil {
		return unreadable(r.path, err)
	}
	if rows == nil {
		return run.Problemf(r.path, "this workbook has no sheet “%s”", Name).
			WithTry("use the reconciliation.xlsx of a rehearsal that was loaded: " +
				"runs/<run>/reports/<target>/reconciliation.xlsx").WithExit(run.ExitUsage)
	}
	defer rows.Close()
	for rows.Next() && rows.Number() < 200 {
		n, cells := rows.Number(), rows.Cells()
		at := func(column int) string {
			if column <= len(cells) {
				return books.Clean(cells[column-1].Text)
			}
			return ""
		}
		if _, twice := r.cells[at(1)]; at(1) != "" && !twice {
			r.cells[at(1)] = signCell{at(2), xlsx.CellName(2, n), at(CodeColumn)}
		}
	}
	if rows.Err() != nil {
		return run.Problemf(r.path+", sheet “"+Name+"”", "what follows row %d cannot be read: %v", rows.Number(),
			rows.Err()).WithTry("open the workbook, save it, and try again")
	}
	return nil
}

func (r *signReader) problem(label, format string, args ...any) *run.Problem {
	where := r.path + ", sheet “" + Name + "”"
	if at := r.cells[label].at; at != "" {
		where += ", cell " + at
	}
	return run.Problemf(where, format, args...).WithExit(run.ExitStop)
}

// checkOrigin makes sure that this sheet is about what that run did, as it stands now.
func (r *signReader) checkOrigin(s Signed, project run.Project) error {
	newest := "sign the reconciliation.xlsx that ferry wrote last: ferry report, then " +
		"runs/<run>/reports/<target>/reconciliation.xlsx"
	if s.Run == "" || s.Target == "" || s.Result == "" {
		return r.problem(ResultLabel, "this sheet does not say which rehearsal it is about").WithTry("%s", newest)
	}
	dir, err := project.Run(s.Run)
	if err != nil {
		return r.problem(RunLabel,
			"it is about the run %s, which this project does not have: it is a workbook of another "+
				"project, or the run was removed", shown(s.Run)).WithTry("%s", newest)
	}
	now, err := ResultOf(dir, s.Target)
	if err != nil {
		return err
	}
	switch {
	case now == "":
		return r.problem(TargetLabel, "run %s was not loaded to a target %q here", s.Run, s.Target).WithTry("%s", newest)
	case now != s.Result:
		return r.problem(ResultLabel,
			"the digest on this sheet is not that of run %s on %s as it stands now: the sheet was edited, or something was "+
				"loaded or read back after it was written", s.Run, s.Target).WithTry("%s", newest)
	}
	for _, f := range Fields {
		c, there := r.cells[f.Label]
		if !there {
			return r.problem(f.Label, "the line “%s” is missing", f.Label).WithTry("%s", newest)
		}
		if c.code != Code(now, f.Label) {
			return r.problem(f.Label,
				"the code beside “%s” is not the one ferry wrote for this rehearsal: cells were moved or "+
					"come from another workbook", f.Label).WithTry("%s", newest)
		}
	}
	return nil
}

// answers reads the yellow cells; what is missing or not understood is refused with its cell.
func (r *signReader) answers(s *Signed) error {
	s.Name, s.Role, s.Remarks = r.cells[signName].value, r.cells[signRole].value, r.cells[signRemarks].value
	for _, label := range []string{signName, signRole, signDate, signVerdict} {
		if r.cells[label].value == "" {
			return r.problem(label, "“%s” is empty: a signature needs a name, a role, a date and a verdict", label).
				WithTry("fill it in, save the workbook and read it again")
		}
	}
	if strings.Trim(s.Name, "0123456789 .,-_/") == "" {
		return r.problem(signName, "“%s” is no name", shown(s.Name)).WithTry("write the name of whoever signs")
	}
	var err error
	if s.Date, err = r.date(); err != nil {
		return err
	}
	if s.Verdict, err = r.word(signVerdict); err != nil {
		return err
	}
	if s.Verdict != verdictAccept && s.Remarks == "" {
		return r.problem(signRemarks, "“%s” needs remarks", s.Verdict).
			WithTry("write what is to be done or what is wrong, save the workbook and read it again")
	}
	for label, to := range map[string]*bool{signMap: &s.MapDefault, signFindings: &s.FindingsDefault,
		signNoBackup: &s.NoBackup} {
		if r.cells[label].value == "" {
			continue // not said is no
		}
		word, err := r.word(label)
		if err != nil {
			return err
		}
		*to = word == "yes"
	}
	return nil
}

// word reads a cell with a drop-down.
func (r *signReader) word(label string) (string, error) {
	said := strings.Join(strings.Fields(strings.ToLower(r.cells[label].value)), " ")
	for _, f := range Fields {
		if f.Label == label && slices.Contains(f.Choices, said) {
			return said, nil
		}
		if f.Label == label {
			p := r.problem(label, "“%s” is no possible answer here (%s)", shown(said), strings.Join(f.Choices, ", "))
			return "", p.WithTry("choose from the list, save the workbook and read it again")
		}
	}
	return "", fmt.Errorf("no field %q", label)
}

// date reads the day of the signature: as text, or as a date that a spreadsheet keeps as a number.
func (r *signReader) date() (string, error) {
	c := r.cells[signDate]
	value := c.value
	if n, err := strconv.ParseFloat(value, 64); err == nil && n > 30_000 &&
		n < 80_000 { // as a spreadsheet keeps 1982 to 2119
		value = r.file.AsTime(n).Format(time.DateOnly)
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04:05", "2006-01-02 15:04", "2 January 2006",
		"January 2, 2006", "2 Jan 2006", "02.01.2006", "2.1.2006"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", r.problem(signDate, "“%s” is no date that can be read without guessing", shown(value)).
		WithTry("write it as 2026-03-12")
}
