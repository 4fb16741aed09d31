package source

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// oneByte are the encodings of which each byte is one letter and that are told by their letters, the most usual first.
var oneByte = []struct {
	name      string
	table     *charmap.Charmap
	languages []string // letters above ASCII of the languages written in it
}{
	{coding1252, charmap.Windows1252, westernEurope},
	{"windows-1250", charmap.Windows1250, centralEurope},
	{"iso-8859-2", charmap.ISO8859_2, centralEurope},
	{"windows-1254", charmap.Windows1254, []string{"çğıöşüâîû"}},
	{"windows-1257", charmap.Windows1257, []string{"āčēģīķļņšūž", "ąčęėįšųūž", "äöüõšž"}},
	{"macintosh", charmap.Macintosh, westernEurope},
	{"ibm850", charmap.CodePage850, westernEurope},
	{"ibm852", charmap.CodePage852, centralEurope},
	{"windows-1256", charmap.Windows1256, arabic},
	{"iso-8859-6", charmap.ISO8859_6, arabic},
}

// French, German, Spanish, Portuguese, Italian, the Nordic ones, Dutch, Icelandic, Catalan, Estonian.
var westernEurope = []string{"éèêëàâçîïôûùœæ", "äöüß", "áéíóúñü¿¡", "ãõáéíóúâêôçà", "àèéìòù",
	"åäöæøé", "ëéïóü", "áéíóúýþæöð", "áéíóúàèòïüç", "õäöüšž"}

// Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Slovene, Serbian.
var centralEurope = []string{"ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű",
	"ăâîşţ", "čćđšž"}

// Arabic, and Persian.
var arabic = []string{"ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
	"ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنهويیك"}

// clearBy is by how much an encoding must make better sense than the next one to be taken for certain, where there are
// few letters to go by and where there are enough; the usual one is taken unless another leads by half of that.
const (
	clearBy     = 0.2
	clearEnough = 0.12
	clearWhere  = 0.5  // by how much in what they read differently
	enough      = 8    // letters
	sensible    = 0.35 // below that it is text in none of them
)

// byLetters tells which encoding makes the best sense of a sample, and which other one may be meant, "" if there is no
// doubt. Only what they read differently speaks for one of two.
func byLetters(sample []byte) (name, other string, score float64) {
	letters := highBytes(sample)
	senses := make([]float64, len(oneByte))
	n := 0
	for i := range oneByte {
		var of int
		senses[i], of = sense(letters, i)
		n = max(n, of)
	}
	if n, odd := signs(letters); n == len(letters) && odd == 0 {
		return coding1252, "", 0 // nothing but quotes, dashes and the like, where such signs stand
	}
	best := 0
	for i := range oneByte {
		mine, theirs := senseWhereOther(letters, i, 0)
		if lead := senses[i] - senses[0]; i > 0 && mine >= theirs && lead >= clearBy/2 && senses[i] > senses[best] {
			best = i
		}
	}
	clear := clearBy
	if n >= enough {
		clear = clearEnough
	}
	next := -1
	for i := range oneByte {
		if i == best || next >= 0 && senses[i] <= senses[next] || !readDifferently(letters, i, best) {
			continue
		}
		if mine, theirs := senseWhereOther(letters, best, i); mine-theirs < clearWhere || senses[best] < sensible {
			next = i
		}
	}
	if next >= 0 && n > 0 && (senses[best]-senses[next] < clear || n > 1 && senses[best] < sensible) {
		other = oneByte[next].name
	}
	return oneByte[best].name, other, senses[best]
}

// signs counts what the usual encoding reads as no letter, and what of it stands where no such sign does.
func signs(letters []high) (n, odd int) {
	table := oneByte[0].table
	for _, h := range letters {
		if r := table.DecodeByte(h.at); !unicode.IsLetter(r) {
			if n++; outOfPlace(h, r, table) && !beforeAmount(h, r) {
				odd++
			}
		}
	}
	return n, odd
}

