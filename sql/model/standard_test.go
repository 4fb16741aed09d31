package model

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// A line of the list of standard fields that Freshsales does not know, that nothing reads so or that no file fills is
// refused with its line.
func TestAFurtherStandardFieldIsHeldAgainstFreshsales(t *testing.T) {
	ours := "entity,field,label,takes_attributes,cleaner,filled_by\n" +
		"contacts,city,City,true,text,list\ncontacts,email,Email,false,text,rules\naccounts,state,State,true,text,list\n"
	for _, c := range []struct{ line, want string }{
		{"contacts,medium,Medium,true,text,list", ""},
		{"contacts,external_id,Id,false,text,rules", ""},
		{"contacts,medum,Medium,true,text,list", "standard_fields.csv:6   (yours)\n    Freshsales knows no " +
			"attribute \"medum\" of contacts. Did you mean \"medium\"?"},
		{"contacts,medium,Medium,true,txt,list", `cleaner: "txt" is not one of`},
		{"contakts,medium,Medium,true,text,list", `entity: "contakts" is not one of accounts, contacts. Did you mean "contacts"?`},
		{"contacts,city,Town,true,text,list",
			"standard_fields.csv:6   (yours)\n    contacts, city is there already, in line 3"},
		{"contacts,medium,Medium,true,text,rules", "standard_fields.csv:6   (yours)\n    filled_by says rules, and " +
			"freshsales.contacts has no column \"medium\""},
	} {
		// the empty line is no row, and counts as a line
		theirs := strings.Replace(ours, "filled_by\n", "filled_by\n\n", 1) + c.line + "\n"
		p, err := Parse(Room{
			Shipped: fstest.MapFS{
				"0_settings/standard_fields.csv": {Data: []byte(ours)},
				"5_freshsales/contacts.sql":      {Data: []byte("-- People.\n-- one row per contact_key\nselect 1 as contact_key")},
			},
			Analyst: fstest.MapFS{"0_settings/standard_fields.csv": {Data: []byte(theirs)}},
			Fields: []EntityFields{{Entity: "contacts", Columns: []string{"city", "email", "medium", "external_id"}},
				{Entity: "accounts", Columns: []string{"state"}}},
		})
		if err == nil {
			err = errors.Join(p.CheckListed(p.Models[0], []Column{{Name: "contact_key"}, {Name: "external_id"}}))
		}
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.line, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want …%s…", c.line, err, c.want)
		}
	}
}
