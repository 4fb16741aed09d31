package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
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
func readNeeds(dir run.Dir, o target.Options) ([]need, error) {
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
	if record.IsMissing(err) {
		return nil, nil
	}
	return needs, err
}

// gaps compares needs with the fields the account has, by name and then by label: an administrator
// who makes a field by hand may get another name than ours, and reading names beats computing them.
func (a *Account) gaps(needs []need) []gap {
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
func (a *Account) match(n need) *freshsales.Field {
	known := a.fields[n.entity]
	if f := known[n.name]; f != nil {
		return f
	}
	for i := range a.all[n.entity] {
		f := &a.all[n.entity][i]
		if f.IsCustom && n.label != "" && strings.EqualFold(strings.TrimSpace(f.Label), strings.TrimSpace(n.label)) &&
			!a.isTaken(n.entity, f) {
			a.know(n.entity, n.name, f)
			return f
		}
	}
	return nil
}

// isTaken says that another of our names already stands for a field.
func (a *Account) isTaken(entity string, f *freshsales.Field) bool {
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

// Provision makes sure that every field of freshsales.fields is there.
type Provision struct {
	Client  Client
	Memory  Memory
	Dir     run.Dir // whose tables would be sent
	Options target.Options
	Writes  bool // a load; a plan only looks, and what would stop a load is kept in Lacking
	IsDelta bool // the account was loaded before
}

// Run looks, makes what the account allows if it may, and otherwise leaves the exact list for an administrator.
func (p Provision) Run(ctx context.Context, a *Account) ([]target.Notice, error) {
	ctx = freshsales.WithPhase(ctx, "provision")
	o := p.Options
	needs, err := readNeeds(p.Dir, o)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		if a.fields[n.entity] == nil {
			if err := a.readEntityFields(ctx, p.Client, n.entity); err != nil {
				return nil, err
			}
		}
	}
	m := &maker{ctx: ctx, c: p.Client, a: a, o: o, memory: p.Memory}
	gaps := a.gaps(needs)
	if o.CreateFields && slices.ContainsFunc(gaps, func(g gap) bool { return g.what == "missing" }) {
		if gaps, err = m.makeAll(p.Dir, needs, gaps, p.Writes); err != nil {
			return m.notices, err
		}
	}
	if p.Writes {
		if err := a.rememberNames(p.Memory); err != nil {
			return m.notices, err
		}
	}
	left, notices := tolerate(o, gaps, p.IsDelta)
	if len(left) > 0 {
		err = a.refuseGaps(p.Dir, o, left, overBudget(a, left, o.PlanName), m.made)
	}
	var closed *run.Problem
	if !p.Writes && errors.As(err, &closed) {
		a.Lacking, err = closed, nil
		for _, g := range left {
			notices = append(notices, target.Notice{Kind: "lacking", Entity: g.entity, Key: g.name, Text: g.sentence()})
		}
	}
	return append(m.notices, notices...), err
}

// makeAll makes what is missing, unless it would not all fit, and says what is left; a plan only counts.
func (m *maker) makeAll(dir run.Dir, needs []need, gaps []gap, writes bool) (left []gap, err error) {
	if m.became, err = recall(m.memory); err != nil {
		return nil, err
	}
	if !writes {
		m.notices = m.a.pretend(gaps, m.became, m.o)
		return m.a.gaps(needs), nil
	}
	if over := overBudget(m.a, gaps, m.o.PlanName); len(over) > 0 {
		return nil, m.a.refuseGaps(dir, m.o, gaps, over, nil)
	}
	err = m.create(gaps)
	return m.a.gaps(needs), err
}

func (a *Account) readEntityFields(ctx context.Context, c Reader, entity string) error {
	e, ok := freshsales.EntityOf(entity)
	if !ok || !e.HasFields {
		return run.Problemf("freshsales.fields", "%q is not an entity that has custom fields", entity).
			WithTry("ferry sql test --only freshsales.fields")
	}
	return a.readFields(ctx, c, e)
}

// Names under which a customer accepts to go on without what an account lacks; the values concerned
// are withheld row by row and listed.
const (
	AckFields  = "missing_fields"
	AckChoices = "missing_choices"
)

// tolerate takes out the gaps the customer accepted, and those of fields that are frozen since the first
// load: a picklist that outgrew its choices, or a type that changed, does not stop a delta.
func tolerate(o target.Options, gaps []gap, isDelta bool) (left []gap, notices []target.Notice) {
	for _, g := range gaps {
		name := AckFields
		if g.what == "choices" {
			name = AckChoices
		}
		if slices.Contains(o.Acknowledged, name) {
			notices = append(notices, target.Notice{Kind: name, Entity: g.entity, Key: g.name, Text: g.sentence() +
				"; accepted: these values are withheld"})
			continue
		}
		if isDelta && g.what != "missing" {
			notices = append(notices, target.Notice{Kind: "frozen_field", Entity: g.entity, Key: g.name, Text: g.sentence() +
				"; the account was loaded before, so the field stays as it is, and what does not fit it is withheld row by row"})
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

// refuseGaps writes the list for an administrator and says where it is, and what was made all the same.
func (a *Account) refuseGaps(dir run.Dir, o target.Options, gaps []gap, over, made []string) error {
	path := dir.Provision(o.Target.Name)
	written := "nothing was written"
	if len(made) > 0 {
		written = fmt.Sprintf("ferry made %s, and no record was written",
			record.Plural(int64(len(made)), "field"))
	}
	err := run.WriteFile(path, func(w io.Writer) error { return writeGaps(w, gaps, over, o.PlanName, written) })
	if err != nil {
		return err
	}
	p := &run.Problem{Where: path, Exit: run.ExitStop, Excerpt: summary(gaps, over),
		What: fmt.Sprintf("the account lacks %d fields or choices that this load needs; %s", len(gaps), written),
		Try: "let an administrator work through the list, then run the same command; or " +
			Accepting(o, names(gaps)...) + ": these values are withheld"}
	if strings.EqualFold(o.PlanName, "free") {
		p.What = fmt.Sprintf("the Free plan has no custom fields, and this load needs %d; nothing was written", len(gaps))
		p.Try = "use a plan with custom fields, or " + Accepting(o, AckFields) + ": these values are withheld"
	}
	return p
}

func names(gaps []gap) []string {
	var list []string
	for _, g := range gaps {
		name := AckFields
		if g.what == "choices" {
			name = AckChoices
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
