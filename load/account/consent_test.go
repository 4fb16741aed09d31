package account_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
)

func TestConsentCodesAreLearnedAndNeverGuessed(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	c, err := freshsales.New(freshsales.Config{URL: b.URL, Key: twin.DefaultKey})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for email, codes := range map[string][2]int{"yes@example.com": {1, 7}, "no@example.com": {3, 7},
		"never@example.com": {2, 7}} {
		body := fmt.Sprintf(`{"subscription_status":%d,"sms_subscription_status":%d}`, codes[0], codes[1])
		if _, err := c.Upsert(ctx, freshsales.Contacts, "emails", email, freshsales.Attributes(body)); err != nil {
			t.Fatal(err)
		}
	}
	contacts := account.ConsentContacts{Subscribed: "yes@example.com", Unsubscribed: "no@example.com",
		NotSubscribed: "never@example.com", Channels: []string{"email", "sms"}}
	r, err := account.ConsentCodes(ctx, b.Options(), contacts)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Codes["email"]; got.Subscribed != 1 || got.Unsubscribed != 3 || got.NotSubscribed != 2 ||
		got.SeenAt.IsZero() || got.Account == "" {
		t.Errorf("%+v", got)
	}
	if _, known := r.Codes["sms"]; known || !strings.Contains(r.Unclear["sms"], "for all three") {
		t.Errorf("sms was guessed: %+v", r)
	}
	stored, err := account.ReadConsentCodes(b.Options().Target)
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	if scope := account.ConsentScope(stored); len(scope) != 3 || scope["consent.email.unsubscribed"] != "3" {
		t.Errorf("%v", scope)
	}
	exchanged := contacts
	exchanged.Subscribed, exchanged.Unsubscribed = contacts.Unsubscribed, contacts.Subscribed
	if r, _ := account.ConsentCodes(ctx, b.Options(), exchanged); len(r.Codes) > 0 ||
		!strings.Contains(r.Unclear["email"], "order") {
		t.Errorf("the contacts were exchanged: %+v", r)
	}
	contacts.Channels = []string{"sms"}
	if _, err := account.ConsentCodes(ctx, b.Options(), contacts); err == nil ||
		!strings.Contains(err.Error(), "told apart") {
		t.Error(err)
	}
	contacts.Unsubscribed = "nobody@example.com"
	if _, err := account.ConsentCodes(ctx, b.Options(), contacts); err == nil ||
		!strings.Contains(err.Error(), "unsubscribed") || strings.Contains(err.Error(), "nobody@") {
		t.Error(err)
	}
}

func TestAnAdministratorMayConfirmThatNobodyIsWrittenTo(t *testing.T) {
	target := loadtest.NewBench(t, loadtest.Quick()).Options().Target
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := account.ConfirmNobodyWrittenTo(target, []string{"pigeon"}, "Ann", at); err == nil {
		t.Error("a channel nobody knows was confirmed")
	}
	if err := account.ConfirmNobodyWrittenTo(target, []string{"sms"}, "Ann", at); err != nil {
		t.Fatal(err)
	}
	stored, err := account.ReadConsentCodes(target)
	if err != nil || !stored["sms"].NobodyIsWrittenTo || stored["sms"].ConfirmedBy != "Ann" || stored["sms"].IsKnown() {
		t.Fatal(stored, err)
	}
	if scope := account.ConsentScope(stored); len(scope) != 1 || scope["consent.sms.nobody_is_written_to"] != "true" {
		t.Errorf("%v", scope)
	}
}
