package sample

import (
	"strconv"
	"time"
)

var campaignColumns = []column{
	{"id", number}, {"title", text}, {"trigger", number}, {"type", number}, {"active", number}, {"status", number},
	{"sms", number}, {"email", number}, {"ios_push", number}, {"android_push", number}, {"web_push", number},
	{"inbox", number}, {"webhook", number},
	{"broadcast", number}, {"conditions", raw}, {"locations", raw}, {"promotion_id", number}, {"messages", raw},
	{"push_title", text}, {"push_text", text}, {"url", text},
	{"create_time", number}, {"activate_time", number}, {"deactivate_time", number},
}

var (
	campaignThemes = []string{"Welcome", "Birthday", "Win-back", "Summer sale", "Double points", "New season",
		"Abandoned basket", "Feedback", "VIP evening", "App update"}
	campaignChannels = []string{"email", "sms", "ios_push", "android_push", "web_push", "inbox"}
)

// campaignID of campaign number c.
func campaignID(c int) string { return strconv.Itoa(245_001 + c) }

func campaignChannel(c int) string { return campaignChannels[c%len(campaignChannels)] }

func campaigns(o Options, f *file) {
	for c := 0; c < o.Campaigns; c++ {
		f.campaign(o, c)
	}
	if o.Campaigns > 3 && !o.Clean {
		f.count("campaigns", "repeated")
		f.campaign(o, 3)
	}
}

func (f *file) campaign(o Options, c int) {
	d := o.dice(forCampaign, c)
	channel := campaignChannel(c)
	flag := func(name string) string {
		if name == channel || name == "webhook" && c%10 == 9 {
			return "1"
		}
		return "0"
	}
	title := d.pick(campaignThemes) + " " + strconv.Itoa(2020+c%6) + " " + strconv.Itoa(c+1)
	conditions, locations := "", ""
	if c%3 == 0 {
		conditions = allSegments[c%6].conditions
	}
	if c%8 == 1 {
		locations = `["` + strconv.Itoa(301+c%12) + `"]`
	}
	messages := `{"1":{"push_text":"` + title + `"},"4":[],"7":null}`
	created := exportDay.AddDate(0, -c%36-1, 0)
	seconds := func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
	f.object(campaignColumns, campaignID(c), title, strconv.Itoa(c%4), "0", strconv.Itoa(c%2), "2",
		flag("sms"), flag("email"), flag("ios_push"), flag("android_push"), flag("web_push"), flag("inbox"), flag("webhook"),
		strconv.Itoa(min(c%3, 1)), conditions, locations, "", messages, title, "Hello {{first_name}}, "+title+"!",
		"https://shop.example/c/"+campaignID(c),
		seconds(created), seconds(created.Add(24*time.Hour)), seconds(created.Add(240*time.Hour)))
}

var interactionColumns = []column{
	{"id", number}, {"campaign_id", number}, {"action_id", number}, {"profile_id", text}, {"user_id", text},
	{"device_id", text}, {"message_type_name", text},
	{"create_time", number}, {"delivery", number}, {"open", number}, {"open_time", number}, {"click", number},
	{"click_time", number}, {"error", number}, {"error_message", text}, {"status", number},
}

func interactionsCSV(o Options, f *file) {
	f.header(interactionColumns)
	f.interactions(o, 0, split(o.Interactions), "7000000,245001", func(v []string) { f.row(v...) })
}

func interactionsNDJSON(o Options, f *file) {
	f.interactions(o, split(o.Interactions), o.Interactions, `{"id":1,"campaign_id":`,
		func(v []string) { f.object(interactionColumns, v...) })
}

// interactions writes messages start to end; people get several of one campaign now and then.
func (f *file) interactions(o Options, start, end int, broken string, write func([]string)) {
	if o.Campaigns == 0 || o.Profiles == 0 {
		return
	}
	for n := start; n < end; n++ {
		m := n
		if n%997 == 996 && n > start && !o.Clean {
			f.count("campaign_interactions", "repeated")
			m = n - 1
		}
		write(f.interaction(o, m))
		if n == start+(end-start)/2 && !o.Clean {
			f.damaged("campaign_interactions", broken)
		}
	}
}

func (f *file) interaction(o Options, n int) []string {
	d := o.dice(forInteraction, n)
	i, c := d.below(o.Profiles), d.below(o.Campaigns)
	role, _, _ := o.roleOf(i)
	profile, user, campaign := profileID(i), userID(i), campaignID(c)
	if role == anonymous {
		f.count("campaign_interactions", "anonymous")
	}
	if role == anonymous || n%5 == 0 {
		user = ""
	}
	sent := d.before(700)
	delivered, opened, clicked := d.chance(930), d.chance(380), d.chance(120)
	opened = opened && delivered
	clicked = clicked && opened
	openAt, clickAt := sent.Add(time.Duration(60+d.below(90_000))*time.Second),
		sent.Add(time.Duration(120_000+d.below(9000))*time.Second)
	if !o.Clean {
		switch n % 500 {
		case 101:
			f.count("campaign_interactions", "opened before sent")
			delivered, opened, openAt = true, true, sent.Add(-time.Hour)
		case 202:
			f.count("campaign_interactions", "unknown campaign")
			campaign = "299999"
		case 303:
			f.count("campaign_interactions", "unknown person")
			profile, user = strconv.Itoa(49_200_000+n), ""
		case 404:
			f.count("campaign_interactions", "clicked, never opened")
			delivered, opened, clicked = true, false, true
		case 451:
			f.count("campaign_interactions", "future date")
			sent, opened, clicked = future, false, false
		}
	}
	at := func(happened bool, t time.Time) (string, string) {
		if happened {
			return "1", strconv.FormatInt(t.Unix(), 10)
		}
		return "0", ""
	}
	delivery, _ := at(delivered, sent)
	open, openTime := at(opened, openAt)
	click, clickTime := at(clicked, clickAt)
	fault, message := "0", ""
	if !delivered {
		fault, message = "1", d.pick([]string{"Not personalized", "DEVICE_UNREGISTERED"})
	}
	return []string{strconv.Itoa(7_000_001 + n), campaign, strconv.Itoa(21_000_000 + c*50 + n%50), profile, user, "",
		campaignChannel(c),
		strconv.FormatInt(sent.Unix(), 10), delivery, open, openTime, click, clickTime, fault, message, "1"}
}
