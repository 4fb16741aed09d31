package sql_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// identity is somebody as life made them: the oracle knows who they are, and shares no list and no
// function with the SQL. Their names are spelt so that no two are a variant or a slip of each other.
type identity struct{ first, last, born, email, phone, town string }

var (
	lifeFirst = []string{"Orla", "Patrick", "Susan", "Kwame", "Ingrid", "Bartholomew", "Yusuf", "Delphine"}
	lifeLast  = []string{"Quirke", "Abernathy", "Lindqvist", "Okonkwo", "Featherstone", "Zielinski"}
)

// hardCrowd makes people whose names contradict and who share neither mailbox, telephone nor postal
// address, next to what tempts to merge them: twins and families of one surname, birth date and town,
// half-filled profiles, and profiles that have one person's mailbox and another's telephone.
func hardCrowd(seed uint64, n int) (rows []profile, who map[string]int) {
	r := rand.New(rand.NewPCG(seed, 17))
	who = map[string]int{}
	add := func(person int, p profile) {
		p.id, p.userID = fmt.Sprintf("%04d", len(rows)), fmt.Sprintf("U%04d", r.IntN(1e6)*1000+len(rows))
		rows, who[p.id] = append(rows, p), person
	}
	var before identity
	for i := range n {
		one := identity{
			first: lifeFirst[(i+r.IntN(2))%len(lifeFirst)], last: lifeLast[r.IntN(len(lifeLast))],
			born:  fmt.Sprintf("%d-%02d-%02d", 1940+r.IntN(60), 1+r.IntN(12), 1+r.IntN(28)),
			email: fmt.Sprintf("m%d@post%d.example.net", i, i%9), phone: fmt.Sprintf("35386%07d", 7919*(i+1)), town: []string{"Cork", "Sligo"}[r.IntN(2)],
		}
		if i%3 == 1 && one.first != before.first { // a twin: surname, birth date and town are those of the one before
			one.last, one.born, one.town = before.last, before.born, before.town
		}
		whole := profile{first: one.first, last: one.last, born: one.born, email: one.email, phone: one.phone, town: one.town}
		add(i, whole)
		for range r.IntN(4) {
			half := whole
			switch r.IntN(5) {
			case 0:
				half.first, half.last = "", ""
			case 1:
				half.first = ""
			case 2:
				half.born, half.phone = "", ""
			case 3:
				half.email, half.town = "", ""
			case 4:
				half.first, half.last, half.born = "", "", ""
			}
			add(i, half)
		}
		if i > 0 && r.IntN(3) == 0 { // belongs to nobody in particular: a mailbox of one, the telephone of the other
			for range 1 + r.IntN(3) {
				add(-1, profile{email: before.email, phone: one.phone})
			}
		}
		before = one
	}
	return rows, who
}

// TestNoTwoPeopleWhoseNamesContradictAreOneContactUnasked is the promise about identity, on any crowd.
func TestNoTwoPeopleWhoseNamesContradictAreOneContactUnasked(t *testing.T) {
	for seed := range uint64(3) {
		rows, who := hardCrowd(seed, 40)
		found := persons(t, rows, 2)
		merged := promise(t, seed, rows, who, found)
		if merged == 0 {
			t.Errorf("seed %d: nobody was merged at all: this crowd proves nothing", seed)
		}
	}
}

// promise says which contradicting people became one, and how many profiles were rightly joined.
func promise(t *testing.T, seed uint64, rows []profile, who map[string]int, found map[string]string) (merged int) {
	t.Helper()
	for i, l := range rows {
		for _, r := range rows[i+1:] {
			if found[l.id] != found[r.id] {
				continue
			}
			merged++
			if who[l.id] == who[r.id] || who[l.id] < 0 || who[r.id] < 0 {
				continue
			}
			if l.first != "" && r.first != "" && l.first != r.first {
				t.Errorf("seed %d: %s %s and %s %s are one contact", seed, l.first, l.last, r.first, r.last)
			}
		}
	}
	return merged
}

// TestHowIdsAreSpeltAndFilesAreOrderedChangesNobody renames every id and turns the file around.
func TestHowIdsAreSpeltAndFilesAreOrderedChangesNobody(t *testing.T) {
	rows, _ := hardCrowd(9, 60)
	more, _ := neighbours(5, 60)
	for i := range more {
		more[i].id = fmt.Sprintf("n%04d", i)
	}
	rows = append(rows, more...)
	renamed, back := slices.Clone(rows), map[string]string{}
	for i := range renamed {
		renamed[i].id, renamed[i].userID = fmt.Sprintf("%c-%04d", 'a'+(i*7)%26, (i*7919)%9973), fmt.Sprintf("%x", i*31+5)
		back[renamed[i].id] = rows[i].id
	}
	slices.Reverse(renamed)
	was, is := persons(t, rows, 2), persons(t, renamed, 1)
	ids := make([]string, 0, len(back))
	for id := range back {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for i, l := range ids {
		for _, r := range ids[i+1:] {
			if (is[l] == is[r]) != (was[back[l]] == was[back[r]]) {
				t.Fatalf("%s and %s: together is %t with these ids, %t with others", back[l], back[r], was[back[l]] == was[back[r]], is[l] == is[r])
			}
		}
	}
}
