package xtremepush

import (
	"slices"
	"strings"
)

// saysWho are parts of names of columns that say of each row whether it is a refusal.
var saysWho = []string{"status", "state", "action", "event", "subscri", "consent", "optin", "active", "allow",
	"permission", "result"}

// ofThings are names of columns that no list of whom not to write to has: complaints may be about parcels.
var ofThings = []string{"subject", "description", "body", "message", "order", "orderid", "orderno", "ordernumber",
	"product", "ticket", "ticketid", "item", "sku", "card"}

// saysWhen says whether the name of a column says when, whence or why something was said, and not what: UNSUB_REASON,
// OPTIN_TIME, subscribed_at.
func saysWhen(header string) bool {
	folded := Fold(header)
	ends := []string{"time", "date", "timestamp", "ip"}
	if strings.HasPrefix(folded, "unsub") || strings.HasPrefix(folded, "optout") {
		ends = append(ends, "at", "on", "reason", "source", "title")
	}
	words := plainWords(header)
	return slices.ContainsFunc(ends, func(w string) bool { return strings.HasSuffix(folded, w) }) ||
		len(words) > 0 && words[len(words)-1] == "at"
}

func channelOf(words []string) string {
	for _, w := range words {
		switch w {
		case "email", "emails", "mail", "mailing", "newsletter":
			return "email"
		case "sms", "text", "texts":
			return "sms"
		case "whatsapp", "push":
			return w
		}
	}
	return ""
}

// Implies says what the rows of a file imply besides what its columns say, where its name and its columns say
// unmistakably that all of them are of one kind: the columns of consents and their values, nil where that is not so.
// Several means that a row has more addresses than the first, which is the one that counts.
func (l List) Implies(headers []string) (implied map[string]string, several bool) {
	e, _ := ByName("consents")
	at := e.Match(headers)
	taken := map[string]bool{}
	addresses, first := 0, ""
	for i, h := range headers {
		folded := Fold(h)
		if !l.Binds() && !saysWhen(h) &&
			slices.ContainsFunc(saysWho, func(w string) bool { return strings.Contains(folded, w) }) {
			return nil, false
		}
		if !l.Binds() && slices.Contains(ofThings, folded) {
			return nil, false
		}
		if column, _ := e.Column(h); column >= 0 && e.Columns[column] == "address" {
			if addresses++; first == "" {
				first = folded
			}
		}
		if at[i] >= 0 {
			taken[e.Columns[at[i]]] = true
		}
	}
	if !taken["address"] && !taken["profile_id"] && !taken["user_id"] {
		return nil, false
	}
	implied = map[string]string{"status": l.Status, "source": l.Who}
	switch {
	case l.Binds():
		implied["preference_name"] = l.Who
	case l.Channel == all, taken["channel"]:
	case l.Channel != "":
		implied["channel"] = l.Channel
	case strings.Contains(first, "mail"):
		implied["channel"] = "email"
	case strings.Contains(first, "mobile"), strings.Contains(first, "phone"), strings.Contains(first, "sms"):
		implied["channel"] = "sms"
	}
	return implied, addresses > 1 && !l.Binds()
}

// Flags says the same of a file of people: what their flags of subscription are, nil where the list is about more than
// messages.
func (l List) Flags() map[string]string {
	if l.Binds() {
		return nil
	}
	answer := l.Status
	if answer == "opted_out" {
		answer = "0"
	}
	flags := map[string]string{}
	for _, channel := range []string{"email", "sms", "whatsapp", "push"} {
		if l.Channel == "" || l.Channel == all || l.Channel == channel {
			flags[channel+"_subscription"] = answer
		}
	}
	return flags
}
