package sql_test

import (
	"context"
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
