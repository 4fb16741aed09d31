package freshsales

import "slices"

// Entity is one kind of record: its addresses, its wrapper and its attributes.
type Entity struct {
	Name       string // in paths, lists and freshsales.*: "contacts"
	One        string // wrapper of a single record: "contact"
	Target     string // as targetable_type: "Contact"; "" if nothing can hang on it
	Unique     string // unique_identifier of upsert and bulk items besides id; "" without upsert
	AllView    string // name of the view that lists everything; "" without views
	HasBulk    bool   // bulk_upsert and bulk_destroy
	HasCustom  bool   // custom_field
	HasFields  bool   // GET settings/<name>/fields
	HasRead    bool   // GET <name>/{id}
	HasUpdate  bool   // PUT and DELETE
	Attributes []Attribute
}

// Kind is the JSON type of an attribute.
type Kind string

// Kinds of attributes.
const (
	Text    Kind = "text"
	Number  Kind = "number"
	Boolean Kind = "boolean"
	Day     Kind = "date"
	Instant Kind = "datetime"
	List    Kind = "list"   // of texts
	Object  Kind = "object" // JSON
)

// Attribute is one column a freshsales.* table may have.
type Attribute struct {
	Name string
	Kind Kind
	// Reference: readable text that the loader turns into Becomes when it sends the record.
	Reference bool
	Becomes   string // "owner_email" becomes owner_id
	Max       int    // longest text that is safe to send; 0: not known
	IsUnique  bool   // no two records may share it
}

// The entities a loader writes.
var (
	Contacts        = find("contacts")
	Accounts        = find("sales_accounts")
	Deals           = find("deals")
	Tasks           = find("tasks")
	Notes           = find("notes")
	Appointments    = find("appointments")
	SalesActivities = find("sales_activities")
	PhoneCalls      = find("phone_calls")
	Documents       = find("documents")
)

// Entities lists all kinds of records with their known attributes.
func Entities() []Entity { return slices.Clone(entities) }

// EntityOf is the entity behind a freshsales.* table; accounts are called sales_accounts there.
func EntityOf(table string) (Entity, bool) {
	if table == "accounts" {
		table = "sales_accounts"
	}
	for _, e := range entities {
		if e.Name == table {
			return e, true
		}
	}
	return Entity{}, false
}

// Table is the name of the entity's freshsales.* table.
func (e Entity) Table() string {
	if e.Name == "sales_accounts" {
		return "accounts"
	}
	return e.Name
}

// Attribute finds an attribute by name.
func (e Entity) Attribute(name string) (Attribute, bool) {
	for _, a := range e.Attributes {
		if a.Name == name {
			return a, true
		}
	}
	return Attribute{}, false
}

func find(name string) Entity {
	for _, e := range entities {
		if e.Name == name {
			return e
		}
	}
	panic("no entity " + name)
}

func text(names ...string) []Attribute    { return attributes(Text, names) }
func instant(names ...string) []Attribute { return attributes(Instant, names) }

func attributes(k Kind, names []string) []Attribute {
	var all []Attribute
	for _, n := range names {
		all = append(all, Attribute{Name: n, Kind: k})
	}
	return all
}

func limited(most int, names ...string) []Attribute {
	all := attributes(Text, names)
	for i := range all {
		all[i].Max = most
	}
	return all
}

func refer(pairs ...string) []Attribute {
	var all []Attribute
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, Attribute{Name: pairs[i], Kind: Text, Reference: true, Becomes: pairs[i+1]})
	}
	return all
}

func unique(a ...Attribute) []Attribute {
	for i := range a {
		a[i].IsUnique = true
	}
	return a
}

var (
	address = slices.Concat(limited(255, "address"), text("city", "state", "zipcode", "country"))
	tagged  = []Attribute{{Name: "tags", Kind: List}, {Name: "custom_field", Kind: Object}}
	social  = text("facebook", "twitter", "linkedin")
	ids     = func(names ...string) []Attribute { return attributes(Number, names) }
	target  = slices.Concat(refer("contact_key", "targetable_id"), text("targetable_type"), ids("targetable_id"))
)

