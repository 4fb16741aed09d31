package twin

import (
	"fmt"
	"strings"
	"testing"
)

// API.md 5.1.
func TestFieldsAreListed(t *testing.T) {
	b := start(t, free(Config{Account: furnished()}))
	g := b.call("GET", "/settings/contacts/fields?include=field_group", nil).is(200).
		has("field_groups.0.name", "Basic Information")
	seen := map[string]int{}
	for i := range g.count("fields") {
		seen[g.at(fmt.Sprintf("fields.%d.name", i)).(string)] = i
	}
	for name, kind := range map[string]string{"cf_note": "text", "cf_points": "number", "cf_tier": "dropdown",
		"cf_likes": "multi_select_dropdown", "cf_email_opt_out": "checkbox", "cf_joined": "date", "mobile_number": "text"} {
		i, there := seen[name]
		if !there {
			t.Errorf("no field %s", name)
			continue
		}
		g.has(fmt.Sprintf("fields.%d.type", i), kind, fmt.Sprintf("fields.%d.default", i), !strings.HasPrefix(name, "cf_"))
	}
	tier := seen["cf_tier"]
	if _, isText := g.at(fmt.Sprintf("fields.%d.choices.0.id", tier)).(string); !isText {
		t.Error("choice ids are not strings")
	}
	for _, entity := range []string{"sales_accounts", "deals", "sales_activities"} {
		b.call("GET", "/settings/"+entity+"/fields", nil).is(200)
	}
	b.call("GET", "/settings/contacts/forms", nil).is(200).
		has("forms.0.id", 1, "forms.0.fields.0.type", "group_field", "forms.0.fields.0.fields.0.name", "emails")
}

// API.md 5.2, 10.26.
func TestFieldCreation(t *testing.T) {
	body := m{"label": "Loyalty Tier", "type": "dropdown", "choices": []any{m{"value": "Gold", "position": 1}}}
	b := start(t, free(Config{}))
	b.call("POST", "/settings/contacts/forms/1/fields", body).is(404)
	ui := strings.TrimSuffix(b.url, "/api") + "/settings/contacts/forms/1/fields"
	b.call("POST", ui, body).is(404)
	b = start(t, free(Config{Switches: Switches{"field_creation": "both"}}))
	ui = strings.TrimSuffix(b.url, "/api") + "/settings/contacts/forms/1/fields"
	b.call("POST", "/settings/contacts/fields", body).is(404)
	b.call("POST", "/settings/contacts/forms/1/fields", body).is(200).
		has("field.name", "cf_loyalty_tier", "field.choices.0.value", "Gold", "field.custom", true)
	b.call("POST", "/settings/contacts/forms/1/fields", body).is(400).says("Name has already been taken")
	b.call("POST", ui, m{"label": "Points", "internal_name": "points_balance", "type": "decimal"}).is(200).
		has("field.name", "cf_points_balance", "field.type", "number")
	b.call("POST", "/settings/contacts/forms/1/fields", m{"label": "By number", "field_type": 7}).is(200).
		has("field.type", "date")
	b.call("POST", "/settings/contacts/forms/1/fields", m{"label": "x", "type": "hologram"}).is(400)
	b.call("POST", "/settings/contacts/forms/1/fields", m{"type": "text"}).is(400).says("Label can't be blank")
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com", "custom_field": m{"cf_loyalty_tier": "Gold"}}}).
		is(200).has("contact.custom_field.cf_loyalty_tier", "Gold")
}

// API.md 5.4.
func TestFieldBudget(t *testing.T) {
	for plan, room := range map[string]int{"free": 0, "growth": 5, "pro": 10, "enterprise": 30} {
		b := start(t, free(Config{Plan: plan, Switches: Switches{"field_creation": "documented"}}))
		made := 0
		for made < 50 && b.call("POST", "/settings/contacts/forms/1/fields",
			m{"label": fmt.Sprint("M", made), "type": "multi_select_dropdown"}).status == 200 {
			made++
		}
		if made != room {
			t.Errorf("%s: %d multi-selects", plan, made)
		}
	}
}

