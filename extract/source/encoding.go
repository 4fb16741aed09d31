package source

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encodings a source may be in.
const (
	CodingUTF8    = "utf-8"
	codingUTF16LE = "utf-16le"
	codingUTF16BE = "utf-16be"
	coding1252    = "windows-1252"
)

// Detect says how the bytes of a sample are to be read and how many of them are a mark to pass over.
func Detect(sample []byte) (coding string, mark int) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return CodingUTF8, 3
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return codingUTF16LE, 2
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return codingUTF16BE, 2
	}
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
		return codingUTF16LE, 0
	case half > 1 && even*10 > half*7 && odd*10 < half:
		return codingUTF16BE, 0
	case latin(sample):
		return coding1252, 0
	}
	return CodingUTF8, 0
}

// latin says whether bytes above ASCII are there and most of them are not UTF-8.
func latin(sample []byte) bool {
	good, bad := 0, 0
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
	return bad > 4*good // text of a one-byte encoding hardly ever is UTF-8 by chance
}

// Decoded gives the stream as UTF-8.
func Decoded(in io.Reader, coding string) io.Reader {
	var e encoding.Encoding
	switch coding {
	case codingUTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case codingUTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case coding1252:
		e = charmap.Windows1252
	default:
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
