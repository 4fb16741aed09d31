package sql_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"ferry/internal/long"
	"ferry/sql"
)

// TestANewFieldIsOneLine: an analyst's cf_ column is provisioned from its type. A field every account has is a line of
// settings.standard_fields and nothing else: the attribute of its name arrives in a column, cleaned as the line says,
// corrected and cut like any other. A line that names nothing is told with its place and what it may have meant.
func TestANewFieldIsOneLine(t *testing.T) {
	long.Only(t)
	o := shippedOptions()
	shipped := read(t, filepath.Join("5_freshsales", "contacts.sql"))
	last := "        policies.custom_field,\n"
	changed := strings.Replace(shipped, last, "        length(policies.first_name) > 2 as cf_is_long,\n"+
		"        [policies.first_name] as cf_words,\n"+last, 1)
	if changed == shipped {
		t.Fatal("the column of custom fields is written otherwise")
	}
	o.Scope = map[string]string{"deals": "true", "deals.tiers": "gould"}
	o.Analyst = fstest.MapFS{
		"5_freshsales/contacts.sql":      {Data: []byte(changed)},
		"0_settings/excluded_events.csv": {Data: []byte("event,reason\n\npruchase,a test\n")},
		"0_settings/standard_attributes.csv": {Data: []byte(
			read(t, filepath.Join("0_settings", "standard_attributes.csv")) + "hobbie,contacts,medium,0.9\n")},
		"0_settings/standard_fields.csv": {Data: []byte(read(t, filepath.Join("0_settings", "standard_fields.csv")) +
			"contacts,lead_source,Source of the lead,true,text,list\n" +
			"contacts,campaign_id,Campaign,true,number,list\n" +
			"accounts,number_of_employees,Staff,true,number,list\n")},
	}
	attributes := strings.Count(read(t, filepath.Join("0_settings", "standard_attributes.csv")), "\n") + 1
	long := strings.Repeat("x", 300)
	stories := fstest.MapFS{
		"column/given/user_profiles.csv": {Data: []byte("profile_id,user_id,email,first_name,last_name\n" +
			"1,u1,ann@firm.example.org,Ann,Able\n")},
		"column/expect/freshsales.fields.csv": {Data: []byte("name,label,type,choices,source\n" +
			"cf_is_long,Is long,checkbox,,rules\n" +
			"cf_words,Words,multi_select,[Ann],rules\n")},
		"line/given/user_profiles.csv": {Data: []byte("profile_id,user_id,email,first_name,last_name,company_name," +
			"source_of_the_lead,campaign_id,company_number_of_employees\n" +
			"1,u1,ann@firm.example.org,Ann,Able,Firm,Fair,\"1,234\",17\n" +
			"2,u2,bob@firm.example.org,Bob,Berg,Firm," + long + ",many,17\n" +
			"3,u3,cat@firm.example.org,Cat,Cole,Firm,Fair,5,18\n")},
		"line/given/settings.decisions.csv": {Data: []byte("rule,key,field,decision,value,decided_at\n" +
			"contact_value_cut,3,lead_source,clean,Web,2026-01-01T00:00:00Z\n")},
		"line/expect/freshsales.contacts.csv": {Data: []byte("contact_key,lead_source,campaign_id\n" +
			"1,Fair,1234\n2," + long[:255] + ",\n3,Web,5\n")},
		"line/expect/freshsales.accounts.csv": {Data: []byte("name,number_of_employees\nFirm,17\n")},
		"line/expect/checks.contact_value_cut.csv": {Data: []byte("key,field,reason\n" +
			"2,lead_source,cut to 255 of 300 characters\n")},
		"typo/given/user_profiles.csv": {Data: []byte("profile_id,user_id,email,last_name,hobby\n1,u1,a@b.example.org,A,golf\n")},
		"typo/given/events.csv": {Data: []byte("event_id,event,profile_id,timestamp\n" +
			"1,purchase,1,2025-12-01T00:00:00Z\n")},
		"typo/given/loyalty.csv": {Data: []byte("user_id,level_name,token_balance\nu1,Gold,10\n")},
		"typo/expect/checks.setting_matches_nothing.csv": {Data: []byte("key,suggestion,reason\n" +
			"excluded_events: pruchase,purchase,\"sql/0_settings/excluded_events.csv, line 3: nothing in this export is " +
			"called pruchase; perhaps purchase was meant\"\n" +
			"deals.tiers: gould,gold,\"ferry.yaml, scope.deals.tiers: nothing in this export is called gould; perhaps " +
			"gold was meant\"\n" +
			fmt.Sprintf("standard_attributes: hobbie,hobby,\"sql/0_settings/standard_attributes.csv, line %d: ", attributes) +
			"nothing in this export is called hobbie; perhaps hobby was meant\"\n")},
		"line/expect/checks.attribute_value_does_not_fit.csv": {Data: []byte("key,field,value\n2,campaign_id,many\n")},
	}
	results, err := sql.Test(context.Background(), stories, o, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil || strings.Contains(r.Diff, "- cf_") || r.Name != "column" && r.Diff != "" {
			t.Error(r.Err, r.Diff)
		}
	}
}

// TestAFieldToCompareIsOneLineInAList: an attribute that settings.matching names has weights of its own, and joins
// what nothing else joins.
func TestAFieldToCompareIsOneLineInAList(t *testing.T) {
	long.Only(t)
	var rows []profile
	for i := range 40 {
		p := profile{first: "Ann", last: fmt.Sprintf("Able%c", 'a'+i/2), town: "Cork"}
		p.loyalty = fmt.Sprintf("L%05d", 7919*(i/2))
		p.id, p.userID = fmt.Sprintf("%04d", i), fmt.Sprintf("U%d", i)
		rows = append(rows, p)
	}
	shipped := read(t, filepath.Join("0_settings", "matching.csv"))
	for _, c := range []struct {
		list    string
		joined  bool
		weights int
	}{
		{shipped, false, 0},
		{shipped + "loyalty_number,identifier,number of the customer's card\n", true, 2},
	} {
		dir := landCrowd(t, rows)
		o := shippedOptions()
		o.Only = []string{"matching.people", "matching.weights"}
		o.Analyst = fstest.MapFS{"0_settings/matching.csv": {Data: []byte(c.list)}}
		if _, err := sql.Run(context.Background(), dir, o); err != nil {
			t.Fatal(err)
		}
		person := map[string]string{}
		each(t, dir.Model("matching", "people"), func(get func(string) any) {
			person[get("profile_key").(string)] = get("person_key").(string)
		})
		weights := 0
		each(t, dir.Model("matching", "weights"), func(get func(string) any) {
			if get("field") == "loyalty_number" {
				weights++
			}
		})
		if joined := person["0000"] == person["0001"]; joined != c.joined || weights != c.weights {
			t.Errorf("joined %t with %d levels of the number, want %t with %d", joined, weights, c.joined, c.weights)
		}
		if person["0001"] == person["0002"] {
			t.Error("people with different numbers and names are one")
		}
	}
}
