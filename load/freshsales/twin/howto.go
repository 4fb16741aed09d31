package twin

import (
	"fmt"
	"strings"
)

// Example is a call to try on a twin.
type Example struct {
	Says   string // what it shows
	Method string
	Path   string // behind the base address; below /twin/ it talks to the twin itself
	Body   string
}

// Examples are the calls that whoever runs a twin by hand may want to start with, in this order.
func Examples() []Example {
	return []Example{
		{"who is there", "GET", "/crm/sales/api/selector/owners", ""},
		{"make a contact", "POST", "/crm/sales/api/contacts",
			`{"contact":{"first_name":"Ann","last_name":"Lee","email":"ann@example.com"}}`},
		{"a second one with the same address is refused", "POST", "/crm/sales/api/contacts",
			`{"contact":{"email":"ANN@example.com"}}`},
		{"find or make by address", "POST", "/crm/sales/api/contacts/upsert",
			`{"unique_identifier":{"emails":"ann@example.com"},"contact":{"city":"Cork"}}`},
		{"a hundred at once; the answer names a job", "POST", "/crm/sales/api/contacts/bulk_upsert",
			`{"contacts":[{"emails":"bob@example.com","data":{"last_name":"Bee"}}]}`},
		{"the lists there are", "GET", "/crm/sales/api/contacts/filters", ""},
		{"look up; a new contact shows after a few seconds", "GET",
			"/crm/sales/api/lookup?q=ann@example.com&f=email&entities=contact", ""},
		{"the fields, also custom ones", "GET", "/crm/sales/api/settings/contacts/fields", ""},
		{"how often what was called", "GET", "/twin/calls", ""},
		{"throw a switch: dates of clients are honoured", "PUT", "/twin/switches", `{"created_at":"honoured"}`},
		{"have a bad day: one call in ten fails after it was done", "PUT", "/twin/faults",
			`{"seed":1,"faults":[{"kind":"500_after","rate":0.1}]}`},
		{"and a good one again", "PUT", "/twin/faults", `{"faults":[]}`},
		{"everything, in a form that can be compared", "GET", "/twin/dump", ""},
	}
}

// Curl is an example as a command line, for a twin at an address with a key.
func (e Example) Curl(address, key string) string {
	var b strings.Builder
	b.WriteString("curl -s")
	if e.Method != "GET" {
		b.WriteString(" -X " + e.Method)
	}
	if !strings.HasPrefix(e.Path, adminPath) {
		fmt.Fprintf(&b, " -H 'Authorization: Token token=%s'", key)
	}
	if e.Body != "" {
		fmt.Fprintf(&b, " -H 'Content-Type: application/json' -d '%s'", e.Body)
	}
	fmt.Fprintf(&b, " '%s%s'", strings.TrimSuffix(address, "/"), e.Path)
	return b.String()
}
