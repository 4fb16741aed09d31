package twin

import (
	"encoding/json"
	"strings"
)

// Account is what an administrator has set up: people, lists to choose from, custom fields. None
// of it can be made through the documented API (API.md 5.6), so it is there from the start.
// An id of 0 is given one when the twin starts.
type Account struct {
	Name      string `json:"name"`
	UTCOffset string `json:"utc_offset"` // of the times in answers, such as -04:00
	Owners    []Item `json:"owners"`

	LifecycleStages []Item `json:"lifecycle_stages"`
	ContactStatuses []Item `json:"contact_statuses"` // Parent names the stage
	Pipelines       []Item `json:"deal_pipelines"`
	DealStages      []Item `json:"deal_stages"` // Parent names the pipeline

	// Lists holds every other selector by its name: territories, lead_sources, campaigns,
	// industry_types, business_types, deal_types, deal_reasons, deal_products,
	// deal_payment_statuses, currencies, task_types, sales_activity_types,
	// sales_activity_outcomes (Parent names the type).
	Lists map[string][]Item `json:"lists"`

	// Fields are the custom fields by entity: contacts, sales_accounts, deals, sales_activities. An
	// entry with a standard name, such as last_name, says that the tenant requires it.
	Fields map[string][]Field `json:"fields"`
}

// Item is one entry of a list to choose from.
type Item struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	// stages: Lead, Sales Qualified Lead, Customer, Custom; deal stages: Open, Won, Lost; activity
	// types: the internal name
	Type     string `json:"type,omitempty"`
	Email    string `json:"email,omitempty"`
	Default  bool   `json:"default,omitempty"`
	Inactive bool   `json:"inactive,omitempty"`
	Number   int    `json:"number,omitempty"` // probability of a deal stage
}

// Field is one custom field.
type Field struct {
	ID       int64    `json:"id"`
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Type     string   `json:"type"` // text, textarea, number, dropdown, multi_select_dropdown, checkbox, date, datetime
	Choices  []Choice `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"`
	Unique   bool     `json:"unique,omitempty"`
}

// Choice is one option of a drop-down.
type Choice struct {
	ID    int64  `json:"id"`
	Value string `json:"value"`
}

// DefaultAccount is a fresh account with the defaults API.md names, and a few users,
// those among them whom the sample data names.
func DefaultAccount() Account {
	return Account{
		Name:      "sandbox",
		UTCOffset: "-04:00",
		Owners: []Item{
			{Name: "Ada Admin", Email: "ada@example.com"},
			{Name: "Sam Seller", Email: "sam@example.com"},
			{Name: "Mia Migration", Email: "migration@example.com"},
			{Name: "Anna Keller", Email: "anna.keller@acme.example"},
			{Name: "Ben Doyle", Email: "ben.doyle@acme.example"},
			{Name: "Carla Rossi", Email: "carla.rossi@acme.example"},
			{Name: "David Okafor", Email: "david.okafor@acme.example"},
		},
		LifecycleStages: []Item{
			{Name: "Lead", Type: "Lead", Default: true},
			{Name: "Sales Qualified Lead", Type: "Sales Qualified Lead"},
			{Name: "Customer", Type: "Customer"},
		},
		ContactStatuses: under(
			"Lead", "New", "Contacted", "Interested", "Unqualified",
			"Sales Qualified Lead", "Qualified", "Lost",
			"Customer", "Won", "Churned",
		),
		Pipelines: []Item{{Name: "Default Pipeline", Default: true}},
		DealStages: []Item{
			{Name: "New", Parent: "Default Pipeline", Type: "Open", Number: 10},
			{Name: "Qualification", Parent: "Default Pipeline", Type: "Open", Number: 20},
			{Name: "Discovery", Parent: "Default Pipeline", Type: "Open", Number: 40},
			{Name: "Demo", Parent: "Default Pipeline", Type: "Open", Number: 60},
			{Name: "Negotiation", Parent: "Default Pipeline", Type: "Open", Number: 80},
			{Name: "Won", Parent: "Default Pipeline", Type: "Won", Number: 100},
			{Name: "Lost", Parent: "Default Pipeline", Type: "Lost", Number: 0},
		},
		Lists:  defaultLists(),
		Fields: map[string][]Field{},
	}
}

