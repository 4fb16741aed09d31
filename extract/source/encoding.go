package source

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	wide "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Encodings that are told without asking how text looks.
const (
	CodingUTF8    = "utf-8"
	codingUTF16LE = "utf-16le"
	codingUTF16BE = "utf-16be"
	codingUTF32LE = "utf-32le"
	codingUTF32BE = "utf-32be"
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
	case bytes.HasPrefix(sample, []byte("\xff\xfe\x00\x00")):
		return Coding{Name: codingUTF32LE, mark: 4}
	case bytes.HasPrefix(sample, []byte("\x00\x00\xfe\xff")):
		return Coding{Name: codingUTF32BE, mark: 4}
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return Coding{Name: codingUTF16LE, mark: 2}
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return Coding{Name: codingUTF16BE, mark: 2}
	}
	if name := cmp.Or(wideCoding(sample), escapedCoding(sample)); name != "" {
		return Coding{Name: name}
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
	is := func(c byte) bool { return strings.IndexByte(ukrainian, c) >= 0 }
	if name == "koi8-r" && slices.ContainsFunc(sample, is) {
		name = "koi8-u" // the same but for these
	}
	return name, found.Confidence
}

// ukrainian are the letters that KOI8-R has lines for.
const ukrainian = "\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd"

// nextLine ends lines on mainframes; Windows-1252 has three dots there.
const nextLine = 0x85

// byLooks tells an encoding by how the text would look in it.
func byLooks(sample []byte) Coding {
	if !bytes.ContainsAny(sample, "\n\r") && bytes.Count(sample, []byte{nextLine}) > 1 {
		return Coding{Name: "iso-8859-1"}
	}
	sample = undelimited(sample)
	name, confidence := byLibrary(sample)
	if confidence >= sure {
		return Coding{Name: name}
	}
	latin, next, score := byLetters(sample)
	if all := ideographs(sample); len(all) > 0 && latin != coding1252 && confidence < likely {
		if i := slices.Index(all, name); i > 0 {
			all[0], all[i] = all[i], all[0]
		}
		return Coding{Name: all[0], Doubt: doubtOf(all[0], append(all[1:], latin)...)}
	}
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
		return wide.UTF16(wide.LittleEndian, wide.IgnoreBOM), nil
	case codingUTF16BE:
		return wide.UTF16(wide.BigEndian, wide.IgnoreBOM), nil
	case codingUTF32LE:
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), nil
	case codingUTF32BE:
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), nil
	case "iso-8859-1", "latin1":
		return charmap.ISO8859_1, nil
	case "ibm850", "cp850":
		return charmap.CodePage850, nil
	case "ibm852", "cp852":
		return charmap.CodePage852, nil
	case "ibm437", "cp437":
		return charmap.CodePage437, nil
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
	names := []string{CodingUTF8, codingUTF16LE, codingUTF16BE, codingUTF32LE, codingUTF32BE, "koi8-u",
		"ibm437"}
	for _, n := range libraryTells {
		names = append(names, n)
	}
	for _, l := range oneByte {
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
