package answers

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// What a workbook may unpack to. Sheets and their texts are streamed, everything else is held in
// memory; 200,000 answers unpack to about 250 MB.
const (
	maxUnpacked = 1 << 30  // all of it
	maxHeld     = 64 << 20 // what is not streamed
	maxRatio    = 200      // unpacked to packed, of a part that is not small; real sheets stay below 40
	small       = 8 << 20
	maxText     = 1 << 20 // between two tags; a cell holds 32,767 characters
	inMemory    = 1 << 20 // a sheet larger than this is read from a temporary file
)

// openWorkbook opens a workbook somebody sent, after a look at what it would unpack to.
func openWorkbook(path, temp string) (*excelize.File, error) {
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
	if err := inspect(path); err != nil {
		return nil, err
	}
	f, err := excelize.OpenFile(path, excelize.Options{
		RawCellValue: true, TmpDir: temp, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return nil, unreadable(path, err)
	}
	return f, nil
}

func unreadable(path string, err error) error {
	p := run.Problemf(path, "this is not a workbook that can be read (%v)", err)
	p.Err = err
	return p.WithTry("open it in Excel or LibreOffice, save it as .xlsx without a password, and try again")
}

// inspect refuses a file that would unpack to more than any workbook of ours, before anything of it
// is unpacked into memory.
func inspect(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer z.Close()
	var all, held uint64
	for _, part := range z.File {
		all += part.UncompressedSize64
		if !isStreamed(part.Name) {
			held += part.UncompressedSize64
		}
		if part.UncompressedSize64 > small && part.UncompressedSize64 > maxRatio*part.CompressedSize64 {
			return tooLarge(path, fmt.Sprintf("a part of it unpacks to %d times its size",
				part.UncompressedSize64/max(part.CompressedSize64, 1)))
		}
	}
	switch {
	case all > maxUnpacked:
		return tooLarge(path, fmt.Sprintf("it unpacks to %d MB, and %d MB is the most that is read", all>>20,
			maxUnpacked>>20))
	case held > maxHeld:
		return tooLarge(path, fmt.Sprintf("beside its sheets it unpacks to %d MB, and %d MB is the most that is read",
			held>>20, maxHeld>>20))
	}
	for _, part := range z.File {
		if part.UncompressedSize64 > inMemory {
			if err := scan(path, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func isStreamed(part string) bool {
	part = strings.ToLower(part)
	return strings.HasPrefix(part, "xl/worksheets/sheet") || part == "xl/sharedstrings.xml"
}

// scan looks for a text that no cell can hold: a reader of XML would take all of it into memory.
func scan(path string, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return unreadable(path, err)
	}
	defer r.Close()
	in := bufio.NewReaderSize(r, maxText)
	for {
		_, err := in.ReadSlice('<')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			return tooLarge(path, "it holds a text longer than any cell can hold")
		case err != nil:
			return unreadable(path, err)
		}
	}
}

func tooLarge(path, why string) error {
	return run.Problemf(path, "this workbook is not read: %s", why).
		WithTry("copy the answers into the workbook as ferry report wrote it, and read that one")
}

// savedAt is when somebody last saved a workbook: what its program wrote into it, or, where that was
// never touched, the time of the file.
func savedAt(f *excelize.File, path string) time.Time {
	if p, err := f.GetDocProps(); err == nil && p.Modified != p.Created {
		if t, err := time.Parse(time.RFC3339, p.Modified); err == nil {
			return t.UTC()
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime().UTC()
}

// nameIn is the name somebody wrote on the summary.
func nameIn(f *excelize.File) string {
	rows, err := f.Rows(books.SummaryName)
	if err != nil {
		return "" // no summary: the name must come from elsewhere
	}
	defer rows.Close()
	for n := 0; rows.Next() && n < 300; n++ {
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
