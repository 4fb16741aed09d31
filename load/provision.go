package load

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// need is one custom field that must exist, a row of freshsales.fields.
type need struct {
	entity, name, label string
	kind                freshsales.FieldKind
	choices             []string
	reason              string
	isConfirmed         bool
}

// gap is what an account lacks of a need.
type gap struct {
	need
	what    string   // "missing", "type", "choices"
	has     string   // the type it has, for "type"
	missing []string // choices, for "choices"
}

// readNeeds reads freshsales.fields; a run without it needs no fields.
func readNeeds(dir run.Dir, o Options) ([]need, error) {
	var needs []need
	err := run.ReadTable(dir.Model("freshsales", "fields"), func(columns []run.Column, row run.Row) error {
		n := need{}
		for i, c := range columns {
			text, _ := row[i].(string)
			switch c.Name {
			case "entity":
				n.entity = text
			case "name":
				n.name = text
			case "label":
				n.label = text
			case "type":
				n.kind = freshsales.Field{Type: text}.Kind()
			case "choices":
				n.choices, _ = row[i].([]string)
			case "reason":
				n.reason = text
			case "confirmed", "is_confirmed":
				n.isConfirmed, _ = row[i].(bool)
			}
		}
		if len(o.Only) == 0 || slices.Contains(o.Only, n.entity) {
			needs = append(needs, n)
		}
		return nil
	})
	if isMissing(err) {
		return nil, nil
	}
	return needs, err
}

// gaps compares needs with the fields the account has, by name and then by label: an administrator
// who makes a field by hand may get another name than ours, and reading names beats computing them.
func (a *account) gaps(needs []need) []gap {
	var found []gap
	for _, n := range needs {
		f := a.match(n)
		switch {
		case f == nil:
			found = append(found, gap{need: n, what: "missing"})
		case !accepts(f.Kind(), n.kind):
			found = append(found, gap{need: n, what: "type", has: string(f.Kind())})
		default:
			if missing := missingChoices(f, n); len(missing) > 0 {
				found = append(found, gap{need: n, what: "choices", missing: missing})
			}
		}
	}
	return found
}

// match finds the field for a need and remembers it under our name.
func (a *account) match(n need) *freshsales.Field {
	known := a.fields[n.entity]
	if f := known[n.name]; f != nil {
		return f
	}
	for i := range a.all[n.entity] {
		f := &a.all[n.entity][i]
		if f.IsCustom && n.label != "" && strings.EqualFold(strings.TrimSpace(f.Label), strings.TrimSpace(n.label)) && !a.isTaken(n.entity, f) {
			known[n.name] = f
			return f
		}
	}
	return nil
}

// isTaken says that another of our names already stands for a field.
func (a *account) isTaken(entity string, f *freshsales.Field) bool {
	for ours, g := range a.fields[entity] {
		if g == f && ours != f.Name {
			return true
		}
	}
	return false
}

// accepts says whether a field of one kind can hold values meant for another: a text holds anything.
func accepts(has, wanted freshsales.FieldKind) bool {
	switch {
	case has == wanted, has == freshsales.KindTextArea:
		return true
	case has == freshsales.KindText:
		return wanted != freshsales.KindTextArea
	case has == freshsales.KindMultiSelect:
		return wanted == freshsales.KindDropdown
	}
	return false
}

func missingChoices(f *freshsales.Field, n need) []string {
	if f.Kind() != freshsales.KindDropdown && f.Kind() != freshsales.KindMultiSelect {
		return nil
	}
	var missing []string
	for _, c := range n.choices {
		if _, reason := fitChoice(f, c); reason != "" {
			missing = append(missing, c)
		}
	}
	return missing
}

// provision makes sure that every field of freshsales.fields is there: it looks, makes what the
// account allows if it may, and otherwise leaves the exact list for an administrator.
func provision(ctx context.Context, c *freshsales.Client, dir run.Dir, a *account, o Options) ([]notice, error) {
	ctx = freshsales.WithPhase(ctx, "provision")
	needs, err := readNeeds(dir, o)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		if a.fields[n.entity] == nil {
			if err := a.readEntityFields(ctx, c, n.entity); err != nil {
				return nil, err
			}
		}
	}
	gaps := a.gaps(needs)
	var made []notice
	if o.CreateFields && slices.ContainsFunc(gaps, func(g gap) bool { return g.what == "missing" }) {
		if over := overBudget(a, gaps, o.PlanName); len(over) > 0 {
			return nil, a.refuseGaps(dir, o, gaps, over)
		}
		if made, err = a.create(ctx, c, gaps); err != nil {
			return nil, err
		}
		gaps = a.gaps(needs)
	}
	if len(gaps) == 0 {
		return made, nil
	}
	left, notices := o.tolerate(gaps)
	if len(left) > 0 {
		return made, a.refuseGaps(dir, o, left, overBudget(a, left, o.PlanName))
	}
	return append(made, notices...), nil
}

func (a *account) readEntityFields(ctx context.Context, c *freshsales.Client, entity string) error {
	e, ok := freshsales.EntityOf(entity)
	if !ok || !e.HasFields {
		return run.Problemf("freshsales.fields", "%q is not an entity that has custom fields", entity).WithTry("ferry sql test --only freshsales.fields")
	}
	return a.readFields(ctx, c, e)
}

