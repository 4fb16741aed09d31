package answers

import (
	"slices"
	"strings"
)

// agreeing leaves out the choices that contradict each other about one person, and refuses them.
func (d *decider) agreeing(choices []choice) []choice {
	bad := map[int]string{}
	d.gone(choices, bad)
	d.twoValues(choices, bad)
	d.mergedAndApart(choices, bad)
	d.occupied(choices, bad)
	d.crowded(choices, bad)
	if len(bad) == 0 {
		return choices
	}
	var good []choice
	for i, c := range choices {
		if why, is := bad[i]; is {
			d.refuse(c.row, "decision", c.decision, "%s", why)
		} else {
			good = append(good, c)
		}
	}
	return good
}

// subject is the record an answer is about; a profile and its contact are one person.
func (r answerRow) subject() string {
	entity := r.get("entity")
	if r.list.spec.Model == "mapping" || r.get("key") == "" {
		return ""
	}
	if entity == "contacts" || entity == "user_profiles" {
		entity = "person"
	}
	return entity + "\x00" + r.get("key")
}

// sides are the two records of a pair, or those that a merge would join.
func (c choice) sides() []string {
	r := c.row
	if !r.list.spec.IsPairs() {
		if c.decision == "merge" && r.get("other_key") != "" {
			return []string{"person\x00" + r.get("other_key"), "person\x00" + r.get("key")}
		}
		return nil
	}
	return []string{"person\x00" + r.get("left_key"), "person\x00" + r.get("right_key")}
}

// gone finds records that one answer leaves out and another one takes over.
func (d *decider) gone(choices []choice, bad map[int]string) {
	deleted := map[string]int{}
	for i, c := range choices {
		if c.decision == "delete" {
			deleted[c.row.subject()] = i
		}
	}
	for i, c := range choices {
		subjects := append(c.sides(), c.row.subject())
		for _, s := range subjects {
			k, is := deleted[s]
			if s == "" || !is || c.decision == "delete" || c.decision == "" || c.decision == "apart" {
				continue
			}
			why := "contradictory: " + choices[k].row.place("decision") + " leaves this record out (“delete”), " +
				c.row.place("decision") + " keeps it (“" + c.decision + "”)"
			bad[i], bad[k] = why, why
		}
	}
}

// twoValues finds fields that two answers give different values.
func (d *decider) twoValues(choices []choice, bad map[int]string) {
	first := map[string]int{}
	for i, c := range choices {
		if c.decision != "clean" {
			continue
		}
		key := c.row.subject() + "\x00" + c.row.get("field")
		k, had := first[key]
		if !had {
			first[key] = i
		} else if choices[k].value != c.value {
			why := "contradictory: " + choices[k].row.place("decision_value") + " and " + c.row.place("decision_value") +
				" give one field of one record different values"
			bad[i], bad[k] = why, why
		}
	}
}

// tie is a decision to merge two records.
type tie struct {
	to     string
	choice int // -1: decided earlier
	where  string
}

// mergedAndApart finds pairs that are kept apart although other answers make one person of them.
func (d *decider) mergedAndApart(choices []choice, bad map[int]string) {
	ties, asked := map[string][]tie{}, map[string]bool{}
	join := func(a, b string, choice int, where string) {
		ties[a] = append(ties[a], tie{b, choice, where})
		ties[b] = append(ties[b], tie{a, choice, where})
	}
	for i, c := range choices {
		if s := c.sides(); s != nil {
			asked[c.row.identity()] = true
			if c.decision == "merge" && bad[i] == "" {
				join(s[0], s[1], i, c.row.place("decision"))
			}
		}
	}
	for key, row := range d.files.decisions {
		left, right, isPair := strings.Cut(row[1], "|")
		if isPair && row[3] == "merge" && !asked[key] {
			join("person\x00"+left, "person\x00"+right, -1, row[7])
		}
	}
	check := func(left, right, where string, choice int) {
		path := way(ties, left, right)
		if path == nil {
			return
		}
		why := "contradictory: " + where + " keeps two records apart that " + path[0].where + " and others make one person"
		if len(path) == 1 {
			why = "contradictory: " + where + " keeps two records apart that " + path[0].where + " merges"
		}
		for _, t := range append(path, tie{choice: choice}) {
			if t.choice >= 0 {
				bad[t.choice] = why
			}
		}
	}
	for i, c := range choices {
		if s := c.sides(); s != nil && c.decision == "apart" {
			check(s[0], s[1], c.row.place("decision"), i)
		}
	}
	for key, row := range d.files.decisions {
		left, right, isPair := strings.Cut(row[1], "|")
		if isPair && row[3] == "apart" && !asked[key] {
			check("person\x00"+left, "person\x00"+right, row[7], -1)
		}
	}
}

// way is how two records are tied together, nil if they are not.
func way(ties map[string][]tie, from, to string) []tie {
	type step struct {
		at   string
		path []tie
	}
	seen, queue := map[string]bool{from: true}, []step{{at: from}}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if s.at == to {
			return s.path
		}
		for _, t := range ties[s.at] {
			if !seen[t.to] {
				seen[t.to] = true
				queue = append(queue, step{t.to, append(slices.Clone(s.path), t)})
			}
		}
	}
	return nil
}
