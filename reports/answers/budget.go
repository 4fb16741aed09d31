package answers

import (
	"fmt"
	"maps"
	"strings"

	"ferry/internal/run"
	"ferry/reports/books"
)

// Budget says how many custom fields of contacts are needed and allowed, kind by kind.
type Budget struct {
	Plan            string // the account's; "" = not known, and the largest counts
	Needed, Allowed map[string]int
}

// BudgetOf is how many custom fields the newest run of a project needs, and how many a plan allows; the zero value if
// there is no run that says it. "" is the largest plan.
func BudgetOf(project run.Project, plan string) (Budget, error) {
	dir, err := project.LatestRun()
	if err != nil {
		return Budget{}, nil // answers can be read where no run is kept
	}
	rows, err := run.RowsOf(dir.Model("reports", "field_budget"))
	if err != nil || len(rows) == 0 {
		return Budget{}, err
	}
	b := Budget{Plan: plan, Needed: map[string]int{}, Allowed: map[string]int{}}
	for _, r := range rows {
		kind := r.Text("type")
		b.Needed[kind] = int(r.Number("needed"))
		if plan == "" || r.Text("plan") == plan {
			b.Allowed[kind] = max(b.Allowed[kind], int(r.Number("allowed")))
		}
	}
	return b, nil
}

// crowded refuses answers for which the plan has no field left: of those that ask for one more of a kind, the last ones.
func (d *decider) crowded(choices []choice, bad map[int]string) {
	b := d.options.Budget
	if b.Allowed == nil {
		return
	}
	needed, more := maps.Clone(b.Needed), map[string][]int{}
	for i, c := range choices {
		if c.row.list.spec.Model != "mapping" || c.decision == "" || bad[i] != "" {
			continue
		}
		was, is := c.row.takesNow(), c.takes()
		if was == is {
			continue
		}
		needed[was]--
		needed[is]++
		more[is] = append(more[is], i)
	}
	plan := "the largest plan"
	if b.Plan != "" {
		plan = "your plan " + books.PlanWords[b.Plan]
	}
	for kind, list := range more {
		allowed, isLimited := b.Allowed[kind]
		for n := len(list) - 1; n >= 0 && isLimited && needed[kind] > allowed; n-- {
			bad[list[n]] = fmt.Sprintf("%s allows %d custom fields of the kind “%s”, and with this answer %d would be needed; "+
				"choose another kind, a field that exists, or “skip” for others", plan, allowed, books.TypeWords[kind],
				needed[kind])
			needed[kind]--
		}
	}
}

// takesNow is the kind of custom field that an attribute takes as its row stands, "" if none of contacts.
func (r answerRow) takesNow() string {
	if r.get("entity") != "contacts" || !strings.HasPrefix(r.get("name"), "cf_") ||
		strings.HasPrefix(r.get("before"), "skip") || strings.HasPrefix(r.get("why"), "left behind") {
		return ""
	}
	return r.get("type")
}

// takes is the kind of custom field that an answer takes, "" if none, or one that is there for other reasons.
func (c choice) takes() string {
	f := c.field
	if c.decision == "skip" || f.entity != "contacts" || !strings.HasPrefix(f.name, "cf_") {
		return ""
	}
	for _, x := range c.row.from.fields {
		if x.entity == f.entity && x.name == f.name && f.name != c.row.get("name") {
			return ""
		}
	}
	return f.kind
}
