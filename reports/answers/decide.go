// Package answers reads the decisions that customers wrote into workbooks: which row a yellow cell belongs to, what its
// words mean, which copy of two is right, and the CSV files decisions are kept in. It refuses what fits no row or can
// mean two things, and names the cell. It must not know what a decision does to a record: SQL reads settings.decisions
// and settings.field_map. Start at Read; meaning.go says what an answer may be, decisions.go how it is kept.
package answers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ferry/internal/run"
	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// Options is all that reading answers needs to know.
type Options struct {
	Decisions string           // folder of decisions
	Who       string           // whose decisions they are when the workbook does not say
	Newest    bool             // of answers that disagree, the one saved last wins
	Now       func() time.Time // for the time of a decision

	Budget Budget  // of custom fields of contacts; the zero value lets everything pass
	Closed []Field // that the migration fills itself, and no attribute can go into

	// Value reads a new value of a field as the rules would, or says what is wrong with it; nil takes all.
	Value func(field, value string) (read, wrong string)
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
	Cell     string // "Findings!H12", after the workbook's name where several are read
	About    string // the rule or the attribute; never personal data
	Decision string
	Value    string // a new value, most of it hidden
	State    State
	Reason   string // why it was refused, how it was understood, or what it was before
}

// Decided is what workbooks said.
type Decided struct {
	Answers                         []Answer
	Ignored                         []Ignored
	Taken, Same, Withdrawn, Refused int
	Overruled                       int      // by a newer answer
	Open                            int      // rows without an answer
	Files                           []string // decisions files that changed
}

// sent is one workbook that came back.
type sent struct {
	path, name string
	prefix     string // before the names of its cells, where several workbooks are read
	page       string // what its summary is called
	by         string // on the summary
	saved      time.Time
	file       *xlsx.File
	rows       []answerRow
	fields     []field         // that attributes can go into
	silent     []answerRow     // attributes nobody answered; their fields are taken all the same
	settled    map[string]bool // kinds of questions that got one answer for all
	open       int
	ignored    []Ignored
	found      map[string]int64 // rows of ours, by the titles of their lists
}

// Read reads workbooks back and writes what it understood to the folder of decisions. What it does
// not understand it refuses, row by row, with the cell; the rest counts. The same workbooks a second
// time change nothing.
func Read(ctx context.Context, paths []string, o Options) (Decided, error) {
	temp := filepath.Join(o.Decisions, ".temp")
	if err := os.MkdirAll(temp, run.DirMode); err != nil {
		return Decided{}, err
	}
	defer os.RemoveAll(temp)
	files, err := readDecisions(o.Decisions)
	if err != nil {
		return Decided{}, err
	}
	d := decider{options: o, files: files}
	for _, path := range paths {
		s, err := readBook(ctx, path, temp)
		if err != nil {
			return Decided{}, err
		}
		defer s.file.Close()
		if len(paths) > 1 {
			s.rename(path)
		}
		d.books = append(d.books, s)
		d.result.Open += s.open
	}
	d.decideAll()
	if d.noName && d.result.Taken > 0 {
		return Decided{}, run.Problemf(paths[0], "nobody's name is in this workbook, and every decision needs one").
			WithTry("fill in “%s” on the sheet “%s”, or add --who NAME", books.NameLabel, books.SummaryName)
	}
	d.result.Files, err = files.write(ctx)
	return d.result, err
}

func readBook(ctx context.Context, path, temp string) (*sent, error) {
	f, err := openWorkbook(path, temp)
	if err != nil {
		return nil, err
	}
	s := &sent{path: path, name: filepath.Base(path), file: f, saved: savedAt(f, path), settled: map[string]bool{}}
	if s.page, err = summaryOf(f); err == nil {
		s.by, err = nameIn(f, s.page)
	}
	if err == nil {
		err = s.read(ctx)
	} else {
		err = unreadable(path, err)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// rename tells workbooks apart where several are read; two may have one name in different folders.
func (s *sent) rename(path string) {
	s.prefix = path + " "
	for i := range s.ignored {
		s.ignored[i].Cell = s.prefix + s.ignored[i].Cell
	}
}

// decideAll gives every answer its meaning, once it is known which of them disagree.
func (d *decider) decideAll() {
	for _, s := range d.books {
		d.result.Ignored = append(d.result.Ignored, s.ignored...)
	}
	d.compare()
	answered := 0
	for _, s := range d.books {
		answered += len(s.rows)
	}
	understood := make([]choice, 0, answered)
	d.result.Answers = make([]Answer, 0, answered)
	for _, s := range d.books {
		for _, r := range s.rows {
			if c, ok := d.understand(r); ok {
				understood = append(understood, c)
			}
		}
	}
	for _, c := range d.agreeing(understood) {
		d.apply(c)
	}
}

func (d *decider) say(r answerRow, column string, a Answer, reason string, args ...any) {
	a.Cell, a.About, a.Reason = r.place(column), r.about(), fmt.Sprintf(reason, args...)
	d.result.Answers = append(d.result.Answers, a)
	switch a.State {
	case Taken:
		d.result.Taken++
	case Same:
		d.result.Same++
	case Withdrawn:
		d.result.Withdrawn++
	case Refused:
		d.result.Refused++
	case Overruled:
		d.result.Overruled++
	}
}

func (d *decider) refuse(r answerRow, column, decision, reason string, args ...any) {
	d.say(r, column, Answer{Decision: decision, State: Refused}, reason, args...)
}
