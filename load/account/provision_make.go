package account

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// typesMade is the memory's note of what became of the types that were asked for: "form 3": "checkbox". Which
// number means which type stands nowhere (API.md 5.2), so it is learned from one field of each type.
const typesMade = "field types made"

// doors are the two ways to make fields, and what each is called in ferry.yaml and to people.
var doors = []struct {
	door freshsales.FieldDoor
	name string
}{{freshsales.DocumentedDoor, "form"}, {freshsales.MarketplaceDoor, "settings"}}

// maker makes the custom fields an account lacks, where it was told to try.
type maker struct {
	ctx     context.Context
	c       Client
	a       *Account
	o       target.Options
	memory  Memory
	became  map[string]string // by door and what was asked for: the kind of the field that came
	open    int               // the door in use, as a place in doors; all of them: none opens
	isTold  bool              // that the door in use is tried
	notices []target.Notice
	made    []string // fields made so far, for whoever must know when it stops
}

// recall reads what earlier loads learned about the account's types.
func recall(m Memory) (map[string]string, error) {
	text, err := m.Meta(typesMade)
	became := map[string]string{}
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &became)
	}
	return became, err
}

// create makes fields in two rounds for each entity: one of every type nobody has seen made here, which is
// read back; and the others only once each became what was asked for.
func (m *maker) create(gaps []gap) error {
	for m.open < len(doors) && m.o.FieldRoute != "" && doors[m.open].name != m.o.FieldRoute {
		m.open++
	}
	missing := byEntity(gaps)
	for _, entity := range record.SortedKeys(missing) {
		e, _ := freshsales.EntityOf(entity)
		form, err := formOf(m.ctx, m.c, e)
		if err != nil {
			return m.stopped(err)
		}
		first, rest := rounds(missing[entity], m.isSeen)
		for _, round := range [][]gap{first, rest} {
			if err := m.round(e, form, round); err != nil {
				return err
			}
		}
	}
	return nil
}

// rounds tells the first field of each type that was never made here from all others.
func rounds(gaps []gap, isSeen func(freshsales.FieldKind) bool) (first, rest []gap) {
	tried := map[freshsales.FieldKind]bool{}
	for _, g := range gaps {
		if tried[g.kind] || isSeen(g.kind) {
			rest = append(rest, g)
			continue
		}
		tried[g.kind] = true
		first = append(first, g)
	}
	return first, rest
}

// isSeen says that the door in use has made a field of a kind that was asked for.
func (m *maker) isSeen(kind freshsales.FieldKind) bool {
	return m.open < len(doors) && m.became[m.asked(kind)] == string(kind)
}

// asked is how a kind is asked for at the door in use.
func (m *maker) asked(kind freshsales.FieldKind) string {
	d := doors[m.open]
	if d.door == freshsales.DocumentedDoor {
		return fmt.Sprint(d.name, " ", m.number(kind))
	}
	return d.name + " " + freshsales.FieldWord(d.door, kind)
}

// mostNumbers is how far numbers are tried that nobody has seen.
const mostNumbers = 30

// number is what stands for a kind at the form route: as ferry.yaml says, as was learned, or the first number
// that is not known to mean something else.
func (m *maker) number(kind freshsales.FieldKind) int {
	if n := m.o.FieldTypeNumbers[string(kind)]; n != 0 {
		return n
	}
	for n := range mostNumbers {
		if m.became[fmt.Sprint("form ", n)] == string(kind) {
			return n
		}
	}
	guess := freshsales.GuessedNumber(kind)
	for n := guess; n < guess+mostNumbers; n++ {
		if m.became[fmt.Sprint("form ", n)] == "" {
			return n
		}
	}
	return guess
}

// try is how one field was asked for.
type try struct {
	asked  string // door and type; "": nothing was made
	isLost bool   // the answer was lost, so that only the list knows
}

// round makes some fields and reads the entity's fields back.
func (m *maker) round(e freshsales.Entity, form int64, list []gap) error {
	for range 3 { // an answer that was lost and made nothing is asked for again
		tries := map[string]try{}
		for _, g := range list {
			t, err := m.one(e, form, g)
			if err != nil {
				return m.stopped(err)
			}
			if t.asked != "" {
				tries[g.name] = t
			}
		}
		if len(tries) == 0 {
			return nil
		}
		if err := m.a.readEntityFields(m.ctx, m.c, e.Table()); err != nil {
			return m.stopped(err)
		}
		var err error
		if list, err = m.look(list, tries); err != nil || len(list) == 0 {
			return err
		}
	}
	return nil
}

// look finds what became of fields that were asked for, and gives back those that were not made.
func (m *maker) look(list []gap, tries map[string]try) (again []gap, err error) {
	for _, g := range list {
		t, isTried := tries[g.name]
		if !isTried {
			continue
		}
		f := m.a.match(g.need)
		switch {
		case f == nil && t.isLost:
			again = append(again, g)
		case f == nil:
			return nil, m.problem("Freshsales answered that it made %s field %s, and its list does not show it", g.entity,
				g.name)
		default:
			m.made = append(m.made, g.entity+" "+g.name)
			m.notices = append(m.notices, target.Notice{Kind: "field_created", Entity: g.entity, Key: g.name,
				Text: "the custom field “" + g.label + "” (" + uiTypes[g.kind] + ") was made; undoing the load leaves it"})
			if err := m.learn(g, t.asked, f.Kind()); err != nil {
				return nil, err
			}
		}
	}
	return again, nil
}

