package sample

import (
	"strconv"
	"strings"
	"time"
)

// profile is one row of the profile export: a person, and what happened to their data.
type profile struct {
	person
	id, userID                       string
	role                             role
	ordinal                          int
	whatsapp, birth, contract, seen  string
	points, tier                     string
	ordersText, lifetimeText, vipTxt string
	comment, referral                string
	children                         string
}

// ProfileID and UserID of profile number i, when it has them.
func profileID(i int) string { return strconv.Itoa(41_000_001 + i) }
func userID(i int) string    { return "U" + strconv.Itoa(100_001+i) }

// profile number i.
func (o Options) profile(i int) profile {
	role, ordinal, partner := o.roleOf(i)
	d := o.dice(forProfile, partner)
	p := profile{person: o.person(partner), role: role, ordinal: ordinal, id: profileID(i), userID: userID(i)}
	p.birth = p.born.Format("2006-01-02")
	p.contract = p.created.AddDate(0, 1, 3).Format("02/01/2006")
	p.seen = stamp(p.person.seen)
	p.ordersText = strconv.Itoa(p.orders)
	p.lifetimeText = strconv.FormatFloat(float64(p.lifetime)/100, 'f', 2, 64)
	p.vipTxt = strconv.FormatBool(p.vip)
	p.referral = "REF-" + strings.ToUpper(strconv.FormatUint(d.next()>>28, 36))
	if d.chance(40) {
		p.comment = "Prefers a call after six; asked about " + p.hobby + "."
	}
	if d.chance(60) {
		p.points, p.tier = strconv.Itoa(d.below(9000)), d.pick(tiers)
	}
	if d.chance(90) {
		p.children = `{"count":` + strconv.Itoa(1+d.below(3)) + `,"school":"` + p.town + `"}`
	}
	if d.chance(110) && !isPartner(partner) {
		p.phone = ""
	}
	p.whatsapp = p.phone
	if p.whatsappYes == "0" {
		p.whatsapp = ""
	}
	o.soil(&p, i, partner)
	return p
}

// soil does to a profile what its role says.
func (o Options) soil(p *profile, i, partner int) {
	other := o.person(i)
	if p.role != clean && p.phone == "" && p.role != noEmail {
		p.phone = phoneNumber(p.land, partner)
	}
	switch p.role {
	case anonymous:
		*p = profile{id: p.id, role: p.role, person: person{land: p.land, created: p.created, updated: p.updated, hasApp: true, push: p.push}, seen: p.seen}
	case repeatedRow:
		p.id, p.userID = profileID(partner), userID(partner)
		*p = o.withoutRole(partner, p.role)
	case repeatedNewer:
		p.id, p.userID = profileID(partner), userID(partner)
		p.town, p.updated = other.town, exportDay.Add(-time.Duration(1+p.ordinal)*time.Minute)
	case sameEverything:
		p.userID = userID(partner)
		p.created = p.created.Add(72 * time.Hour)
	case emailOtherCase:
		p.email, p.phone, p.whatsapp = strings.ToUpper(p.email), "", ""
	case samePhoneAndName:
		p.email, p.phone = other.email, phoneNumber(p.land, partner)
	case typoTwin:
		p.first, p.email = misspell(p.first), other.email
		p.phone, p.whatsapp = "", ""
		if p.ordinal%2 == 0 {
			p.phone = phoneNumber(p.land, partner)
		}
	case familyPhone:
		p.first, p.gender, p.birth, p.email = other.first, other.gender, other.born.Format("2006-01-02"), other.email
		p.phone, p.referral = phoneNumber(p.land, partner), "REF-F"+strconv.Itoa(i)
	case sharedMailbox:
		p.email = "info@firm" + strconv.Itoa(p.ordinal/2) + ".example.com"
	case noUserID:
		p.userID = ""
	case onlyUserID:
		p.id = ""
	default:
		soilValues(p)
	}
}

