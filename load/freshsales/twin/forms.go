package twin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// formGroup is the id of the one group all fields are in.
const formGroup = firstField + 9000

func listForms(entity string, form int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		return ok(http.StatusOK, object{{"forms", []object{t.renderForm(entity, form)}}})
	}
}

func getForm(entity string, form int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		if q.ids[0] != strconv.Itoa(form) {
			return missing("form")
		}
		return ok(http.StatusOK, object{{"form", t.renderForm(entity, form)}})
	}
}

// renderForm is a form: groups with the fields nested inside (API.md 5.1).
func (t *Twin) renderForm(entity string, form int) object {
	nested := []object{}
	for i, f := range t.fieldsOf(entity) {
		nested = append(nested, renderFormField(f, form, i+1))
	}
	group := Field{ID: formGroup, Name: "basic_information", Label: "Basic Information", Type: "group_field"}
	top := append(renderFormField(group, form, 1), member{"fields", nested})
	return object{
		{"id", form}, {"name", entity}, {"description", nil}, {"active", true}, {"form_class", "default"},
		{"field_class", "default"}, {"fields", []object{top}},
	}
}

// renderFormField writes a field as forms do; here choice ids are numbers and field ids are text.
func renderFormField(f Field, form, position int) object {
	custom := strings.HasPrefix(f.Name, "cf_")
	choices := []object{}
	for i, c := range f.Choices {
		choices = append(choices, object{
			{"id", c.ID}, {"value", c.Value}, {"position", i + 1}, {"is_active", true}, {"disabled", false}, {"inactive", false},
		})
	}
	return object{
		{"id", strconv.FormatInt(f.ID, 10)}, {"name", f.Name}, {"label", f.Label}, {"type", f.Type}, {"form_id", form},
		{"choices", choices}, {"custom", custom}, {"default_value", nil}, {"editable", true}, {"field_class", "default"},
		{"field_options", object{
			{"unique", f.Unique}, {"system_field", !custom}, {"can_required_be_changed", true},
			{"can_uniqueness_be_changed", custom}, {"can_choices_be_customized", custom},
			{"can_label_be_renamed", custom}, {"can_not_be_hidden", !custom},
		}},
		{"hint", nil}, {"link", nil}, {"parent_id", strconv.FormatInt(formGroup, 10)}, {"placeholder", nil},
		{"position", position}, {"quick_add_position", nil}, {"required", f.Required}, {"visible", true},
		{"allow_clearing_default_value", false},
	}
}

// createField makes a custom field, where the switch says that one of the two ways works
// (API.md 5.2).
func createField(entity string, form int, way string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		if t.sw["field_creation"] != way && !t.sw.is("field_creation", "both") {
			return nowhere()
		}
		if id := q.ids[0]; id != strconv.Itoa(form) && (way == "documented" || id != "1") {
			return missing("form")
		}
		f, wrong := t.newField(q.in)
		if wrong == "" {
			wrong = t.fits(entity, f)
		}
		if wrong != "" {
			return refuse(wrong)
		}
		f.complete(t.nextField(entity))
		t.account.Fields[entity] = append(t.account.Fields[entity], f)
		if err := t.saveAccount(); err != nil {
			return broken()
		}
		return ok(http.StatusOK, object{{"field", renderFormField(f, form, len(t.account.Fields[entity]))}})
	}
}

// newField reads what a client wants: its type as a word, or as a number.
func (t *Twin) newField(in doc) (Field, string) {
	f := Field{Label: strings.TrimSpace(text(in["label"])), Required: in["required"] == true, Type: text(in["type"])}
	if f.Label == "" {
		return f, "Label can't be blank"
	}
	if name := cmp.Or(text(in["internal_name"]), text(in["name"])); name != "" {
		f.Name = "cf_" + strings.TrimPrefix(name, "cf_")
	}
	if f.Type == "" || t.sw.is("field_type_reads", "number") && in["field_type"] != nil {
		f.Type = t.fieldType(text(in["field_type"]))
	}
	if f.Type == "decimal" {
		f.Type = "number"
	}
	if !slices.Contains(fieldTypes, f.Type) {
		return f, "Field type is invalid"
	}
	list, _ := in["choices"].([]any)
	for _, c := range list {
		value, isText := c.(string)
		if m, isObject := c.(map[string]any); isObject {
			value, isText = m["value"].(string)
		}
		if isText && value != "" {
			f.Choices = append(f.Choices, Choice{Value: value})
		}
	}
	if len(f.Choices) > maxChoices {
		return f, fmt.Sprintf("A field can have at most %d choices", maxChoices)
	}
	return f, ""
}

const maxChoices = 300

var fieldTypes = []string{"text", "textarea", "number", "dropdown", "radio", "multi_select_dropdown", "checkbox",
	"date", "datetime"}

// fieldType is what a field_type number means, by the switch: nobody has seen the real numbers.
func (t *Twin) fieldType(n string) string {
	for _, pair := range strings.Split(t.sw["field_type_numbers"], ",") {
		if number, name, _ := strings.Cut(pair, "="); number == n {
			return name
		}
	}
	return ""
}

// fits says whether the plan has room for one more field of a type (API.md 5.4).
func (t *Twin) fits(entity string, f Field) string {
	f.complete(1)
	used, all := 0, 0
	for _, have := range t.account.Fields[entity] {
		if have.Name == f.Name {
			return "Name has already been taken"
		}
		if strings.HasPrefix(have.Name, "cf_") {
			all++
			if budgetType(have.Type) == budgetType(f.Type) {
				used++
			}
		}
	}
	if used >= t.plan.budget[budgetType(f.Type)] || all >= t.plan.total {
		return "You have reached the limit of custom fields in your plan"
	}
	return ""
}

// budgetType is the row of the plan's table a type counts in.
func budgetType(fieldType string) string {
	switch fieldType {
	case "radio":
		return "dropdown"
	case "datetime":
		return "date"
	}
	return fieldType
}

func (t *Twin) nextField(entity string) int64 {
	next := firstField + int64(slices.Index(fieldEntities, entity))*10000
	for _, f := range t.account.Fields[entity] {
		next = max(next, f.ID)
	}
	return next + 1
}
