package twin

import "slices"

// standardFields are the fields every account has, by entity.
func standardFields(k *kind) []Field {
	var out []Field
	if k.name == "contacts" {
		out = append(out, Field{Name: "emails", Label: "Emails", Type: "email"})
	}
	for i := range k.attrs {
		a := &k.attrs[i]
		f := Field{Name: a.name, Label: a.label, Type: "text"}
		switch a.form {
		case aInteger, aDecimal:
			f.Type = "number"
		case aBoolean:
			f.Type = "checkbox"
		case aDate:
			f.Type = "date"
		case aTime:
			f.Type = "datetime"
		case aRef:
			f.Type, f.Label = "dropdown", a.noun
		case aTags:
			continue
		}
		out = append(out, f)
	}
	return out
}

// fieldsOf are the standard fields, as the tenant has changed them, and the custom ones.
func (t *Twin) fieldsOf(entity string) []Field {
	i := slices.IndexFunc(t.store.tables, func(tab *table) bool { return tab.kind.name == entity })
	out := standardFields(t.store.tables[i].kind)
	for n := range out {
		out[n].ID = firstField + int64(i)*100 + 500000 + int64(n)
		if changed, known := t.account.field(entity, out[n].Name); known {
			out[n].Required = changed.Required
		}
		if out[n].Name == "emails" {
			out[n].Required = t.sw.on("email_required")
		}
		if out[n].Name == "last_name" && t.sw.on("last_name_required") {
			out[n].Required = true
		}
	}
	for _, f := range t.account.Fields[entity] {
		if !slices.ContainsFunc(out, func(s Field) bool { return s.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}