func defaultLists() map[string][]Item {
	return map[string][]Item{
		"territories":           named("Europe", "Americas"),
		"lead_sources":          named("Web", "Email", "Chat", "Organic Search", "Import"),
		"campaigns":             named("Newsletter"),
		"industry_types":        named("Retail", "Gaming", "Software", "Finance"),
		"business_types":        named("Customer", "Partner", "Competitor"),
		"deal_types":            named("New Business", "Existing Business"),
		"deal_reasons":          named("Price", "No budget", "Competitor"),
		"deal_products":         named("Standard", "Premium"),
		"deal_payment_statuses": named("Pending", "Paid"),
		"task_types":            named("Follow up"),
		"currencies":            {{Name: "USD", Default: true}, {Name: "EUR"}, {Name: "GBP"}},
		"sales_activity_types": {
			{Name: "Chat", Type: "chat"}, {Name: "Phone", Type: "phone"},
			{Name: "Meeting", Type: "appointment"}, {Name: "Task", Type: "task"},
			{Name: "Email", Type: "email"}, {Name: "SMS Outgoing", Type: "sms_outgoing"},
			{Name: "Reminder", Type: "reminder"}, {Name: "SMS Incoming", Type: "sms_incoming"},
		},
		"sales_activity_outcomes": under(
			"Task", "Interested", "Left message", "No response", "Not interested", "Not able to reach",
		),
	}
}

func named(names ...string) []Item {
	items := make([]Item, len(names))
	for i, n := range names {
		items[i].Name = n
	}
	return items
}

// under reads a list of names; each that starts a new parent is followed by its children. Parents
// are recognised because they are the ones known as stages or types.
func under(names ...string) []Item {
	parents := map[string]bool{"Lead": true, "Sales Qualified Lead": true, "Customer": true, "Task": true}
	var items []Item
	parent := ""
	for _, n := range names {
		if parents[n] {
			parent = n
			continue
		}
		items = append(items, Item{Name: n, Parent: parent})
	}
	return items
}

// Ids of account things, by list, so that two twins with the same account have the same ids.
const (
	firstOwner  = 70000000100
	firstStage  = 71012000000
	firstStatus = 70000600000
	firstList   = 70001000000
	firstField  = 70005000000
	firstChoice = 70030000000
)

// number gives ids to everything that has none, and links to nothing else.
func (a *Account) number() {
	give(a.Owners, firstOwner)
	give(a.LifecycleStages, firstStage)
	give(a.ContactStatuses, firstStatus)
	give(a.Pipelines, firstList)
	give(a.DealStages, firstList+1000)
	for i, name := range selectorNames {
		give(a.Lists[name], firstList+int64(i+2)*1000)
	}
	for i, entity := range fieldEntities {
		next := firstField + int64(i)*10000
		for _, f := range a.Fields[entity] {
			next = max(next, f.ID)
		}
		for j := range a.Fields[entity] {
			if a.Fields[entity][j].ID == 0 {
				next++
			}
			a.Fields[entity][j].complete(next)
		}
	}
}

func give(items []Item, after int64) {
	for _, it := range items {
		after = max(after, it.ID)
	}
	for i := range items {
		if items[i].ID == 0 {
			after++
			items[i].ID = after
		}
	}
}

// complete fills in what a field may leave out: its id, its name (API.md 5.3), its choices' ids.
func (f *Field) complete(id int64) {
	if f.ID == 0 {
		f.ID = id
	}
	if f.Name == "" {
		f.Name = "cf_" + strings.ReplaceAll(strings.ToLower(f.Label), " ", "_")
	}
	if f.Label == "" {
		f.Label = strings.TrimPrefix(f.Name, "cf_")
	}
	next := firstChoice + (f.ID-firstField)*1000
	for _, c := range f.Choices {
		next = max(next, c.ID)
	}
	for i := range f.Choices {
		if f.Choices[i].ID == 0 {
			next++
			f.Choices[i].ID = next
		}
	}
}

// list is a list by selector name.
func (a *Account) list(name string) []Item {
	switch name {
	case "owners":
		return a.Owners
	case "lifecycle_stages":
		return a.LifecycleStages
	case "contact_statuses":
		return a.ContactStatuses
	case "deal_pipelines":
		return a.Pipelines
	case "deal_stages":
		return a.DealStages
	}
	return a.Lists[name]
}

// item finds an entry of a list by id.
func (a *Account) item(list string, id int64) (Item, bool) {
	for _, it := range a.list(list) {
		if it.ID == id {
			return it, true
		}
	}
	return Item{}, false
}

// itemNamed finds an entry of a list by name, or by e-mail for owners.
func (a *Account) itemNamed(list, name string) (Item, bool) {
	for _, it := range a.list(list) {
		if strings.EqualFold(it.Name, name) || it.Email != "" && strings.EqualFold(it.Email, name) {
			return it, true
		}
	}
	return Item{}, false
}

// field finds a custom field of an entity by name.
func (a *Account) field(entity, name string) (*Field, bool) {
	for i := range a.Fields[entity] {
		if a.Fields[entity][i].Name == name {
			return &a.Fields[entity][i], true
		}
	}
	return nil, false
}

// toDoc and accountFrom keep the account in the log like any other record.
func (a *Account) toDoc() (doc, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return decode(text)
}

func accountFrom(d doc) (Account, error) {
	var a Account
	err := json.Unmarshal(appendMap(nil, d), &a)
	if a.Fields == nil {
		a.Fields = map[string][]Field{}
	}
	return a, err
}