func readDifferently(letters []high, i, j int) bool {
	return slices.ContainsFunc(letters, func(h high) bool {
		return oneByte[i].table.DecodeByte(h.at) != oneByte[j].table.DecodeByte(h.at)
	})
}

// high is a byte above ASCII with its neighbours.
type high struct{ before, at, after byte }

const mostHigh = 20_000

func highBytes(sample []byte) []high {
	var all []high
	for i, c := range sample {
		if c < 0x80 || len(all) == mostHigh {
			continue
		}
		h := high{at: c}
		if i > 0 {
			h.before = sample[i-1]
		}
		if i+1 < len(sample) {
			h.after = sample[i+1]
		}
		all = append(all, h)
	}
	return all
}

// senseWhereOther compares two encodings by the bytes that they read differently.
func senseWhereOther(letters []high, i, j int) (first, second float64) {
	var differ []high
	for _, h := range letters {
		if oneByte[i].table.DecodeByte(h.at) != oneByte[j].table.DecodeByte(h.at) {
			differ = append(differ, h)
		}
	}
	first, a := sense(differ, i)
	second, b := sense(differ, j)
	n := float64(max(a, b, 1)) // what one reads as a sign and the other as a letter speaks for that one
	return first * float64(a) / n, second * float64(b) / n
}

// sense is up to 1 for letters that one language has and that stand as letters do in words, less for those of
// two, and below 0 for signs inside words. Of is how many of them say anything.
func sense(letters []high, at int) (is float64, of int) {
	table := oneByte[at].table
	covered := make([]int, len(oneByte[at].languages))
	odd, known, money, n := 0, 0, 0, 0
	for _, h := range letters {
		r := table.DecodeByte(h.at)
		if beforeAmount(h, r) {
			money, n = money+1, n+1
			continue
		}
		if outOfPlace(h, r, table) {
			odd, n = odd+1, n+1
			continue
		}
		if !unicode.IsLetter(r) {
			continue // a sign where signs stand speaks for nothing
		}
		n++
		before, after := table.DecodeByte(h.before), table.DecodeByte(h.after)
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			continue // nor does a letter by itself
		}
		lower := unicode.ToLower(r)
		if r == 'İ' {
			lower = 'ı'
		}
		some := 0
		for k, l := range oneByte[at].languages {
			if strings.ContainsRune(l, lower) && !(lower == 'õ' && strings.ContainsRune(l, 'ã') && after != 'e') {
				covered[k]++
				some = 1
			}
		}
		known += some
	}
	most := 0
	for _, c := range covered {
		most = max(most, c)
	}
	if n == 0 {
		return 0, 0
	}
	return (float64(most+money) + 0.25*float64(known-most) - float64(odd)) / float64(n), n
}

// beforeAmount says whether a character is the sign of a currency where one stands: £5, (£k).
func beforeAmount(h high, r rune) bool {
	return strings.ContainsRune("£€¥", r) && !unicode.IsLetter(rune(h.before)) && h.before < 0x80 &&
		(h.after >= '0' && h.after <= '9' || strings.IndexByte("kKmM", h.after) >= 0)
}

// outOfPlace says whether a character stands where it does not belong: a sign or an undefined byte within a
// word, a capital behind a small letter, or a letter that words only end with.
func outOfPlace(h high, r rune, table *charmap.Charmap) bool {
	before, after := table.DecodeByte(h.before), table.DecodeByte(h.after)
	inside := unicode.IsLetter(before) || unicode.IsLetter(after)
	switch {
	case r == unicode.ReplacementChar || unicode.IsControl(r):
		return true
	case !unicode.IsLetter(r):
		return inside && !strings.ContainsRune("’‘“”„‚«»–—…•®™©€", r) ||
			strings.ContainsRune("„‚", r) && unicode.IsLetter(before)
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return true
	case !unicode.Is(unicode.Latin, r): // no word is written in two scripts
		return h.before < utf8.RuneSelf && unicode.IsLetter(before) || h.after < utf8.RuneSelf && unicode.IsLetter(after)
	}
	return strings.ContainsRune("ìòù", r) && unicode.IsLetter(after)
}
