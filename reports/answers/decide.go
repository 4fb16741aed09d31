// Package answers reads the decisions that customers wrote into workbooks.
package answers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// Options is all that reading answers needs to know.
type Options struct {
	Decisions string           // folder of decisions
	Who       string           // whose decisions they are when the workbook does not say
	Now       func() time.Time // for the time of a decision
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Time{}
	}
	return o.Now().UTC()
}

// State says what became of an answer.
type State string

// States of answers.
const (
	Taken     State = "taken"     // new, or another answer than before
	Same      State = "same"      // was decided so already
	Withdrawn State = "withdrawn" // there was an answer, and the cell is empty now
	Refused   State = "refused"   // not understood, and not applied
)

// Answer is one row somebody answered, and what was understood.
type Answer struct {
	Cell     string // "Findings!H12"
	About    string // the rule or the attribute; never personal data
	Decision string
	State    State
	Reason   string // why it was refused, or what it was before
}

// Decided is what a workbook said.
type Decided struct {
	Answers                         []Answer
	Taken, Same, Withdrawn, Refused int
	Open                            int      // rows without an answer
	Files                           []string // decisions files that changed
}

// Read reads a workbook back and writes what it understood to the folder of decisions. What it
// does not understand it refuses, row by row, with the cell; the rest counts. The same workbook a
// second time changes nothing.
func Read(ctx context.Context, path string, o Options) (Decided, error) {
	temp := filepath.Join(o.Decisions, ".temp")
	if err := os.MkdirAll(temp, run.DirMode); err != nil {
		return Decided{}, err
	}
	defer os.RemoveAll(temp)
	f, err := openWorkbook(path, temp)
	if err != nil {
		return Decided{}, err
	}
	defer f.Close()
	book, err := readAnswers(ctx, f, filepath.Base(path))
	if err != nil {
		return Decided{}, err
	}
	files, err := readDecisions(o.Decisions)
	if err != nil {
		return Decided{}, err
	}
	d := decider{file: f, book: filepath.Base(path), name: nameIn(f), options: o, files: files, twice: contradictions(book.rows)}
	for _, row := range book.rows {
		d.decide(row)
	}
	d.result.Open = book.open
	if d.noName && d.result.Taken > 0 {
		return Decided{}, run.Problemf(path, "nobody's name is in this workbook, and every decision needs one").
			WithTry("fill in “%s” on the sheet “%s”, or add --who NAME", books.NameLabel, books.SummaryName)
	}
	d.result.Files, err = files.write(ctx)
	return d.result, err
}

func openWorkbook(path, temp string) (*excelize.File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, run.Problemf(path, "there is no such file").WithTry("ferry decide runs/<run>/reports/quality.xlsx").WithExit(run.ExitUsage)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, run.Problemf(path, "this is a folder, not a workbook").WithTry("name the .xlsx file itself").WithExit(run.ExitUsage)
	}
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, TmpDir: temp, UnzipSizeLimit: 8 << 30})
	if err != nil {
		p := run.Problemf(path, "this is not a workbook that can be read (%v)", err)
		p.Err = err
		return nil, p.WithTry("open it in Excel or LibreOffice, save it as .xlsx without a password, and try again")
	}
	return f, nil
}

// nameIn is the name somebody wrote on the summary.
func nameIn(f *excelize.File) string {
	rows, err := f.Rows(books.SummaryName)
	if err != nil {
		return "" // no summary: the name must come from elsewhere
	}
	defer rows.Close()
	for n := 0; rows.Next() && n < 200; n++ {
		cells, err := rows.Columns()
		if err != nil {
			return ""
		}
		if len(cells) > 1 && books.Same(cells[0], books.NameLabel) {
			return books.Clean(cells[1])
		}
	}
	return ""
}

func (d *decider) say(row answerRow, at, decision string, s State, reason string, args ...any) {
	cell := row.sheet + "!" + at
	d.result.Answers = append(d.result.Answers, Answer{Cell: cell, About: row.about(), Decision: decision, State: s, Reason: fmt.Sprintf(reason, args...)})
	switch s {
	case Taken:
		d.result.Taken++
	case Same:
		d.result.Same++
	case Withdrawn:
		d.result.Withdrawn++
	case Refused:
		d.result.Refused++
	}
}
