package sample

import (
	"strconv"
	"strings"
	"time"
)

// person is somebody who does not exist.
type person struct {
	first, last, gender, email, phone   string
	land                                *land
	street, town, postcode              string
	born                                time.Time
	company, companyDomain, manager     string
	created, updated, seen              time.Time
	stage, store, channel, hobby        string
	interests                           []string
	orders, household                   int
	lifetime                            int // cents
	vip, hasApp                         bool
	emailYes, smsYes, whatsappYes, push string
}

// land is where somebody lives: how names, phones and towns look there.
type land struct {
	*names
	code, language, zone string
	weight               int
	mobile               []string // prefixes, without a plus; seven digits follow
	trunk                string   // the prefix a number loses abroad
	dial                 string
}

var lands = []*land{
	{&irish, "IE", "en", "Europe/Dublin", 32, []string{"35383", "35385", "35386", "35387", "35389"}, "0", "353"},
	{&english, "GB", "en", "Europe/London", 25, []string{"44742", "44743", "44755", "44781"}, "0", "44"},
	{&german, "DE", "de", "Europe/Berlin", 13, []string{"491511", "491512", "491601"}, "0", "49"},
	{&french, "FR", "fr", "Europe/Paris", 9, []string{"3361", "3362", "3367"}, "0", "33"},
	{&spanish, "ES", "es", "Europe/Madrid", 7, []string{"3461", "3465"}, "", "34"},
	{&dutch, "NL", "nl", "Europe/Amsterdam", 5, []string{"3161", "3162"}, "0", "31"},
	{&polish, "PL", "pl", "Europe/Warsaw", 4, []string{"4850", "4851", "4860"}, "", "48"},
	{&english, "US", "en", "America/New_York", 5, []string{"1212", "1312", "1415", "1617"}, "1", "1"},
}

// A reserved domain never belongs to anybody.
var mailDomains = []string{"example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "inbox.example.net"}

// Managers are who a customer is looked after by; the twin knows the first four.
var Managers = []string{"anna.keller@acme.example", "ben.doyle@acme.example", "carla.rossi@acme.example", "david.okafor@acme.example"}

// Stages are the lifecycle stages in the exports, in their spelling there.
var Stages = []string{"Lead", "Prospect", "Qualified", "Customer", "Loyal", "Churned"}

var (
	channels  = []string{"email", "sms", "push", "whatsapp"}
	hobbies   = []string{"football", "cooking", "cycling", "reading", "gardening", "chess", "hiking", "music", "travel", "photography"}
	mailWords = list("ace bear bird blue cloud coast comet echo ember fern fox hawk hazel jade lake lemon maple mint moon north olive otter pearl pine pixel quill river robin sage sky snow sun tiger violet wave wolf")
	interests = []string{"sport", "casino", "bingo", "racing", "poker", "slots", "live", "lottery"}
)

// person number i; the same for every caller.
func (o Options) person(i int) person {
	d := o.dice(forPerson, i)
	p := person{land: pickLand(d)}
	p.gender, p.first = "female", d.pick(p.land.women)
	if d.chance(500) {
		p.gender, p.first = "male", d.pick(p.land.men)
	}
	p.last = p.land.surname(d)
	if d.chance(12) {
		p.first, p.last = d.pick([]string{"Ελένη", "Дмитрий", "さくら", "Zoë 🌻", "Nguyễn"}), d.pick([]string{"Παππά", "Орлов", "田中", "O'Neill-Þórsdóttir", "Văn Anh"})
	}
	p.born = time.Date(1940+d.below(66), 1, 1+d.below(365), 0, 0, 0, 0, time.UTC)
	p.email = mailbox(d, p.first, p.last, p.born.Year(), i) + "@" + d.pick(mailDomains)
	p.phone = phoneNumber(p.land, i)
	p.street = p.land.street(d, strconv.Itoa(1+d.below(180)))
	p.town = d.pick(p.land.towns)
	p.postcode = strconv.Itoa(10000 + d.below(80000))
	p.created = d.before(2200)
	p.updated = p.created.Add(time.Duration(d.below(1+int(exportDay.Sub(p.created)/time.Second))) * time.Second)
	p.seen = p.updated
	p.stage = Stages[d.below(len(Stages))]
	p.store = "S-" + strconv.Itoa(101+d.below(24))
	p.channel, p.hobby = d.pick(channels), d.pick(hobbies)
	for n := d.below(4); n > 0; n-- {
		p.interests = append(p.interests, interests[(d.below(3)+3*n)%len(interests)])
	}
	p.orders, p.household = d.below(60), 1+d.below(6)
	p.lifetime = p.orders * (900 + d.below(6000))
	p.vip, p.hasApp = p.lifetime > 200000, d.chance(550)
	p.emailYes, p.smsYes, p.whatsappYes, p.push = yes(d, 720), yes(d, 480), yes(d, 150), yes(d, 400)
	if o.Companies > 0 && d.chance(220) {
		c := o.company(d.below(o.Companies))
		p.company, p.companyDomain = c.name, c.domain
	}
	if d.chance(300) {
		p.manager = d.pick(Managers)
	}
	return p
}

func yes(d *dice, perMille int) string {
	if d.chance(perMille) {
		return "1"
	}
	return "0"
}

func pickLand(d *dice) *land {
	n := d.below(100)
	for _, l := range lands {
		if n -= l.weight; n < 0 {
			return l
		}
	}
	return lands[0]
}

// phoneNumber is digits only, country code first, as Xtremepush wants them; different for every i
// below ten million (a million in the US), because multiplying by a coprime is a permutation.
func phoneNumber(l *land, i int) string {
	prefix := l.mobile[i%len(l.mobile)]
	digits := strconv.Itoa(10_000_000 + (i*7_654_321+1_234_567)%10_000_000)[1:]
	if l.code == "US" {
		digits = "2" + strconv.Itoa(1_000_000 + (i*765_431+123_457)%1_000_000)[1:]
	}
	return prefix + digits
}

var plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ë", "e", "ç", "c", "ñ", "n", "á", "a", "í", "i", "ó", "o", "ú", "u",
	"ł", "l", "ś", "s", "ż", "z", "ń", "n", "ą", "a", "ę", "e", "ô", "o", "ï", "i", "â", "a", "'", "", " ", "", "-", "")

// mailbox is the local part of an address, in one of the ways people make them; the number keeps
// it unique.
func mailbox(d *dice, first, last string, born, i int) string {
	plain := func(s string) string {
		s = plainLetters.Replace(strings.ToLower(s))
		for k := 0; k < len(s); k++ {
			if s[k] > 'z' {
				return "user"
			}
		}
		return s
	}
	first, last = plain(first), plain(last)
	number := strconv.FormatInt(int64(i), 36)
	switch d.below(5) {
	case 0:
		return first + "." + last + "." + number
	case 1:
		return first[:1] + last + number
	case 2:
		return last + "_" + first + number
	case 3:
		return first + strconv.Itoa(born%100) + "." + number
	default:
		return d.pick(hobbies) + "." + d.pick(mailWords) + number
	}
}
