package twin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Switch is one open question about Freshsales: what it is called, how the twin answers unless
// told otherwise, what else it can answer, and which section of API.md asks it.
type Switch struct {
	Name    string
	Default string
	Values  string // "on off", words to choose from, or "number"
	Asks    string // the question, with its section of API.md
}

// Switches are answers by name; a name left out takes its default.
type Switches map[string]string

// SwitchTable is every switch there is.
func SwitchTable() []Switch { return slices.Clone(switchTable) }

var switchTable = []Switch{
	{"job_done_name", "SUCCESS", "text", "what a finished bulk job calls itself (10.1)"},
	{"job_running_name", "IN_PROGRESS", "text", "what a waiting bulk job calls itself (10.1)"},
	{"job_failed_name", "FAILED", "text", "what a job calls itself that a fault made fail as a whole (10.1)"},
	{"job_seconds", "1", "number", "how long a bulk job takes (10.1)"},
	{"job_report", "entries", "entries strings map nothing broken", "what detailed_failure_report holds (10.2)"},
	{"bulk_max", "100", "number", "items one bulk call may carry (10.3)"},
	{"bulk_over_max", "refuse", "refuse truncate swallow",
		"what happens to more items than that: refused, cut, or cut and reported as written (10.3)"},
	{"bulk_jobs_max", "8", "number", "unfinished jobs from which on a bulk call is answered 405; 0 is no limit (10.4)"},
	{"create_code", "200", "200 201", "status of a create of contact, account, deal, note (10.5)"},
	{"activity_create_code", "201", "200 201", "status of a create of task, appointment, call, sales activity (10.5)"},
	{"create_reply", "record", "record no_id empty",
		"what a create of one record answers with: the record, the record without a number, or nothing (10.39)"},
	{"upsert_create_code", "201", "200 201", "status of an upsert that created (10.5)"},
	{"email_required", "on", "on off", "a contact needs an e-mail address (10.6)"},
	{"last_name_required", "off", "on off", "a contact needs a last name (10.7)"},
	{"upsert_by", "documented", "documented unique",
		"which identifiers upsert takes: emails, account name, deal id, or any unique field (10.8)"},
	{"upsert_many", "first", "first refuse", "an identifier that matches several records (10.9)"},
	{"upsert_none", "create", "create refuse", "an identifier that matches nothing (10.9)"},
	{"created_at", "server", "server honoured", "created_at sent by a client (10.10)"},
	{"choice_single", "both", "both text id", "how drop-down values are spelt in single calls (10.11)"},
	{"choice_bulk", "id", "both text id", "how drop-down values are spelt in bulk (10.11)"},
	{"unknown_custom_field", "refuse", "refuse ignore", "a custom_field key that does not exist (10.12)"},
	{"text_max", "256", "number", "characters in a custom text field (10.13)"},
	{"textarea_max", "10000", "number", "characters in a custom text area (10.13)"},
	{"unique_fields_max", "4", "number", "custom unique fields an administrator may make for contacts (10.14)"},
	{"deal_needs_account", "off", "on off", "a deal needs sales_account_id (10.15)"},
	{"deal_bulk", "id", "id name", "deal bulk upsert takes items by id only, or by name too (10.16)"},
	{"deal_amount", "string", "string number", "type of deal amounts in answers (10.17)"},
	{"task_needs_target", "off", "on off", "a task needs a targetable (10.18)"},
	{"activity_dates", "iso", "iso both", "sales activity dates also as Unix seconds (10.21)"},
	{"limit_headers", "on", "on off", "answers tell the limit and what remains (10.22)"},
	{"limit_header", "X-RateLimit-Limit", "text", "name of that header (10.22)"},
	{"remaining_header", "X-RateLimit-Remaining", "text", "name of that header (10.22)"},
	{"retry_after", "on", "on off", "429 carries Retry-After (10.22)"},
	{"limit_window", "fixed", "fixed sliding",
		"limits count by the clock hour and minute, or over the last 60 minutes and seconds"},
	{"limit_body", "empty", "empty json html", "body of a 429 (10.23)"},
	{"bulk_counts", "1", "number", "calls a bulk upsert counts as (10.24)"},
	{"index_lag_seconds", "5", "number", "how far views, search and lookup lag behind (10.25)"},
	{"field_creation", "off", "off documented marketplace both",
		"custom fields can be made by API, on which path (10.26)"},
	{"field_type_numbers",
		"1=text,2=textarea,3=number,4=dropdown,5=multi_select_dropdown,6=checkbox,7=date,8=datetime,9=radio", "text",
		"what the numbers in field_type mean (10.26)"},
	{"field_type_reads", "word", "word number", "which of a type's word and number decides where both are sent (10.26)"},
	{"restore", "off", "on off", "PUT restore works on /api (10.29)"},
	{"selected_max", "100", "number", "ids one bulk delete or assign may carry (10.31)"},
	{"lookup_shape", "nested", "nested flat", "shape of lookup answers (10.32)"},
	{"phone_numbers", "empty", "empty objects strings", "elements of a contact's phone_numbers (10.33)"},
	{"scroll", "off", "on off", "GET /sales_accounts/scroll/{view} exists (10.34)"},
	{"authorization", "token", "token both", "accept only Token token=, or Bearer too (10.35)"},
	{"bulk_links", "ignored", "ignored honoured", "account links in bulk contact items"},
	{"tasks_touch_contacts", "off", "on off", "a new task, note or activity bumps its contact's updated_at"},
	{"deals_touch_contacts", "off", "on off", "a new deal bumps its contacts' updated_at"},
	{"auto_lifecycle", "on", "on off",
		"a new deal moves its contacts to Sales Qualified Lead, a won one to Customer (3.10)"},
	{"workflow_tasks", "off", "on off", "a workflow makes a task for every contact created by API (8.1)"},
	{"thin_updated_at", "on", "on off", "rows of views and filtered search carry updated_at"},
	{"thin_external_id", "on", "on off", "rows of views and filtered search carry external_id"},
	{"activity_rows", "whole", "whole thin", "lists of tasks and sales activities show each record whole (10.38)"},
	{"bin_holds_unique", "off", "on off",
		"a record in the recycle bin keeps its e-mail, phone, external id or name taken"},
	{"bin_days", "90", "number", "days until the recycle bin forgets a record (3.7)"},
}

