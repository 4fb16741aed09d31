package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"ferry/load"
)

// scopeConfig is what moves at all; SQL reads it as settings.scope under dotted names, and a line
// here wins over sql/0_settings/options.csv.
type scopeConfig struct {
	Deals         *bool          `yaml:"deals"`
	Accounts      *bool          `yaml:"accounts"`
	MigrationUser string         `yaml:"migration_user"`
	Activity      activityConfig `yaml:"activity"`
	Tags          struct {
		As string `yaml:"as"`
	} `yaml:"tags"`
	Segments struct {
		AsTags *bool `yaml:"as_tags"`
	} `yaml:"segments"`
}

type activityConfig struct {
	Campaigns string `yaml:"campaigns"` // each, latest, daily, weekly, none
	Events    string `yaml:"events"`    // each, latest, daily, weekly, top, none
	LatestN   int    `yaml:"latest_n"`
	TopTypes  int    `yaml:"top_types"`
	Carrier   string `yaml:"carrier"` // task, sales_activity
}

// rows flattens the settings that were given: {"activity.carrier": "task"}.
func (s scopeConfig) rows() map[string]string {
	rows := map[string]string{}
	flatten("", reflect.ValueOf(s), rows)
	return rows
}

func flatten(prefix string, v reflect.Value, rows map[string]string) {
	for i := range v.NumField() {
		name, value := prefix+v.Type().Field(i).Tag.Get("yaml"), v.Field(i)
		switch {
		case value.Kind() == reflect.Struct:
			flatten(name+".", value, rows)
		case value.IsZero(): // not given
		case value.Kind() == reflect.Pointer:
			rows[name] = fmt.Sprint(value.Elem().Interface())
		default:
			rows[name] = fmt.Sprint(value.Interface())
		}
	}
}

func (s scopeConfig) check() error {
	words := []struct{ name, value, allowed string }{
		{"activity.campaigns", s.Activity.Campaigns, "each latest daily weekly none"},
		{"activity.events", s.Activity.Events, "each latest daily weekly top none"},
		{"activity.carrier", s.Activity.Carrier, "task sales_activity"},
		{"tags.as", s.Tags.As, "tags multi_select none"},
	}
	for _, w := range words {
		if w.value != "" && !slices.Contains(strings.Fields(w.allowed), w.value) {
			return fmt.Errorf("scope.%s: %q is not one of %s", w.name, w.value, strings.Join(strings.Fields(w.allowed), ", "))
		}
	}
	return nil
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
