package model

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// sort orders models by floor, and within a floor so that each comes after what it reads.
func (p *Project) sort() error {
	sort.SliceStable(p.Models, func(i, j int) bool {
		a, b := p.Models[i], p.Models[j]
		if a.Floor.Number != b.Floor.Number {
			return a.Floor.Number < b.Floor.Number
		}
		return a.Name < b.Name
	})
	byName := map[string]*Model{}
	for _, m := range p.Models {
		byName[m.Qualified()] = m
	}
	var ordered []*Model
	state := map[*Model]int{} // 1: being visited, 2: placed
	var visit func(m *Model, trail []*Model) error
	visit = func(m *Model, trail []*Model) error {
		switch state[m] {
		case 1:
			return cycle(append(trail, m))
		case 2:
			return nil
		}
		state[m] = 1
		for _, r := range m.Reads {
			if next := byName[r.Qualified()]; next != nil {
				if err := visit(next, append(trail, m)); err != nil {
					return err
				}
			}
		}
		state[m] = 2
		ordered = append(ordered, m)
		return nil
	}
	for _, m := range p.Models {
		if err := visit(m, nil); err != nil {
			return err
		}
	}
	p.Models = ordered
	return nil
}

func cycle(trail []*Model) error {
	last := trail[len(trail)-1]
	start := slices.Index(trail, last)
	var steps []string
	for i, m := range trail[start : len(trail)-1] {
		next := trail[start+i+1]
		at := 0
		for _, r := range m.Reads {
			if r.Qualified() == next.Qualified() {
				at = r.at
			}
		}
		steps = append(steps, fmt.Sprintf("sql/%s:%d reads %s", m.Path, LineOf(m.Text, at), next.Qualified()))
	}
	return run.Problemf(last.Where(0), "these files read each other in a circle: %s", strings.Join(steps, "; ")).
		WithTry("move what both need into a third file that reads neither")
}

// Closure names the models that some models need, directly or through others, those given excepted.
func (p *Project) Closure(wanted func(*Model) bool, given map[string]bool) map[string]bool {
	byName := map[string]*Model{}
	for _, m := range p.Models {
		byName[m.Qualified()] = m
	}
	need := map[string]bool{}
	var add func(m *Model)
	add = func(m *Model) {
		if given[m.Qualified()] || need[m.Qualified()] {
			return
		}
		need[m.Qualified()] = true
		for _, r := range m.Reads {
			if next := byName[r.Qualified()]; next != nil {
				add(next)
			}
			if !given[r.Qualified()] && (r.Qualified() == "checks.findings" || r.Qualified() == "checks.rules") {
				for _, c := range p.Models {
					if c.Floor.Schema == ChecksSchema {
						add(c)
					}
				}
			}
		}
	}
	for _, m := range p.Models {
		if wanted(m) {
			add(m)
		}
	}
	return need
}

// Only is the project with some of its models.
func (p *Project) Only(names map[string]bool) *Project {
	few := *p
	few.Models = nil
	for _, m := range p.Models {
		if names[m.Qualified()] {
			few.Models = append(few.Models, m)
		}
	}
	return &few
}

// above adds the models that read a table, directly or through others.
func (p *Project) above(qualified string, all map[string]bool) {
	for _, m := range p.Models {
		if !all[m.Qualified()] && slices.ContainsFunc(m.Reads, func(r Read) bool { return r.Qualified() == qualified }) {
			all[m.Qualified()] = true
			p.above(m.Qualified(), all)
		}
	}
}

// Limited is the project with the named models and what they need; without names, all of it. A name with + behind it
// means whatever hangs on it as well; what it needs always comes along, so + before a name is understood too.
func (p *Project) Limited(names []string) (*Project, error) {
	if len(names) == 0 {
		return p, nil
	}
	wanted := map[string]bool{}
	var known []string
	for _, m := range p.Models {
		known = append(known, m.Qualified())
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
	return p.Only(p.Closure(func(m *Model) bool { return wanted[m.Qualified()] }, nil)), nil
}

// Sources are all files, models and lists.
func (p *Project) Sources() []Source {
	all := append([]Source(nil), p.Settings...)
	for _, m := range append(append([]*Model(nil), p.Models...), p.Off...) {
		all = append(all, m.Source)
	}
	return all
}

// Named gives a file by its qualified name, or a Problem with a suggestion.
func Named(sources []Source, qualified string) (Source, error) {
	var known []string
	for _, s := range sources {
		if s.Qualified() == qualified {
			return s, nil
		}
		known = append(known, s.Qualified())
	}
	return Source{}, run.Problemf("", "there is no %s.%s", qualified, run.DidYouMean(qualified, known)).
		WithTry("ferry sql list").WithExit(run.ExitUsage)
}

// IsOrdered is true when a model says in which order its rows stand.
func (m *Model) IsOrdered() bool {
	depth := 0
	for _, t := range m.Tokens {
		switch {
		case t.Kind == Symbol && t.Text == "(":
			depth++
		case t.Kind == Symbol && t.Text == ")":
			depth--
		case depth == 0 && t.Kind == Word && t.Text == "order":
			return true
		}
	}
	return false
}
