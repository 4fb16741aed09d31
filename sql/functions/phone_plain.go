package functions

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// plan is what a region's numbering plan says that can change the digits of a number: what is dialled before it, at
// home and for a number abroad, as patterns.
type plan struct {
	code             int // the country code
	prefix, toAbroad string
}

// plans are all numbering plans by region.
var plans = sync.OnceValue(func() map[string]plan {
	all := map[string]plan{}
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return all // then every number is read in the long way
	}
	for _, m := range collection.GetMetadata() {
		all[m.GetId()] = plan{int(m.GetCountryCode()), m.GetNationalPrefixForParsing(), m.GetInternationalPrefix()}
	}
	return all
})

var compiled sync.Map // by pattern: few countries occur in one export

// beginsWith is whether digits begin with what a pattern of a plan says.
func beginsWith(digits, pattern string) bool {
	if pattern == "" {
		return false
	}
	known, ok := compiled.Load(pattern)
	if !ok {
		known, _ = compiled.LoadOrStore(pattern, regexp.MustCompile("^(?:"+pattern+")"))
	}
	return known.(*regexp.Regexp).MatchString(digits)
}

// plainPhone reads what most cells hold, a country code and a number in digits alone, in a third of the time: nothing
// in it can be a sign, an extension or a prefix that is dialled, and only as a number from abroad is it one. Whatever
// could be read otherwise is left to readings, which knows better; so the two never differ.
func plainPhone(text, region string) (phone, bool) {
	digits, hasPlus := strings.CutPrefix(text, "+")
	if len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || !onlyDigits(digits) {
		return phone{}, false
	}
	if home, known := plans()[region]; known && !hasPlus {
		if beginsWith(digits, home.prefix) || beginsWith(digits, home.toAbroad) ||
			phonenumbers.GetNumberType(number(home.code, digits)) != phonenumbers.UNKNOWN {
			return phone{}, false
		}
	}
	for length := 1; length <= 3; length++ {
		code := atoi(digits[:length])
		main := phonenumbers.GetRegionCodeForCountryCode(code)
		abroad, known := plans()[main]
		if !known || main == "001" || abroad.code != code {
			continue
		}
		national := digits[length:]
		if national[0] == '0' || beginsWith(national, abroad.prefix) || beginsWith(national, plans()[region].prefix) {
			return phone{}, false
		}
		return describe(number(code, national), "")
	}
	return phone{}, false
}

func number(code int, national string) *phonenumbers.PhoneNumber {
	country, digits := int32(code), uint64(0)
	for _, d := range national {
		digits = digits*10 + uint64(d-'0')
	}
	return &phonenumbers.PhoneNumber{CountryCode: &country, NationalNumber: &digits}
}
