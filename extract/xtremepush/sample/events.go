package sample

import (
	"strconv"
	"strings"
)

var eventNames = []string{"session_start", "session_start", "session_start", "login", "product_view", "product_view",
	"add_to_basket", "purchase", "deposit", "bet_placed", "search", "support_chat", "quest_completed"}

var eventColumns = []column{{"event_id", text}, {"event", text}, {"user_id", text}, {"profile_id", text},
	{"device_id", text}, {"timestamp", text}, {"value", raw}}

func eventsCSV(o Options, f *file) {
	f.header(eventColumns, "event_id", "event_name", "user_id", "profile_id", "device_id", "occurred_at", "value")
	f.events(o, 0, split(o.Events), func(v []string) { f.row(v...) })
	if !o.Clean && o.Events > 0 {
		f.damaged("events", "E1,purchase,U100001")
	}
}

func eventsNDJSON(o Options, f *file) {
	f.events(o, split(o.Events), o.Events, func(v []string) {
		if v[6] == brokenValue {
			v[6] = string(appendJSON(nil, v[6]))
		}
		f.object(eventColumns, v...)
	})
	if !o.Clean && o.Events > 0 {
		f.damaged("events", `{"event_id":"E2","event":"purchase","user_id":`)
	}
}

func (f *file) events(o Options, start, end int, write func([]string)) {
	if o.Profiles == 0 {
		return
	}
	for n := start; n < end; n++ {
		m, isCopy := n, false
		if !o.Clean && n > start {
			switch n % 1000 {
			case 500:
				f.count("events", "repeated")
				m, isCopy = n-1, true
			case 600:
				f.count("events", "repeated without id")
				m, isCopy = n-1, true
			}
		}
		v := f.event(o, m)
		if isCopy && n%1000 == 600 || !o.Clean && n%1000 == 599 {
			v[0] = ""
		}
		write(v)
	}
}

const brokenValue = `{"amount": 12,`

func (f *file) event(o Options, n int) []string {
	d := o.dice(forEvent, n)
	// Some people do much more than others.
	i := d.below(o.Profiles)
	if d.chance(400) {
		i = d.below(1 + o.Profiles/10)
	}
	role, _, _ := o.roleOf(i)
	user, profile, device := userID(i), profileID(i), ""
	if role == anonymous {
		f.count("events", "anonymous")
		user = ""
	}
	if n%3 != 0 && user != "" {
		profile = ""
	}
	if o.Devices > 0 && n%4 == 0 {
		device = deviceID(d.below(o.Devices))
	}
	name, at := d.pick(eventNames), stamp(d.before(365))
	if n%2 == 1 {
		at = strings.Replace(at, " ", "T", 1) + "Z"
	}
	value := ""
	switch name {
	case "purchase", "deposit", "bet_placed":
		value = `{"amount":` + strconv.Itoa(d.below(20000)) + `.50,"currency":"EUR","store":"S-` +
			strconv.Itoa(101+d.below(24)) + `"}`
	case "product_view", "add_to_basket":
		value = `{"product":"P` + strconv.Itoa(d.below(400)) + `"}`
	case "search":
		value = `"shoes, red"`
	}
	if !o.Clean {
		switch n % 1000 {
		case 111:
			f.count("events", "unknown person")
			user, profile = "U96"+strconv.Itoa(n), ""
		case 222:
			f.count("events", "future date")
			at = stamp(future)
		case 333:
			f.count("events", "no time")
			at = ""
		case 444:
			f.count("events", "unreadable time")
			at = "yesterday"
		case 555:
			f.count("events", "broken value")
			value = brokenValue
		}
	}
	return []string{"E" + strconv.Itoa(9_000_001+n), name, user, profile, device, at, value}
}
