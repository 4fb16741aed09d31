package extract

import (
	"io"
	"sort"
	"strings"
)

// sameBytes leaves out files that are the same as another, byte for byte and of the same entity: their
// rows land once. Only files of equal size are read for it.
func sameBytes(all []source) error {
	bySize := map[int64][]int{}
	for i, s := range all {
		if s.state == toLand && s.member == "" && s.size > 0 {
			bySize[s.size] = append(bySize[s.size], i)
		}
	}
	for _, group := range bySize {
		first := map[string]string{}
		for _, i := range group {
			if len(group) == 1 {
				continue
			}
			sum, err := digestOf(all[i], Options{}.withDefaults())
			if err != nil {
				continue // landing it will say what is wrong
			}
			key := all[i].entity.Name + " " + sum
			if other, ok := first[key]; ok {
				all[i].ignore("the same bytes as " + other + ": landed once")
				continue
			}
			first[key] = all[i].name
		}
	}
	return nil
}

// digestOf is the digest that landing a source will record.
func digestOf(s source, o Options) (string, error) {
	in, err := openSource(s, o)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if _, err := io.Copy(io.Discard, in); err != nil {
		return "", err
	}
	return in.sum(), nil
}

// carryFiles links what the run before landed from the files that are still the same.
func (l *landing) carryFiles(sources []source, tallies []*tally) error {
	if l.before.dir == nil {
		return nil
	}
	for i, s := range sources {
		if s.state != toLand || len(l.before.of(s.name)) == 0 {
			continue
		}
		sum, err := digestOf(s, l.options)
		if err != nil || !l.before.unchanged(s, sum) {
			continue
		}
		t := &tally{source: s, seq: i + 1, kind: "carried", format: s.shape.format, coding: s.shape.coding, note: "unchanged since the run before"}
		if err := l.carryAll(l.before.of(s.name), t); err != nil {
			return err
		}
		tallies[i] = t
	}
	return nil
}

// carryGone links what the run before landed from files that are no longer there: a run is the whole picture.
func (l *landing) carryGone(sources []source, seq int) ([]*tally, error) {
	here := map[string]bool{}
	for _, s := range sources {
		here[s.name] = true
	}
	var names []string
	for name := range l.before.facts {
		if !here[name] && !strings.HasPrefix(name, "api:") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var out []*tally
	for _, name := range names {
		seq++
		old := l.before.of(name)
		s := source{name: name}
		s.entity.Name = old[0].Entity
		t := &tally{source: s, seq: seq, kind: "carried", note: "no longer among the exports; kept from the run before"}
		if err := l.carryAll(old, t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
