package account

import (
	"slices"
	"strings"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// parents name, for a reference whose list holds the same name under several parents, the
// reference of the parent and where a row says which parent is its own.
var parents = map[string]struct{ reference, idIn string }{
	"deal_stage":             {"deal_pipeline", "deal_pipeline_id"},
	"sales_activity_outcome": {"sales_activity_type", "sales_activity_type_id"},
}

// Whole makes children agree with their parents: a stage is the one of that name in the deal's own
// pipeline, or in the default one. What does not go together is withheld.
func (a *Account) Whole(entity string, f record.Fields, before []record.Withheld) []record.Withheld {
	left := withoutCurrency(entity, f, before)
	for child, parent := range parents {
		at := child + "_id"
		id, isSet := f[at]
		if !isSet || id == nil {
			continue
		}
		chosen := choiceOf(a.Lists[child], record.AsText(id))
		own := a.parentFor(f, parent.reference)
		if chosen == nil || own == 0 || chosen.Row.Int(parent.idIn) == 0 || chosen.Row.Int(parent.idIn) == own {
			continue
		}
		if sibling := namesake(a.Lists[child], chosen.Name, parent.idIn, own); sibling != nil {
			f[at] = record.Number64(sibling.ID)
			continue
		}
		delete(f, at)
		left = append(left, record.Withheld{Field: child, Value: chosen.Name,
			Reason: "the " + strings.ReplaceAll(parent.reference, "_", " ") + " of this row has no such " +
				strings.ReplaceAll(child, "_", " ")})
	}
	return left
}

// withoutCurrency withholds an amount whose currency the account lacks: Freshsales would take the number
// for its own currency, and a thousand euros would become a thousand dollars.
func withoutCurrency(entity string, f record.Fields, left []record.Withheld) []record.Withheld {
	isLacking := slices.ContainsFunc(left, func(w record.Withheld) bool { return w.Field == "currency" })
	amount := f["amount"]
	if entity != "deals" || !isLacking || amount == nil {
		return nil
	}
	delete(f, "amount")
	return []record.Withheld{{Field: "amount", Value: record.AsText(amount),
		Reason: "its currency is not one of the account's, and without it Freshsales would take the number for its own"}}
}

// parentFor is the parent a row names, or the default one; 0 if neither is known.
func (a *Account) parentFor(f record.Fields, reference string) int64 {
	if text := record.AsText(f[reference+"_id"]); text != "" {
		return record.IdOf(text)
	}
	if reference != "deal_pipeline" {
		return 0
	}
	list := a.Lists[reference]
	for _, c := range list {
		if isDefault, _ := c.Row["is_default"].(bool); isDefault {
			return c.ID
		}
	}
	if len(list) > 0 {
		return list[0].ID
	}
	return 0
}

func choiceOf(list []freshsales.Choice, id string) *freshsales.Choice {
	for i := range list {
		if record.IdText(list[i].ID) == id {
			return &list[i]
		}
	}
	return nil
}

func namesake(list []freshsales.Choice, name, idIn string, parent int64) *freshsales.Choice {
	for i := range list {
		if strings.EqualFold(list[i].Name, name) && list[i].Row.Int(idIn) == parent {
			return &list[i]
		}
	}
	return nil
}
