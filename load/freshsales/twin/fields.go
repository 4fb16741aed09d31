package twin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// fieldEntities are the entities whose fields can be read (API.md 5.1).
var fieldEntities = []string{"contacts", "sales_accounts", "deals", "sales_activities"}

func fieldRoutes(add adder) {
	for i, entity := range fieldEntities {
		add("GET", "settings/"+entity+"/fields", "fields.list", listFields(entity))
		add("GET", "settings/"+entity+"/forms", "forms.list", listForms(entity, i+1))
		add("GET", "settings/"+entity+"/forms/{}", "forms.get", getForm(entity, i+1))
		add("POST", "settings/"+entity+"/forms/{}/fields", "fields.create", createField(entity, i+1, "documented"))
		add("POST", "ui/settings/"+entity+"/forms/{}/fields", "fields.create", createField(entity, i+1, "marketplace"))
	}
}

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
	if entity == "deals" { // written by rules of their own, and shown among the fields all the same
		for _, name := range []string{"deal_pipeline_id", "deal_stage_id"} {
			label := map[string]string{"deal_pipeline_id": "Deal pipeline", "deal_stage_id": "Deal stage"}[name]
			out = append(out, Field{Name: name, Label: label, Type: "dropdown"})
		}
	}
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

// listFields is what the account's fields are: the standard ones and the custom ones (API.md 5.1).
func listFields(entity string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		list := []object{}
		for i, f := range t.fieldsOf(entity) {
			list = append(list, renderField(f, i+1, formGroup))
		}
		out := object{{"fields", list}}
		if asked(q, "field_group") {
			out = append(out, member{"field_groups",
				[]object{{{"id", formGroup}, {"name", "Basic Information"}, {"position", 1}}}})
		}
		return ok(http.StatusOK, out)
	}
}

func renderField(f Field, position int, group int) object {
	custom := strings.HasPrefix(f.Name, "cf_")
	choices := []object{}
	for i, c := range f.Choices {
		choices = append(choices, object{{"id", strconv.FormatInt(c.ID, 10)}, {"value", c.Value}, {"position", i + 1}})
	}
	return object{
		{"id", f.ID}, {"label", f.Label}, {"name", f.Name}, {"type", f.Type}, {"default", !custom},
		{"actionable", true}, {"position", position}, {"choices", choices}, {"base_model", "LeadContact"},
		{"required", f.Required}, {"quick_add_position", nil}, {"visible", true}, {"field_group_id", group},
		{"auto_suggest_url", nil}, {"creatable", false}, {"creatable_data_key", nil},
		{"multiple", f.Type == "multi_select_dropdown"}, {"model", nil},
	}
}