// withoutRole is a profile as its clean self, only counted as another role.
func (o Options) withoutRole(i int, as role) profile {
	p := o.profile(i)
	p.role = as
	return p
}

// soilValues spoils single values.
func soilValues(p *profile) {
	n := p.ordinal
	of := func(list ...string) string { return list[n%len(list)] }
	switch p.role {
	case noEmail:
		p.email, p.emailYes = "", ""
	case badEmail:
		p.email = of("anna.keller at example.com", "ben@", "carla@@example.com", "n/a", "@example.com", "dora@example..com", "none", "emil,example.com")
	case emailInSpaces:
		p.email = of("  "+p.email+" ", "mailto:"+p.email, "<"+p.email+">")
	case emailDomainTypo:
		p.email = p.email[:strings.IndexByte(p.email, '@')] + of("@example.con", "@example.cmo")
	case badPhone:
		p.phone = of("12345", "unknown", "4.47700E+11", "0000000000", "-", "call the office")
	case oddPhone:
		p.phone = oddSpelling(p.land, p.phone, n)
	case flagYesLogNo:
		p.emailYes, p.smsYes = "1", "1"
	case flagNoLogYes:
		p.emailYes, p.smsYes = "0", "0"
	case unknownConsent:
		p.emailYes, p.smsYes, p.whatsappYes, p.push = "", "", "", ""
	case futureDate:
		p.birth = future.Format("2006-01-02")
		if n%2 == 1 {
			p.birth, p.seen = p.born.Format("2006-01-02"), stamp(future)
		}
	case badAttributes:
		p.ordersText, p.birth, p.vipTxt, p.lifetimeText = of("many", "3.5"), of("31/02/1980", "0000-00-00"), "maybe", of("n/a", "12,50 EUR")
	case noLastName:
		p.last = ""
	case fullNameInFirst:
		p.first, p.last = of("Dr. "+p.first+" Maria "+p.last, p.last+", "+p.first), ""
	case capitalsName:
		p.first, p.last = of(strings.ToUpper(p.first), strings.ToLower(p.first)), of(strings.ToUpper(p.last), strings.ToLower(p.last))
	case unknownStage:
		p.stage = of("Zombie", "gold customer??", "customer ")
	case unknownManager:
		p.manager = "former.colleague@acme.example"
	case formulaText:
		p.comment = of(`=HYPERLINK("http://evil.example","click")`, "+1+1", "-2+3", "@SUM(A1:A9)")
	case longText:
		p.comment = strings.Repeat("Told us a very long story about the order. ", 17)[:700]
	case lineBreaks:
		p.comment = "First line\nsecond line, with a comma\n\n\"quoted\" end"
	case negativePoints:
		p.points, p.tier = "-"+strconv.Itoa(10+n), "Bronze"
	case unknownTier:
		p.points, p.tier = "120", of("Diamond", "gold+")
	}
}

// misspell swaps two neighbouring letters.
func misspell(s string) string {
	r := []rune(s)
	if len(r) < 3 {
		return s + "e"
	}
	k := len(r) / 2
	r[k], r[k-1] = r[k-1], r[k]
	if string(r) == s {
		return s + "h"
	}
	return string(r)
}

// oddSpelling writes a number as people do.
func oddSpelling(l *land, digits string, n int) string {
	if digits == "" {
		return ""
	}
	rest := digits[len(l.dial):]
	switch n % 7 {
	case 0:
		return "+" + digits
	case 1:
		return "00" + digits
	case 2:
		return l.trunk + rest
	case 3:
		return "+" + l.dial + " (" + l.trunk + ") " + rest[:3] + " " + rest[3:]
	case 4:
		return digits + " ext. 12"
	case 5:
		return "+" + digits + " / +" + digits[:len(digits)-1] + "0"
	default:
		return "+" + l.dial + " " + rest[:2] + "-" + rest[2:5] + "." + rest[5:]
	}
}
