package sql_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/sql"
)

// neighbours are labelled profiles of a town register: persons with up to four records that somebody
// typed, among them families of one surname and address with brothers, twins and juniors.
func neighbours(seed uint64, persons int) (rows []profile, person map[string]int) {
	r := rand.New(rand.NewPCG(seed, 11))
	syllables := []string{"ba", "ca", "do", "fen", "gar", "hal", "ing", "jo", "ker", "lan", "mor", "ner", "ost", "pil",
		"ran", "sto", "tor", "ul", "ver", "wil"}
	word := func(n int) string {
		text := ""
		for range n {
			text += syllables[r.IntN(len(syllables))]
		}
		return text
	}
	common := func(list []string) string { return list[int(float64(len(list))*math.Pow(r.Float64(), 2.5))] }
	var given, surnames, towns []string
	for range 150 {
		given = append(given, word(2))
		surnames = append(surnames, word(3), word(2)+"son", word(3)+"er", word(2))
		towns = append(towns, word(2)+"ton")
	}
	typo := func(s string) string {
		if len(s) < 3 || r.IntN(5) > 0 {
			return s
		}
		i := r.IntN(len(s) - 1)
		return []string{s[:i] + s[i+1:], s[:i] + "x" + s[i+1:], s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]}[r.IntN(3)]
	}
	lost := func(s string) string { return []string{s, s, s, s, s, s, ""}[r.IntN(7)] }
	person = map[string]int{}
	var p profile
	for i := range persons {
		before := p
		p = profile{first: common(given), last: common(surnames), town: common(towns),
			phone: fmt.Sprintf("35386%07d", r.IntN(9_000_000)),
			born:  fmt.Sprintf("%d-%02d-%02d", 1940+r.IntN(65), 1+r.IntN(12), 1+r.IntN(28))}
		if i > 0 && r.IntN(4) == 0 { // family of the one before
			p.last, p.town, p.phone = before.last, before.town, before.phone
			if r.IntN(12) == 0 {
				p.born = before.born
			} else if r.IntN(10) == 0 {
				p.first = before.first
			}
		}
		for range 1 + r.IntN(4) {
			q := p
			q.id = fmt.Sprintf("%05d", len(rows))
			q.userID = "U" + q.id
			q.first, q.last, q.town, q.phone = lost(typo(q.first)), lost(typo(q.last)), lost(typo(q.town)), lost(q.phone)
			if q.born = lost(q.born); q.born != "" && r.IntN(6) == 0 {
				q.born = q.born[:8] + fmt.Sprintf("%02d", 1+r.IntN(28))
			}
			rows, person[q.id] = append(rows, q), i
		}
	}
	return rows, person
}

// registrations are labelled profiles of people who registered themselves several times and typed badly: letters
// exchanged, names in the wrong cells, cells left empty, birth dates slipped, no telephone.
func registrations(seed uint64, rowsWanted int) (rows []profile, person map[string]int) {
	r := rand.New(rand.NewPCG(seed, 29))
	syllables := strings.Fields("an bel cor dan el fir gal han il jor kat lem mar nor ol per ros sim tan ur vin wes")
	word := func(n int) (text string) {
		for range n {
			text += syllables[r.IntN(len(syllables))]
		}
		return text
	}
	var given, surnames, towns []string
	for range 120 {
		given, towns = append(given, word(2)), append(towns, word(2)+"ham")
		surnames = append(surnames, word(3), word(2)+"sen")
	}
	common := func(list []string) string { return list[int(float64(len(list))*math.Pow(r.Float64(), 1.6))] }
	person = map[string]int{}
	for i := 0; len(rows) < rowsWanted; i++ {
		first, last := common(given), common(surnames)
		p := profile{first: first, last: last, town: common(towns),
			email: fmt.Sprintf("%s%s%d@%s.example", first, last[:3], r.IntN(90), word(3)),
			born:  fmt.Sprintf("%d-%02d-%02d", 1950+r.IntN(55), 1+r.IntN(12), 1+r.IntN(28))}
		hard := r.Float64()
		typed := func(s string) string {
			if r.Float64() < 0.17 {
				return ""
			}
			for n := r.IntN(4); n > 0 && len(s) > 2 && r.Float64() < 0.6*hard; n-- {
				at := r.IntN(len(s) - 1)
				s = []string{s[:at] + s[at+1:at+2] + s[at:at+1] + s[at+2:], s[:at] + s[at+1:]}[r.IntN(2)]
			}
			return s
		}
		for range 1 + r.IntN(7) {
			q := profile{first: typed(p.first), last: typed(p.last), town: typed(p.town), email: typed(p.email), born: p.born}
			q.id = fmt.Sprintf("%05d", len(rows))
			q.userID = "R" + q.id
			if r.IntN(9) == 0 {
				q.first, q.last = q.last, q.first
			}
			if r.Float64() < 0.3*hard {
				q.born = q.born[:8] + fmt.Sprintf("%02d", 1+r.IntN(28))
			}
			rows, person[q.id] = append(rows, q), i
		}
	}
	return rows, person
}

