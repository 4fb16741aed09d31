package engine

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// sort orders models by floor, and within a floor so that each comes after what it reads.
func (p *project) sort() error {
	sort.SliceStable(p.models, func(i, j int) bool {
		a, b := p.models[i], p.models[j]
		if a.floor.number != b.floor.number {
			return a.floor.number < b.floor.number
		}
		return a.name < b.name
	})
	byName := map[string]*model{}
	for _, m := range p.models {
		byName[m.qualified()] = m
	}
	var ordered []*model
	state := map[*model]int{} // 1: being visited, 2: placed
	var visit func(m *model, trail []*model) error
	visit = func(m *model, trail []*model) error {
		switch state[m] {
		case 1:
			return cycle(append(trail, m))
		case 2:
			return nil
		}
		state[m] = 1
		for _, r := range m.reads {
			if next := byName[r.qualified()]; next != nil {
				if err := visit(next, append(trail, m)); err != nil {
					return err
				}
			}
		}
		state[m] = 2
		ordered = append(ordered, m)
		return nil
	}
	for _, m := range p.models {
		if err := visit(m, nil); err != nil {
			return err
		}
	}
	p.models = ordered
	return nil
}

func cycle(trail []*model) error {
	last := trail[len(trail)-1]
	start := slices.Index(trail, last)
	var steps []string
	for i, m := range trail[start : len(trail)-1] {
		next := trail[start+i+1]
		at := 0
		for _, r := range m.reads {
			if r.qualified() == next.qualified() {
				at = r.at
			}
		}
		steps = append(steps, fmt.Sprintf("sql/%s:%d reads %s", m.path, lineOf(m.text, at), next.qualified()))
	}
	return run.Problemf(last.where(0), "these files read each other in a circle: %s", strings.Join(steps, "; ")).
		WithTry("move what both need into a third file that reads neither")
}

// closure names the models that some models need, directly or through others, those given excepted.
func (p *project) closure(wanted func(*model) bool, given map[string]bool) map[string]bool {
	byName := map[string]*model{}
	for _, m := range p.models {
		byName[m.qualified()] = m
	}
	need := map[string]bool{}
	var add func(m *model)
	add = func(m *model) {
		if given[m.qualified()] || need[m.qualified()] {
			return
		}
		need[m.qualified()] = true
		for _, r := range m.reads {
			if next := byName[r.qualified()]; next != nil {
				add(next)
			}
			if !given[r.qualified()] && (r.qualified() == "checks.findings" || r.qualified() == "checks.rules") {
				for _, c := range p.models {
					if c.floor.schema == checksSchema {
						add(c)
					}
				}
			}
		}
	}
	for _, m := range p.models {
		if wanted(m) {
			add(m)
		}
	}
	return need
}

// only is the project with some of its models.
func (p *project) only(names map[string]bool) *project {
	few := *p
	few.models = nil
	for _, m := range p.models {
		if names[m.qualified()] {
			few.models = append(few.models, m)
		}
	}
	return &few
}

// above adds the models that read a table, directly or through others.
func (p *project) above(qualified string, all map[string]bool) {
	for _, m := range p.models {
		if !all[m.qualified()] && slices.ContainsFunc(m.reads, func(r read) bool { return r.qualified() == qualified }) {
			all[m.qualified()] = true
			p.above(m.qualified(), all)
		}
	}
}

// limited is the project with the named models and what they need; without names, all of it. A name with + behind it
// means whatever hangs on it as well; what it needs always comes along, so + before a name is understood too.
func (p *project) limited(names []string) (*project, error) {
	if len(names) == 0 {
		return p, nil
	}
	wanted := map[string]bool{}
	var known []string
	for _, m := range p.models {
		known = append(known, m.qualified())
	}
	for _, said := range names {
		n := strings.Trim(said, "+")
		wanted[n] = true
		if strings.HasSuffix(said, "+") {
			p.above(n, wanted)
		}
		if slices.Index(known, n) < 0 {
			return nil, run.Problemf("--only "+n, "there is no model %s.%s", n, run.DidYouMean(n, known)).
				WithTry("ferry sql list").WithExit(run.ExitUsage)
		}
	}
	return p.only(p.closure(func(m *model) bool { return wanted[m.qualified()] }, nil)), nil
}

// sources are all files, models and lists.
func (p *project) sources() []source {
	all := append([]source(nil), p.settings...)
	for _, m := range append(append([]*model(nil), p.models...), p.off...) {
		all = append(all, m.source)
	}
	return all
}

// named gives a file by its qualified name, or a Problem with a suggestion.
func named(sources []source, qualified string) (source, error) {
	var known []string
	for _, s := range sources {
		if s.qualified() == qualified {
			return s, nil
		}
		known = append(known, s.qualified())
	}
	return source{}, run.Problemf("", "there is no %s.%s", qualified, run.DidYouMean(qualified, known)).
		WithTry("ferry sql list").WithExit(run.ExitUsage)
}
