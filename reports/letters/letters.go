// Package letters knows how wide a text is in the font of the workbooks, and where it breaks in a column. It must not
// know what is written. Start at Room.
package letters

import (
	"strings"
	"unicode/utf8"
)

// How wide letters of the font are, in 2,048ths of its size; what is not here is as wide as a digit, letters of
// other scripts are twice that where they are drawn in a square.
const (
	fontUnits  = 2048
	digitUnits = 1038
)

var letterUnits = [128]int{
	' ': 463, '!': 667, '"': 821, '%': 1464, '&': 1397, '\'': 452, '(': 621, ')': 621, ',': 511, '-': 627, '.': 517,
	'/': 791, ':': 548, ';': 548, '<': 1020, '=': 1020, '>': 1020, '@': 1832, '_': 1020, '|': 943,
	'A': 1185, 'B': 1114, 'C': 1092, 'D': 1260, 'E': 1000, 'F': 941, 'G': 1292, 'H': 1276, 'I': 516, 'J': 653, 'K': 1064,
	'L': 861, 'M': 1751, 'N': 1322, 'O': 1356, 'P': 1058, 'Q': 1378, 'R': 1112, 'S': 941, 'T': 998, 'U': 1314, 'V': 1162,
	'W': 1822, 'X': 1063, 'Y': 998, 'Z': 959,
	'a': 981, 'b': 1076, 'c': 866, 'd': 1076, 'e': 1019, 'f': 625, 'g': 964, 'h': 1076, 'i': 470, 'j': 490, 'k': 931,
	'l': 470, 'm': 1636, 'n': 1076, 'o': 1080, 'p': 1076, 'q': 1076, 'r': 714, 's': 801, 't': 686, 'u': 1076, 'v': 925,
	'w': 1464, 'x': 887, 'y': 927, 'z': 809,
}

// Room is how wide a text of 10 points is, in the unit of columns: a digit of the 11 points they are measured in.
func Room(text string) float64 {
	units := 0
	for _, r := range text {
		switch {
		case r < 128 && letterUnits[r] > 0:
			units += letterUnits[r]
		case r >= 0x1100 && r < 0xD7B0 || r >= 0xF900 && r < 0xFB00 || r >= 0xFF00 && r < 0xFFE0 || r >= 0x1F300:
			units += fontUnits
		default:
			units += digitUnits
		}
	}
	return float64(units) / digitUnits * 10 / 11
}

// Padding is what a cell keeps free on its sides.
const Padding = 1.2

// Fits says whether a text can be read in a column without breaking it.
func Fits(text string, width float64) bool {
	if float64(len(text)) < (width-Padding)/1.1 && !strings.ContainsAny(text, "WMw@%\n") { // the usual case, and no sum
		return true
	}
	return !strings.Contains(text, "\n") && Room(text) <= width-Padding
}

// Lines is how many lines a text takes in a column, broken between words, and within those that are too long.
func Lines(text string, width float64) int {
	width = max(width-Padding, 2)
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if utf8.RuneCountInString(line) < int(width/1.7) { // the widest letters
			continue
		}
		left, blank := width, Room(" ")
		for word := range strings.SplitSeq(line, " ") {
			w := Room(word)
			if w > left && left < width {
				n++
				left = width
			}
			for w > width {
				n++
				w -= width
			}
			left -= w + blank
		}
	}
	return n
}
