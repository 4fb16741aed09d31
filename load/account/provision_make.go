package account

import (
	"context"
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/target"
)

// pretend gives a plan the fields a load would make, so that it shows their values as going.
func (a *Account) pretend(gaps []gap) []target.Notice {
	var list []target.Notice
	a.ToMake = map[string]int64{}
	for _, g := range gaps {
		if g.what != "missing" {
			continue
		}
		a.ToMake[g.entity]++
		f := &freshsales.Field{Name: g.name, Label: g.label, Type: string(g.kind), IsCustom: true}
		for _, c := range g.choices {
			f.Choices = append(f.Choices, freshsales.Choice{Name: c})
		}
		a.fields[g.entity][g.name] = f
		list = append(list, target.Notice{Kind: "field_to_create", Entity: g.entity, Key: g.name, Text: "custom field " +
			g.label + " (" + string(g.kind) + ") would be made, where the account allows it"})
	}
	return list
}

// create tries both doors and remembers the one that opens.
func (a *Account) create(ctx context.Context, c *freshsales.Client, gaps []gap) ([]target.Notice, error) {
	doors := []freshsales.FieldDoor{freshsales.DocumentedDoor, freshsales.MarketplaceDoor}
	var made []target.Notice
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
			field, opened, err := makeField(ctx, c, e, &doors, form, g)
			if err != nil {
				return made, err
			}
			if !opened {
				continue
			}
			changed[entity] = true
			made = append(made, target.Notice{Kind: "field_created", Entity: entity, Key: g.name, Text: "custom field " +
				g.label + " (" + string(g.kind) + ") was made by ferry; a rollback leaves it"})
			if field.Type != "" && !accepts(field.Kind(), g.kind) {
				return made, wrongType(c, made, g, field)
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

// wrongType stops the making of fields at the first that became something else: which number stands for
// which type is not documented, and a second guess would leave a second wrong field.
func wrongType(c *freshsales.Client, made []target.Notice, g gap, f freshsales.Field) error {
	var names []string
	for _, n := range made {
		names = append(names, n.Entity+" "+n.Key)
	}
	return &run.Problem{Where: c.Host(), Exit: run.ExitStop, Excerpt: "made so far: " + strings.Join(names, ", "),
		What: fmt.Sprintf("Freshsales made %s field %s as %s, though %s was asked for; no more fields are made, "+
			"and no record was written",
			g.entity, g.name, f.Kind(), g.kind),
		Try: "let an administrator delete that field and make the missing ones by hand, with load.create_fields: false"}
}

// makeField makes one field; a door that does not exist is not tried again. An answer that was lost
// or a refusal leaves the gap, which the next look at the fields will show.
func makeField(ctx context.Context, c *freshsales.Client, e freshsales.Entity, doors *[]freshsales.FieldDoor,
	form int64, g gap) (freshsales.Field, bool, error) {
	for len(*doors) > 0 {
		f, err := c.CreateField(ctx, e, (*doors)[0], form, freshsales.NewField{Name: g.name, Label: g.label, Kind: g.kind,
			Choices: g.choices})
		switch freshsales.OutcomeOf(err) {
		case freshsales.Done, freshsales.Unknown:
			return f, true, nil
		case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
			*doors = (*doors)[1:]
		case freshsales.Refused:
			return f, false, nil
		default:
			return f, false, target.Explain(c, err, "making a custom field")
		}
	}
	return freshsales.Field{}, false, nil
}

func formOf(ctx context.Context, c *freshsales.Client, e freshsales.Entity) (int64, error) {
	forms, err := c.Forms(ctx, e)
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Gone, freshsales.Forbidden, freshsales.Unsupported:
		return 1, nil
	default:
		return 0, target.Explain(c, err, "listing the forms of "+e.Table())
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
