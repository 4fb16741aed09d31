package model

import (
	"strings"
	"testing"
)

func TestAModelIsTakenApartByItsSteps(t *testing.T) {
	text := "-- Ünlaute first.\n-- one row per k\nwith\n\n-- (a comment, with brackets\n" +
		"a as (select 'it''s ), b as (' as k),\n\"B c\" as not materialized (with n as (select 1) select * from a, n)\n\n" +
		"select * from \"B c\" -- the end (\n;\n"
	m := &Model{Source: Source{Text: text}, Tokens: Scan(text)}
	steps, left := m.InSteps()
	if len(steps) != 2 || steps[0] != (Step{"a", "select 'it''s ), b as (' as k"}) ||
		steps[1] != (Step{"B c", "with n as (select 1) select * from a, n"}) {
		t.Errorf("steps: %q", steps)
	}
	if got := strings.TrimSpace(left.SelectText()); got != "select * from \"B c\" -- the end (" {
		t.Errorf("left: %q", got)
	}
	if strings.Count(left.SelectText(), "\n") != strings.Count(m.SelectText(), "\n") {
		t.Error("lines are not where they were")
	}
	for _, whole := range []string{"select 1", "with recursive a as (select 1) select * from a",
		"with a(n) as (select 1) select * from a", "with a as (select 1"} {
		m := &Model{Source: Source{Text: whole}, Tokens: Scan(whole)}
		if steps, left := m.InSteps(); steps != nil || left != m {
			t.Errorf("%s is taken apart into %q", whole, steps)
		}
	}
}
