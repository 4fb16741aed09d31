// Package books says what each workbook holds: its sheets, their columns, and every word of them, in
// the customer's language. It draws nothing and reads nothing; the writer (reports) and the reader of
// answers (reports/answers) both go by it.
//
// A column the table does not have is left out; one it has and nobody named here comes last, under its
// own name.
package books

import (
	"slices"
	"strings"
)

// Book is one workbook.
type Book struct {
	File, Kind string // Kind is its name in reports.verdicts and reports.figures
	Title      string
	Question   string
	Defaults   *Sheet // questions on the summary that one answer settles for many rows
	Sheets     []Sheet
	OnePage    bool // its summary is printed on one page, and what only leads to other sheets is not
	PerTarget  bool
	SignOff    bool
	HowTo      []string // "Word: explanation"
}

// All are the workbooks, in the order they are written.
var All = []Book{Scope, Mapping, Quality, Handover, Reconciliation}

// HasAnswers says whether somebody may write into the workbook.
func (b Book) HasAnswers() bool {
	return b.SignOff || slices.ContainsFunc(b.Sheets, Sheet.HasAnswers)
}

// HasAnswers says whether the list has yellow cells.
func (s Sheet) HasAnswers() bool {
	return slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Kind == Answer })
}

// IsReadBack says whether the workbook holds questions whose answers come back.
func (b Book) IsReadBack() bool {
	return slices.ContainsFunc(b.Sheets, func(s Sheet) bool { return len(s.Code) > 0 })
}

// Beside are the sheets without questions of the workbooks that are read back, each with the column that says what
// its cells held.
func Beside() (list []Sheet) {
	for _, b := range All {
		for _, s := range b.Sheets {
			if b.IsReadBack() && len(s.Code) == 0 {
				list = append(list, s.WithCode())
			}
		}
	}
	return list
}

// WithCode is a list whose rows say what their cells held, though nothing can be answered in it: what somebody writes
// there has no effect, and is told.
func (s Sheet) WithCode() Sheet {
	s.Columns = append(slices.Clone(s.Columns), Column{Name: "code", Title: MarksTitle, Kind: RowCode})
	return s
}

// Questions are the sheets with yellow cells, of all workbooks.
func Questions() (list []Sheet) {
	for _, b := range All {
		if b.Defaults != nil {
			list = append(list, *b.Defaults)
		}
		for _, s := range b.Sheets {
			if len(s.Code) > 0 {
				list = append(list, s)
			}
		}
	}
	return list
}

// Sheet is one list: a table, what its columns are called, and which cells wait for an answer.
type Sheet struct {
	Title    string
	Model    string
	About    string
	Empty    string // said instead where there is no row: what that means
	Columns  []Column
	Freeze   int      // columns that stay in sight
	Code     []string // columns whose values make the row code; none for lists without answers
	Hide     []string // columns of the table that are not shown
	Band     string   // the column of whose values every other one is shaded
	MarkTone string   // how marked cells look; attention if nothing is said
	Heat     []string // columns whose numbers are coloured, the higher the darker
	// IsOptional lists need no answer; what is written there corrects what stands.
	IsOptional bool
	// SplitBy are the columns of whose values each has sheets of its own where the list is longer than a sheet; the
	// first row's value in SplitName says what such a sheet is about.
	SplitBy   []string
	SplitName string
	Choices   bool // its first column is what a drop-down of another sheet offers
	Upright   bool // printed upright, and the rows of one value of Band stay on one page
}

// WhenEmpty is what stands above a list without rows.
func (s Sheet) WhenEmpty() string {
	if s.Empty == "" {
		return s.About + " " + NothingHere
	}
	return s.Empty
}

// IsPairs says whether each row is about two records being one person or two.
func (s Sheet) IsPairs() bool { return s.Model == "pairs" || s.Model == "merged_pairs" }

// IsMapList says whether each row is an entry of a list that the map holds beside the attributes: a stage, a tier,
// an owner, a tag, a segment.
func (s Sheet) IsMapList() bool { return strings.HasPrefix(s.Model, "map_") }

// Column is one column of a list.
type Column struct {
	Name    string // in the table; an answer's need not be there
	Title   string
	Kind    Kind
	Format  string            // instead of the one of its type
	Words   map[string]string // what values are called
	Tones   map[string]string // which values are good, attention or stop; "" means any other text
	Width   float64           // at most; 0 = by kind
	Choices Choices           // of an answer
	Mark    string            // the word in the column of differences that marks this cell
	LinkTo  string            // the column with the number of the record in Freshsales whose page its cells open
}

// Differs is the column of a table that names the cells of a row which differ from one another.
const Differs = "differs"

// Kind is what a column is for.
type Kind int

// Kinds of columns.
const (
	Plain      Kind = iota
	Long            // wrapped
	FieldLabel      // a field's name, in words
	Key             // for the way back, not for reading
	Answer          // yellow
	Before          // what had been answered when the workbook was made
	RowCode         // ties an answer to its row
)

// Choices are what a drop-down offers: always the same, what a column of the row says, or the first
// column of a sheet; then other words are taken too.
type Choices struct {
	Fixed []string
	From  string
	Sheet string
}

// NothingHere ends the sentence above a list that has no row.
const NothingHere = "There is nothing to list."

// SummaryName is the first sheet of every workbook.
const SummaryName = "Summary"

// ContentsTitle stands over the names of the other sheets.
const ContentsTitle = "In this workbook"

// NameLabel stands left of the cell in which whoever answers writes a name.
const NameLabel = "Your name"
