package sql_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The histories below are drawn as what somebody meant, and only then spelt in one of the ways exports spell it.
// The oracle judges what was meant: it shares no list and no function with the SQL.

type meaning int

const (
	blank meaning = iota
	yes
	no
	unclear  // a word nobody knows
	harmless // a column of refusals that says no refusal: understood, and no yes
)

// said is one statement as it was meant; at is zero where no time can be read.
type said struct {
	what meaning
	at   time.Time
}

// streams are the statements of one person by channel and stream.
type streams map[string]map[string][]said

func (s streams) add(channel, stream string, one said) {
	if one.what == blank {
		return
	}
	if s[channel] == nil {
		s[channel] = map[string][]said{}
	}
	s[channel][stream] = append(s[channel][stream], one)
}

// verdict is what a stream comes to: the newest understood word, unless a newer or undated one is not understood;
// an undated no stays.
func verdict(history []said) meaning {
	var newest time.Time
	for _, one := range history {
		if one.what == no && one.at.IsZero() {
			return no
		}
		if one.what != unclear && one.at.After(newest) {
			newest = one.at
		}
	}
	result := harmless
	for _, one := range history {
		switch {
		case one.what == unclear && (one.at.IsZero() || !one.at.Before(newest)):
			return unclear
		case one.what == unclear || !one.at.Equal(newest):
		case one.what == no || one.what == yes && result != no:
			result = one.what
		}
	}
	return result
}

// allowed is the state of a person on a channel: the most restrictive stream.
func (s streams) allowed(channel string) (state string, asked bool) {
	state = "unknown"
	doubt := false
	for stream, history := range s[channel] {
		result := verdict(history)
		switch {
		case strings.Contains(stream, "?") && (result == no || result == unclear):
			result = unclear // of a channel nobody knows
		case strings.Contains(stream, "?") || strings.HasPrefix(stream, "!") && result == yes:
			result = harmless // of an unknown channel, or at an address of two
		}
		switch result {
		case no:
			return "opted out", true
		case unclear:
			doubt, asked = true, true
		case yes:
			state, asked = "opted in", true
		}
	}
	if doubt {
		state = "unknown"
	}
	return state, asked
}

// spelling writes meanings as exports do.
type spelling struct{ *rand.Rand }

func (s spelling) one(of ...string) string { return of[s.IntN(len(of))] }

func (s spelling) word(what meaning) string {
	switch what {
	case yes:
		return s.one("1", "true", "Yes", "SUBSCRIBED", "opted_in", "Opt-In", "1.0", " subscribed ")
	case no:
		return s.one("0", "False", "no", "unsubscribed", "Opted-Out", "opt_out", "Bounced", "hard bounce", "complained",
			"suppressed", "Global Unsubscribe", "Do Not Contact", "STOP", "revoked", "0.0")
	case unclear:
		return s.one("zorp", "half way", "7", "yes?no", "§")
	}
	return ""
}

// cell writes a meaning into a column that speaks of refusals.
func (s spelling) cell(what meaning) string {
	switch what {
	case no:
		return s.one("1", "yes", "TRUE", "y", "unsubscribed", "opted out")
	case harmless:
		return s.one("0", "no", "false", "N")
	case unclear:
		return s.one("zorp", "perhaps")
	}
	return ""
}

func (s spelling) channel(channel string) string {
	switch channel {
	case "email":
		return s.one("email", "E-Mail", "Email Marketing", "EMAIL")
	case "sms":
		return s.one("sms", "SMS", "Text", "SMS/Text", "text message")
	case "whatsapp":
		return s.one("whatsapp", "WhatsApp")
	case "push":
		return s.one("push", "Push Notification", "web_push", "ios push")
	case "":
		return s.one("all", "", "ALL", "All Channels", "global")
	}
	return s.one("pigeon post", "semaphore")
}

func (s spelling) id(id int) string {
	return s.one(fmt.Sprint(id), fmt.Sprintf(" %d", id), fmt.Sprintf("%d.0", id), fmt.Sprintf(`="%d"`, id))
}

func (s spelling) number(phone string) string { // phone is +353 and nine digits
	national := "0" + phone[4:]
	spaced, bracketed := national[:3]+" "+national[3:6]+" "+national[6:], "("+national[:3]+") "+national[3:]
	return s.one(phone, national, spaced, "00"+phone[1:], bracketed)
}

// when draws a moment and writes it; few moments, so that some meet.
func (s spelling) when() (time.Time, string) {
	at := time.Date(2024, 1+time.Month(s.IntN(6)), 20, 10, 0, 0, 0, time.UTC)
	switch s.IntN(7) {
	case 0:
		return time.Time{}, ""
	case 1:
		return time.Time{}, s.one("soon", "2024-13-45 10:00", "last spring")
	case 2:
		return at, fmt.Sprint(at.Unix())
	case 3:
		return at, at.Format(time.RFC3339)
	case 4:
		return at, at.In(time.FixedZone("", 3600)).Format("2006-01-02 15:04:05 -07:00")
	}
	return at, at.Format("2006-01-02 15:04:05")
}

func (s spelling) meant(of ...meaning) meaning { return of[s.IntN(len(of))] }