// curve is how often pairs are right of which so much is stated, by tenths.
type curve [10]struct{ pairs, stated, right float64 }

func (c *curve) add(stated float64, isRight bool) {
	bin := &c[min(9, int(stated*10))]
	bin.pairs++
	bin.stated += stated
	if isRight {
		bin.right++
	}
}

// String draws the curve: where the o lies on the bar's end, what is stated is true.
func (c *curve) String() string {
	var b strings.Builder
	for _, bin := range c {
		if bin.pairs == 0 {
			continue
		}
		stated, right := bin.stated/bin.pairs, bin.right/bin.pairs
		bar := []rune(strings.Repeat("=", int(40*right+0.5)) + strings.Repeat(" ", 41))[:41]
		bar[int(40*stated+0.5)] = 'o'
		fmt.Fprintf(&b, "stated %.2f |%s| right %.2f of %.0f\n", stated, string(bar), right, bin.pairs)
	}
	return b.String()
}

// mistake is how far what is stated is from what is right, over all pairs.
func (c *curve) mistake() float64 {
	var off, pairs float64
	for _, bin := range c {
		off += math.Abs(bin.stated - bin.right)
		pairs += bin.pairs
	}
	return off / max(1, pairs)
}

// TestWhatIsStatedIsAsOftenRight draws reliability curves of what the workbooks state, apart for pairs that were
// merged and pairs that are asked about. No set here was looked at when the costs of doubts were set. Large ones:
//
//	FERRY_CALIBRATION=50000 go test ./sql -run StatedIsAsOften -v -timeout 30m
func TestWhatIsStatedIsAsOftenRight(t *testing.T) {
	most, err := strconv.Atoi(os.Getenv("FERRY_CALIBRATION"))
	if err != nil {
		long.Only(t)
	}
	families, mistyped := neighbours, registrations
	type set struct {
		name   string
		people func(uint64, int) ([]profile, map[string]int)
		seed   uint64
		n      int
	}
	sets := []set{{"families, 400 persons", families, 51, 400}, {"badly typed, 300 rows", mistyped, 52, 300}}
	for n := 1_000; n <= most; n *= 7 {
		sets = append(sets, set{fmt.Sprintf("families, %d persons", n), families, 53, n},
			set{fmt.Sprintf("badly typed, %d rows", n), mistyped, 54, n})
	}
	for _, s := range sets {
		t.Run(s.name, func(t *testing.T) {
			rows, person := s.people(s.seed, s.n)
			dir := landCrowd(t, rows)
			o := shippedOptions()
			o.Only = []string{"matching.pairs", "matching.merges"}
			if _, err := sql.Run(context.Background(), dir, o); err != nil {
				t.Fatal(err)
			}
			var asked, merged curve
			for table, c := range map[string]*curve{"pairs": &asked, "merges": &merged} {
				each(t, dir.Model("matching", table), func(get func(string) any) {
					l, r := get("left_key").(string), get("right_key").(string)
					c.add(get("probability").(float64), person[l] == person[r])
				})
			}
			t.Logf("of %d profiles\nmerged:\n%sasked:\n%s", len(rows), &merged, &asked)
			sure := merged[9]
			if sure.pairs == 0 || sure.right/sure.pairs < 0.98 || merged.mistake() > 0.02 {
				t.Errorf("merged: %.3f right, stated %.3f", sure.right/sure.pairs, sure.stated/sure.pairs)
			}
			if asked.mistake() > 0.15 {
				t.Errorf("asked: what is stated is off by %.3f", asked.mistake())
			}
		})
	}
}

// TestEveryDoubtHasACostAndAnAdvice: one that settings.match_doubts does not know would cost nothing, and say nothing.
func TestEveryDoubtHasACostAndAnAdvice(t *testing.T) {
	list := read(t, filepath.Join("0_settings", "match_doubts.csv"))
	_, rules, _ := strings.Cut(read(t, filepath.Join("2_matching", "scores.sql")), "doubted as (")
	rules, _, _ = strings.Cut(rules, "as doubt")
	doubts := regexp.MustCompile(`then '([^']+)'`).FindAllStringSubmatch(rules, -1)
	for _, doubt := range append(doubts, []string{"", "contested"}) {
		if !strings.Contains(list, "\n"+doubt[1]+",") {
			t.Errorf("%q is in no line of settings.match_doubts", doubt[1])
		}
	}
	if len(doubts) < 9 {
		t.Errorf("only %d doubts found in scores.sql: this proves nothing", len(doubts))
	}
}
