// Package xlsx reads the cells of workbooks: fast, in bounded memory, and without harm from files made to do some.
// It knows rows, cells and notes, and nothing of what they mean. It writes nothing. Start at Open and File.Rows.
package xlsx

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zip"
)

// What a workbook may unpack to. 200,000 answers unpack to about 250 MB.
const (
	mostUnpacked = 1 << 30
	mostRatio    = 200 // unpacked to packed, of a part that is not small; real sheets stay below 40
	small        = 8 << 20
	mostParts    = 20_000
	mostSheets   = 2_000
)

// TooLarge says why a workbook is not read: it would take more memory or time than any real one.
type TooLarge struct{ Why string }

func (e *TooLarge) Error() string { return e.Why }

// Another is a file of another kind that spreadsheets write, too.
type Another struct{ Kind string }

func (e *Another) Error() string { return "this is " + e.Kind }

// File is an open workbook.
type File struct {
	zip    *zip.ReadCloser
	parts  map[string]*zip.File
	sheets []sheet
	temp   string
	is1904 bool

	shared *texts // read when a cell names one
	styles string
	shows  []Kind // as what each style shows a number; read with the workbook
	texted string // the part of the shared texts
	props  string
}

type sheet struct {
	name, part string
	hidden     bool
}

// Limits are what a workbook may unpack to.
type Limits struct {
	Unpacked uint64 // bytes
	Ratio    uint64 // and how many times what it takes packed, of a part that is not small
}

// Open opens a workbook that somebody filled in.
func Open(path, temp string) (*File, error) {
	return OpenWithin(path, temp, Limits{mostUnpacked, mostRatio})
}

// OpenWithin opens a workbook after a look at what it would unpack to. What does not fit into memory goes to files in
// the folder temp.
func OpenWithin(path, temp string, most Limits) (*File, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, otherKind(path, err)
	}
	f := &File{zip: z, parts: map[string]*zip.File{}, temp: temp}
	if err = f.inspect(most); err == nil {
		err = f.readWorkbook()
	}
	if err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return f, nil
}

// Close gives back everything.
func (f *File) Close() error {
	f.shared.discard()
	return f.zip.Close()
}

// inspect refuses a file that would unpack to more than it may, before anything is unpacked.
func (f *File) inspect(most Limits) error {
	var all uint64
	for _, part := range f.zip.File {
		all += part.UncompressedSize64
		if part.UncompressedSize64 > small && part.UncompressedSize64/max(part.CompressedSize64, 1) > most.Ratio {
			return &TooLarge{fmt.Sprintf("a part of it unpacks to %d times its size",
				part.UncompressedSize64/max(part.CompressedSize64, 1))}
		}
		name := partName(part.Name)
		if f.parts[name] != nil {
			return fmt.Errorf("it holds two parts called %s", shown([]byte(name)))
		}
		f.parts[name] = part
	}
	switch {
	case all > most.Unpacked:
		return &TooLarge{fmt.Sprintf("it unpacks to %d MB, and %d MB is the most that is read", all>>20, most.Unpacked>>20)}
	case len(f.parts) > mostParts:
		return &TooLarge{fmt.Sprintf("it consists of %d parts", len(f.parts))}
	}
	return f.isWorkbook()
}

// partName makes names of parts comparable: they have no case, and some programs write the slash of Windows.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// open opens a part.
func (f *File) open(name string) (io.ReadCloser, error) {
	part := f.parts[name]
	if part == nil {
		return nil, fmt.Errorf("it lacks the part %s", name)
	}
	return part.Open()
}

// Sheets are the names of the sheets with cells, in their order.
func (f *File) Sheets() []string {
	names := make([]string, len(f.sheets))
	for i, s := range f.sheets {
		names[i] = s.name
	}
	return names
}

// Hidden says whether the spreadsheet does not show a sheet.
func (f *File) Hidden(name string) bool {
	return slices.ContainsFunc(f.sheets, func(s sheet) bool { return s.hidden && strings.EqualFold(s.name, name) })
}

// Rows opens a sheet, nil if there is none of this name.
func (f *File) Rows(name string) (*Rows, error) {
	for _, s := range f.sheets {
		if !strings.EqualFold(s.name, name) {
			continue
		}
		part, err := f.open(s.part)
		if err != nil {
			return nil, err
		}
		return &Rows{file: f, part: part, scan: newScanner(part)}, nil
	}
	return nil, nil
}

// texts are what cells share; they are read once a cell names one.
func (f *File) texts() (*texts, error) {
	if f.shared != nil {
		return f.shared, nil
	}
	if f.texted == "" {
		return nil, errors.New("its cells name texts that it does not hold")
	}
	part, err := f.open(f.texted)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	t, err := readTexts(part, f.temp, textMemory)
	f.shared = t
	return t, err
}

// shownAs is what a style shows a number as.
func (f *File) shownAs(style int) Kind {
	if style < len(f.shows) {
		return f.shows[style]
	}
	return Number
}

// isTrue reads a switch.
func isTrue(value []byte) bool { return string(value) == "1" || string(value) == "true" }

// Notes are the cells of a sheet that a note hangs on.
func (f *File) Notes(name string) (cells []string, err error) {
	for _, s := range f.sheets {
		if !strings.EqualFold(s.name, name) {
			continue
		}
		belongs, err := f.relations(s.part)
		if err != nil {
			return nil, err
		}
		for _, r := range belongs {
			if r.kind != "comments" {
				continue
			}
			err := f.walk(r.target, func(s *scanner) error {
				if string(s.name) != "comment" {
					return nil
				}
				at, err := s.words("ref")
				if cells = append(cells, plain(at)); len(cells) > lastRow {
					return &TooLarge{"it has too many notes"}
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return cells, nil
}

// Saved is when the program that last saved the workbook says it did; the zero time if it was never saved since it
// was made.
func (f *File) Saved() time.Time {
	if f.props == "" || f.parts[f.props] == nil {
		return time.Time{}
	}
	part, err := f.open(f.props)
	if err != nil {
		return time.Time{}
	}
	defer part.Close()
	var created, modified, at string
	for s := newScanner(part); ; {
		what, err := s.next()
		switch {
		case err != nil:
			return time.Time{}
		case what == over:
			saved, err := time.Parse(time.RFC3339, modified)
			if err != nil || created == modified {
				return time.Time{}
			}
			return saved.UTC()
		case what == starts:
			at = string(s.name)
		case what == ends:
			at = ""
		case at == "created":
			created += string(s.text)
		case at == "modified":
			modified += string(s.text)
		}
	}
}
