package extract

import (
	"ferry/extract/delimited"
	"ferry/extract/records"
	"fmt"
)

// maxMends is how many records of a block may be mended, wide ones counting for more: a block with more is
// not damaged but something else. If none of the first hopeless could be, no more are tried.
const (
	maxMends = 10_000
	hopeless = 500
)

// mended puts the cells of a damaged record right and says whether it can land. A record that makes sense
// as it stands is left as it is.
func (w *csvBlock) mended(text []byte, m records.Mark, q delimited.Quoting, b *records.Block, number int64) bool {
	w.doubt = nil
	whole, asItIs := w.fix.Stands(text, w.cells, q, m.Fault)
	if asItIs {
		return true
	}
	w.tried += 1 + len(w.cells)*len(w.headers)/100
	if m.Fault != records.TooLong && w.tried <= maxMends && (w.tried <= hopeless || w.out.mended > 0) {
		cells, verdict := w.fix.Mend(text, q, !cutOffAt(b, m))
		if verdict == delimited.Mended {
			if !delimited.SameCells(cells, w.cells[:min(len(cells), len(w.cells))]) || q != delimited.Tidy {
				w.repaired(m, number, text, cells)
			}
			w.cells = append(w.cells[:0], cells...)
			return true
		}
		if w.doubt = cells; verdict == delimited.OnlyAsk {
			return false
		}
	}
	if whole && q == delimited.Messy {
		w.repaired(m, number, text, w.cells)
	}
	return whole
}

// repaired writes down what a record was and what it is taken for.
func (w *csvBlock) repaired(m records.Mark, number int64, text []byte, cells []delimited.Cell) {
	w.out.mended++
	w.out.repairs = append(w.out.repairs, repair{number, m.Line, w.raw(text), cellsText(cells)})
}

// readings are the ways a rejected record could be read, "" where there is only the one that does not fit.
func (w *csvBlock) readings() string {
	if len(w.doubt) == 0 {
		return ""
	}
	return "[" + cellsText(w.cells) + "," + cellsText(w.doubt) + "]"
}

// cutOffAt says whether a record ends with the text it stands in, so that some of it may be missing.
func cutOffAt(b *records.Block, m records.Mark) bool { return m.End == len(b.Data) }

// misshapen says whether the record has too few cells, or more than the header and not all of these empty.
func (w *csvBlock) misshapen() bool {
	if len(w.cells) < len(w.headers) {
		return true
	}
	return !delimited.Blank(w.cells[len(w.headers):])
}

// reason says why a record cannot land.
func (w *csvBlock) reason(m records.Mark, q delimited.Quoting, atEnd bool) string {
	switch {
	case m.Fault == records.TooLong:
		return faultText(records.TooLong)
	case atEnd && len(w.cells) < len(w.headers):
		return faultText(records.CutOff)
	case q == delimited.Open || m.Fault != records.Sound && m.Fault != delimited.StrayQuote:
		return faultText(records.OpenQuote)
	}
	if !w.misshapen() {
		return "the cells do not fit their columns as they stand, and putting them right would be a guess"
	}
	return fmt.Sprintf("%d columns, the header has %d", len(w.cells), len(w.headers))
}

func faultText(f records.Fault) string {
	switch f {
	case records.OpenQuote:
		return "a quote is opened and never closed"
	case records.TooLong:
		return "the record is longer than allowed"
	case records.CutOff:
		return "the file ends in the middle of this record"
	case records.StrayText:
		return "text where no record can be"
	}
	return ""
}
