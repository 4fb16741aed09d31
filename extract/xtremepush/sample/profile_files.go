package sample

import (
	"strconv"
	"strings"
	"time"
)

// Standard columns, then attributes of every type.
var profileColumns = []column{
	{"profile_id", text}, {"user_id", text}, {"email", text}, {"mobile_number", text}, {"whatsapp_number", text},
	{"first_name", text}, {"last_name", text}, {"language", text}, {"timezone", text}, {"country", text},
	{"email_subscription", number}, {"sms_subscription", number}, {"whatsapp_subscription", number},
	{"push_subscription", number},
	{"lifecycle_stage", text}, {"company", text}, {"create_time", text}, {"update_time", text}, {"last_seen_time", text},
	{"gender", text}, {"birth_date", text}, {"street", text}, {"town", text}, {"postcode", text},
	{"preferred_channel", text}, {"favourite_store", text}, {"hobby", text}, {"referral_code", text}, {"comment", text},
	{"order_count", text}, {"lifetime_value", text}, {"household_size", number}, {"is_vip", text}, {"has_app", raw},
	{"contract_date", text}, {"interests", raw}, {"children", raw}, {"account_manager", text}, {"company_domain", text},
	{"loyalty_points", text}, {"loyalty_tier", text},
}

// The dashboard's labels for the standard columns.
var profileLabels = []string{
	"Profile ID", "User ID", "Email", "Mobile Number", "Whatsapp Number", "First Name", "Last Name", "Language",
	"Timezone", "Country",
	"Email Subscription", "SMS Subscription", "Whatsapp Subscription", "Push Subscription", "Lifecycle Stage", "Company",
	"Create Time", "Update Time", "Last Seen Time",
}

func (p *profile) values(moment func(time.Time) string) []string {
	household := ""
	if p.household > 0 {
		household = strconv.Itoa(p.household)
	}
	app := ""
	if p.role != unknownConsent {
		app = strconv.FormatBool(p.hasApp)
	}
	return []string{
		p.id, p.userID, p.email, p.phone, p.whatsapp, p.first, p.last, p.land.language, p.land.zone, p.land.code,
		p.emailYes, p.smsYes, p.whatsappYes, p.push, p.stage, p.company, moment(p.created), moment(p.updated), p.seen,
		p.gender, p.birth, p.street, p.town, p.postcode, p.channel, p.store, p.hobby, p.referral, p.comment,
		p.ordersText, p.lifetimeText, household, p.vipTxt, app, p.contract, jsonList(p.interests), p.children, p.manager,
		p.companyDomain,
		p.points, p.tier,
	}
}

func jsonList(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return `["` + strings.Join(items, `","`) + `"]`
}

// split is where the first of two files ends: six tenths.
func split(n int) int { return n * 6 / 10 }

func (f *file) countProfile(p *profile) {
	if p.role != clean {
		f.count("user_profiles", roles[p.role-1].name)
	}
}

func profilesCSV(o Options, f *file) {
	labels := append([]string{}, profileLabels...)
	for _, c := range profileColumns[len(labels):] {
		labels = append(labels, c.name)
	}
	f.header(profileColumns, labels...)
	end := split(o.Profiles)
	for i := 0; i < end; i++ {
		p := o.profile(i)
		f.countProfile(&p)
		f.row(p.values(stamp)...)
		if o.Clean {
			continue
		}
		switch i {
		case end / 5:
			f.damaged("user_profiles", "41990001,U990001,cut.short@example.com,3538512")
		case end / 3:
			f.damaged("user_profiles", "41990002,U990002,too.many@example.com"+strings.Repeat(",x", len(profileColumns)+3))
		case end / 2:
			f.damaged("user_profiles", `41990003,U990003,"stray.quote@example.com,353851234567,,Stray,Quote,en,Europe/Dublin,IE`)
		}
	}
}

func profilesNDJSON(o Options, f *file) {
	epoch := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return strconv.FormatInt(t.Unix(), 10)
	}
	start := split(o.Profiles)
	for i := start; i < o.Profiles; i++ {
		p := o.profile(i)
		f.countProfile(&p)
		f.object(profileColumns, p.values(epoch)...)
		if o.Clean {
			continue
		}
		switch i {
		case start + (o.Profiles-start)/4:
			f.damaged("user_profiles", `{"profile_id":"41990004","user_id":"U990004","email":"broken@exam`)
		case start + (o.Profiles-start)/2:
			f.damaged("user_profiles", `{"profile_id":"41990005" "user_id":"U990005"}`)
		}
	}
}

// attributeKinds are the attributes as the Attributes screen of the dashboard lists them.
var attributeKinds = [][3]string{
	{"gender", "Gender", "string"}, {"birth_date", "Date of birth", "date"}, {"street", "Street", "string"},
	{"town", "Town", "string"}, {"postcode", "Postcode", "string"},
	{"preferred_channel", "Preferred channel", "string"}, {"favourite_store", "Favourite store", "string"},
	{"hobby", "Hobby", "string"}, {"referral_code", "Referral code", "string"},
	{"comment", "Comment", "string"}, {"order_count", "Orders", "integer"}, {"lifetime_value", "Lifetime value", "number"},
	{"household_size", "Household size", "integer"},
	{"is_vip", "VIP", "boolean"}, {"has_app", "Has the app", "boolean"}, {"contract_date", "Contract date", "date"},
	{"interests", "Interests", "array"}, {"children", "Children", "array"},
	{"account_manager", "Account manager", "string"}, {"company_domain", "Company domain", "string"},
	{"loyalty_points", "Loyalty points", "number"}, {"loyalty_tier", "Loyalty tier", "string"},
	{"shoe_size", "Shoe size", "number"}, {"app_theme", "App theme", "string"},
}

func attributeDefinitions(o Options, f *file) {
	f.header(texts("name", "display_name", "alias", "data_type", "is_profile_attribute", "is_device_attribute", "is_tag"))
	for _, k := range attributeKinds {
		onDevice := strconv.FormatBool(k[0] == "app_theme")
		f.row(k[0], k[1], "", k[2], strconv.FormatBool(k[0] != "app_theme"), onDevice, "false")
	}
	f.row("viewed_page", "Viewed page", "", "string", "false", "false", "true")
}

// attributes is the long form: some arrive only here, some belong to devices.
func attributes(o Options, f *file) {
	f.header(texts("owner_type", "owner_id", "name", "value", "declared_type", "update_time"))
	for i := 0; i < o.Profiles; i += 4 {
		p := o.profile(i)
		if p.role == clean {
			f.row("profile", p.id, "shoe_size", strconv.FormatFloat(35+float64(i%24)/2, 'f', -1, 64), "number", stamp(p.updated))
		}
	}
	for n := 0; n < o.Devices; n += 5 {
		f.row("device", deviceID(n), "app_theme", []string{"dark", "light"}[n/5%2], "string", stamp(exportDay))
	}
}