// one makes one field. Only the list says for certain what was made; but a reply that names another type
// ends it at once.
func (m *maker) one(e freshsales.Entity, form int64, g gap) (try, error) {
	for m.open < len(doors) {
		d := doors[m.open]
		if !m.isTold {
			m.isTold = true
			m.o.Events.Send(run.Event{Stage: target.Stage, Kind: run.Note, Subject: "provision",
				Text: "trying to make custom fields by the " + d.name + " route, which nobody has proven; one of each type first"})
		}
		f, err := m.c.CreateField(m.ctx, e, d.door, form, freshsales.NewField{Name: g.name, Label: g.label, Kind: g.kind,
			Number: m.number(g.kind), Choices: g.choices})
		switch freshsales.OutcomeOf(err) {
		case freshsales.Done:
			if f.Type != "" && f.Kind() != g.kind {
				m.made = append(m.made, g.entity+" "+g.name)
				return try{}, m.learn(g, m.asked(g.kind), f.Kind())
			}
			return try{asked: m.asked(g.kind)}, nil
		case freshsales.Unknown:
			return try{asked: m.asked(g.kind), isLost: true}, nil
		case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
			m.notices = append(m.notices, target.Notice{Kind: "no_field_route", Entity: g.entity,
				Text: "this account makes no custom fields by the " + d.name + " route"})
			if m.open, m.isTold = m.open+1, false; m.o.FieldRoute != "" {
				m.open = len(doors)
			}
		case freshsales.Refused:
			m.notices = append(m.notices, target.Notice{Kind: "field_refused", Entity: g.entity, Key: g.name,
				Text: "the custom field “" + g.label + "” was not made: " + freshsales.MessagesOf(err)})
			return try{}, nil
		default:
			return try{}, target.Explain(m.c.Host(), err, "making a custom field")
		}
	}
	return try{}, nil
}

// learn remembers what a type that was asked for became. The making of fields stops at the first that became
// something else: a second guess would leave a second wrong field, and no call takes one away.
func (m *maker) learn(g gap, asked string, has freshsales.FieldKind) error {
	if m.became[asked] != string(has) {
		m.became[asked] = string(has)
		text, err := json.Marshal(m.became)
		if err != nil {
			return err
		}
		if err := m.memory.SetMeta(typesMade, string(text)); err != nil {
			return err
		}
	}
	if has == g.kind {
		return nil
	}
	return m.problem("Freshsales made %s field %s as %s, though %s was asked for (%s); no more fields are made, and no "+
		"record was written", g.entity, g.name, has, g.kind, asked)
}

func (m *maker) problem(format string, args ...any) error {
	return &run.Problem{Where: m.c.Host(), Exit: run.ExitStop, What: fmt.Sprintf(format, args...),
		Excerpt: "made so far: " + strings.Join(m.made, ", "),
		Try: "no call of Freshsales deletes a field: let an administrator delete the wrong one; then run the same command, " +
			"which remembers what was learned, or make the missing fields by hand, with load.create_fields: false"}
}

// stopped says what was made before something went wrong.
func (m *maker) stopped(err error) error {
	if p, ok := err.(*run.Problem); ok && len(m.made) > 0 && p.Excerpt == "" {
		p.Excerpt = "no record was written; fields made so far: " + strings.Join(m.made, ", ")
	}
	return err
}

// pretend gives a plan the fields a load would make, so that it shows their values as going and counts the
// calls it takes.
func (a *Account) pretend(gaps []gap, became map[string]string, o target.Options) []target.Notice {
	var list []target.Notice
	m := &maker{a: a, o: o, became: became}
	a.ToMake = map[string]FieldCalls{}
	missing, seen := byEntity(gaps), map[freshsales.FieldKind]bool{}
	for _, entity := range record.SortedKeys(missing) {
		first, rest := rounds(missing[entity], func(k freshsales.FieldKind) bool { return seen[k] || m.isSeen(k) })
		calls := FieldCalls{Creates: int64(len(first) + len(rest))}
		for _, round := range [][]gap{first, rest} {
			if len(round) > 0 {
				calls.Reads++
			}
			for _, g := range round {
				seen[g.kind] = true
				f := &freshsales.Field{Name: g.name, Label: g.label, Type: string(g.kind), IsCustom: true}
				for _, c := range g.choices {
					f.Choices = append(f.Choices, freshsales.Choice{Name: c})
				}
				a.fields[g.entity][g.name] = f
				list = append(list, target.Notice{Kind: "field_to_create", Entity: g.entity, Key: g.name,
					Text: "the custom field “" + g.label + "” (" + uiTypes[g.kind] + ") would be made, where the account allows it"})
			}
		}
		a.ToMake[entity] = calls
	}
	return list
}

// FieldCalls is what making the fields of an entity takes.
type FieldCalls struct{ Creates, Reads int64 }

func formOf(ctx context.Context, c Reader, e freshsales.Entity) (int64, error) {
	forms, err := c.Forms(ctx, e)
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
		return 1, nil
	default:
		return 0, target.Explain(c.Host(), err, "listing the forms of "+e.Table())
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