// create tries both doors and remembers the one that opens.
func (a *account) create(ctx context.Context, c *freshsales.Client, gaps []gap) ([]notice, error) {
	doors := []freshsales.FieldDoor{freshsales.DocumentedDoor, freshsales.MarketplaceDoor}
	var made []notice
	changed := map[string]bool{}
	for entity, list := range byEntity(gaps) {
		e, _ := freshsales.EntityOf(entity)
		form, err := formOf(ctx, c, e)
		if err != nil {
			return made, err
		}
		for _, g := range list {
			if len(doors) == 0 {
				break
			}
			opened, err := makeField(ctx, c, e, &doors, form, g)
			if err != nil {
				return made, err
			}
			if opened {
				changed[entity] = true
				made = append(made, notice{"field_created", entity, g.name, "custom field " + g.label + " (" + string(g.kind) + ") was made by ferry; a rollback leaves it"})
			}
		}
	}
	for entity := range changed {
		if err := a.readEntityFields(ctx, c, entity); err != nil {
			return made, err
		}
	}
	return made, nil
}

// makeField makes one field; a door that does not exist is not tried again. An answer that was lost
// or a refusal leaves the gap, which the next look at the fields will show.
func makeField(ctx context.Context, c *freshsales.Client, e freshsales.Entity, doors *[]freshsales.FieldDoor, form int64, g gap) (bool, error) {
	for len(*doors) > 0 {
		_, err := c.CreateField(ctx, e, (*doors)[0], form, freshsales.NewField{Name: g.name, Label: g.label, Kind: g.kind, Choices: g.choices})
		switch freshsales.MeaningOf(err) {
		case freshsales.Done, freshsales.Unknown:
			return true, nil
		case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
			*doors = (*doors)[1:]
		case freshsales.Refused:
			return false, nil
		default:
			return false, explain(c, err, "making a custom field")
		}
	}
	return false, nil
}

func formOf(ctx context.Context, c *freshsales.Client, e freshsales.Entity) (int64, error) {
	forms, err := c.Forms(ctx, e)
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
	case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
		return 1, nil
	default:
		return 0, explain(c, err, "listing the forms of "+e.Table())
	}
	if len(forms) == 0 {
		return 1, nil
	}
	return forms[0].ID, nil
}

func byEntity(gaps []gap) map[string][]gap {
	out := map[string][]gap{}
	for _, g := range gaps {
		if g.what == "missing" {
			out[g.entity] = append(out[g.entity], g)
		}
	}
	return out
}

// Names under which a customer accepts to go on without what an account lacks; the values concerned
// are withheld row by row and listed.
const (
	ackFields  = "missing_fields"
	ackChoices = "missing_choices"
)

// tolerate takes out the gaps the customer accepted.
func (o Options) tolerate(gaps []gap) (left []gap, notices []notice) {
	for _, g := range gaps {
		name := ackFields
		if g.what == "choices" {
			name = ackChoices
		}
		if slices.Contains(o.Acknowledged, name) {
			notices = append(notices, notice{name, g.entity, g.name, g.sentence() + "; accepted: these values are withheld"})
			continue
		}
		left = append(left, g)
	}
	return left, notices
}

func (g gap) sentence() string {
	switch g.what {
	case "type":
		return fmt.Sprintf("%s field %s is a %s, and a %s is needed", g.entity, g.name, g.has, g.kind)
	case "choices":
		return fmt.Sprintf("%s field %s lacks %d of its choices", g.entity, g.name, len(g.missing))
	default:
		return fmt.Sprintf("%s field %s does not exist", g.entity, g.name)
	}
}

// refuseGaps writes the list for an administrator and says where it is.
func (a *account) refuseGaps(dir run.Dir, o Options, gaps []gap, over []string) error {
	path := dir.Provision(o.Target.Name)
	err := run.WriteFile(path, func(w io.Writer) error { return writeGaps(w, gaps, over, o.PlanName) })
	if err != nil {
		return err
	}
	p := &run.Problem{Where: path, Exit: run.ExitStop, Excerpt: summary(gaps, over),
		What: fmt.Sprintf("the account lacks %d fields or choices that this load needs; nothing was written", len(gaps)),
		Try:  "let an administrator work through the list, then run the same command; or accept it: acknowledged: [" + strings.Join(names(gaps), ", ") + "] withholds these values"}
	if strings.EqualFold(o.PlanName, "free") {
		p.What = fmt.Sprintf("the Free plan has no custom fields, and this load needs %d; nothing was written", len(gaps))
		p.Try = "use a plan with custom fields, or accept it: acknowledged: [missing_fields] withholds these values"
	}
	return p
}

func names(gaps []gap) []string {
	var list []string
	for _, g := range gaps {
		name := ackFields
		if g.what == "choices" {
			name = ackChoices
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return list
}

const shown = 12 // lines of a list on screen; the file has all

func summary(gaps []gap, over []string) string {
	lines := slices.Clone(over)
	for i, g := range gaps {
		if i == shown {
			lines = append(lines, fmt.Sprintf("and %d more", len(gaps)-shown))
			break
		}
		lines = append(lines, g.sentence())
	}
	return strings.Join(lines, "\n")
}
