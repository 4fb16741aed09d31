package sql_test

import (
	"fmt"
	"strings"
)

// three people who share what is changed.
func three(change func(p, q, r *profile)) func(func() profile) []member {
	return func(somebody func() profile) []member {
		p, q, r := somebody(), somebody(), somebody()
		change(&p, &q, &r)
		return []member{{0, p}, {1, q}, {2, r}}
	}
}

// strangers are two people who have nothing in common but what is changed.
func strangers(change func(p, q *profile)) func(func() profile) []member {
	return func(somebody func() profile) []member {
		p, q := somebody(), somebody()
		change(&p, &q)
		return []member{{0, p}, {1, q}}
	}
}

// likewise gives the same mailbox and number, and no birth date.
func likewise(p, q *profile) { q.email, q.phone, p.born, q.born = p.email, p.phone, "", "" }

// moreConfusables are what a careful clerk of a company knows besides.
var moreConfusables = []confusable{
	// one person
	{"one person, gmail with dots", one(func(p, q *profile) {
		local := p.email[:len(p.email)-len("@postN.example.net")]
		p.email, q.email = local+"x@gmail.com", local[:2]+"."+local[2:]+"x@googlemail.com"
		q.phone, q.born = "", ""
	})},
	{"one person, a plus tag", one(func(p, q *profile) {
		p.email, q.email = p.last+"@firm.example.net", p.last+"+news@firm.example.net"
		q.phone, q.born = "", ""
	})},
	{"one person, Alexander and Aleksandr", one(func(p, q *profile) {
		p.first, q.first, q.phone = "Alexander", "Aleksandr", ""
	})},
	{"one person, Yulia and Julia", one(func(p, q *profile) { p.first, q.first, q.phone = "Yulia", "Julia", "" })},
	{"one person, Mohammed and Muhammad", one(func(p, q *profile) {
		p.first, q.first, q.born = "Mohammed", "Muhammad", ""
	})},
	{"one person, Jürgen and Juergen", one(func(p, q *profile) {
		p.first, q.first, q.email = "Jürgen", "Juergen", ""
	})},
	{"one person, Müller and Mueller", one(func(p, q *profile) {
		p.last, q.last = p.last+"müller", p.last+"mueller"
	})},
	{"one person, O'Neill and ONeill", one(func(p, q *profile) { p.last, q.last = "O'"+p.last, "O"+p.last })},
	{"one person, Mc and Mac", one(func(p, q *profile) { p.last, q.last = "Mc"+p.last, "Mac"+p.last })},
	{"one person, Peggy and Margaret", one(func(p, q *profile) {
		p.first, q.first, q.email = "Margaret", "Peggy", ""
	})},
	{"one person, Siobhán and Siobhan", one(func(p, q *profile) {
		p.first, q.first, q.phone = "Siobhán", "Siobhan", ""
	})},
	{"one person, a second given name", one(func(p, q *profile) { q.first, q.phone = p.first+" Maria", "" })},
	{"one person, a middle initial", one(func(p, q *profile) { q.first, q.email = p.first+" J.", "" })},
	{"one person, everything in capitals", one(func(_, q *profile) {
		q.first, q.last, q.phone = strings.ToUpper(q.first), strings.ToUpper(q.last), ""
	})},
	{"one person, a slip in the mailbox", one(func(_, q *profile) { q.email = q.email[:2] + q.email[3:] })},
	{"one person, a slip in the number", one(func(_, q *profile) {
		q.phone = q.phone[:8] + "x"[:0] + q.phone[9:] + "1"
	})},
	{"one person, the year mistyped", one(func(p, q *profile) { p.born, q.born = "1950-03-04", "1960-03-04" })},
	{"one person, two slips in the name", one(func(_, q *profile) {
		q.last = q.last[1:2] + q.last[:1] + q.last[3:]
	})},
	{"one person, married and moved", one(func(_, q *profile) {
		q.last, q.town, q.street = "Featherstone", "Sligo", "9 Quay"
	})},
	{"one person, name and half an address", one(func(_, q *profile) { q.email, q.born = "", "" })},
	{"one person, no name on one mailbox", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, p}, {0, profile{email: p.email}}}
	}},
	{"one person, nameless twice", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, profile{email: p.email}}, {0, profile{email: p.email}}}
	}},
	// two people, or more
	{"numbered tills", three(func(p, q, r *profile) {
		for i, x := range []*profile{p, q, r} {
			x.first, x.last, x.email, x.phone = "Till", fmt.Sprintf("%02d", i+1), p.email, p.phone
			x.born, x.town, x.street = "", p.town, p.street
		}
	})},
	{"numbered guests", strangers(func(p, q *profile) {
		p.first, q.first, p.last, q.last = "Guest 4", "Guest 5", "", ""
		likewise(p, q)
	})},
	{"info mailbox of three", three(func(p, q, r *profile) {
		p.email = "info@" + p.last + ".example.net"
		q.email, r.email = p.email, p.email
	})},
	{"an office's telephone of three", three(func(p, q, r *profile) {
		q.phone, r.phone, q.town, r.town, q.street, r.street = p.phone, p.phone, p.town, p.town, p.street, p.street
	})},
	{"neighbours of one name", strangers(func(p, q *profile) {
		q.first, q.last, q.town = p.first, p.last, p.town
		p.born, q.born = "", ""
	})},
	{"namesakes with birth dates", strangers(func(p, q *profile) {
		q.first, q.last, q.town = p.first, p.last, p.town
	})},
	{"a name and nothing else", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, profile{first: p.first, last: p.last}}, {1, profile{first: p.first, last: p.last}}}
	}},
	{"a given name and a town", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, profile{first: p.first, town: p.town}}, {1, profile{first: p.first, town: p.town}}}
	}},
	{"a birth date and a town", func(somebody func() profile) []member {
		p := somebody()
		return []member{{0, profile{born: p.born, town: p.town}}, {1, profile{born: p.born, town: p.town}}}
	}},
	{"a company in the name, two mailboxes", strangers(func(p, q *profile) {
		p.first, q.first, p.last, q.last, p.born, q.born = "", "", "Harbour Foods Ltd", "Harbour Foods Ltd", "", ""
		p.town, p.street = q.town, q.street
	})},
	{"a club whose mailboxes are counted", func(somebody func() profile) []member {
		p, all := somebody(), []member{}
		for i := range 12 {
			at := 1 + i%(len(p.last)-1) // the mailboxes 12 and 21, 39 and 93 have the same letters
			last := p.last[:at] + string(rune('a'+i*7%26)) + p.last[at+1:]
			all = append(all, member{i, profile{first: p.first, last: last,
				email: fmt.Sprintf("%s%d@club.example.net", strings.ToLower(p.first), 9*i+3)}})
		}
		return all
	}},
	{"John Doe and Don Johnson", strangers(func(p, q *profile) {
		p.first, p.last, q.first, q.last = "John", "Doe"+p.last[:3], "Don", "Johnson"+p.last[:3]
		likewise(p, q)
	})},
	{"John and Joan on one mailbox", two(func(p, q *profile) {
		p.first, q.first, p.born, q.born = "John", "Joan", "", ""
	})},
	{"Eric and Erica", two(func(p, q *profile) { p.first, q.first, p.born, q.born = "Eric", "Erica", "", "" })},
	{"Paul and Paula, one house", two(func(p, q *profile) {
		p.first, q.first, q.born = "Paul", "Paula", "1961-05-06"
		q.email = ""
	})},
	{"Marian and Marina, twins", two(func(p, q *profile) { p.first, q.first = "Marian", "Marina"; own(q) })},
	{"twins with initials of their own", two(func(p, q *profile) { p.first, q.first = "Aoife", "Ciara"; own(q) })},
	{"triplets", func(somebody func() profile) []member {
		p := somebody()
		q, r := but(p, func(x *profile) { x.first = "Niamh" }), but(p, func(x *profile) { x.first = "Sean" })
		return []member{{0, p}, {1, q}, {2, r}}
	}},
	{"a day apart, everything else their own", two(func(p, q *profile) {
		p.born, q.born = "1950-03-04", "1950-03-05"
		own(q)
	})},
	{"grandfather and grandson", two(func(p, q *profile) {
		p.born, q.born = "1931-03-04", "1991-06-11"
		q.email = ""
	})},
	{"father and son, one of them undated", two(func(p, q *profile) { p.born, q.born = "1931-03-04", ""; own(q) })},
	{"Walsh II and Walsh III", two(func(p, q *profile) {
		p.born, q.born, p.last, q.last = "", "", p.last+" II", p.last+" III"
	})},
	{"an assistant with her chief's number", strangers(func(p, q *profile) {
		q.phone, q.town, q.street = p.phone, p.town, p.street
	})},
	{"a parent's mailbox for the child", two(func(p, q *profile) {
		p.first, q.first, q.born, q.phone = "Deirdre", "Fionn", "2012-05-06", ""
	})},
	{"ex-partners with a mailbox in common", strangers(func(p, q *profile) {
		q.email = p.email
		p.born, q.born = "", ""
	})},
	{"no name between a couple", func(somebody func() profile) []member {
		p := somebody()
		p.first, p.born = "Brendan", ""
		q := but(p, func(x *profile) { x.first, x.phone = "Grainne", "" })
		return []member{{0, p}, {1, q}, {2, profile{email: p.email}}}
	}},
}
