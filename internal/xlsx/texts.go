package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"
)

// A text is what may stand in one cell: 32,767 characters of at most four bytes.
const mostText = 4 * 32_767

// What the texts that cells share may take of the memory; more of them lie in a file, read by the page.
const (
	mostTexts  = 8 << 20 // so many, wherever they lie
	textMemory = 32 << 20
	pageSize   = 64 << 10
	mostPages  = 256
)

// texts are what the cells of a workbook share, by number.
type texts struct {
	most   int      // of them in memory, in bytes
	ends   []uint32 // where each ends
	memory []byte   // all of them, or those not yet in the file
	all    string   // all of them, where they fit

	file  *os.File
	pages map[int64][]byte
	order []int64 // of the pages, the oldest first
}

// readTexts reads the part that holds them; those beyond most bytes go to a file in the folder temp.
func readTexts(in io.Reader, temp string, most int) (*texts, error) {
	t := &texts{most: most}
	s := newScanner(in)
	for {
		what, err := s.next()
		if err != nil {
			return t, err
		}
		switch {
		case what == over:
			return t, t.finish()
		case what == starts && string(s.name) == "si":
			from := len(t.memory)
			if t.memory, err = appendRich(t.memory, s); err != nil {
				return t, err
			}
			if len(t.memory)-from > mostText {
				return t, errLongText
			}
			if err := t.close(temp); err != nil {
				return t, err
			}
		}
	}
}

// close ends a text, and moves what there is to a file if it has become much.
func (t *texts) close(temp string) error {
	if len(t.ends) == mostTexts {
		return &TooLarge{fmt.Sprintf("it holds more than %d different texts", mostTexts)}
	}
	t.ends = append(t.ends, uint32(t.written()+int64(len(t.memory)))) // a part unpacks to less than 4 GB
	if len(t.memory) < t.most {
		return nil
	}
	if t.file == nil {
		f, err := os.CreateTemp(temp, "texts-*")
		if err != nil {
			return err
		}
		_ = os.Remove(f.Name()) // it is gone when it is closed, or the program killed; Windows removes it at the end
		t.file, t.pages = f, map[int64][]byte{}
	}
	_, err := t.file.Write(t.memory)
	t.memory = t.memory[:0]
	return err
}

// written is how much lies in the file while it is written.
func (t *texts) written() int64 {
	if t.file == nil {
		return 0
	}
	at, err := t.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0 // told when it is written or read
	}
	return at
}

func (t *texts) finish() error {
	if t.file == nil {
		t.all, t.memory = string(t.memory), nil
		return nil
	}
	_, err := t.file.Write(t.memory)
	t.memory = nil
	return err
}

// get is the text with a number.
func (t *texts) get(i int) (string, error) {
	if i < 0 || i >= len(t.ends) {
		return "", fmt.Errorf("a cell names the text %d, and there are %d", i, len(t.ends))
	}
	from, to := int64(0), int64(t.ends[i])
	if i > 0 {
		from = int64(t.ends[i-1])
	}
	if t.file == nil {
		return t.all[from:to], nil
	}
	number := from / pageSize
	if to > (number+1)*pageSize {
		b := make([]byte, to-from)
		_, err := t.file.ReadAt(b, from)
		return string(b), err
	}
	page, err := t.page(number)
	if err != nil {
		return "", err
	}
	return string(page[from-number*pageSize : to-number*pageSize]), nil
}

// page is one page of the file, kept for a while: neighbours in a list have their texts beside each other.
func (t *texts) page(number int64) ([]byte, error) {
	if p, ok := t.pages[number]; ok {
		return p, nil
	}
	var p []byte
	if len(t.order) < mostPages {
		p = make([]byte, pageSize)
	} else {
		p = t.pages[t.order[0]][:pageSize]
		delete(t.pages, t.order[0])
		t.order = t.order[1:]
	}
	n, err := t.file.ReadAt(p, number*pageSize)
	if err != nil && n == 0 {
		return nil, err
	}
	t.pages[number] = p[:n]
	t.order = append(t.order, number)
	return p[:n], nil
}

func (t *texts) discard() {
	if t != nil && t.file != nil {
		_ = t.file.Close()
		_ = os.Remove(t.file.Name())
	}
}

// appendRich appends the text of the element that has just begun: its own, or that of its runs in different
// fonts; how it is pronounced is no part of it.
func appendRich(to []byte, s *scanner) ([]byte, error) {
	outside, from := s.depth()-1, len(to)
	isText := false
	for {
		what, err := s.next()
		switch {
		case err != nil:
			return to, err
		case what == starts && string(s.name) == "rPh":
			if err := s.pass(); err != nil {
				return to, err
			}
		case what == starts:
			isText = string(s.name) == "t"
		case what == ends && s.depth() == outside:
			return unwrap(to, from), nil
		case what == ends:
			isText = false
		case what == chars && isText:
			if to, err = appendText(to, s.text, s.isPlain); err != nil {
				return to, err
			}
			if len(to)-from > 2*mostText {
				return to, errLongText
			}
		}
	}
}

// unwrap replaces characters that XML cannot hold, from an index on: Excel writes them as _x000D_.
func unwrap(text []byte, from int) []byte {
	i := bytes.Index(text[from:], []byte("_x"))
	if i < 0 {
		return text
	}
	rest := text[from+i:]
	to := text[:from+i]
	for len(rest) > 0 {
		if len(rest) >= 7 && rest[0] == '_' && rest[1] == 'x' && rest[6] == '_' {
			if n, err := strconv.ParseUint(string(rest[2:6]), 16, 32); err == nil {
				rest = rest[7:]
				if utf8.ValidRune(rune(n)) {
					to = utf8.AppendRune(to, rune(n))
				}
				continue
			}
		}
		to = append(to, rest[0])
		rest = rest[1:]
	}
	return to
}
