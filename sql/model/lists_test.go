package model

import (
	"strings"
	"testing"
)

// What people do to a list in a spreadsheet is said with its line, before anything is built.
func TestAListIsCheckedBeforeAnythingIsBuilt(t *testing.T) {
	ours := map[string]string{
		"options": "name,value,type,allowed,meaning\ndeals,false,boolean,,\n" +
			"deals.minimum_score,60,number,0..100,from here\n" +
			"activity.events,each,choice,each none,how\n",
		"deal_tiers":    "tier,amount,score\ngold,500,75\n",
		"owners":        "value,owner_email\n",
		"zone_names":    "name,utc_offset,meaning\nWET,+00:00,\n",
		"survivorship":  "field,rule,sources,meaning\n*,newest,,\n",
		"consent_words": "text,is_subscribed\nyes,true\nno,false\nperhaps,unknown\n",

		"consent_columns":  "part,says,meaning\n_no_,refusal,\n_url_,apart,\n",
		"consent_channels": "text,channel\nemail,email\nletter,none\n",
	}
	for _, c := range []struct{ list, text, want string }{
		{"options", "name,value\ndeals,true\n", ""},
		{"options", "name,value\ndeels,true\n", `:2   (yours)` + "\n    there is no option \"deels\". Did you mean \"deals\"?"},
		{"options", "name,value\ndeals,yes\n", `"yes" is neither true nor false`},
		{"options", "name,value\n\ndeals.minimum_score,600\n",
			":3   (yours)\n    deals.minimum_score: 600 is outside 0..100"},
		{"options", "name,value\nactivity.events,eech\n", `"eech" is not one of each, none. Did you mean "each"?`},
		{"options", "name,value\ndeals,true\ndeals,false\n", "deals is there already, in line 2"},
		{"options", "name;value\ndeals;true\n", "separated by semicolons"},
		{"options", "name,valu\ndeals,true\n", `unknown column "valu". Did you mean "value"?`},
		{"deal_tiers", "tier,amount\ngold,1\n", `column "score" is missing`},
		{"deal_tiers", "tier,amount,score\ngold,1.000,75\n", "amount: 1.000 may be 1 or 1000"},
		{"deal_tiers", "tier,amount,score\ngold,-5,75\n", "amount: -5 is less than nothing"},
		{"deal_tiers", "tier,amount,score\ngold,NaN,75\n", `amount: "NaN" is not a number`},
		{"deal_tiers", "tier,amount,score\ngold,499.50,75\n", ""},
		{"deal_tiers", "tier,amount,score\ngold,much,75\n", `amount: "much" is not a number`},
		{"deal_tiers", "tier,amount,score\ngold,1,000,75\n", "this line has 4 cells, and the header 3 columns"},
		{"deal_tiers", "tier,amount,score\ngold,1,75,\n", ""},
		{"deal_tiers", "tier,amount,score\ng\xf6ld,1,75\n", "not UTF-8"},
		{"deal_tiers", "tier,amount,score\ngold,1,750\n", ":2   (yours)\n    score: 750 is outside 0..100"},
		{"deal_tiers", "tier,amount,score\ngold,-1,75\n", "amount: -1 is outside 0.."},
		{"owners", "value,owner_email\nAnna,anna@firm\n", `owner_email: "anna@firm" is not an e-mail address`},
		{"owners", "value,owner_email\nAnna,anna@firm.example\nAnna,ben@firm.example\n", "Anna is there already, in line 2"},
		{"zone_names", "name,utc_offset,meaning\nIST,+1,\n", `:2   (yours)` + "\n    utc_offset: \"+1\" is not an offset"},
		{"survivorship", "field,rule,sources,meaning\ncity,newst,,\n", `rule: "newst" is not one of`},
		{"options", "name,value\nactivity.events,none\nDeals.Minimum_Score,5\n", `Did you mean "deals.minimum_score"?`},
		{"consent_words", "text,is_subscribed\nja,true\nnee,false\n", ""},
		{"consent_words", "text,is_subscribed\nopted in,true\nOpted_In,true\n", ""},
		{"consent_words", "text,is_subscribed\n1,true\n-1,false\n", ""},
		{"consent_words", "text,is_subscribed\nopted in,true\nOpted-In,unknown\n",
			`:3   (yours)` + "\n    \"Opted-In\" means unknown here and true in line 2"},
		{"consent_words", "text,is_subscribed\nja,true\nnee,flase\n",
			`is_subscribed: "flase" is not one of false, true, unknown. Did you mean "false"?`},
		{"consent_columns", "part,says,meaning\n_,apart,\n", `part: "_" is in too many names`},
		{"consent_columns", "part,says,meaning\n_a_,settled,\n", `part: "_a_" is in too many names`},
		{"consent_channels", "text,channel\nemail,none\n", `channel: "email" is email, not none`},
	} {
		t.Run(c.list, func(t *testing.T) {
			s := Source{Floor: Floors[0], Name: c.list, Path: "0_settings/" + c.list + ".csv", Text: c.text,
				Yours: true, Replaces: ours[c.list]}
			s, err := s.checked()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%q: %v", c.text, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%q: got %v, want …%s…", c.text, err, c.want)
			case c.list == "options" && c.want == "" && !strings.Contains(s.Text, "deals.minimum_score,60"):
				t.Errorf("%q: the options it does not name are gone:\n%s", c.text, s.Text)
			}
		})
	}
}
