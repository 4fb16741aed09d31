package sql_test

import "strings"

// names are two given names that a pair of people bear.
func names(p, q *profile, one, other string) { p.first, q.first = one, other }

// respelt are kinds of one person whose given name is written in two ways and whose number is lost.
func respelt(pairs ...string) (kinds []confusable) {
	for _, pair := range pairs {
		a, b, _ := strings.Cut(pair, "/")
		kinds = append(kinds, confusable{"one person, " + a + " and " + b, one(func(p, q *profile) {
			names(p, q, a, b)
			q.phone = ""
		})})
	}
	return kinds
}

// couples are kinds of two people of like names: one mailbox and number, no birth date.
func couples(pairs ...string) (kinds []confusable) {
	for _, pair := range pairs {
		a, b, _ := strings.Cut(pair, "/")
		kinds = append(kinds, confusable{"a couple, " + a + " and " + b, two(func(p, q *profile) {
			names(p, q, a, b)
			p.born, q.born = "", ""
		})})
	}
	return kinds
}

// betweens are kinds of two people of a short name in common, and a third profile with no more than that.
func betweens(triples ...string) (kinds []confusable) {
	for _, triple := range triples {
		name := strings.Split(triple, "/")
		kinds = append(kinds, confusable{name[2] + " between " + name[0] + " and " + name[1],
			between(func(p, q, x *profile) {
				names(p, q, name[0], name[1])
				q.born, x.first, x.born = "1963-09-09", name[2], ""
			})})
	}
	return kinds
}

