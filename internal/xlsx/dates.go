package xlsx

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// mostStyles is how many ways of showing a cell a workbook may have; Excel stops at 65,490.
const mostStyles = 65_536

// readStyles finds out as what each style shows a number.
func readStyles(in io.Reader) ([]Kind, error) {
	var shown []Kind
	custom := map[int]Kind{}
	s := newScanner(in)
	inCells := false
	for {
		what, err := s.next()
		if err != nil || what == over {
			return shown, err
		}
		switch name := string(s.name); {
		case what == chars:
		case name == "cellXfs":
			inCells = what == starts
		case what == ends:
		case name == "numFmt":
			id, err := s.number("numFmtId", 0)
			if err != nil {
				return nil, err
			}
			code, err := s.words("formatCode")
			if err != nil {
				return nil, err
			}
			custom[id] = shownAs(code)
		case name == "xf" && inCells:
			id, err := s.number("numFmtId", 0)
			if err != nil {
				return nil, err
			}
			kind, isCustom := custom[id]
			if !isCustom {
				kind = builtIn(id)
			}
			if len(shown) == mostStyles || len(custom) > mostStyles {
				return nil, &TooLarge{fmt.Sprintf("it has more than %d ways to show a cell", mostStyles)}
			}
			shown = append(shown, kind)
		}
	}
}

// builtIn is what a format shows that need not be written down; those of days from 27 on are East Asian.
func builtIn(id int) Kind {
	switch {
	case id == 46:
		return Elapsed
	case id >= 14 && id <= 22 || id >= 27 && id <= 36 || id == 45 || id == 47 || id >= 50 && id <= 58:
		return Date
	}
	return Number
}

// shownAs is what a format shows a number as: outside its words there are letters for days and times.
func shownAs(code string) Kind {
	code, _, _ = strings.Cut(code, ";") // of positive numbers
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return Number
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return Number
			}
			if inside := strings.ToLower(code[i+1 : i+end]); inside != "" && strings.Trim(inside, inside[:1]) == "" &&
				strings.Contains("hms", inside[:1]) {
				return Elapsed // hours beyond a day
			}
			i += end
		case 'd', 'D', 'm', 'M', 'y', 'Y', 'h', 'H', 's', 'S':
			return Date
		case 'G', 'g':
			i += len("eneral") // General, or an era
		}
	}
	return Number
}

// AsTime is the day and time of a cell that holds a Date as a number of days.
func (f *File) AsTime(days float64) time.Time {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if f.is1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 { // the 29 February 1900 that spreadsheets know
		days++
	}
	whole := math.Floor(days)
	part := time.Duration((days - whole) * float64(24*time.Hour))
	return first.AddDate(0, 0, int(whole)).Add(part.Round(time.Second))
}

// IsDays says whether a number can be a day: from 1900 to 9999.
func IsDays(number float64) bool { return number >= 0 && number < 2_958_466 }
