package freshsales

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// Field is one field of an entity as the account has it.
type Field struct {
	ID         string
	Name       string // "cf_region"; read, never computed
	Label      string
	Type       string // as they spell it
	IsCustom   bool
	IsRequired bool
	IsUnique   bool
	Choices    []Choice
}

// Choice is one option of a drop-down, or one row of a selector.
type Choice struct {
	ID   int64
	Name string
	Row  Record // the rest of a selector's row
}

// FieldKind is what a field holds, under one spelling for all their names of it.
type FieldKind string

// Kinds of custom fields; the names are those of freshsales.fields.
const (
	KindText        FieldKind = "text"
	KindTextArea    FieldKind = "text_area"
	KindNumber      FieldKind = "number"
	KindDropdown    FieldKind = "dropdown"
	KindMultiSelect FieldKind = "multi_select"
	KindCheckbox    FieldKind = "checkbox"
	KindDate        FieldKind = "date"
	KindLookup      FieldKind = "lookup"
	KindFormula     FieldKind = "formula"
	KindOther       FieldKind = "other"
)

var oneSpelling = strings.NewReplacer("-", "_", " ", "_")

// Kind is what the field holds. Radio buttons count as drop-downs: same budget, same values.
func (f Field) Kind() FieldKind {
	switch t := strings.ToLower(oneSpelling.Replace(f.Type)); t {
	case "text", "string", "url", "email", "phone":
		return KindText
	case "textarea", "text_area", "paragraph":
		return KindTextArea
	case "number", "decimal", "integer":
		return KindNumber
	case "dropdown", "drop_down", "radio":
		return KindDropdown
	case "multi_select_dropdown", "multi_select", "multiselect":
		return KindMultiSelect
	case "checkbox", "boolean":
		return KindCheckbox
	case "date", "datetime", "date_picker", "date_time":
		return KindDate
	case "lookup", "auto_complete", "autocomplete":
		return KindLookup
	case "formula":
		return KindFormula
	default:
		return KindOther
	}
}

type fieldReply struct {
	ID       any    `json:"id"`
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Default  *bool  `json:"default"`
	Custom   *bool  `json:"custom"`
	Required bool   `json:"required"`
	Options  struct {
		Unique bool `json:"unique"`
	} `json:"field_options"`
	Choices []struct {
		ID    id     `json:"id"`
		Value string `json:"value"`
		Name  string `json:"name"`
	} `json:"choices"`
	Fields []fieldReply `json:"fields"`
}

func (f fieldReply) field() Field {
	out := Field{ID: toText(f.ID), Name: f.Name, Label: f.Label, Type: f.Type, IsRequired: f.Required,
		IsUnique: f.Options.Unique,
		IsCustom: strings.HasPrefix(f.Name, "cf_") || f.Custom != nil && *f.Custom}
	for _, c := range f.Choices {
		name := c.Value
		if name == "" {
			name = c.Name
		}
		out.Choices = append(out.Choices, Choice{ID: int64(c.ID), Name: name})
	}
	return out
}

// Fields lists the fields of an entity, those inside groups too.
func (c *Client) Fields(ctx context.Context, e Entity) ([]Field, error) {
	var reply struct {
		Fields []fieldReply `json:"fields"`
	}
	if err := c.ask(ctx, call{name: e.Name + " fields", method: http.MethodGet, path: "settings/" + e.Name + "/fields",
		repeat: true}, &reply); err != nil {
		return nil, err
	}
	return flatten(nil, reply.Fields), nil
}

func flatten(found []Field, list []fieldReply) []Field {
	for _, f := range list {
		if f.Name != "" && len(f.Fields) == 0 {
			found = append(found, f.field())
		}
		found = flatten(found, f.Fields)
	}
	return found
}

// Form is one form of an entity; fields are made in a form.
type Form struct {
	ID   int64
	Name string
}

// Forms lists the forms of an entity. That the account does not offer them is Gone.
func (c *Client) Forms(ctx context.Context, e Entity) ([]Form, error) {
	var reply struct {
		Forms []struct {
			ID   id     `json:"id"`
			Name string `json:"name"`
		} `json:"forms"`
	}
	if err := c.ask(ctx, call{name: e.Name + " forms", method: http.MethodGet, path: "settings/" + e.Name + "/forms",
		repeat: true}, &reply); err != nil {
		return nil, err
	}
	var all []Form
	for _, f := range reply.Forms {
		all = append(all, Form{ID: int64(f.ID), Name: f.Name})
	}
	return all, nil
}

// NewField is a field to make.
type NewField struct {
	Name    string // internal name they are asked to use: "cf_region"
	Label   string
	Kind    FieldKind
	Number  int // what stands for the kind at the documented door; 0: our guess
	Choices []string
}

// FieldDoor is one of the two ways custom fields may be made. The first is documented for custom
// modules only, the second was seen in a marketplace app; an account may have either, both or none.
type FieldDoor string

// The doors, in the order to try them. A door that is not there answers Gone.
const (
	DocumentedDoor  FieldDoor = "documented"
	MarketplaceDoor FieldDoor = "marketplace"
)

