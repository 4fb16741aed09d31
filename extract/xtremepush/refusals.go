package xtremepush

import (
	"slices"
	"strings"
)

// refusals are the words of names of files that list whom not to write to, and the channel each is about, "" for the
// channel of the address. all is every channel.
var refusals = map[string]string{
	"unsubscribe": "", "unsubscribes": "", "unsubscribed": "", "unsubscribers": "", "unsubs": "",
	"suppression": "", "suppressions": "", "suppressed": "", "opt_out": "", "opt_outs": "", "optout": "", "optouts": "",
	"opted_out": "", "bounces": "email", "bounced": "email", "hard_bounces": "email", "complaints": "email",
	"complainers": "email", "spam_complaints": "email", "do_not_email": "email", "do_not_mail": "email",
	"do_not_call": "sms", "do_not_text": "sms", "do_not_sms": "sms", "do_not_contact": all, "do_not_disturb": all,
	"dnc": all, "blocklist": all, "block_list": all, "blacklist": all, "black_list": all, "denylist": all,
	"sperrliste": all, "werbesperre": all, "werbesperren": all, "abmeldungen": "", "abgemeldet": "", "abgemeldete": "",
	"desinscriptions": "", "desinscrits": "", "desabonnements": "", "desabonnes": "", "liste_noire": all,
	"liste_rouge": all, "bajas": "", "lista_negra": all, "lista_robinson": all, "robinsonliste": all,
	"robinson_liste": all, "disiscritti": "", "disiscrizioni": "", "afmeldingen": "", "uitschrijvingen": "",
	"descadastrados": "", "wypisani": "", "austragungen": ""}

const all = "*"

// notRefusals are words beside these that make a name say something else.
var notRefusals = []string{"not", "non", "never", "un", "rate", "rates", "report", "reasons", "links",
	"page", "pages", "template", "templates", "campaign", "campaigns", "stats", "events", "removed", "former",
	"resubscribed", "before", "without", "excluding", "except", "minus"}

// saysWho are parts of names of columns that say of each row whether it is a refusal.
var saysWho = []string{"status", "state", "action", "event", "subscri", "consent", "optin", "active", "allow",
	"permission", "result"}

// saysSince are ends of names of columns that say when or why of a refusal, and not whether.
var saysSince = []string{"at", "on", "date", "time", "reason", "source"}

// RefusalName says whether the name of a file says unmistakably that it lists whom not to write to, and on which
// channel: "" for that of the address, "*" for all.
func RefusalName(name string) (channel string, is bool) {
	words := strings.FieldsFunc(notWord.ReplaceAllString(strings.ToLower(name), "_"),
		func(r rune) bool { return r == '_' })
	best := 0
	for i := range words {
		for n := 1; n <= 3 && i+n <= len(words); n++ {
			c, known := refusals[strings.Join(words[i:i+n], "_")]
			if known && n >= best {
				best, channel, is = n, c, true
			}
		}
	}
	plain := strings.Join(words, "_")
	for _, part := range []string{"do_not_", "hard_", "soft_"} {
		plain = strings.ReplaceAll(plain, part, "")
	}
	if slices.ContainsFunc(strings.Split(plain, "_"), func(w string) bool { return slices.Contains(notRefusals, w) }) {
		return "", false
	}
	if c := channelOf(words); is && channel == "" && c != "" {
		channel = c
	}
	return channel, is
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

// Refusals says what the rows of a file of consents imply besides what its columns say, where its name and its columns
// say unmistakably that all of them are refusals: the columns and their values, nil where that is not so. Several
// means that a row has more addresses than the first, which is the one that counts.
func (e Entity) Refusals(name string, headers []string) (implied map[string]string, several bool) {
	channel, is := RefusalName(name)
	if !is || e.Name != "consents" {
		return nil, false
	}
	at := e.Match(headers)
	taken := map[string]bool{}
	addresses, first := 0, ""
	for i, h := range headers {
		folded := Fold(h)
		since := (strings.HasPrefix(folded, "unsub") || strings.HasPrefix(folded, "optout")) &&
			slices.ContainsFunc(saysSince, func(w string) bool { return strings.HasSuffix(folded, w) })
		if !since && slices.ContainsFunc(saysWho, func(w string) bool { return strings.Contains(folded, w) }) {
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
	implied = map[string]string{"status": "opted_out", "source": "list of refusals"}
	switch {
	case channel == all, taken["channel"]:
	case channel != "":
		implied["channel"] = channel
	case strings.Contains(first, "mail"):
		implied["channel"] = "email"
	case strings.Contains(first, "mobile"), strings.Contains(first, "phone"), strings.Contains(first, "sms"):
		implied["channel"] = "sms"
	}
	return implied, addresses > 1
}
