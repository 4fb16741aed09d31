package xtremepush

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
)

// Fold makes headers comparable: case, spaces, dots, dashes and underscores do not count.
func Fold(header string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '.', '-', '_', '\u00a0', '\t', '\ufeff':
			return -1
		}
		return unicode.ToLower(r)
	}, header)
}

// Columns says which column of the entity each header is, -1 for none. A header that is the
// column's own name wins over an alias; of two with equal claim the first one wins.
func (e Entity) Match(headers []string) []int {
	at := make([]int, len(headers))
	taken := make([]bool, len(e.Columns))
	for i := range at {
		at[i] = -1
	}
	claim := func(position map[string]int, key func(string) string) {
		for i, h := range headers {
			c, ok := position[key(h)]
			if ok && at[i] < 0 && !taken[c] {
				at[i], taken[c] = c, true
			}
		}
	}
	exact, folded, alias := e.positions()
	claim(exact, strings.TrimSpace)
	claim(folded, Fold)
	claim(alias, Fold)
	return at
}

// spellings are where a name leads: the column's own, the same in another spelling, an alias.
type spellings struct{ exact, folded, alias map[string]int }

// spellingsOf are found out once for each entity, as every line of a file may be asked whether it holds names.
var spellingsOf = sync.OnceValue(func() map[string]spellings {
	all := map[string]spellings{}
	for _, e := range entities {
		all[e.Name] = e.spell()
	}
	return all
})

// anyName are the names that lead anywhere.
var anyName = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, s := range spellingsOf() {
		for _, names := range []map[string]int{s.folded, s.alias} {
			for n := range names {
				all[n] = true
			}
		}
	}
	return all
})

// KnownNames counts the names that some entity has a column of.
func KnownNames(names []string) (n int) {
	for _, name := range names {
		if len(name) < longestName && anyName()[Fold(name)] {
			n++
		}
	}
	return n
}

// longestName is longer than any name that is known, however it is written.
const longestName = 100

func (e Entity) spell() spellings {
	s := spellings{map[string]int{}, map[string]int{}, map[string]int{}}
	for i, c := range e.Columns {
		s.exact[c], s.folded[Fold(c)] = i, i
	}
	for a, c := range e.Aliases {
		s.alias[Fold(a)] = s.exact[c]
	}
	return s
}

func (e Entity) positions() (exact, folded, alias map[string]int) {
	s := spellingsOf()[e.Name]
	return s.exact, s.folded, s.alias
}

// Missing names the columns a file of this entity must have and these headers lack; "" means it is complete.
func (e Entity) Missing(headers []string) string {
	have := map[string]bool{}
	for _, c := range e.Match(headers) {
		if c >= 0 {
			have[e.Columns[c]] = true
		}
	}
	var wants []string
	for _, need := range e.Needs {
		complete := true
		for _, c := range need {
			complete = complete && have[c]
		}
		if complete {
			return ""
		}
		wants = append(wants, strings.Join(need, " and "))
	}
	return strings.Join(wants, ", or ")
}

// Instead is the column by which a file tells whom its records are about, where none of the ids is there; "" for none.
func (e Entity) Instead(headers []string) string {
	at := e.Match(headers)
	for _, name := range e.Else {
		if slices.ContainsFunc(at, func(c int) bool { return c >= 0 && e.Columns[c] == name }) {
			return name
		}
	}
	return ""
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// ByFileName finds the entity a file is named after. A name that begins with an entity's own name
// (user_profiles_acme_20240101_part001.csv) is sure. Otherwise the words of one entity only may occur in
// it (acme-events.csv); words inside longer ones do not count.
func ByFileName(name string) (e Entity, sure, ok bool) {
	words := "_" + strings.Trim(notWord.ReplaceAllString(strings.ToLower(name), "_"), "_") + "_"
	type hit struct{ entity, from, to int }
	var hits []hit
	for i, e := range entities {
		if strings.HasPrefix(words, "_"+e.Name+"_") {
			sure = true
		}
		for _, f := range append([]string{e.Name}, e.Files...) {
			if at := strings.Index(words, "_"+f+"_"); at >= 0 {
				hits = append(hits, hit{i, at, at + len(f)})
			}
		}
	}
	best := -1
	for _, h := range hits {
		inside := false
		for _, o := range hits {
			inside = inside || o.from <= h.from && h.to <= o.to && o.to-o.from > h.to-h.from
		}
		switch {
		case inside:
		case sure && !strings.HasPrefix(words, "_"+entities[h.entity].Name+"_"):
		case best >= 0 && best != h.entity:
			return Entity{}, false, false
		default:
			best = h.entity
		}
	}
	if best < 0 {
		return Entity{}, false, false
	}
	return entities[best], sure, true
}

// Candidate is an entity that a list of headers may belong to.
type Candidate struct {
	Entity Entity
	Known  int // headers that are columns of it
	Marks  int // of those, headers that hardly any other entity has
}

// ByHeaders ranks the entities whose needed columns are there, best first. The first one is the
// answer only if Decided says so.
func ByHeaders(headers []string) []Candidate {
	var all []Candidate
	for _, e := range entities {
		if e.Missing(headers) != "" {
			continue
		}
		c := Candidate{Entity: e}
		for _, at := range e.Match(headers) {
			if at < 0 {
				continue
			}
			c.Known++
			for _, m := range e.Marks {
				if m == e.Columns[at] {
					c.Marks++
				}
			}
		}
		if c.Marks > 0 {
			all = append(all, c)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Score() > all[j].Score() })
	return all
}

// Nearest are at most n entities that know some of the headers, those that know most of them first, though a
// column that they need is missing.
func Nearest(headers []string, n int) []Entity {
	known := map[string]int{}
	var near []Entity
	for _, e := range entities {
		for _, at := range e.Match(headers) {
			if at >= 0 {
				known[e.Name]++
			}
		}
		if known[e.Name] > 0 {
			near = append(near, e)
		}
	}
	sort.SliceStable(near, func(i, j int) bool { return known[near[i].Name] > known[near[j].Name] })
	return near[:min(len(near), n)]
}

// Score is how much speaks for the candidate.
func (c Candidate) Score() int { return c.Known + c.Marks }

// Decided says whether the first candidate is clearly better than the next.
func Decided(all []Candidate) bool {
	return len(all) == 1 && all[0].Score() > 2 || len(all) > 1 && all[0].Score() >= all[1].Score()+2
}

// Column says which column a single key belongs to, -1 for none, and how good its claim is: the
// column's own name, the name in another spelling, an alias.
func (e Entity) Column(key string) (column, claim int) {
	exact, folded, alias := e.positions()
	if c, ok := exact[strings.TrimSpace(key)]; ok {
		return c, 3
	}
	if c, ok := folded[Fold(key)]; ok {
		return c, 2
	}
	if c, ok := alias[Fold(key)]; ok {
		return c, 1
	}
	return -1, 0
}

// IsKey says whether a column tells who or what a record is about: an id or an address.
func IsKey(column string) bool {
	switch column {
	case "id", "email", "address", "identifier", "mobile_number", "whatsapp_number", "token", "company_key", "domain":
		return true
	}
	return strings.HasSuffix(column, "_id") || strings.Contains(column, "email_address") ||
		strings.Contains(column, "e_mail")
}