// answers are the switches as a twin uses them.
type answers map[string]string

func readSwitches(given Switches) (answers, error) {
	a := answers{}
	for _, s := range switchTable {
		a[s.Name] = s.Default
	}
	for name, value := range given {
		if err := a.set(name, value); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a answers) set(name, value string) error {
	i := slices.IndexFunc(switchTable, func(s Switch) bool { return s.Name == name })
	if i < 0 {
		return fmt.Errorf("twin: there is no switch %q", name)
	}
	switch kinds := switchTable[i].Values; kinds {
	case "text":
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return fmt.Errorf("twin: switch %s takes a number, not %q", name, value)
		}
	default:
		if !slices.Contains(strings.Fields(kinds), value) {
			return fmt.Errorf("twin: switch %s takes one of %q, not %q", name, kinds, value)
		}
	}
	a[name] = value
	return nil
}

func (a answers) on(name string) bool        { return a[name] == "on" }
func (a answers) is(name, value string) bool { return a[name] == value }
func (a answers) count(name string) int      { return int(a.float(name)) }
func (a answers) seconds(n string) time.Duration {
	return time.Duration(a.float(n) * float64(time.Second))
}

func (a answers) float(name string) float64 {
	f, err := strconv.ParseFloat(a[name], 64)
	if err != nil {
		panic("twin: switch " + name + " is not a number")
	}
	return f
}
