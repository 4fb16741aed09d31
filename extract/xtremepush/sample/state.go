package sample

import (
	"strconv"
	"time"
)

// consents is the change log of the channels and the named preferences, newest last.
func consents(o Options, f *file) {
	f.header(texts("consent_id", "profile_id", "user_id", "device_id", "channel", "preference_name", "preference_type",
		"address", "status", "source", "update_is_external", "update_time", "metadata"))
	id := 0
	log := func(p *profile, channel, preference, status string, at time.Time, metadata string) {
		id++
		address := map[string]string{"email": p.email, "sms": p.phone}[channel]
		kind, source := "subscription", "preference centre"
		if preference != "" {
			kind = "preference"
		}
		if id%3 == 0 {
			source = "import"
		}
		f.row("C"+strconv.Itoa(id), p.id, p.userID, "", channel, preference, kind, address, status, source,
			strconv.Itoa(1-min(id%3, 1)), stamp(at), metadata)
	}
	for i := 0; i < o.Profiles; i++ {
		p := o.profile(i)
		d := o.dice(forConsent, i)
		if p.role == anonymous || p.role == repeatedRow || p.role == repeatedNewer || p.role == unknownConsent ||
			p.userID == "" {
			continue
		}
		last, metadata := p.updated, ""
		if d.chance(250) {
			metadata = `{"location":"` + p.town + `"}`
		}
		switch {
		case p.role == flagYesLogNo:
			f.count("consents", "log says no")
			log(&p, "email", "", "1", p.created, metadata)
			log(&p, "email", "", "0", last, metadata)
			log(&p, "sms", "", "unsubscribed", last, "")
		case p.role == flagNoLogYes:
			f.count("consents", "log says yes")
			log(&p, "email", "", "1", last, metadata)
		case d.chance(550):
			if p.emailYes == "0" {
				log(&p, "email", "", "1", p.created, "")
			}
			log(&p, "email", "", p.emailYes, last, metadata)
			if p.phone != "" && d.chance(500) {
				log(&p, "sms", "", p.smsYes, last, "")
			}
		}
		if d.chance(180) {
			log(&p, "email", d.pick([]string{"Newsletter", "Offers", "Partner offers"}), yes(d, 700), last, "")
		}
	}
	if o.Clean {
		return
	}
	for n := 0; n < 4; n++ {
		f.count("consents", "unknown person")
		log(&profile{userID: "U98000" + strconv.Itoa(n)}, "email", "", "0", exportDay, "")
	}
	for n := 0; n < min(3, o.Profiles); n++ {
		f.count("consents", "unreadable status")
		p := o.profile(n)
		log(&p, "email", "", "perhaps", exportDay, "")
	}
}

var tiers = []string{"Bronze", "Silver", "Gold", "Platinum"}

// loyalty is an export of the Loyalty Hub, which calls things by other names.
func loyalty(o Options, f *file) {
	f.header(texts("user_id", "player_id", "points_balance", "available_tokens", "level_current", "tier", "experience",
		"achievement_ids", "badge_ids", "quest_completions_total", "last_active", "updated_at"))
	member := 0
	for i := 0; i < o.Profiles; i++ {
		p := o.profile(i)
		d := o.dice(forLoyalty, i)
		if p.userID == "" || p.points != "" || p.role == repeatedRow || p.role == repeatedNewer || !d.chance(450) {
			continue
		}
		member++
		level := d.below(len(tiers))
		points, tier := strconv.Itoa(d.below(1500*(level+1))), tiers[level]
		if !o.Clean {
			points, tier = f.soilLoyalty(member, points, tier)
		}
		var won []string
		for n := d.below(5); n > 0; n-- {
			won = append(won, "A"+strconv.Itoa(100+n))
		}
		f.row(p.userID, "pl-"+strconv.Itoa(i), points, points, strconv.Itoa(level+1), tier,
			strconv.Itoa(level*1000+d.below(1000)),
			jsonList(won), "", strconv.Itoa(d.below(20)), stamp(p.updated), stamp(exportDay))
	}
	if !o.Clean {
		for n := 0; n < 3; n++ {
			f.count("loyalty", "unknown person")
			f.row("U97000"+strconv.Itoa(n), "pl-x"+strconv.Itoa(n), "50", "50", "1", "Bronze", "0", "", "", "0", "",
				stamp(exportDay))
		}
	}
}

func (f *file) soilLoyalty(member int, points, tier string) (string, string) {
	switch member % 120 {
	case 11:
		f.count("loyalty", "negative points")
		return "-" + points + "5", tier
	case 37:
		f.count("loyalty", "unknown tier")
		return points, "Diamond"
	case 71:
		f.count("loyalty", "points are not a number")
		return "lots", tier
	}
	return points, tier
}
