package functions

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// Every country's own example numbers, in the spellings exports have: as written at home, abroad, and
// as Xtremepush writes them, without the plus.
func TestANumberOfTheStatedCountryStaysThere(t *testing.T) {
	kinds := []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE}
	odd := map[string]bool{"09 15-2345-6789": true} // how the library prints an Argentine mobile, and cannot read it
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range kinds {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			want := phonenumbers.Format(n, phonenumbers.E164)
			for _, raw := range []string{
				phonenumbers.GetNationalSignificantNumber(n), phonenumbers.Format(n, phonenumbers.NATIONAL),
				phonenumbers.Format(n, phonenumbers.INTERNATIONAL), want, strings.TrimPrefix(want, "+"),
				"00" + strings.TrimPrefix(want, "+"),
			} {
				if got := cleanPhone(raw, region); got.number != want && !odd[raw] {
					t.Errorf("%q in %s: got %q (%s), want %q", raw, region, got.number, got.reason, want)
				}
			}
		}
	}
}

// Ten per cent of valid American numbers begin like the code of another country.
func TestANumberThatBeginsLikeACodeIsNotAbroad(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, region := range []string{"US", "CA", "MX", "IN", "IT", "ES", "PL", "NZ", "DK", "NO", "FR", "PT", "SG"} {
		tried := 0
		for tried < 40 {
			example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
			length := len(phonenumbers.GetNationalSignificantNumber(example))
			raw := fmt.Sprintf("%0*d", length, random.Uint64N(uint64(pow10(length))))
			n, err := phonenumbers.Parse(raw, region)
			if err != nil || phonenumbers.GetNationalSignificantNumber(n) != raw ||
				!phonenumbers.IsValidNumberForRegion(n, region) {
				continue // not one of theirs, or digits after the country's own code
			}
			tried++
			want := fmt.Sprintf("+%d%s", example.GetCountryCode(), raw)
			if got := cleanPhone(raw, region); got.number != want {
				t.Fatalf("%q in %s: got %q (%s), want %q", raw, region, got.number, got.reason, want)
			}
		}
	}
}

// TestPlainNumbersAreReadAsAllOthersAre: what is read in the short way is read in the long way as the same.
func TestPlainNumbersAreReadAsAllOthersAre(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	homes := []string{"", "ZZ", "IE", "GB", "US", "IT", "RU", "AR", "MX", "BR", "KZ", "JE"}
	short := 0
	for _, region := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())) {
		for kind := range phonenumbers.UNKNOWN {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			digits := strings.TrimPrefix(phonenumbers.Format(n, phonenumbers.E164), "+")
			at := random.IntN(len(digits))
			for _, raw := range []string{digits, "+" + digits, digits[:at] + fmt.Sprint(random.IntN(10)) + digits[at:],
				digits[:at] + digits[at+1:], digits[:at] + fmt.Sprint(random.IntN(10)) + digits[at+1:]} {
				for _, home := range append(homes, region) {
					got, ok := plainPhone(raw, home)
					if !ok {
						continue
					}
					short++
					if want := longPhone(raw, home); got != want {
						t.Errorf("%q in %q: %+v, in the long way %+v", raw, home, got, want)
					}
				}
			}
		}
	}
	if short < 10_000 {
		t.Errorf("only %d numbers were read in the short way: this proves nothing", short)
	}
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}