// API.md 5.4, 5.5, 10.11 to 10.13.
func TestCustomValues(t *testing.T) {
	b := start(t, free(Config{Account: furnished()}))
	id := b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200).id("contact.id")
	set := func(name string, v any) got {
		return b.call("PUT", "/contacts/"+id, m{"contact": m{"custom_field": m{name: v}}})
	}
	gold := b.twin.Account().Fields["contacts"][3].Choices[0].ID
	for name, pairs := range map[string][][2]any{
		"cf_note":          {{strings.Repeat("ü", 256), strings.Repeat("ü", 256)}, {12, "12"}},
		"cf_points":        {{12.5, "12.5"}, {"7", "7"}, {-12345678901, "-12345678901"}},
		"cf_tier":          {{"Gold", "Gold"}, {gold, "Gold"}, {fmt.Sprint(gold), "Gold"}},
		"cf_email_opt_out": {{true, "true"}, {false, "false"}},
		"cf_joined":        {{"2020-05-04", "2020-05-04"}, {"2020-05-04T22:00:00Z", "2020-05-04"}},
	} {
		for _, p := range pairs {
			if v := fmt.Sprint(set(name, p[0]).is(200).at("contact.custom_field." + name)); v != p[1] {
				t.Errorf("%s: %v became %v", name, p[0], v)
			}
		}
	}
	set("cf_likes", []any{"Tea", "Art"}).is(200).has("contact.custom_field.cf_likes.1", "Art")
	set("cf_likes", "Cake;Tea").is(200).has("contact.custom_field.cf_likes.0", "Cake")
	for name, v := range map[string]any{
		"cf_note": strings.Repeat("x", 257), "cf_story": strings.Repeat("x", 10001), "cf_points": "many", "cf_tier": "Bronze",
		"cf_email_opt_out": "yes", "cf_joined": "someday", "cf_likes": []any{"Tea", "Rain"}, "cf_nothing": 1,
	} {
		t.Run(name, func(t *testing.T) {
			set(name, v).is(400)
		})
	}
	set("cf_points", 123456789012).is(400)
	set("cf_points", 1.23456).is(400)
	set("cf_card", "c1").is(200)
	b.call("POST", "/contacts", m{"contact": m{"email": "b@example.com", "custom_field": m{"cf_card": "c1"}}}).is(400).
		says("c1 already exists.")
	r := b.job(m{"emails": "a@example.com", "data": m{"custom_field": m{"cf_tier": "Gold"}}},
		m{"id": id, "data": m{"custom_field": m{"cf_tier": fmt.Sprint(gold)}}}).report()
	r.has("record_status.succeeded", 1, "record_status.failed", 1, "detailed_failure_report.0.error.0",
		"Tier is not included in the list")
}

func TestUniqueFieldsHaveALimit(t *testing.T) {
	a := furnished()
	for i := range 4 {
		a.Fields["contacts"] = append(a.Fields["contacts"], Field{Label: fmt.Sprint("U", i), Type: "text", Unique: true})
	}
	if _, err := New(Config{Account: a}); err == nil {
		t.Error("five unique fields")
	}
	if _, err := New(Config{Account: a, Switches: Switches{"unique_fields_max": "5"}}); err != nil {
		t.Error(err)
	}
}

// An administrator adds a choice and a field while the twin runs; ids that exist stay.
func TestAdministratorChangesTheAccount(t *testing.T) {
	b := start(t, free(Config{Account: furnished()}))
	a := b.twin.Account()
	before := a.Fields["contacts"][3].Choices[0].ID
	a.Fields["contacts"][3].Choices = append(a.Fields["contacts"][3].Choices, Choice{Value: "Bronze"})
	a.Fields["contacts"] = append(a.Fields["contacts"], Field{Label: "New", Type: "text"})
	a.Owners = append(a.Owners, Item{Name: "Zoe", Email: "zoe@example.com"})
	b.call("GET", "/contacts/filters", nil).has("filters.0.updated_at", "1969-12-31T20:00:00-04:00")
	a.UTCOffset = "+05:30"
	if err := b.twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	b.call("POST", "/contacts", m{"contact": m{"email": "z@example.com"}}).
		has("contact.created_at", "2026-03-02T14:30:00+05:30")
	now := b.twin.Account()
	ids := map[int64]bool{}
	for _, f := range now.Fields["contacts"] {
		if ids[f.ID] {
			t.Errorf("id %d twice", f.ID)
		}
		ids[f.ID] = true
	}
	if now.Fields["contacts"][3].Choices[0].ID != before || now.Fields["contacts"][3].Choices[2].ID == 0 {
		t.Errorf("%+v", now.Fields["contacts"][3])
	}
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com",
		"custom_field": m{"cf_new": "x", "cf_tier": "Bronze"}}}).is(200)
}

// API.md 3.4: which fields are required is the tenant's choice.
func TestRequiredFields(t *testing.T) {
	a := furnished()
	a.Fields["contacts"][3].Required = true
	a.Fields["contacts"] = append(a.Fields["contacts"], Field{Name: "last_name", Label: "Last name", Required: true})
	b := start(t, free(Config{Account: a}))
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(400).
		says("Tier can't be blank", "Last name can't be blank")
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com", "last_name": "A",
		"custom_field": m{"cf_tier": "Bronze"}}}).is(400).says("Tier is not included in the list")
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com", "last_name": "A",
		"custom_field": m{"cf_tier": "Gold"}}}).is(200)
}
