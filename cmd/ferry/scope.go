package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"ferry/internal/run"
	"ferry/load"
	"ferry/sql"
)

// scopeConfig is what moves at all: any option of sql/0_settings/options.csv, by its dotted name or in sections. SQL
// reads it as settings.scope, and a line here wins over that list.
type scopeConfig struct {
	values map[string]string
	lines  map[string]int
}

// UnmarshalYAML takes the section as it is written; check holds it against the list of options.
func (s *scopeConfig) UnmarshalYAML(node ast.Node) error {
	s.values, s.lines = map[string]string{}, map[string]int{}
	s.take("", node)
	return nil
}

func (s *scopeConfig) take(prefix string, node ast.Node) {
	switch n := node.(type) {
	case *ast.NullNode:
	case *ast.MappingNode:
		for _, inner := range n.Values {
			s.take(prefix, inner)
		}
	case *ast.MappingValueNode:
		name := n.Key.GetToken().Value
		if prefix != "" {
			name = prefix + "." + name
		}
		s.lines[name] = n.Key.GetToken().Position.Line
		s.take(name, n.Value)
	case *ast.SequenceNode:
		var all []string
		for _, v := range n.Values {
			all = append(all, v.GetToken().Value)
		}
		s.values[prefix] = strings.Join(all, ";")
	default:
		s.values[prefix] = n.GetToken().Value
	}
}

// rows are the settings that were given: {"activity.carrier": "task"}.
func (s scopeConfig) rows() map[string]string {
	rows := map[string]string{}
	maps.Copy(rows, s.values)
	return rows
}

// check holds what was given against the list of options, each with its line.
func (s scopeConfig) check(path string) error {
	if len(s.values) == 0 {
		return nil
	}
	options, err := sql.Settable()
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range sortedKeys(s.values) {
		what, try := options.Check(name, s.values[name])
		last := name[strings.LastIndexByte(name, '.')+1:]
		if places := placesOf(last); what != "" && !slices.Contains(options.Names(), name) && len(places) > 0 {
			what = fmt.Sprintf("%q stands in the wrong place: it belongs %s", last, strings.Join(places, ", or "))
		}
		if what != "" {
			problems = append(problems, run.Problemf(fmt.Sprintf("%s:%d", path, s.lines[name]), "scope: %s", what).
				WithTry("%s", try).WithExit(run.ExitUsage))
		}
	}
	return errors.Join(problems...)
}

// check refuses words a load does not know.
func (l loadConfig) check() error {
	words := []struct{ name, value, allowed string }{
		{"field_route", l.FieldRoute, "form settings"},
		{"choices.bulk", l.Choices.Bulk, "id text"},
		{"choices.single", l.Choices.Single, "id text"},
		{"lifecycle_moves", l.LifecycleMoves, "keep undo"},
	}
	for name, policy := range l.OnConflict {
		words = append(words, struct{ name, value, allowed string }{"on_conflict." + name, policy,
			"keep_theirs take_ours ask"})
	}
	for _, w := range words {
		if w.value != "" && !slices.Contains(strings.Fields(w.allowed), w.value) {
			return fmt.Errorf("load.%s: %q is not one of %s", w.name, w.value, strings.Join(strings.Fields(w.allowed), ", "))
		}
	}
	for _, name := range sortedKeys(l.FieldTypeNumbers) {
		if !slices.Contains(load.FieldKinds(), name) {
			return fmt.Errorf("load.field_type_numbers: %q is not one of %s", name, strings.Join(load.FieldKinds(), ", "))
		}
	}
	return nil
}

// loadConfig is how much the engineer allows a load to do.
type loadConfig struct {
	AccountsFirst bool              `yaml:"accounts_first"` // links travel with the contact; saves the link pass
	MaxLoadHours  float64           `yaml:"max_load_hours"` // refuse a load that would take longer; 0: no limit
	OnConflict    map[string]string `yaml:"on_conflict"`    // entity or entity.field → keep_theirs, take_ours, ask
	Acknowledged  []string          `yaml:"acknowledged"`   // side effects of the load that somebody has accepted
	// keep or undo what the account's own rule does when a deal arrives
	LifecycleMoves string `yaml:"lifecycle_moves"`
	CreateFields   bool   `yaml:"create_fields"` // try the account's field API; unproven, off by default
	FieldRoute     string `yaml:"field_route"`   // form or settings: the only way to try
	// what stands for each type at the form route, where somebody knows it
	FieldTypeNumbers map[string]int `yaml:"field_type_numbers"`
	// how drop-downs are spelt in bulk and in single calls: id or text; learned where it is not set
	Choices struct {
		Bulk   string `yaml:"bulk"`
		Single string `yaml:"single"`
	} `yaml:"choices"`
	Workers int `yaml:"workers"`
	// how long after a lost answer the absence of a record proves that nothing was made
	SettleAfter time.Duration `yaml:"settle_after"`
	// how long the account's lists lag behind writes, as a first guess; it is learned
	ReadBackAfter time.Duration `yaml:"read_back_after"`
	BatchSize     int           `yaml:"batch_size"` // records in one bulk call, at most 100
}
