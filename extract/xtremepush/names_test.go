package xtremepush

import (
	"strings"
	"testing"
)

func TestFilesAreRecognisedByName(t *testing.T) {
	for name, want := range map[string]string{
		"user_profiles_acme_events_20240101_part001": "user_profiles",
		"User Profiles 2024":                         "user_profiles", "users": "user_profiles",
		"profile_export_data-7": "user_profiles",
		"acme-events":           "events", "segment_export_profiles_12": "segment_memberships", "segments": "segments",
		"segment_memberships": "segment_memberships",
		"campaigns_20260301":  "campaigns", "campaign_interactions_20260301": "campaign_interactions",
		"message_export_send":   "campaign_interactions",
		"attribute_definitions": "attribute_definitions", "attributes": "attributes", "device_attributes": "attributes",
		"list_export_99":    "segment_memberships",
		"unsubscribes_2026": "consents", "suppression_list": "consents", "hard-bounces": "consents",
		"user_tags": "", "old events of users": "", "events_of_users": "events", "data": "", "": "", "eventsource": "",
	} {
		t.Run(name, func(t *testing.T) {
			e, _, ok := ByFileName(name)
			if e.Name != want || ok != (want != "") {
				t.Errorf("%q is taken for %q, want %q", name, e.Name, want)
			}
		})
	}
}

func TestHeadersMatchHoweverTheyAreSpelt(t *testing.T) {
	profiles, _ := ByName("user_profiles")
	headers := []string{"Profile ID", "user.id", "E-Mail", "Phone", "firstName", "last name", "ID", "Favourite colour",
		"PUSH-subscription"}
	want := []string{"profile_id", "user_id", "email", "mobile_number", "first_name", "last_name", "", "",
		"push_subscription"}
	for i, at := range profiles.Match(headers) {
		got := ""
		if at >= 0 {
			got = profiles.Columns[at]
		}
		if got != want[i] {
			t.Errorf("%q lands in %q, want %q", headers[i], got, want[i])
		}
	}
	for headers, want := range map[string]string{
		"Kundennummer;E-Mail-Adresse;Vorname;Nachname;Handy;Land": "user_id;email;first_name;last_name;mobile_number;country",
		"N° client;Courriel;Prenom;Téléphone portable;Pays":       "user_id;email;first_name;mobile_number;country",
		"ID klienta;Adres e-mail;Imię;Nazwisko;Kraj":              "user_id;email;first_name;last_name;country",
		"id_cliente;Correo Electrónico;Apellidos;Móvil;Empresa":   "user_id;email;last_name;mobile_number;company",
	} {
		var got []string
		for _, at := range profiles.Match(strings.Split(headers, ";")) {
			got = append(got, profiles.Columns[max(at, 0)])
		}
		if strings.Join(got, ";") != want {
			t.Errorf("%s lands in %s", headers, got)
		}
	}
	devices, _ := ByName("devices")
	if at := devices.Match([]string{"id", "device_id"}); at[0] >= 0 || devices.Columns[at[1]] != "device_id" {
		t.Errorf("an alias took the place of the column's own name: %v", at)
	}
}

func TestEveryAliasLeadsToAColumn(t *testing.T) {
	for _, e := range Entities() {
		have := map[string]bool{}
		for _, c := range e.Columns {
			have[c] = true
		}
		for alias, c := range e.Aliases {
			if !have[c] {
				t.Errorf("%s: the alias %q leads to %q, which is no column", e.Name, alias, c)
			}
			if have[alias] {
				t.Errorf("%s: %q is an alias and a column", e.Name, alias)
			}
		}
		for _, list := range append(e.Needs, e.Marks) {
			for _, c := range list {
				if !have[c] {
					t.Errorf("%s: %q is needed or a mark, but no column", e.Name, c)
				}
			}
		}
	}
	for _, e := range Endpoints() {
		if _, ok := ByName(e.Entity); !ok {
			t.Errorf("endpoint %s fills %q, which is no table", e.Name, e.Entity)
		}
	}
}
