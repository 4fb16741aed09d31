package twin

import (
	"strings"
)

// kind is what the twin knows of one sort of record: how it is called, which attributes a client
// may write, and under which keys it is found.
type kind struct {
	name  string // contacts: in paths and as the list in answers
	one   string // contact: the wrapper of one record
	class string // Contact: as targetable_type
	noun  string // what a 404 calls it
	base  int64  // ids start after it
	lags  bool   // views, search and lookup show it late
	attrs []attribute
	keys  func(doc) []string
}

// form is how an attribute's value is checked and kept.
type form int

const (
	aText form = iota
	aInteger
	aDecimal
	aBoolean
	aDate  // YYYY-MM-DD; anything unreadable becomes null
	aTime  // kept as milliseconds
	aRef   // an id out of a list of the account
	aTags  // a list of strings
	aPlain // kept as it came
)

// attribute is one writable attribute.
type attribute struct {
	name  string
	label string // as validation messages call it
	form  form
	max   int    // characters; 0 is no limit
	list  string // for aRef
	noun  string // for aRef: Invalid <noun> provided.
}

const (
	tContacts = iota
	tAccounts
	tDeals
	tTasks
	tAppointments
	tNotes
	tActivities
	tCalls
	tDocuments
	tLists
	tJobs
	tDeferred
	tAccount
)

func kinds() []*kind {
	return []*kind{
		tContacts:     contactKind,
		tAccounts:     accountKind,
		tDeals:        dealKind,
		tTasks:        taskKind,
		tAppointments: appointmentKind,
		tNotes:        noteKind,
		tActivities:   activityKind,
		tCalls:        callKind,
		tDocuments:    documentKind,
		tLists:        {name: "lists", one: "list", noun: "list", base: 73000000000, keys: noKeys},
		tJobs:         {name: "job_statuses", noun: "job", base: 74000000000, keys: noKeys},
		tDeferred:     {name: "deferred", base: 75000000000, keys: noKeys},
		tAccount:      {name: "account", base: 0, keys: noKeys},
	}
}

func noKeys(doc) []string { return nil }

// key joins an attribute and a value into what the index knows.
func key(attribute, value string) string {
	return attribute + "\x00" + strings.ToLower(value)
}

var contactKind = &kind{
	name: "contacts", one: "contact", class: "Contact", noun: "contact", base: 70042000000, lags: true,
	attrs: []attribute{
		{name: "first_name", label: "First name", max: 100},
		{name: "last_name", label: "Last name", max: 100},
		{name: "job_title", label: "Job title", max: 100},
		{name: "work_number", label: "Work number", max: 30},
		{name: "mobile_number", label: "Mobile number", max: 30},
		{name: "external_id", label: "External ID", max: 255},
		{name: "address", label: "Address", max: 255},
		{name: "city", label: "City", max: 255},
		{name: "state", label: "State", max: 255},
		{name: "zipcode", label: "Zipcode", max: 255},
		{name: "country", label: "Country", max: 255},
		{name: "time_zone", label: "Time zone", max: 255},
		{name: "facebook", label: "Facebook", max: 255},
		{name: "twitter", label: "Twitter", max: 255},
		{name: "linkedin", label: "Linkedin", max: 255},
		{name: "medium", label: "Medium", max: 255},
		{name: "keyword", label: "Keyword", max: 255},
		{name: "subscription_status", label: "Subscription status", form: aInteger},
		{name: "sms_subscription_status", label: "Sms subscription status", form: aInteger},
		{name: "whatsapp_subscription_status", label: "Whatsapp subscription status", form: aInteger},
		{name: "subscription_types", label: "Subscription types", max: 255},
		{name: "unsubscription_reason", label: "Unsubscription reason", form: aInteger},
		{name: "other_unsubscription_reason", label: "Other unsubscription reason", max: 255},
		{name: "owner_id", form: aRef, list: "owners", noun: "owner"},
		{name: "territory_id", form: aRef, list: "territories", noun: "territory"},
		{name: "lead_source_id", form: aRef, list: "lead_sources", noun: "lead source"},
		{name: "campaign_id", form: aRef, list: "campaigns", noun: "campaign"},
		{name: "contact_status_id", form: aRef, list: "contact_statuses", noun: "contact status"},
		{name: "lifecycle_stage_id", form: aRef, list: "lifecycle_stages", noun: "lifecycle stage"},
		{name: "tags", label: "Tags", form: aTags},
	},
	keys: contactKeys,
}

func contactKeys(d doc) []string {
	out := make([]string, 0, 8)
	for _, e := range emailsOf(d) {
		out = append(out, key("email", e))
	}
	for _, name := range []string{"mobile_number", "work_number", "external_id"} {
		if v := text(d[name]); v != "" {
			out = append(out, key(name, v))
		}
	}
	if v := displayName(d); v != "" {
		out = append(out, key("name", v))
	}
	for _, id := range linkedAccounts(d) {
		out = append(out, key("account", id))
	}
	return append(out, uniqueKeys(d)...)
}

// uniqueKeys are the values of custom fields that are marked unique; they are kept beside the
// others so that a record says by itself under which keys it is found.
func uniqueKeys(d doc) []string {
	marked, _ := d["_unique"].([]any)
	custom, _ := d["custom_field"].(map[string]any)
	var out []string
	for _, m := range marked {
		if v := text(custom[text(m)]); v != "" {
			out = append(out, key(text(m), v))
		}
	}
	return out
}
