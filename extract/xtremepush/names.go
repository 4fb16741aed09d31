package xtremepush

import (
	"regexp"
	"sort"
	"strings"
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

func (e Entity) positions() (exact, folded, alias map[string]int) {
	exact, folded, alias = map[string]int{}, map[string]int{}, map[string]int{}
	for i, c := range e.Columns {
		exact[c], folded[Fold(c)] = i, i
	}
	for a, c := range e.Aliases {
		alias[Fold(a)] = exact[c]
	}
	return exact, folded, alias
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

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// ByFileName finds the entity a file is named after. The name may start with it
// (user_profiles_20240101_part001.csv) or carry it as a word (acme-events.csv); the longest name wins.
// Without a clear winner it answers false.
func ByFileName(name string) (Entity, bool) {
	words := "_" + strings.Trim(notWord.ReplaceAllString(strings.ToLower(name), "_"), "_") + "_"
	best, size, first := -1, 0, len(words)
	tied := false
	for i, e := range entities {
		for _, f := range append([]string{e.Name}, e.Files...) {
			at := strings.Index(words, "_"+f+"_")
			if at < 0 {
				continue
			}
			atStart, bestAtStart := at == 0, first == 0
			switch {
			case best == i && len(f) <= size:
			case best < 0, atStart && !bestAtStart, atStart == bestAtStart && len(f) > size:
				best, size, first, tied = i, len(f), at, false
			case atStart == bestAtStart && len(f) == size:
				tied = true
			}
		}
	}
	if best < 0 || tied {
		return Entity{}, false
	}
	return entities[best], true
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
	sort.SliceStable(all, func(i, j int) bool { return all[i].score() > all[j].score() })
	return all
}

func (c Candidate) score() int { return c.Known + c.Marks }

// Decided says whether the first candidate is clearly better than the next.
func Decided(all []Candidate) bool {
	return len(all) == 1 && all[0].score() > 2 || len(all) > 1 && all[0].score() >= all[1].score()+2
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