// clerkConfusables are further spellings, households and accounts, as registers of shops and clubs hold them.
var clerkConfusables = append(append(append([]confusable{
	// one person
	{"one person, given name mistyped, no address", one(func(p, q *profile) {
		names(p, q, "Claudia", "Cluadia")
		q.email, q.phone = "", ""
	})},
	{"one person, surname mistyped, no address", one(func(_, q *profile) {
		q.last, q.email, q.phone = q.last[:3]+q.last[4:], "", ""
	})},
	{"one person, no given name", one(func(_, q *profile) { q.first, q.phone = "", "" })},
	{"one person, no surname", one(func(_, q *profile) { q.last, q.email = "", "" })},
	{"one person, by post alone", one(func(_, q *profile) { q.email, q.phone = "", "" })},
	{"one person, an initial and the birth date", one(func(_, q *profile) { q.first, q.phone = q.first[:1], "" })},
	{"one person, interchanged, no number", one(func(_, q *profile) {
		q.first, q.last, q.phone = q.last, q.first, ""
	})},
	{"one person, Mary Ann and Maryann", one(func(p, q *profile) { names(p, q, "Mary Ann", "Maryann"); q.phone = "" })},
	{"one person, Jean-Pierre and Jean Pierre", one(func(p, q *profile) {
		names(p, q, "Jean-Pierre", "Jean Pierre")
		q.email = ""
	})},
	{"one person, van der written together", one(func(p, q *profile) {
		q.last, p.last, q.phone = "Vander"+strings.ToLower(p.last), "van der "+p.last, ""
	})},
	{"one person, one of two surnames", one(func(p, q *profile) { p.last, q.phone = p.last+" Lopez", "" })},
	// or a father of eighteen
	{"one person, years exchanged", one(func(p, q *profile) { p.born, q.born = "1968-04-17", "1986-04-17" })},
	{"one person, the first of January", one(func(p, q *profile) { p.born, q.born = "1968-04-17", "1968-01-01" })},
	{"one person, the firm renamed", one(func(_, q *profile) {
		q.email = strings.Replace(q.email, ".example.net", ".example.com", 1)
	})},
	{"one person, written down three times", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, p}, {0, but(p, func(q *profile) { q.phone, q.born, q.town, q.street = "", "", "", "" })},
			{0, but(p, func(q *profile) { q.email, q.born, q.town, q.street = "", "", "", "" })}}
	}},
	{"one person, the very same row", one(func(_, _ *profile) {})},
	{"one person, a title", one(func(_, q *profile) { q.first, q.phone = "Dr. "+q.first, "" })},
	{"one person, mailbox in capitals", one(func(_, q *profile) { q.email, q.phone = strings.ToUpper(q.email), "" })},
	// two people, or more
	{"father and son on one number", two(func(p, q *profile) {
		p.born, q.born, p.email, q.email = "1948-03-04", "1975-10-21", "", ""
	})},
	{"mother and daughter with all addresses", two(func(p, q *profile) { p.born, q.born = "1961-07-13", "1990-02-02" })},
	{"siblings on one mailbox", two(func(p, q *profile) {
		names(p, q, "Ronan", "Declan")
		p.born, q.born = "1991-07-13", "1993-02-02"
	})},
	{"siblings on one number, undated", two(func(p, q *profile) {
		names(p, q, "Ronan", "Declan")
		p.born, q.born, p.email, q.email = "", "", "", ""
	})},
	{"twins, Lena and Lea", two(func(p, q *profile) { names(p, q, "Lena", "Lea") })},
	{"twins, Tim and Tom", two(func(p, q *profile) { names(p, q, "Tim", "Tom") })},
	{"twins, Anna and Hanna", two(func(p, q *profile) { names(p, q, "Anna", "Hanna"); own(q) })},
	{"no name on a mailbox of strangers", func(somebody func() profile) []member {
		p, q := somebody(), somebody()
		q.email = p.email
		return []member{{0, p}, {1, q}, {2, profile{email: p.email}}}
	}},
	{"no name on a number of strangers", func(somebody func() profile) []member {
		p, q := somebody(), somebody()
		q.phone = p.phone
		return []member{{0, p}, {1, q}, {2, profile{phone: p.phone}}}
	}},
	{"a surname between brother and sister", between(func(p, q, x *profile) {
		names(p, q, "Ronan", "Grainne")
		p.born, q.born, x.born, x.first = "", "", "", ""
	})},
	{"an initial at one street", between(func(p, q, x *profile) {
		names(p, q, "Martin", "Monica")
		own(q)
		x.first, x.born, x.email, x.phone, q.born = "M.", "", "", "", "1955-05-05"
	})},
	{"Kasse 1 and Kasse 2", strangers(func(p, q *profile) {
		p.first, q.first, p.last, q.last = "Kasse", "Kasse", "1", "2"
		likewise(p, q)
	})},
	{"Store Dublin 2 and Dublin 3", strangers(func(p, q *profile) {
		p.first, q.first, p.last, q.last = "Store", "Store", "Dublin 2", "Dublin 3"
		likewise(p, q)
	})},
	{"User 001 and User 002", strangers(func(p, q *profile) {
		names(p, q, "User 001", "User 002")
		p.last, q.last = "", ""
		likewise(p, q)
	})},
	{"till1@ and till2@", strangers(func(p, q *profile) {
		shop := "@" + p.last + ".example.net"
		*p, *q = profile{email: "till1" + shop, town: p.town}, profile{email: "till2" + shop, town: p.town}
	})},
	{"namesakes, undated, like mailboxes", strangers(func(p, q *profile) {
		q.first, q.last, p.born, q.born, p.phone, q.phone = p.first, p.last, "", "", "", ""
		p.email, q.email = p.first+"."+p.last+"1@gmail.com", p.first+"."+p.last+"7@gmail.com"
	})},
	{"namesakes, dated, like mailboxes", strangers(func(p, q *profile) {
		q.first, q.last, p.phone = p.first, p.last, ""
		p.email, q.email = p.first+"."+p.last+"@gmail.com", p.first+p.last+"@yahoo.com"
		p.born, q.born = "1958-03-14", "1983-10-25"
	})},
	{"an office mailbox and a nameless row", func(somebody func() profile) []member {
		p, q, r := somebody(), somebody(), somebody()
		q.email, r.email = p.email, p.email
		return []member{{0, p}, {1, q}, {2, r}, {3, profile{email: p.email}}}
	}},
	{"a number given to somebody else", strangers(func(p, q *profile) { q.phone = p.phone })},
	{"a number given to a namesake by half", strangers(func(p, q *profile) {
		names(p, q, "Walter", "Walter")
		q.phone = p.phone
	})},
	{"deleted users", strangers(func(p, q *profile) {
		names(p, q, "Deleted", "Deleted")
		p.last, q.last, p.born, q.born = "User", "User", "", ""
	})},
	{"test accounts", strangers(func(p, q *profile) {
		names(p, q, "Test", "Test")
		p.last, q.last, p.born, q.born = "Test", "Test", "", ""
		q.email = p.email[:len(p.email)-len("@postN.example.net")] + "2@other.example.net"
	})},
	{"no-reply mailbox of namesakes", strangers(func(p, q *profile) {
		q.first, q.last, q.email, p.email = p.first, p.last, "noreply@shop.example.net", "noreply@shop.example.net"
	})},
	{"stepbrothers", two(func(p, q *profile) {
		q.last, p.born, q.born = "Featherstone", "1999-03-04", "2003-08-09"
		own(q)
	})},
	{"cousins of one name, a year apart", strangers(func(p, q *profile) {
		q.first, q.last, q.town, p.born, q.born = p.first, p.last, p.town, "1981-03-04", "1982-01-29"
	})},
	{"one house, one name, no birth date, two numbers", two(func(p, q *profile) { p.born, q.born = "", ""; own(q) })},
	{"a child's row with the parent's number", two(func(p, q *profile) {
		names(p, q, "Deirdre", "Oisin")
		p.born, q.born, q.email = "1980-05-05", "2011-06-06", ""
	})},
}, respelt("Sergey/Sergei", "Ekaterina/Yekaterina", "Dmitry/Dmitri", "Hussein/Hussain", "Björn/Bjoern", "Zoë/Zoe",
	"Elizabeth/Liz", "Robert/Bob", "Anthony/Tony", "Katherine/Kate", "James/Jim", "Catherine/Kathryn", "José/Pepe")...),
	couples("Francis/Frances", "Andrea/Andreas", "Martin/Martina", "Louis/Louise", "Simon/Simone", "Denis/Denise",
		"Daniel/Danielle", "Christian/Christine", "Oliver/Olivia", "Gabriel/Gabriele", "Carl/Carla", "Jack/Jill")...),
	betweens("Patrick/Patricia/Pat", "Christopher/Christina/Chris", "Samuel/Samantha/Sam", "Joseph/Josephine/Jo",
		"Martin/Martina/Mart", "Joan/John/Jo")...)

// clerkSettled are what is to come of some of them.
var clerkSettled = map[string]string{
	"Kasse 1 and Kasse 2": "apart", "Store Dublin 2 and Dublin 3": "apart", "User 001 and User 002": "apart",
	"father and son on one number": "asked", "mother and daughter with all addresses": "asked",
	"no name on a mailbox of strangers": "asked", "no name on a number of strangers": "asked",
	"a surname between brother and sister": "asked", "one person, years exchanged": "asked",
}
