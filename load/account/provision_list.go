package account

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// budgetOf is how many custom fields of each kind a plan has, for each entity (API.md 5.4).
func budgetOf(plan string) (map[freshsales.FieldKind]int, int, bool) {
	kinds := []freshsales.FieldKind{freshsales.KindText, freshsales.KindDropdown, freshsales.KindTextArea,
		freshsales.KindMultiSelect,
		freshsales.KindNumber, freshsales.KindCheckbox, freshsales.KindDate}
	table := map[string][]int{
		"free":       {0, 0, 0, 0, 0, 0, 0, 0},
		"growth":     {20, 30, 5, 5, 30, 30, 30, 150},
		"pro":        {30, 40, 10, 10, 50, 50, 50, 250},
		"enterprise": {70, 250, 20, 30, 70, 70, 70, 630},
	}
	numbers, known := table[strings.ToLower(plan)]
	if !known {
		return nil, 0, false
	}
	budget := map[freshsales.FieldKind]int{}
	for i, k := range kinds {
		budget[k] = numbers[i]
	}
	return budget, numbers[len(kinds)], true
}

// MaxChoices is how many options a drop-down or multi-select takes.
const MaxChoices = 300

// overBudget says where the fields an account has and those still missing exceed its plan.
func overBudget(a *Account, gaps []gap, plan string) []string {
	budget, total, known := budgetOf(plan)
	if !known {
		return nil
	}
	type key struct {
		entity string
		kind   freshsales.FieldKind
	}
	has, all, wanted := map[key]int{}, map[string]int{}, map[key]int{}
	for entity, list := range a.all {
		for _, f := range list {
			if f.IsCustom {
				has[key{entity, f.Kind()}]++
				all[entity]++
			}
		}
	}
	var lines []string
	for _, g := range gaps {
		if len(g.choices) > MaxChoices {
			lines = append(lines, fmt.Sprintf("%s field %s has %d choices, and a field takes %d", g.entity, g.name,
				len(g.choices), MaxChoices))
		}
		if g.what == "missing" {
			wanted[key{g.entity, g.kind}]++
		}
	}
	more := map[string]int{}
	for k, n := range wanted {
		more[k.entity] += n
		if have := has[k]; have+n > budget[k.kind] {
			lines = append(lines, fmt.Sprintf("%s: the %s plan has %d %s fields; %d are in use and %d more are needed", k.entity,
				plan, budget[k.kind], k.kind, have, n))
		}
	}
	for entity, n := range more {
		if all[entity]+n > total {
			lines = append(lines,
				fmt.Sprintf("%s: the %s plan has %d custom fields in all; %d are in use and %d more are needed", entity, plan,
					total, all[entity], n))
		}
	}
	slices.Sort(lines)
	return lines
}

// FieldKinds are the types custom fields can have.
func FieldKinds() []string {
	var names []string
	for kind := range uiTypes {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	return names
}

// uiTypes are the words of the Freshsales form for making a field.
var uiTypes = map[freshsales.FieldKind]string{freshsales.KindText: "Text field", freshsales.KindTextArea: "Text area",
	freshsales.KindNumber:   "Number",
	freshsales.KindDropdown: "Dropdown", freshsales.KindMultiSelect: "Multiselect", freshsales.KindCheckbox: "Checkbox",
	freshsales.KindDate: "Date picker"}

// writeGaps writes the list an administrator works through.
func writeGaps(w io.Writer, gaps []gap, over []string, plan, written string) error {
	var b strings.Builder
	b.WriteString("# What Freshsales needs before the load\n\nFor an administrator of the account. So far: " + written +
		". Run the same ferry command again afterwards.\n")
	if len(over) > 0 {
		fmt.Fprintf(&b,
			"\n## More than the %s plan allows\n\nDelete fields nobody uses, confirm fewer fields in mapping.xlsx, "+
				"or change the plan.\n\n", plan)
		for _, line := range over {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	section(&b, gaps, "missing",
		"## Fields to make\n\nAdmin settings, Contacts (or Accounts, Deals), Fields, Add field. The internal name can be "+
			"edited while the field is made.",
		run.MarkdownHead("object", "label", "internal name", "type", "choices"),
		func(g gap) string {
			return run.MarkdownRow(g.entity, run.MarkdownCell(g.label), "`"+g.name+"`", uiTypes[g.kind], cell(g.choices))
		})
	section(&b, gaps, "choices", "## Choices to add\n\nOpen the field and add these choices, spelt exactly so.",
		run.MarkdownHead("object", "field", "choices"),
		func(g gap) string { return run.MarkdownRow(g.entity, "`"+g.name+"`", cell(g.missing)) })
	section(&b, gaps, "type",
		"## Fields of another type\n\nThe type of a field cannot be changed: rename it and make a new one, or choose "+
			"another type in mapping.xlsx.",
		run.MarkdownHead("object", "field", "has", "needs"),
		func(g gap) string { return run.MarkdownRow(g.entity, "`"+g.name+"`", g.has, string(g.kind)) })
	_, err := io.WriteString(w, b.String())
	return err
}

func section(b *strings.Builder, gaps []gap, what, title, head string, line func(gap) string) {
	first := true
	for _, g := range gaps {
		if g.what != what {
			continue
		}
		if first {
			fmt.Fprintf(b, "\n%s\n\n%s", title, head)
			first = false
		}
		b.WriteString(line(g))
	}
}

// cell holds the choices of a field.
func cell(choices []string) string { return run.MarkdownCell(strings.Join(choices, "; ")) }
