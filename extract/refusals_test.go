package extract

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list whose name says that nobody on it is to be written to is refusals, whatever it is written in; one that may say
// something else is asked about, and nobody on it is taken for a person who may be written to.
func TestListsOfWhomNotToWriteTo(t *testing.T) {
	mail := "a@x.com||email|opted_out\nb@x.com||email|opted_out\n"
	everywhere := "a@x.com|||opted_out\nb@x.com|||opted_out\n"
	for _, c := range []struct{ file, text, want, says string }{
		{"suppression_list.csv", "email\na@x.com\nb@x.com\n", mail, "opted out of email"},
		{"Suppression List 2024.csv", "Email Address,Reason,Date\na@x.com,spam,2024-05-01\nb@x.com,,2024-05-02\n", mail, ""},
		{"suppressions.txt", "a@x.com\nb@x.com\n", mail, ""},
		{"bounces.csv", "e-mail;type\na@x.com;hard\nb@x.com;hard\n", mail, ""},
		{"hard-bounces.json", `["a@x.com","b@x.com"]`, mail, ""},
		{"unsubscribed.ndjson", "{\"email\":\"a@x.com\"}\n{\"email\":\"b@x.com\"}\n", mail, ""},
		{"do_not_contact.csv", "email\na@x.com\nb@x.com\n", everywhere, "every channel"},
		{"Do Not Contact.csv", "a@x.com\nb@x.com\n", everywhere, ""},
		{"sms_opt_outs.csv", "phone\n+353871234567\n", "+353871234567||sms|opted_out\n", ""},
		{"dnc.csv", "+353871234567\n+353871234568\n", "+353871234567|||opted_out\n+353871234568|||opted_out\n", ""},
		{"unsubscribes.csv", "user_id,email,first_name\nu1,a@x.com,Ann\n", "a@x.com|u1|email|opted_out\n", ""},
		{"unsubscribes.csv", "email,unsubscribed_at\na@x.com,2024-05-01 10:00:00\n", "a@x.com||email|opted_out\n", ""},
		{"opted_out.csv", "user_id\nu1\nu2\n", "|u1||opted_out\n|u2||opted_out\n", ""},
		{"do-not-email/list.csv", "email\na@x.com\n", "", "!"},
		{"unsubscribes.csv", "email,status\na@x.com,subscribed\n", "a@x.com|||subscribed\n", ""},
		{"unsubscribes.csv", "email,action\na@x.com,opt-in\n", "", "!"},
		{"not_unsubscribed.csv", "email\na@x.com\n", "", "!"},
		{"unsubscribe_campaign.csv", "email\na@x.com\n", "", "!"},
		{"user_profiles_unsubscribed.csv", "user_id,email\nu1,a@x.com\n", "", "opted out of every channel"},
		{"unsubscribed_users.csv", "user_id,email,opt_in\nu1,a@x.com,0\n", "", ""},
		{"unsubscribed_contacts.csv", "Email Address,First Name\na@x.com,Ann\n", "a@x.com||email|opted_out\n", ""},
		{"pending_double_optin.csv", "email\na@x.com\n", "a@x.com||email|unconfirmed\n", "not confirmed"},
		{"Löschanträge_2026.csv", "E-Mail;Datum\na@x.com;01.02.2026\n", "a@x.com|||opted_out\n", "to be erased"},
		{"erasure_requests.csv", "email,status\na@x.com,done\n", "a@x.com|||done\n", "to be erased"},
		{"deceased.csv", "user_id,name\nu1,Ann Lee\n", "|u1||opted_out\n", "who died"},
		{"dsar.csv", "email,type\na@x.com,access\n", "a@x.com|||unknown\n", "asked about"},
		{"deleted_users.csv", "user_id,email\nu1,a@x.com\n", "a@x.com|u1||opted_out\n", "to be erased"},
		{"deleted_users.csv", "user_id,email,deleted_at\nu1,a@x.com,2026-01-02\n", "", ""},
		{"deleted_items.csv", "user_id,item\nu1,cart\n", "", "!neither its name"},
		{"complaints.csv", "complaint_id,user_id,subject\n1,u1,late parcel\n", "", "!"},
		{"Kunden ohne Werbesperre.csv", "user_id,email\nu1,a@x.com\n", "", ""},
		{"nicht_abgemeldet.csv", "email\na@x.com\n", "", "!"},
		{"no_marketing.csv", "email\na@x.com\n", "a@x.com|||opted_out\n", "every channel"},
		{"customers_incl_unsubscribed.csv", "user_id,email\nu1,a@x.com\n", "", ""},
		{"suppression_list.csv", "email,phone\na@x.com,+353871234567\n", "a@x.com||email|opted_out\n", "!several addresses"},
	} {
		t.Run(c.file, func(t *testing.T) {
			dir, o := drop(t, map[string]string{c.file: c.text})
			res, err := Run(context.Background(), dir, o)
			said := ""
			if err != nil {
				said = err.Error()
			}
			for _, d := range res.Doubts {
				said += d.Why
			}
			says, aloud := strings.CutPrefix(c.says, "!")
			if aloud != (said != "") || aloud && !strings.Contains(said, says) {
				t.Errorf("said: %q", said)
			}
			got := ""
			for _, r := range landed(t, dir, "consents", "address", "user_id", "channel", "status") {
				got += strings.ReplaceAll(strings.Join(r, "|"), "∅", "") + "\n"
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if note := readTable(t, dir.Sources(), "note")[0][0]; !aloud && !strings.Contains(note, says) {
				t.Errorf("the note is %q", note)
			}
		})
	}
}
