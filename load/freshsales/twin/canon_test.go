package twin

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// furnished is an account with custom fields of every type.
func furnished() *Account {
	a := DefaultAccount()
	a.Fields["contacts"] = []Field{
		{Label: "Note", Type: "text"}, {Label: "Story", Type: "textarea"}, {Label: "Points", Type: "number"},
		{Label: "Tier", Type: "dropdown", Choices: []Choice{{Value: "Gold"}, {Value: "Silver"}}},
		{Label: "Likes", Type: "multi_select_dropdown", Choices: []Choice{{Value: "Tea"}, {Value: "Cake"}, {Value: "Art"}}},
		{Name: "cf_email_opt_out", Label: "Email opt out", Type: "checkbox"}, {Label: "Joined", Type: "date"},
		{Label: "Seen", Type: "datetime"}, {Label: "Card", Type: "text", Unique: true},
	}
	return &a
}

const seed = `
{"entity":"sales_accounts","record":{"name":"Acme","website":"acme.example","owner":"sam@example.com"}}
{"entity":"contacts","record":{"email":"ann@example.com","first_name":"Ann","last_name":"Müller","mobile_number":"+353861","external_id":"x1","owner":"ada@example.com","lifecycle_stage":"Customer","sales_accounts":[{"name":"Acme","is_primary":true}],"tags":["b","a"],"custom_field":{"cf_note":"a longer note","cf_points":12,"cf_tier":"Gold","cf_likes":["Tea","Art"],"cf_email_opt_out":true,"cf_joined":"2020-05-04"}}}
{"entity":"contacts","record":{"email":"bob@example.com","last_name":"Bee","subscription_status":2}}
{"entity":"deals","record":{"name":"Big","amount":1234.5,"deal_stage":"New","contacts":["ann@example.com"],"sales_account":"Acme"}}
{"entity":"tasks","record":{"title":"Opened","description":"some words","due_date":"2024-01-02T03:04:05Z","status":1,"target_type":"Contact","target":"ann@example.com"}}
{"entity":"appointments","record":{"title":"Meet","from_date":"2024-01-02T03:04:05Z","end_date":"2024-01-02T04:04:05Z","target_type":"Contact","target":"ann@example.com","attendees":[{"attendee_type":"Contact","attendee":"bob@example.com"},{"attendee_type":"FdMultitenant::User","attendee":"sam@example.com"}]}}
{"entity":"notes","record":{"description":"Hello","target_type":"Contact","target":"bob@example.com"}}
{"entity":"lists","record":{"name":"VIP","contacts":["ann@example.com"]}}
`

func seeded(t *testing.T, c Config) *bench {
	t.Helper()
	if c.Account == nil {
		c.Account = furnished()
	}
	b := start(t, free(c))
	if err := b.twin.Seed(strings.NewReader(seed)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) dump() string {
	b.Helper()
	var out bytes.Buffer
	if err := b.twin.Dump(&out); err != nil {
		b.Fatal(err)
	}
	return out.String()
}

func TestDumpSeedsAnEqualAccount(t *testing.T) {
	b := seeded(t, Config{})
	first := b.dump()
	for _, secret := range []string{"70042", "created_at", "updated_at", "owner_id", "target_id", "attendee_id"} {
		if strings.Contains(first, secret) {
			t.Errorf("the canonical form tells %s:\n%s", secret, first)
		}
	}
	plain := DefaultAccount()
	other := start(t, free(Config{Account: &plain}))
	if err := other.twin.Seed(strings.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	if second := other.dump(); second != first {
		t.Errorf("seeding a dump gives another one:\n%s\n%s", first, second)
	}
	one, err := b.twin.Digest()
	if err != nil {
		t.Fatal(err)
	}
	b.call("POST", "/notes", m{"note": m{"description": "x", "targetable_type": "Contact",
		"targetable_id": b.contact("ann@example.com")}}).is(200)
	two, err := b.twin.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Error("a new note does not change the digest")
	}
}

// contact is the id of a contact by e-mail.
func (b *bench) contact(address string) string {
	b.Helper()
	return b.call("GET", "/lookup?f=email&entities=contact&q="+address, nil).is(200).id("contacts.contacts.0.id")
}

func TestEveryDamageShowsInTheDump(t *testing.T) {
	for _, kind := range DamageKinds() {
		t.Run(kind.Name, func(t *testing.T) {
			b := seeded(t, Config{})
			before := b.dump()
			h, err := b.twin.Damage(kind.Name, 0)
			if err != nil {
				t.Fatal(err)
			}
			if b.dump() == before {
				t.Errorf("%+v changed nothing", h)
			}
			if h.ID == 0 || h.Entity == "" {
				t.Errorf("the harm does not say where: %+v", h)
			}
		})
	}
	if n := len(DamageKinds()); n < 20 {
		t.Errorf("only %d kinds", n)
	}
}

func TestCountsKnowTheBin(t *testing.T) {
	b := seeded(t, Config{})
	b.call("DELETE", "/contacts/"+b.contact("bob@example.com"), nil).is(200)
	if got := fmt.Sprint(b.twin.Counts()); !strings.Contains(got, "contacts:1 contacts deleted:1") {
		t.Error(got)
	}
}

// What is seeded or damaged shows at once, and does not go back to what was waiting to be shown.
func TestDamageShowsBeforeTheLag(t *testing.T) {
	b := seeded(t, Config{Switches: Switches{"index_lag_seconds": "5"}})
	b.call("PUT", "/contacts/"+b.contact("ann@example.com"), m{"contact": m{"city": "Cork"}}).is(200)
	if _, err := b.twin.Damage("changed_case", 0); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b.call("GET", "/lookup?f=email&entities=contact&q=ann@example.com", nil).is(200).
			has("contacts.contacts.0.last_name", "MÜLLER", "contacts.contacts.0.city", "Cork")
		b.clock.Advance(6 * time.Second)
	}
}