// fieldTypes are the words the field list uses and our guesses at the documented numbers, which no
// source tells. Check the kind of what was made.
var fieldTypes = map[FieldKind]struct {
	word   string
	number int
}{KindText: {"text", 1}, KindTextArea: {"textarea", 2}, KindNumber: {"number", 3}, KindDropdown: {"dropdown", 4},
	KindMultiSelect: {"multi_select_dropdown", 5}, KindCheckbox: {"checkbox", 6}, KindDate: {"date", 7}}

// FieldWord is how a kind is asked for in words. Of the marketplace door two words were seen: text and decimal.
func FieldWord(door FieldDoor, k FieldKind) string {
	if door == MarketplaceDoor && k == KindNumber {
		return "decimal"
	}
	return fieldTypes[k].word
}

// GuessedNumber is what may stand for a kind at the documented door, for want of better knowledge.
func GuessedNumber(k FieldKind) int { return fieldTypes[k].number }

// CreateField makes a custom field in a form. Read Fields afterwards: name and type may differ.
func (c *Client) CreateField(ctx context.Context, e Entity, door FieldDoor, form int64, f NewField) (Field, error) {
	ask := map[string]any{"label": f.Label, "internal_name": f.Name, "type": FieldWord(door, f.Kind), "required": false}
	k := call{name: e.Name + " create field", method: http.MethodPost, path: "settings/" + e.Name + "/forms/" +
		itoa(form) + "/fields"}
	if door == MarketplaceDoor {
		ask["editable"], ask["visible"], ask["set_default_value"] = true, true, "false"
		k.path, k.ui = "settings/"+e.Name+"/forms/1/fields", true
	} else {
		if ask["field_type"] = f.Number; f.Number == 0 {
			ask["field_type"] = GuessedNumber(f.Kind)
		}
	}
	if len(f.Choices) > 0 {
		choices := make([]map[string]any, len(f.Choices))
		for i, v := range f.Choices {
			choices[i] = map[string]any{"value": v, "position": i + 1}
		}
		ask["choices"] = choices
	}
	var err error
	if k.body, err = json.Marshal(ask); err != nil {
		return Field{}, err
	}
	var reply struct {
		Field fieldReply `json:"field"`
	}
	if err := c.ask(ctx, k, &reply); err != nil {
		return Field{}, err
	}
	return reply.Field.field(), nil
}

// Owner is a user of the account who can own records.
type Owner struct {
	ID       int64
	Email    string
	Name     string
	IsActive bool
}

// Owners lists the users; their list answers under the key "users".
func (c *Client) Owners(ctx context.Context) ([]Owner, error) {
	return c.owners(ctx, selector("owners"))
}

// Ping lists the users without patience: is it there, is the key good?
func (c *Client) Ping(ctx context.Context) ([]Owner, error) {
	k := selector("owners")
	k.once = true
	return c.owners(ctx, k)
}

func (c *Client) owners(ctx context.Context, k call) ([]Owner, error) {
	var reply struct {
		Users []struct {
			ID       id     `json:"id"`
			Email    string `json:"email"`
			Name     string `json:"display_name"`
			IsActive *bool  `json:"is_active"`
		} `json:"users"`
	}
	if err := c.ask(ctx, k, &reply); err != nil {
		return nil, err
	}
	var all []Owner
	for _, u := range reply.Users {
		all = append(all, Owner{ID: int64(u.ID), Email: u.Email, Name: u.Name, IsActive: u.IsActive == nil || *u.IsActive})
	}
	return all, nil
}

// Selector lists the rows of a selector: lifecycle_stages, contact_statuses, deal_pipelines,
// deal_stages, deal_types, currencies, sales_activity_types, …; rows name themselves by name,
// display_name, value or currency_code.
func (c *Client) Selector(ctx context.Context, name string) ([]Choice, error) {
	var reply Record
	if err := c.ask(ctx, selector(name), &reply); err != nil {
		return nil, err
	}
	key := name[strings.LastIndexByte(name, '/')+1:]
	var all []Choice
	for _, r := range reply.Records(key) {
		choice := Choice{ID: r.ID(), Row: r}
		for _, n := range []string{"name", "display_name", "value", "currency_code"} {
			if choice.Name = r.Text(n); choice.Name != "" {
				break
			}
		}
		all = append(all, choice)
	}
	return all, nil
}

// StagesOf lists the stages of one deal pipeline.
func (c *Client) StagesOf(ctx context.Context, pipeline int64) ([]Choice, error) {
	return c.Selector(ctx, "deal_pipelines/"+itoa(pipeline)+"/deal_stages")
}

// OutcomesOf lists the outcomes of one type of sales activity.
func (c *Client) OutcomesOf(ctx context.Context, activityType int64) ([]Choice, error) {
	return c.Selector(ctx, "sales_activity_types/"+itoa(activityType)+"/sales_activity_outcomes")
}

func selector(name string) call {
	return call{name: "selector " + name[:strings.IndexByte(name+"/", '/')], method: http.MethodGet, path: "selector/" +
		name, repeat: true}
}
