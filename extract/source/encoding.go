package source

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Encodings that are told without asking how text looks.
const (
	CodingUTF8    = "utf-8"
	codingUTF16LE = "utf-16le"
	codingUTF16BE = "utf-16be"
	coding1252    = "windows-1252"
)

// Coding is how the bytes of a source are to be read, and what is doubtful about that.
type Coding struct {
	Name  string
	mark  int    // bytes at the beginning to pass over
	Doubt string // "" for none
}

// Detect tells the encoding of a sample: by its mark, by being UTF-8, by how the text in it would look.
func Detect(sample []byte) Coding {
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return Coding{Name: CodingUTF8, mark: 3}
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return Coding{Name: codingUTF16LE, mark: 2}
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return Coding{Name: codingUTF16BE, mark: 2}
	}
	if wide := wideCoding(sample); wide != "" {
		return Coding{Name: wide}
	}
	good, bad := utf8Share(sample)
	switch {
	case bad == 0 && twice(sample):
		return Coding{Name: CodingUTF8,
			Doubt: "its text seems to have been encoded twice: letters with accents come out as two or three " +
				"others; export it again"}
	case bad == 0:
		return Coding{Name: CodingUTF8}
	case bad > 4*good:
		return byLooks(sample)
	case 2*bad > good: // letters of two bytes may be UTF-8 by chance, those of one hardly
		if name, confidence := byLibrary(sample); confidence >= sure {
			return Coding{Name: name}
		}
	}
	return Coding{Name: CodingUTF8}
}

// wideCoding tells UTF-16 without a mark by the NUL bytes in it.
func wideCoding(sample []byte) string {
	head := sample[:min(len(sample), 4096)]
	var even, odd int // NUL bytes at even and odd places
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch half := len(head) / 2; {
	case half > 1 && odd*10 > half*7 && even*10 < half:
		return codingUTF16LE
	case half > 1 && even*10 > half*7 && odd*10 < half:
		return codingUTF16BE
	}
	return ""
}

// utf8Share counts what is above ASCII: letters of UTF-8, and bytes that are none.
func utf8Share(sample []byte) (good, bad int) {
	for i := 0; i < len(sample); {
		if sample[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(sample[i:])
		if r == utf8.RuneError && n == 1 {
			if len(sample)-i < utf8.UTFMax && !utf8.FullRune(sample[i:]) {
				break
			}
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

// twice says whether most of what is above ASCII looks as if UTF-8 had been taken for Windows-1252 and
// encoded once more.
func twice(sample []byte) bool {
	pairs, others := 0, 0
	text := string(bytes.ToValidUTF8(sample, nil))
	before := rune(0)
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
		case strings.ContainsRune("ÃÂÄÅÐÑ", before) &&
			(r >= 0x80 && r <= 0xbf || strings.ContainsRune("€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸŽž", r)):
			pairs++
			others-- // the first of the two
		default:
			others++
		}
		before = r
	}
	return pairs >= 2 && pairs > 4*others
}

// sure is from which confidence on the library is believed, and likely from which on it is with a doubt.
const (
	sure   = 0.6
	likely = 0.4
)

// libraryTells are the encodings that the library tells well: those that are not for Latin letters.
var libraryTells = map[string]string{"SHIFT_JIS": "shift_jis", "CP932": "shift_jis", "EUC-JP": "euc-jp",
	"ISO-2022-JP": "iso-2022-jp", "GB2312": "gb18030", "GB18030": "gb18030", "Big5": "big5",
	"EUC-KR": "euc-kr", "CP949": "euc-kr", "KOI8-R": "koi8-r", "Windows-1251": "windows-1251", "IBM866": "ibm866",
	"ISO-8859-5": "iso-8859-5", "MacCyrillic": "x-mac-cyrillic",
	"ISO-8859-7": "windows-1253", "Windows-1253": "windows-1253", "Windows-1255": "windows-1255",
	"ISO-8859-8": "windows-1255", "TIS-620": "windows-874"}

// byLibrary asks the library; confidence is 0 where it cannot be right.
func byLibrary(sample []byte) (name string, confidence float64) {
	found := chardet.Detect(sample)
	if name = libraryTells[found.Encoding]; name == "" || !decodes(sample, name) {
		return "", 0
	}
	return name, found.Confidence
}

// byLooks tells an encoding by how the text would look in it.
func byLooks(sample []byte) Coding {
	name, confidence := byLibrary(sample)
	if confidence >= sure {
		return Coding{Name: name}
	}
	latin, next, score := latinCoding(sample)
	switch {
	case confidence >= likely && score < sure:
		return Coding{Name: name, Doubt: doubtOf(name, latin)}
	case next != "":
		return Coding{Name: latin, Doubt: doubtOf(latin, next)}
	}
	return Coding{Name: latin}
}

func doubtOf(taken string, others ...string) string {
	return fmt.Sprintf("its encoding is doubtful: it was read as %s and may be %s; say which in "+
		"ferry.yaml (source.encoding)", taken, strings.Join(others, " or "))
}

// decodes says whether all of a sample is text in an encoding, but for an end that may be cut.
func decodes(sample []byte, name string) bool {
	e, err := named(name)
	if err != nil {
		return false
	}
	text, err := e.NewDecoder().Bytes(sample)
	at := bytes.IndexRune(text, utf8.RuneError)
	return err == nil && (at < 0 || at >= len(text)-6)
}

// named finds an encoding by its name.
func named(name string) (encoding.Encoding, error) {
	switch name {
	case codingUTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case codingUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	case "iso-8859-1", "latin1":
		return charmap.ISO8859_1, nil
	}
	return htmlindex.Get(name)
}

// CheckCoding says what is wrong with the name of an encoding that somebody wrote down.
func CheckCoding(name string) error {
	if _, err := named(strings.ToLower(name)); err != nil {
		return fmt.Errorf("there is no encoding %q; known are: %s", name, strings.Join(codingNames(), ", "))
	}
	return nil
}

func codingNames() []string {
	names := []string{CodingUTF8, codingUTF16LE, codingUTF16BE}
	for _, n := range libraryTells {
		names = append(names, n)
	}
	for _, l := range latins {
		names = append(names, l.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Text gives bytes held in memory as UTF-8.
func Text(raw []byte) io.Reader {
	c := Detect(raw[:min(len(raw), SampleSize)])
	return Decoded(bytes.NewReader(raw[c.mark:]), c.Name)
}

// Decoded gives the stream as UTF-8.
func Decoded(in io.Reader, coding string) io.Reader {
	e, err := named(coding)
	if err != nil || coding == CodingUTF8 {
		return in
	}
	return e.NewDecoder().Reader(in)
}

// RepairUTF8 gives text in which every byte that is not UTF-8 is read as Windows-1252, so that no
// record is lost to a single wrong byte. It answers how many bytes that were; with none it gives the
// text back as it is.
func RepairUTF8(text, arena []byte) (out, grown []byte, wrong int) {
	if utf8.Valid(text) {
		return text, arena, 0
	}
	start := len(arena)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(text[0])
			wrong++
		}
		arena = utf8.AppendRune(arena, r)
		text = text[n:]
	}
	return arena[start:len(arena):len(arena)], arena, wrong
}
