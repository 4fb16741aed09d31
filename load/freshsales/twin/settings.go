package twin

import (
	"net/http"
	"strings"
)

// selectorNames are the lists that hold nothing but names (API.md 6.1).
var selectorNames = []string{
	"territories", "deal_types", "deal_reasons", "deal_payment_statuses", "deal_products", "currencies",
	"industry_types", "business_types", "campaigns", "lead_sources", "sales_activity_types",
	"sales_activity_outcomes", "task_types",
}

func settingRoutes(add adder) {
	for _, name := range append([]string{"lifecycle_stages", "contact_statuses", "deal_pipelines", "deal_stages"},
		selectorNames...) {
		if name != "task_types" { // no source shows a selector of task types
			add("GET", "selector/"+name, "selector."+name, selector(name))
		}
	}
	add("GET", "selector/owners", "selector.owners", (*Twin).owners)
	add("GET", "selector/deal_pipelines/{}/deal_stages", "selector.deal_stages", (*Twin).stagesOfPipeline)
	add("GET", "selector/sales_activity_types/{}/sales_activity_outcomes", "selector.sales_activity_outcomes", (*Twin).
		outcomesOfType)
	add("GET", "selector/sales_activity_entity_types", "selector.sales_activity_entity_types", (*Twin).entityTypes)
	fieldRoutes(add)
}

func (t *Twin) owners(*request) answer {
	users := []object{}
	for _, o := range t.account.Owners {
		users = append(users, renderOwner(o))
	}
	return ok(http.StatusOK, object{{"users", users}})
}

func renderOwner(o Item) object {
	return object{
		{"id", o.ID}, {"display_name", o.Name}, {"email", o.Email}, {"is_active", !o.Inactive},
		{"work_number", nil}, {"mobile_number", nil},
	}
}

func selector(name string) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		return ok(http.StatusOK, object{{name, t.renderItems(name, t.account.list(name))}})
	}
}

func (t *Twin) renderItems(list string, items []Item) []object {
	out := []object{}
	for i, it := range items {
		out = append(out, t.renderItem(list, it, i+1))
	}
	return out
}

// renderItem writes one entry of a selector (API.md 3.10, 4.7, 6.1).
func (t *Twin) renderItem(list string, it Item, position int) object {
	switch list {
	case "lifecycle_stages":
		return object{
			{"id", it.ID}, {"name", it.Name}, {"position", position}, {"disabled", it.Inactive},
			{"default", it.Default}, {"type", it.Type}, {"contact_status_ids", idsUnder(t.account.ContactStatuses, it.Name)},
		}
	case "contact_statuses":
		stage, _ := t.account.itemNamed("lifecycle_stages", it.Parent)
		return object{{"partial", true}, {"id", it.ID}, {"name", it.Name}, {"position", position},
			{"lifecycle_stage_id", stage.ID}}
	case "deal_pipelines":
		return object{
			{"partial", true}, {"id", it.ID}, {"name", it.Name}, {"position", position},
			{"is_default", it.Default}, {"deal_stage_ids", idsUnder(t.account.DealStages, it.Name)},
		}
	case "deal_stages":
		pipeline, _ := t.account.itemNamed("deal_pipelines", it.Parent)
		return object{
			{"partial", true}, {"id", it.ID}, {"name", it.Name}, {"position", position},
			{"forecast_type", it.Type}, {"probability", it.Number}, {"deal_pipeline_id", pipeline.ID},
		}
	case "currencies":
		return object{
			{"partial", true}, {"id", it.ID}, {"is_active", !it.Inactive}, {"currency_code", it.Name},
			{"exchange_rate", "1.0"}, {"currency_type", currencyType(it)}, {"schedule_info", nil},
		}
	case "sales_activity_types":
		return object{
			{"partial", true}, {"id", it.ID}, {"name", it.Name}, {"internal_name", it.Type},
			{"show_in_conversation", true}, {"position", position}, {"is_default", standardType(it.Type)},
			{"is_checkedin", false},
		}
	}
	return object{{"partial", true}, {"id", it.ID}, {"name", it.Name}, {"position", position}}
}

func currencyType(it Item) int {
	if it.Default {
		return 1
	}
	return 2
}

func standardType(internal string) bool {
	for _, it := range defaultLists()["sales_activity_types"] {
		if it.Type == internal {
			return true
		}
	}
	return false
}

func idsUnder(items []Item, parent string) []int64 {
	out := []int64{}
	for _, it := range items {
		if it.Parent == parent {
			out = append(out, it.ID)
		}
	}
	return out
}

func itemsUnder(items []Item, parent string) []Item {
	var out []Item
	for _, it := range items {
		if it.Parent == parent {
			out = append(out, it)
		}
	}
	return out
}

func (t *Twin) stagesOfPipeline(q *request) answer {
	return t.itemsOf(q, "deal_pipelines", "deal_stages")
}

func (t *Twin) outcomesOfType(q *request) answer {
	return t.itemsOf(q, "sales_activity_types", "sales_activity_outcomes")
}

func (t *Twin) itemsOf(q *request, parents, children string) answer {
	id, isID := q.id(0)
	parent, known := t.account.item(parents, id)
	if !isID || !known {
		return missing(strings.TrimSuffix(strings.ReplaceAll(parents, "_", " "), "s"))
	}
	return ok(http.StatusOK, object{{children,
		t.renderItems(children, itemsUnder(t.account.list(children), parent.Name))}})
}

func (t *Twin) entityTypes(*request) answer {
	items := []object{}
	for i, class := range []string{"Contact", "SalesAccount", "Deal"} {
		items = append(items, object{{"partial", true}, {"id", i + 1}, {"name", class}, {"position", i + 1}})
	}
	return ok(http.StatusOK, object{{"sales_activity_entity_types", items}})
}
