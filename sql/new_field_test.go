package sql_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"ferry/sql"
)

// TestANewColumnOfTheContactsIsANewField: an analyst's cf_ column is provisioned from its type.
func TestANewColumnOfTheContactsIsANewField(t *testing.T) {
	o := shippedOptions()
	shipped := read(t, filepath.Join("5_freshsales", "contacts.sql"))
	last := "        policies.custom_field,\n"
	changed := strings.Replace(shipped, last, "        length(policies.first_name) > 2 as cf_is_long,\n"+
		"        [policies.first_name] as cf_words,\n"+last, 1)
	if changed == shipped {
		t.Fatal("the column of custom fields is written otherwise")
	}
	o.Analyst = fstest.MapFS{"5_freshsales/contacts.sql": {Data: []byte(changed)}}
	stories := fstest.MapFS{
		"a/given/user_profiles.csv": {Data: []byte("profile_id,user_id,email,first_name,last_name\n" +
			"1,u1,ann@firm.example.org,Ann,Able\n")},
		"a/expect/freshsales.fields.csv": {Data: []byte("name,label,type,choices,source\n" +
			"cf_is_long,Is long,checkbox,,rules\n" +
			"cf_words,Words,multi_select,[Ann],rules\n")},
	}
	results, err := sql.Test(context.Background(), stories, o, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Err != nil || strings.Contains(r.Diff, "- cf_") {
			t.Error(r.Err, r.Diff)
		}
	}
}

// TestAFieldToCompareIsOneLineInAList: an attribute that settings.matching names has weights of its own, and joins
// what nothing else joins.
func TestAFieldToCompareIsOneLineInAList(t *testing.T) {
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
