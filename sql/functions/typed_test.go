package functions

import "testing"

func TestNewValuesAreJudgedAsTheRulesWould(t *testing.T) {
	for _, test := range []struct {
		field, value string
		right        bool
	}{
		{"email", "ada@example.com", true},
		{"email", "Ada Byron <ada@example.com>", true},
		{"email", "ada(at)example", false},
		{"email", "ada@example", false},
		{"email", "ask her", false},
		{"owner_email", "nobody", false},
		{"mobile_number", "+353 85 012 3456", true},
		{"mobile_number", "085 012 3456", true}, // its person has a country
		{"mobile_number", "+353 1", false},
		{"work_number", "call reception", false},
		{"cf_birth_date", "1980-02-30", false},
		{"cf_birth_date", "1980-02-29", true},
		{"website", "shop.example", true},
		{"website", "not yet", false},
		{"last_name", "O'Neill", true},
	} {
		t.Run(test.field, func(t *testing.T) {
			if read, got := Typed(test.field, test.value); (got == "") != test.right || (got == "") != (read != "") {
				t.Errorf("%s %q: %q", test.field, test.value, got)
			}
		})
	}
}
