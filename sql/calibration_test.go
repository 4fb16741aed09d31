package sql_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

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

// TestAProbabilityIsAboutAsOftenRight compares what the model says of pairs with how many of them
// are one person: what it merges by itself, what it asks, and what it leaves.
func TestAProbabilityIsAboutAsOftenRight(t *testing.T) {
	rows, person := neighbours(3, 700)
	dir := landCrowd(t, rows)
	o := shippedOptions()
	o.Only = []string{"matching.scores"}
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	key := map[any]string{}
	each(t, dir.Model("matching", "features"), func(get func(string) any) { key[get("id")] = get("profile_key").(string) })
	type bin struct{ pairs, right, promised float64 }
	var leave, ask, merge bin
	each(t, dir.Model("matching", "scores"), func(get func(string) any) {
		thousandths, err := strconv.ParseFloat(fmt.Sprint(get("bits")), 64) // a decimal of three digits
		if err != nil {
			t.Fatal(err)
		}
		p := 1 / (1 + math.Pow(2, -thousandths/1000))
		b := &leave
		if p >= 0.98 {
			b = &merge
		} else if p >= 0.5 {
			b = &ask
		}
		b.pairs++
		b.promised += p
		if person[key[get("left_id")]] == person[key[get("right_id")]] {
			b.right++
		}
	})
	for _, c := range []struct {
		zone        string
		bin         bin
		least, most float64 // of the share that is right
	}{{"merge", merge, 0.97, 1}, {"ask", ask, 0.5, 0.98}, {"leave", leave, 0, 0.1}} {
		share := c.bin.right / c.bin.pairs
		t.Logf("%s: %.0f pairs, promised %.3f, right %.3f", c.zone, c.bin.pairs, c.bin.promised/c.bin.pairs, share)
		if c.bin.pairs < 40 || share < c.least || share > c.most {
			t.Errorf("%s: %.3f of %.0f pairs are one person; it should be between %.2f and %.2f", c.zone, share, c.bin.pairs,
				c.least, c.most)
		}
	}
}
