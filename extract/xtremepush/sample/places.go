package sample

import (
	"fmt"
	"strconv"
)

func deviceID(n int) string { return strconv.Itoa(17_000_001 + n) }

func devices(o Options, f *file) {
	f.header(texts("id", "profile_id", "user_id", "external_id", "type", "token", "environment", "subscription",
		"registered", "device_model", "device_os", "country", "language", "timezone", "create_time", "update_time",
		"last_session_time"))
	platforms := []struct{ name, model, os string }{{"ios", "iPhone15,2", "17.4"}, {"android", "Pixel 8", "14"},
		{"web", "Firefox", "126"}}
	for n := 0; n < o.Devices && o.Profiles > 0; n++ {
		d := o.dice(forDevice, n)
		i := d.below(o.Profiles)
		platform := platforms[d.below(len(platforms))]
		profile, registered, token := profileID(i), "1", fmt.Sprintf("%016x%016x", d.next(), d.next())
		if !o.Clean {
			switch n % 100 {
			case 9:
				f.count("devices", "unknown person")
				profile = strconv.Itoa(49_300_000 + n)
			case 20, 40, 60, 80:
				f.count("devices", "unregistered")
				registered = "0"
			case 33:
				f.count("devices", "no token")
				token = ""
			case 55, 56:
				f.count("devices", "shared token")
				token = fmt.Sprintf("5eed%028x", n/100)
			}
		}
		created := d.before(1500)
		allows := o.profile(i).push
		if d.below(10) == 0 {
			allows = yes(d, 700) // a device of its own mind
		}
		f.row(deviceID(n), profile, "", "", platform.name, token, "production", allows, registered,
			platform.model, platform.os,
			"IE", "en", "Europe/Dublin", stamp(created), stamp(created), stamp(created))
	}
}

func geofences(o Options, f *file) {
	f.header(texts("type", "id", "title", "address", "latitude", "longitude", "radius", "uuid", "major",
		"minor", "enabled"))
	for n := 0; n < 12; n++ {
		f.row("geofence", strconv.Itoa(301+n), "Store S-"+strconv.Itoa(101+n), strconv.Itoa(n+1)+" Harbour Road, Dublin",
			fmt.Sprintf("%.4f", 53.3+float64(n)/100), fmt.Sprintf("%.4f", -6.2-float64(n)/100), strconv.Itoa(100+50*n),
			"", "", "", "1")
	}
	for n := 0; n < 4; n++ {
		f.row("ibeacon", strconv.Itoa(401+n), "Till "+strconv.Itoa(n+1), "", "", "", "",
			"f7826da6-4fa2-4e98-8024-bc5b71e0893e", "1", strconv.Itoa(n+1), strconv.Itoa(n%2))
	}
	if !o.Clean {
		f.count("geofences", "impossible place")
		f.row("geofence", "399", "Nowhere", "", "153.3", "-6.2", "100", "", "", "", "0")
	}
}

var ruleColumns = []column{{"rule_kind", text}, {"id", text}, {"name", text}, {"title", text}, {"description", text},
	{"enabled", raw}, {"event", text}, {"conditions", raw}, {"reward", raw}, {"valid_from", text}, {"valid_to", text},
	{"definition", raw}}

// gamificationRules is what an administrator of the Loyalty Hub can export.
func gamificationRules(o Options, f *file) {
	const whole = `{"groups":[{"path":"$.body.amount_customer","filter":{"type":"number","operator":">=","value":20}}]}`
	f.array(func() {
		for n := 0; n < 6; n++ {
			f.object(ruleColumns, "reward_rule", "R"+strconv.Itoa(n+1), fmt.Sprintf("%d points for a purchase over %d", 10*(n+1),
				20*(n+1)), "", "Every purchase counts once a day", "true", "purchase", whole,
				fmt.Sprintf(`{"type":"TOKEN","amount":%d}`, 10*(n+1)), "2024-01-01", "", `{"constraints":{"perDay":1}}`)
		}
		for n := 0; n < 4; n++ {
			f.object(ruleColumns, "quest", "Q"+strconv.Itoa(n+1), "", fmt.Sprintf("Visit %d stores", n+2), "Opens on Monday",
				"true", "store_visit", "", `{"type":"USER_STAT","stat":"visits"}`, "2025-06-01", "2026-06-01",
				fmt.Sprintf(`{"challenges":[{"target":%d,"event":"store_visit"}]}`, n+2))
		}
		for n := 0; n < 5; n++ {
			f.object(ruleColumns, "achievement", "A"+strconv.Itoa(100+n), "", []string{"First order", "Night owl", "Collector",
				"Regular", "Champion"}[n], "", strconv.FormatBool(n != 3), "", "", "", "", "", `{"hidden":false}`)
		}
		for n, tier := range tiers {
			f.object(ruleColumns, "level", strconv.Itoa(n+1), tier, "", "", "true", "", "", "", "", "",
				fmt.Sprintf(`{"levelUpCostInTokens":%d,"levelType":"automatic"}`, 1000*n))
		}
		f.object(ruleColumns, "redeem_option", "RO1", "Voucher 10 EUR", "", "", "true", "", "",
			`{"type":"currency conversion","limitAmount":50}`, "", "", `{"rate":100}`)
	})
}
