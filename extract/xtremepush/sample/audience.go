package sample

import (
	"fmt"
	"strconv"
)

// segment is an audience: its rule in Xtremepush's words, and who is in it.
type segment struct {
	kind, id, title, conditions, memberType string
	has                                     func(*profile) bool
}

var allSegments = []segment{
	{"segment", "501", "VIP customers",
		`{"operator":"AND","0":{"operator":"AND","0":["user_attribute","is_vip","=",true],"1":["user_attribute","order_count",">",10]}}`, "profile", func(p *profile) bool { return p.vip && p.orders > 10 }},
	{"segment", "502", "Dublin", `{"operator":"AND","0":{"operator":"AND","0":["user_attribute","town","=","Dublin"]}}`,
		"profile", func(p *profile) bool { return p.town == "Dublin" }},
	{"segment", "503", "Lapsed 90 days", `{"operator":"AND","0":{"operator":"AND","0":["last_open",">",90,"days ago"]}}`,
		"profile", func(p *profile) bool { return exportDay.Sub(p.person.seen).Hours() > 90*24 }},
	{"segment", "504", "App users",
		`{"operator":"AND","0":{"operator":"OR","0":["tags","app_open",">",0,"hits"],"1":["user_attribute","has_app","=",true]}}`, "profile", func(p *profile) bool { return p.hasApp }},
	{"segment", "505", "Football fans",
		`{"operator":"AND","0":{"operator":"AND","0":["user_attribute","hobby","=","football"]}}`, "profile",
		func(p *profile) bool { return p.hobby == "football" }},
	{"segment", "506", "Big spenders",
		`{"operator":"AND","0":{"operator":"AND","0":["user_attribute","lifetime_value",">=",1500]}}`, "profile",
		func(p *profile) bool { return p.lifetime >= 150000 }},
	{"segment", "507", "Nobody yet", `{"operator":"AND","0":{"operator":"AND","0":["country","=","NZ"]}}`, "profile",
		func(*profile) bool { return false }},
	{"list", "61", "Christmas cards", "", "user", func(p *profile) bool { return p.household > 4 }},
	{"list", "62", "Beta testers", "", "email", func(p *profile) bool { return p.hobby == "chess" && p.hasApp }},
	{"loyalty_segment", "L1", "Points above 5,000",
		`{"groups":[{"path":"$.tokens","filter":{"type":"number","operator":">","value":5000}}]}`, "user",
		func(p *profile) bool { return p.orders > 45 }},
}

var segmentColumns = []column{{"kind", text}, {"segment_id", text}, {"title", text}, {"conditions", raw},
	{"member_type", text}, {"member_count", number}, {"active", number}, {"create_time", number}, {"update_time", number}}

func segments(o Options, f *file) {
	f.array(func() {
		for n, s := range allSegments {
			created := strconv.FormatInt(exportDay.AddDate(0, -3*n-1, 0).Unix(), 10)
			f.object(segmentColumns, s.kind, s.id, s.title, s.conditions, s.memberType, "", "1", created, created)
		}
	})
}

// memberships is a zip of two parts: audiences by profile, lists by user id or e-mail.
func memberships(o Options, f *file) {
	snapshot := stamp(exportDay)
	f.part("segment_memberships_20260301_part001.csv")
	f.header(texts("kind", "segment_id", "profile_id", "user_id", "device_id", "identifier", "snapshot_time"))
	f.members(o, "profile", func(s segment, p *profile) { f.row(s.kind, s.id, p.id, p.userID, "", "", snapshot) })
	if !o.Clean {
		for n := 0; n < 5; n++ {
			f.count("segment_memberships", "unknown member")
			f.row("segment", "501", strconv.Itoa(49_000_001+n), "", "", "", snapshot)
			f.count("segment_memberships", "unknown segment")
			f.row("segment", "599", profileID(n), "", "", "", snapshot)
		}
	}
	f.part("segment_memberships_20260301_part002.csv")
	f.header(texts("kind", "segment_id", "profile_id", "user_id", "device_id", "identifier", "snapshot_time"))
	f.members(o, "user", func(s segment, p *profile) { f.row(s.kind, s.id, "", p.userID, "", p.userID, snapshot) })
	f.members(o, "email", func(s segment, p *profile) { f.row(s.kind, s.id, "", "", "", p.email, snapshot) })
}

// members calls write for every member of the segments of one type; every 200th twice.
func (f *file) members(o Options, memberType string, write func(segment, *profile)) {
	written := 0
	for i := 0; i < o.Profiles; i++ {
		p := o.profile(i)
		if p.role == repeatedRow || p.role == repeatedNewer || memberType == "user" && p.userID == "" ||
			memberType == "email" && p.email == "" {
			continue
		}
		for _, s := range allSegments {
			if s.memberType != memberType || !s.has(&p) {
				continue
			}
			write(s, &p)
			if p.role == anonymous {
				f.count("segment_memberships", "anonymous member")
			}
			if written++; written%200 == 0 && !o.Clean {
				f.count("segment_memberships", "repeated")
				write(s, &p)
			}
		}
	}
}

var tagNames = []string{"viewed_page", "searched", "added_to_basket", "shared", "app_open"}

func tagHits(o Options, f *file) {
	f.header(texts("id", "tag_name", "value", "device_id", "profile_id", "user_id", "create_time"))
	for n := 0; n < o.TagHits && o.Profiles > 0; n++ {
		d := o.dice(forTag, n)
		tag, i := d.pick(tagNames), d.below(o.Profiles)
		profile, device := profileID(i), ""
		if o.Devices > 0 {
			device = deviceID(d.below(o.Devices))
		}
		if n%2000 == 7 && !o.Clean {
			f.count("tags", "unknown person")
			profile, device = strconv.Itoa(49_100_000+n), ""
		}
		f.row("T"+strconv.Itoa(n+1), tag, fmt.Sprintf("/shop/%s/%d", tag, d.below(40)), device, profile, "",
			stamp(d.before(400)))
	}
}
