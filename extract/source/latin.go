package source

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// latins are the encodings of Latin letters of which each byte is one, the most usual first.
var latins = []struct {
	name      string
	table     *charmap.Charmap
	languages []string // letters above ASCII of the languages written in it
}{
	{coding1252, charmap.Windows1252, []string{"éèêëàâçîïôûùœæ", "äöüß", "áéíóúñü¿¡", "ãõáéíóúâêôçà", "àèéìòù", "åäöæøé",
		"ëéïóü", "áéíóúýþæöð", "áéíóúàèòïüç", "õäöüšž"}},
	{"windows-1250", charmap.Windows1250, centralEurope},
	{"iso-8859-2", charmap.ISO8859_2, centralEurope},
	{"windows-1254", charmap.Windows1254, []string{"çğıöşüâîû"}},
	{"windows-1257", charmap.Windows1257, []string{"āčēģīķļņšūž", "ąčęėįšųūž", "äöüõšž"}},
	{"macintosh", charmap.Macintosh, []string{"éèêëàâçîïôûùœæ", "äöüß", "áéíóúñü¿¡", "ãõáéíóúâêôçà", "àèéìòù",
		"åäöæøé", "ëéïóü"}},
}

// Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Slovene, Serbian.
var centralEurope = []string{"ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"}

// clearBy is by how much another encoding must make better sense than the usual one to be taken for certain,
// and by half of that to be taken at all.
const clearBy = 0.2

// latinCoding tells which encoding of Latin letters makes the best sense of a sample, and which other one
// may be meant, "" if there is no doubt. Only what they read differently speaks for one of two.
func latinCoding(sample []byte) (name, other string, score float64) {
	letters := highBytes(sample)
	usual := sense(letters, 0, latins[0].table)
	best, bestLead := 0, 0.0
	for i := 1; i < len(latins); i++ {
		mine, theirs := senseWhereOther(letters, i, 0)
		if lead := sense(letters, i, latins[i].table) - usual; mine >= theirs && lead > bestLead {
			best, bestLead = i, lead
		}
	}
	switch {
	case best == 0 || bestLead < clearBy/2:
		return latins[0].name, "", usual
	case bestLead < clearBy:
		return latins[best].name, latins[0].name, sense(letters, best, latins[best].table)
	}
	return latins[best].name, "", sense(letters, best, latins[best].table)
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
		if latins[i].table.DecodeByte(h.at) != latins[j].table.DecodeByte(h.at) {
			differ = append(differ, h)
		}
	}
	return sense(differ, i, latins[i].table), sense(differ, j, latins[j].table)
}

// sense is up to 1 for letters that one language has and that stand as letters do in words, less for those of
// two, and below 0 for signs inside words.
func sense(letters []high, at int, table *charmap.Charmap) float64 {
	if len(letters) == 0 {
		return 0
	}
	covered := make([]int, len(latins[at].languages))
	odd, known, money, n := 0, 0, 0, 0.0
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
		for k, l := range latins[at].languages {
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
		return 0
	}
	return (float64(most+money)+0.25*float64(known-most))/n - float64(odd)/n
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
		return inside && !strings.ContainsRune("’‘“”„‚«»–—…•®™©€", r)
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return true
	}
	return strings.ContainsRune("ìòù", r) && unicode.IsLetter(after)
}
