package sql_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"ferry/sql"
)

// unlikeNames are pairs of given names that follow one another in the list of names, so they are spelt alike, and
// are neither short for one another nor the same when read aloud.
func unlikeNames(t *testing.T, stride int) (pairs [][2]string) {
	t.Helper()
	lines := func(file string) []string {
		return strings.Split(strings.TrimSpace(read(t, "0_settings/"+file)), "\n")[1:]
	}
	shortFor := map[string][]string{}
	for _, line := range lines("nicknames.csv") {
		short, name, _ := strings.Cut(strings.TrimSpace(line), ",")
		shortFor[short], shortFor[name] = append(shortFor[short], name), append(shortFor[name], short)
	}
	related := func(a, b string) bool {
		for _, name := range append(shortFor[a], a) {
			if name == b {
				return true
			}
			for _, other := range append(shortFor[b], b) {
				if name == other {
					return true
				}
			}
		}
		return false
	}
	aloud := strings.NewReplacer("ph", "f", "th", "t", "ck", "k", "hn", "n", "gh", "g", "dh", "d", "ei", "i", "ie", "i",
		"ch", "x", "c", "k", "q", "k", "y", "i", "z", "s", "w", "v")
	single := func(name string) string {
		var b strings.Builder
		var before rune
		for _, letter := range aloud.Replace(aloud.Replace(name)) {
			if letter != before {
				b.WriteRune(letter)
			}
			before = letter
		}
		return strings.TrimSuffix(b.String(), "h")
	}
	all := lines("given_names.csv")
	for i := 0; i+2 < len(all); i += stride {
		a := strings.TrimSpace(all[i])
		for _, b := range all[i+1 : i+3] {
			b = strings.TrimSpace(b)
			if len(a) > 2 && len(b) > 2 && !strings.Contains(a+b, " ") && !related(a, b) && single(a) != single(b) {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	return pairs
}

// TestUnlikeGivenNamesAreNeverCalledOnePerson gives two people of unlike names a mailbox, a number, a birth date or a
// home in common: they are not merged unasked, and whoever is asked about them is not told they are probably one.
// The whole list of names, in some minutes:
//
//	FERRY_NAMES=all go test ./sql -run UnlikeGivenNames -timeout 30m
func TestUnlikeGivenNamesAreNeverCalledOnePerson(t *testing.T) {
	t.Parallel()
	stride := 17
	if os.Getenv("FERRY_NAMES") == "all" {
		stride = 1
	}
	var rows []profile
	mate := map[string]string{}
	pairs := unlikeNames(t, stride)
	if len(pairs) < 150 {
		t.Fatalf("only %d pairs of unlike names: this proves nothing", len(pairs))
	}
	for i, names := range pairs {
		p := profile{first: names[0], last: fmt.Sprintf("Q%c%crn%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/5%26),
			email: fmt.Sprintf("box%d@post%d.example.net", i*7919%99991, i%7), phone: fmt.Sprintf("35386%07d", 7919*(i+1)),
			born: fmt.Sprintf("%d-%02d-%02d", 1940+i%60, 1+i%12, 1+i%28), town: "Cork", street: fmt.Sprint(i, " Quay Street")}
		switch i % 4 {
		case 0:
			p.born, p.street = "", ""
		case 1:
			p.email, p.phone = "", ""
		case 2:
			p.phone, p.street = "", ""
		case 3:
			p.email, p.born = "", ""
		}
		q := but(p, func(q *profile) { q.first = names[1] })
		p.id, q.id = fmt.Sprintf("%05d", 2*i), fmt.Sprintf("%05d", 2*i+1)
		p.userID, q.userID = "U"+p.id, "U"+q.id
		mate[p.id], mate[q.id] = q.id, p.id
		rows = append(rows, p, q)
	}
	dir := landCrowd(t, rows)
	o := shippedOptions()
	o.Only = []string{"matching.people", "matching.pairs"}
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	first, person := map[string]string{}, map[string]string{}
	for _, p := range rows {
		first[p.id] = p.first
	}
	each(t, dir.Model("matching", "people"), func(get func(string) any) {
		person[get("profile_key").(string)] = get("person_key").(string)
	})
	asked := 0
	each(t, dir.Model("matching", "pairs"), func(get func(string) any) {
		l, r := get("left_key").(string), get("right_key").(string)
		if asked++; mate[l] == r && get("advice") == "probably one person" {
			t.Errorf("%s and %s: %s", first[l], first[r], get("advice"))
		}
	})
	for id, other := range mate {
		if id < other && person[id] == person[other] {
			t.Errorf("%s and %s are one person", first[id], first[other])
		}
	}
	if asked < len(pairs)/2 {
		t.Errorf("only %d of %d pairs are asked about: this proves little", asked, len(pairs))
	}
}
