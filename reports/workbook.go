package reports

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
	"ferry/reports/pack"
)

// workbook is one Excel file being made. The first error stays and is told by save.
type workbook struct {
	file   *excelize.File
	temp   string
	styles map[style]int
	split  int   // rows to a sheet
	rows   int64 // in all lists together
	asked  int64 // of them, those of lists with answers
	tables int
	lists  []written
	coders map[string]*coder // by table

	tooLong []books.Sheet // lists that took several sheets: whole beside the workbook too
	account string        // where its pages begin; "" = no links
	links   int

	heights  map[int]float64 // of rows of the summary
	free     map[string]bool // cells of the summary in which somebody may write
	audits   []string        // heads of audits, printed below the summary
	lastLoad string          // told below the title
	defaults *source         // questions for the summary, until it is written
	err      error
}

// written is a list that is done, for the table of contents.
type written struct {
	sheet, about string
	rows         int64
}

func newWorkbook(temp string, split int) (*workbook, error) {
	if err := os.MkdirAll(temp, run.DirMode); err != nil {
		return nil, err
	}
	f := excelize.NewFile(excelize.Options{TmpDir: temp})
	w := &workbook{file: f, temp: temp, split: split, styles: map[style]int{}, free: map[string]bool{}, coders: map[string]*coder{}}
	w.keep(f.SetSheetName("Sheet1", books.SummaryName))
	w.keep(f.SetDefaultFont(fontName))
	return w, nil
}

func (w *workbook) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

// about says in the file's properties what it is and when its run began.
func (w *workbook) about(title, runID string) {
	p := &excelize.DocProperties{Title: title, Creator: "ferry", LastModifiedBy: "ferry",
		Description: "Made from run " + runID}
	if t, err := time.Parse("20060102T150405Z", strings.SplitN(runID, "-", 2)[0]); err == nil {
		p.Created, p.Modified = t.Format(time.RFC3339), t.Format(time.RFC3339)
	}
	w.keep(w.file.SetDocProps(p))
}

// save writes the file, readable by its owner only, wholly or not at all.
func (w *workbook) save(path string) error {
	defer w.file.Close()
	if w.err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), w.err)
	}
	w.file.SetActiveSheet(0)
	return run.WriteFile(path, func(out io.Writer) error {
		w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return pack.Ordered(out, w.temp) })
		var unused bytes.Buffer // the parts go straight to the file
		return w.file.Write(&unused)
	})
}

// usualHeight is how high rows of one line are, in points.
const usualHeight = 16

// before sets what must be known before the first row: no grid, fitted to the page, a tab colour.
func (w *workbook) before(sheet, tab string) {
	fit, grid, height := true, false, float64(usualHeight)
	w.keep(w.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit, TabColorRGB: &tab, CustomHeight: &fit,
		DefaultRowHeight: &height}))
	w.keep(w.file.SetSheetView(sheet, 0, &excelize.ViewOptions{ShowGridLines: &grid}))
}

// cell is the name of a cell: cell(1, 4) is "A4".
func cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err) // columns and rows are ours
	}
	return name
}