var entities = []Entity{
	{Name: "contacts", One: "contact", Target: "Contact", Unique: "emails", AllView: "All Contacts",
		HasBulk: true, HasCustom: true, HasFields: true, HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			unique(Attribute{Name: "email", Kind: Text}, Attribute{Name: "mobile_number", Kind: Text, Max: 30},
				Attribute{Name: "external_id", Kind: Text}),
			limited(100, "first_name", "last_name", "job_title"), limited(30, "work_number"), address, social,
			text("time_zone", "medium", "keyword", "subscription_types"),
			ids("subscription_status", "sms_subscription_status", "whatsapp_subscription_status"),
			ids("owner_id", "territory_id", "lead_source_id", "campaign_id", "contact_status_id", "lifecycle_stage_id",
				"sales_account_id"),
			instant("created_at", "updated_at"),
			refer("owner_email", "owner_id", "lifecycle_stage", "lifecycle_stage_id", "contact_status", "contact_status_id",
				"lead_source", "lead_source_id", "territory", "territory_id", "account_key", "sales_accounts"), tagged)},
	{Name: "sales_accounts", One: "sales_account", Target: "SalesAccount", Unique: "name", AllView: "All Accounts",
		HasBulk: true, HasCustom: true, HasFields: true, HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			unique(Attribute{Name: "name", Kind: Text, Max: 255}), text("website", "phone"), address, social,
			ids("number_of_employees", "annual_revenue", "industry_type_id", "business_type_id", "owner_id", "territory_id",
				"parent_sales_account_id"),
			refer("owner_email", "owner_id", "industry_type", "industry_type_id", "business_type", "business_type_id",
				"territory", "territory_id", "parent_account_key", "parent_sales_account_id"), tagged)},
	{Name: "deals", One: "deal", Target: "Deal", Unique: "id", AllView: "All Deals",
		HasBulk: true, HasCustom: true, HasFields: true, HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			limited(255, "name"), ids("amount", "base_currency_amount", "probability"),
			attributes(Day, []string{"expected_close", "closed_date"}),
			ids("currency_id", "sales_account_id", "deal_stage_id", "deal_pipeline_id", "deal_reason_id",
				"deal_type_id", "owner_id",
				"lead_source_id", "campaign_id", "deal_product_id", "deal_payment_status_id", "territory_id"),
			refer("owner_email", "owner_id", "deal_pipeline", "deal_pipeline_id", "deal_stage", "deal_stage_id", "deal_type",
				"deal_type_id",
				"deal_reason", "deal_reason_id", "lead_source", "lead_source_id", "territory", "territory_id", "currency",
				"currency_id",
				"contact_key", "contacts_added_list", "account_key", "sales_account_id"), tagged)},
	{Name: "tasks", One: "task", HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			limited(250, "title"), text("description"), instant("due_date"), ids("status", "owner_id", "task_type_id",
				"outcome_id"),
			refer("owner_email", "owner_id", "task_type", "task_type_id", "outcome", "outcome_id"), target)},
	{Name: "notes", One: "note", HasUpdate: true,
		Attributes: slices.Concat(text("description"), target)},
	{Name: "appointments", One: "appointment", HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			limited(250, "title"), text("description", "time_zone", "location"), instant("from_date", "end_date"),
			attributes(Boolean, []string{"is_allday"}), target)},
	{Name: "sales_activities", One: "sales_activity", HasCustom: true, HasFields: true, HasRead: true, HasUpdate: true,
		Attributes: slices.Concat(
			limited(250, "title"), text("notes", "location"), instant("start_date", "end_date"),
			ids("owner_id", "sales_activity_type_id", "sales_activity_outcome_id", "latitude", "longitude"),
			refer("owner_email", "owner_id", "sales_activity_type", "sales_activity_type_id",
				"sales_activity_outcome", "sales_activity_outcome_id"),
			[]Attribute{{Name: "custom_field", Kind: Object}}, target)},
	{Name: "phone_calls", One: "phone_call",
		Attributes: slices.Concat(
			attributes(Boolean, []string{"call_direction"}), text("note", "phone_number"), instant("start_date"), target)},
	{Name: "documents", One: "document",
		Attributes: slices.Concat(
			text("file_name", "path", "content_type"), attributes(Boolean, []string{"is_shared"}), target)},
}
