package extract

import (
	"io"
	"sort"
	"strings"

	"ferry/extract/discovery"
	"ferry/extract/source"
)

// sameBytes leaves out files that are the same as another, byte for byte and of the same entity: their
// rows land once. Only files of equal size are read for it.
func sameBytes(all []discovery.Input) error {
	bySize := map[int64][]int{}
	for i, s := range all {
		if s.State == source.ToLand && s.Member == "" && s.Size > 0 {
			bySize[s.Size] = append(bySize[s.Size], i)
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
			key := all[i].Entity.Name + " " + sum
			if other, ok := first[key]; ok {
				all[i].Ignore("the same bytes as " + other + ": landed once")
				continue
			}
			first[key] = all[i].Name
		}
	}
	return nil
}

// digestOf is the digest that landing a source will record.
func digestOf(s discovery.Input, o Options) (string, error) {
	in, err := source.Open(s.File, o.rules().Source())
	if err != nil {
		return "", err
	}
	defer in.Close()
	if _, err := io.Copy(io.Discard, in); err != nil {
		return "", err
	}
	return in.Sum(), nil
}

// carryFiles links what the run before landed from the files that are still the same.
func (l *landing) carryFiles(sources []discovery.Input, tallies []*tally) error {
	if l.before.dir == nil {
		return nil
	}
	for i, s := range sources {
		if s.State != source.ToLand || len(l.before.of(s.Name)) == 0 {
			continue
		}
		sum, err := digestOf(s, l.options)
		if err != nil || !l.before.unchanged(s, sum) {
			continue
		}
		t := &tally{source: s, seq: i + 1, kind: "carried", format: s.Shape.Format, coding: s.Shape.Coding,
			note: "unchanged since the run before"}
		if err := l.carryAll(l.before.of(s.Name), t); err != nil {
			return err
		}
		tallies[i] = t
	}
	return nil
}

// carryGone links what the run before landed from files that are no longer there: a run is the whole picture.
func (l *landing) carryGone(sources []discovery.Input, seq int) ([]*tally, error) {
	here := map[string]bool{}
	for _, s := range sources {
		here[s.Name] = true
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
		s := discovery.Input{File: source.File{Name: name}}
		s.Entity.Name = old[0].Entity
		t := &tally{source: s, seq: seq, kind: "carried", note: "no longer among the exports; kept from the run before"}
		if err := l.carryAll(old, t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
