package load_test

import (
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// Who said no and can be reached waits where the account has nowhere to keep it.
func TestANoWithoutAPlaceWaits(t *testing.T) {
	const unproven = `{"email":{"nobody_is_written_to":true}}`
	for name, c := range map[string]struct {
		codes string
		field string // type of the field for it; "" for none
		row   run.Row
		want  string
	}{
		"no field":                      {unproven, "", run.Row{"a", "ann@example.com", nil, true, nil}, "held"},
		"a field that does not take it": {unproven, "dropdown", run.Row{"a", "ann@example.com", nil, true, nil}, "held"},
		"a field of its own":            {unproven, "checkbox", run.Row{"a", "ann@example.com", nil, true, nil}, "create"},
		"a text":                        {unproven, "text", run.Row{"a", "ann@example.com", nil, true, nil}, "create"},
		"a yes":                         {unproven, "", run.Row{"a", "ann@example.com", nil, false, nil}, "create"},
		"the subscription tells":        {codesOfEmail, "", run.Row{"a", "ann@example.com", no, true, nil}, "create"},
		"the subscription says yes":     {codesOfEmail, "", run.Row{"a", "ann@example.com", yes, true, nil}, "held"},
		"by SMS without a number": {unproven, "checkbox",
			run.Row{"a", "ann@example.com", nil, true, nil, nil, true}, "create"},
		"by SMS": {unproven, "checkbox",
			run.Row{"a", "ann@example.com", nil, true, nil, "+353851110001", true}, "held"},
	} {
		t.Run(name, func(t *testing.T) {
			b := consentBench(t, c.codes)
			a := b.Twin.Account()
			a.Fields["contacts"] = nil
			if c.field != "" {
				a.Fields["contacts"] = []twin.Field{{Name: "cf_email_opt_out", Label: "No", Type: c.field,
					Choices: []twin.Choice{{Value: "Yes"}, {Value: "No"}}}}
			}
			if err := b.Twin.SetAccount(a); err != nil {
				t.Fatal(err)
			}
			columns := append(loadtest.Texts("contact_key", "email"), run.Column{Name: "subscription_status", Type: run.Bigint},
				run.Column{Name: "cf_email_opt_out", Type: run.Boolean}, run.Column{Name: "last_name", Type: run.Varchar},
				run.Column{Name: "mobile_number", Type: run.Varchar}, run.Column{Name: "cf_sms_opt_out", Type: run.Boolean})
			row := append(run.Row{}, c.row...)
			for len(row) < len(columns) {
				row = append(row, nil)
			}
			row[4] = "Ash"
			b.Table("contacts", columns, row)
			b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), run.Row{"a", "a"})
			b.Load()
			b.Is(record.PlanTable, "contacts", "a", "action", c.want)
		})
	}
}
