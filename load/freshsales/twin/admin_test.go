package twin

import (
	"strings"
	"testing"
)

// The examples work, in the order they are printed.
func TestExamples(t *testing.T) {
	b := start(t, free(Config{}))
	address := strings.TrimSuffix(b.url, "/crm/sales/api")
	for _, e := range Examples() {
		want := 200
		switch {
		case strings.Contains(e.Says, "refused"):
			want = 400
		case strings.Contains(e.Path, "upsert") && strings.Contains(e.Body, "new"):
			want = 201
		}
		var body any
		if e.Body != "" {
			body = e.Body
		}
		b.call(e.Method, address+e.Path, body).is(want)
	}
	post, admin := Examples()[1].Curl(address, "key"), Examples()[8].Curl(address, "key")
	if !strings.HasPrefix(post, "curl -s -X POST -H 'Authorization: Token token=key'") || admin != "curl -s '"+address+
		"/twin/calls'" {
		t.Errorf("%s\n%s", post, admin)
	}
}

func TestTwinIsSpokenToOverHTTP(t *testing.T) {
	b := seeded(t, Config{})
	admin := strings.TrimSuffix(b.url, "/crm/sales/api") + "/twin/"
	b.call("GET", "/selector/owners", nil).is(200)
	b.call("POST", "/contacts", m{"contact": m{}}).is(400)
	b.call("GET", "/nowhere", nil).is(404)
	g := b.call("GET", admin+"calls", nil).is(200)
	calls := b.twin.Calls()
	if c := calls["contacts.create"]; c.Calls != 1 || c.Statuses[400] != 1 || !c.Writes {
		t.Errorf("%+v", c)
	}
	if c := calls["selector.owners"]; c.Calls != 1 || c.Writes {
		t.Errorf("%+v", c)
	}
	if calls["unknown"].Calls != 1 || b.twin.WriteCalls() != 1 ||
		!strings.Contains(g.body, `"contacts.create":{"calls":1`) {
		t.Error(g.body)
	}
	b.call("DELETE", admin+"calls", nil).is(200)
	if n := len(b.twin.Calls()); n != 0 {
		t.Errorf("%d kinds after a reset", n)
	}
	b.call("PUT", admin+"switches", `{"email_required":"off"}`).is(200).has("email_required", "off")
	b.call("POST", "/contacts", m{"contact": m{"last_name": "x"}}).is(200)
	b.call("PUT", admin+"switches", `{"nothing":"off"}`).is(400)
	b.call("PUT", admin+"faults", `{"faults":[{"kind":"500_before"}]}`).is(200)
	b.call("GET", "/selector/owners", nil).is(500)
	b.call("PUT", admin+"faults", `{}`).is(200)
	b.call("POST", admin+"seed", `{"entity":"contacts","record":{"email":"seeded@example.com"}}`).is(200)
	b.call("GET", admin+"counts", nil).is(200).has("contacts", 4)
	b.call("POST", admin+"damage", `{"kind":"lost_contact"}`).is(200).has("entity", "contacts")
	if g := b.call("GET", admin+"dump", nil).is(200); g.body != b.dump() {
		t.Error("the dump over HTTP is another")
	}
	digest, err := b.twin.Digest()
	if err != nil {
		t.Fatal(err)
	}
	b.call("GET", admin+"digest", nil).is(200).has("digest", digest)
	b.call("GET", admin+"nothing", nil).is(400)
	account := b.call("GET", admin+"account", nil).is(200)
	b.call("PUT", admin+"account", account.body).is(200)
}

// Whoever wants to see every call is told, in order.
func TestCallsAreTold(t *testing.T) {
	var told []string
	b := start(t, free(Config{OnCall: func(c Call) { told = append(told, c.Kind) }}))
	b.call("GET", "/selector/owners", nil).is(200)
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200)
	if strings.Join(told, " ") != "selector.owners contacts.create" {
		t.Error(told)
	}
}
