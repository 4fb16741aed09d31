package sql_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ferry/internal/long"
	"ferry/internal/run"
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

// tempting adds small groups whom one careless rule would make one: each named row is somebody of their own.
func tempting(rows []profile, who map[string]int) []profile {
	someone := 1000
	add := func(group ...profile) {
		for _, p := range group {
			someone++
			p.id = fmt.Sprint("t", someone)
			if p.userID == "" {
				p.userID = fmt.Sprint("V", someone*31)
			}
			rows = append(rows, p)
			who[p.id] = pick(p.first != "", someone, -1)
		}
	}
	for i, last := range []string{"Tremblayson", "Vasquezson"} {
		at := func(first string, change func(*profile)) profile {
			n := someone*7 + len(first)
			p := profile{first: first, last: last, born: fmt.Sprintf("19%d-03-04", 48+i), town: "Cork",
				street: fmt.Sprint(i+4, " Quay Street"),
				email:  fmt.Sprintf("x%d@letter%d.example.org", n*37%9973, n%7), phone: fmt.Sprintf("35389%07d", n*7129%10000000)}
			change(&p)
			return p
		}
		mailbox, phone := fmt.Sprintf("house%d@letter.example.org", i), fmt.Sprintf("35387555%04d", 100+i*37)
		word := func(p *profile) { p.userID = []string{"N/A", "anonymous"}[i] }
		add(at("Walter", word), at("Ingrid", word))
		rounded := func(p *profile) { p.userID = fmt.Sprintf("1.2345%dE+17", i) }
		add(at("Kevin", rounded), at("Claudia", rounded))
		shared := func(p *profile) { p.userID, p.born, p.street = fmt.Sprint("card-", 880+i), "", "" }
		add(at("Thomas", shared),
			but(at("Delphine", shared), func(p *profile) { p.last = []string{"Mbeki", "Ferrante"}[i] }))
		twins := func(p *profile) { p.email, p.phone = "twins"+mailbox, "" }
		add(at("Bartholomew", twins), at("Susan", twins))
		add(at("Gerald", func(p *profile) { p.phone = "" }),
			at("Gerald", func(p *profile) { p.phone, p.born = "", fmt.Sprintf("19%d-11-22", 60+i) }))
		generations := func(p *profile) { p.email, p.phone = "gen"+mailbox, "" }
		add(at("Conrad", generations),
			at("Conrad", func(p *profile) { generations(p); p.born = fmt.Sprintf("19%d-11-22", 78+i) }),
			at("Conrad", func(p *profile) { generations(p); p.born = "" }))
		add(at("Marie", func(p *profile) { p.street, p.phone = "", phone[:11]+"1" }),
			at("Mary", func(p *profile) { p.street, p.phone = "", phone[:11]+"2" }))
		add(at("Dan", func(*profile) {}), at("Don", func(*profile) {}))
		add(at("Edmund", func(p *profile) { p.born, p.last, p.email = "", last+" Sr", mailbox }),
			at("Edmund", func(p *profile) { p.born, p.last, p.email = "", last+" Jr", mailbox }))
		couple := func(p *profile) { p.email, p.phone = "two"+mailbox, "35386777"+phone[8:] }
		nameless := profile{email: "two" + mailbox, phone: "35386777" + phone[8:]}
		add(at("Orla", couple), at("Patrick", couple), nameless, nameless, nameless, nameless)
	}
	return rows
}

var identityReversals = []reversal{
	{"a word that is no id is a key", "1_staging/record_keys.sql",
		"when no_user.text is not null or", "when false and no_user.text is not null or"},
	{"a rounded id is a key", "1_staging/record_keys.sql",
		"when is_rounded_id(written.user_id) then", "when false then"},
	{"an id of two strangers is a key", "1_staging/record_keys.sql",
		"having min(first_name) <> max(first_name) and min(last_name) <> max(last_name)", "having false"},
	{"another given name does not contradict", "2_matching/scores.sql",
		"or coalesce(given_name <= 1, false) and not coalesce(is_one_but_for_name, false)\n", "\n"},
	{"one birth date is as good as another", "2_matching/scores.sql",
		"when birth_dates_contradict then", "when false then"},
	{"junior is senior", "2_matching/scores.sql",
		"or coalesce(has_other_generation, false)\n", "\n"},
	{"names that are alike are one name", "2_matching/scores.sql",
		"when is_merely_alike then", "when false then"},
	{"one letter is always a slip", "2_matching/comparisons.sql",
		"when l.is_known_given and r.is_known_given then true", "when false then true"},
	{"who could be either joins both", "2_matching/links.sql",
		"if(contested.left_id is null, scores.exact_key, null) as exact_key", "scores.exact_key"},
}

func pick[T any](first bool, one, other T) T {
	if first {
		return one
	}
	return other
}

// TestNoTwoPeopleWhoseNamesContradictAreOneContactUnasked is the promise about identity, on any crowd; then rules are
// turned round, and the promise must be seen to break each time.
func TestNoTwoPeopleWhoseNamesContradictAreOneContactUnasked(t *testing.T) {
	t.Parallel()
	for seed := range long.Or[uint64](1, 2) {
		rows, who := hardCrowd(seed, 24)
		rows = tempting(rows, who)
		b := newBench(t, func(t *testing.T, dir run.Dir) { landProfiles(t, dir, rows) }, nil, "matching.people")
		wrong, merged := broken(rows, who, personsIn(t, b.build(t)))
		if len(wrong) > 0 || merged == 0 {
			t.Fatalf("seed %d: %d profiles joined; wrongly: %v", seed, merged, wrong)
		}
		if seed > 0 {
			continue
		}
		for _, planted := range identityReversals[:long.Or(1, len(identityReversals))] {
			t.Run(planted.name, func(t *testing.T) {
				if wrong, _ := broken(rows, who, personsIn(t, b.build(t, planted))); len(wrong) == 0 {
					t.Error("this reversal was not found")
				}
			})
		}
	}
}

// broken says which people became one who are not, and how many profiles were rightly joined.
func broken(rows []profile, who map[string]int, found map[string]string) (wrong []string, merged int) {
	for i, l := range rows {
		for _, r := range rows[i+1:] {
			if found[l.id] != found[r.id] {
				continue
			}
			merged++
			if who[l.id] == who[r.id] || who[l.id] < 0 || who[r.id] < 0 || l.first == "" || r.first == "" {
				continue
			}
			wrong = append(wrong, fmt.Sprintf("%s %s %s and %s %s %s", l.first, l.last, l.born, r.first, r.last, r.born))
		}
	}
	return wrong, merged
}

// TestHowIdsAreSpeltAndFilesAreOrderedChangesNobody renames every id and turns the file around.
func TestHowIdsAreSpeltAndFilesAreOrderedChangesNobody(t *testing.T) {
	long.Only(t)
	t.Parallel()
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
