package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sort"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// ConsentFields is where the account keeps what a contact agreed to, by channel.
var ConsentFields = map[string]string{
	"email":    "subscription_status",
	"sms":      "sms_subscription_status",
	"whatsapp": "whatsapp_subscription_status",
}

// Channels are the channels whose codes can be learned, in order.
func Channels() []string {
	names := make([]string, 0, len(ConsentFields))
	for n := range ConsentFields {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Codes are what an account calls the three states of one channel.
type Codes struct {
	Subscribed    int64     `json:"subscribed"`
	Unsubscribed  int64     `json:"unsubscribed"`
	NotSubscribed int64     `json:"not_subscribed"`
	SeenAt        time.Time `json:"seen_at"`
	Account       string    `json:"account"` // its fingerprint

	NobodyIsWrittenTo bool   `json:"nobody_is_written_to,omitempty"` // an administrator's word, instead of codes
	ConfirmedBy       string `json:"confirmed_by,omitempty"`
}

// ConsentContacts are the e-mail addresses of three test contacts an administrator has set by hand:
// subscribed, unsubscribed and not subscribed, in every channel to be learned.
type ConsentContacts struct {
	Subscribed, Unsubscribed, NotSubscribed string
	Channels                                []string // empty: all
}

// ConsentResult is what was learned: codes by channel, and why other channels were not.
type ConsentResult struct {
	Codes   map[string]Codes
	Unclear map[string]string
}

// ConsentCodes reads three test contacts and stores, under the target, what the account calls their
// states. A channel whose three codes are not told apart stays unknown: nobody's refusal may rest
// on a guess.
func ConsentCodes(ctx context.Context, o target.Options, contacts ConsentContacts) (ConsentResult, error) {
	r := ConsentResult{Codes: map[string]Codes{}, Unclear: map[string]string{}}
	s, err := target.OpenWithoutRun(o)
	if err != nil {
		return r, err
	}
	defer s.Close()
	ctx = freshsales.WithPhase(ctx, "consent")
	account, err := Read(ctx, s.Client, Want{})
	if err != nil {
		return r, s.Explain(err)
	}
	var seen [3]freshsales.Record
	for i, email := range []string{contacts.Subscribed, contacts.Unsubscribed, contacts.NotSubscribed} {
		if seen[i], err = testContact(ctx, s.Client, email, consentStates[i]); err != nil {
			return r, err
		}
	}
	if err := rememberTestContacts(s.Ledger, seen); err != nil {
		return r, err
	}
	known, err := ReadConsentCodes(o.Target)
	if err != nil {
		return r, err
	}
	channels := contacts.Channels
	if len(channels) == 0 {
		channels = Channels()
	}
	for _, channel := range channels {
		c, unclear := codesOf(channel, seen)
		if unclear == "" {
			unclear = c.exchanged(channel, known[channel])
		}
		if unclear != "" {
			r.Unclear[channel] = unclear
			continue
		}
		c.SeenAt, c.Account = s.Options.Clock.Now().UTC().Truncate(time.Second), account.Fingerprint()
		r.Codes[channel], known[channel] = c, c
	}
	if len(r.Codes) == 0 {
		return r, &run.Problem{Where: "target " + o.Target.Name, Excerpt: unclearLines(r.Unclear),
			What: "no channel's codes could be told apart; nothing was stored",
			Try: "set the three test contacts by hand in Freshsales (subscribed, unsubscribed, not subscribed), " +
				"then run the same command"}
	}
	return r, writeConsent(o.Target, known)
}

var consentStates = []string{"subscribed", "unsubscribed", "not subscribed"}

func testContact(ctx context.Context, c Reader, email, state string) (freshsales.Record, error) {
	if strings.TrimSpace(email) == "" {
		return nil, run.Problemf("consent codes", "the e-mail address of the test contact that is %s is missing", state).
			WithExit(run.ExitUsage)
	}
	rows, err := c.Lookup(ctx, freshsales.Contacts, "email", email)
	if err != nil {
		return nil, target.Explain(c.Host(), err, "looking for the test contact that is "+state)
	}
	if len(rows) == 0 {
		return nil, run.Problemf(c.Host(), "there is no contact with the address given for the test contact that is %s",
			state).
			WithTry("make it in Freshsales by hand, set its subscription there, and run the same command; a new contact may " +
				"take a minute to be found")
	}
	r, err := c.Get(ctx, freshsales.Contacts, rows[0].ID)
	return r, target.Explain(c.Host(), err, "reading the test contact that is "+state)
}

// codesOf reads one channel of the three contacts. Not subscribed may share its code with
// unsubscribed; subscribed may share with nobody.
func codesOf(channel string, seen [3]freshsales.Record) (Codes, string) {
	field, known := ConsentFields[channel]
	if !known {
		return Codes{}, "ferry knows no such channel; channels are " + strings.Join(Channels(), ", ")
	}
	var codes [3]int64
	for i, r := range seen {
		if v, there := r[field]; !there || v == nil {
			return Codes{}, fmt.Sprintf("the contact that is %s has no %s", consentStates[i], field)
		}
		codes[i] = r.Int(field)
	}
	c := Codes{Subscribed: codes[0], Unsubscribed: codes[1], NotSubscribed: codes[2]}
	if c.Subscribed == c.Unsubscribed && c.Subscribed == c.NotSubscribed {
		return Codes{}, fmt.Sprintf("the account shows the code %d in %s for all three contacts: set them by hand and "+
			"save each; if it stays so, this account does not show this channel's consent, and whoever opted out or is "+
			"unknown stays held; where nobody is written to on it from Freshsales, an administrator may confirm that: "+
			"ferry consent-codes --nobody-written-to %s --who NAME", codes[0], field, channel)
	}
	if c.Subscribed == c.Unsubscribed || c.Subscribed == c.NotSubscribed {
		return Codes{}, fmt.Sprintf("the contacts do not differ in %s: %d, %d, %d", field, codes[0], codes[1], codes[2])
	}
	return c, ""
}

func unclearLines(unclear map[string]string) string {
	var lines []string
	for channel, why := range unclear {
		lines = append(lines, channel+": "+why)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// ReadConsentCodes gives what is known about a target, by channel; empty before it was asked.
func ReadConsentCodes(t run.Target) (map[string]Codes, error) {
	codes := map[string]Codes{}
	text, err := os.ReadFile(t.Consent())
	if errors.Is(err, fs.ErrNotExist) {
		return codes, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &codes)
	}
	if err != nil {
		return nil, &run.Problem{Where: t.Consent(), What: "the stored consent codes cannot be read", Err: err,
			Try: "ask the account again: ferry consent-codes"}
	}
	return codes, nil
}

func writeConsent(t run.Target, codes map[string]Codes) error {
	return run.WriteFile(t.Consent(), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(codes)
	})
}

// ConsentScope gives the stored codes as settings: consent.email.subscribed and so on. Channels
// nobody has confirmed are absent, and whoever opted out there or is unknown is held; where nobody is
// written to on a channel, its only setting says so.
func ConsentScope(codes map[string]Codes) map[string]string {
	scope := map[string]string{}
	for channel, c := range codes {
		if c.NobodyIsWrittenTo {
			scope["consent."+channel+".nobody_is_written_to"] = "true"
			continue
		}
		for state, code := range map[string]int64{"subscribed": c.Subscribed, "unsubscribed": c.Unsubscribed,
			"not_subscribed": c.NotSubscribed} {
			scope["consent."+channel+"."+state] = fmt.Sprint(code)
		}
	}
	return scope
}

// testContacts is the ledger's note of the test contacts: they are in the account for our sake, and no
// difference.
const testContacts = "test contacts"

func rememberTestContacts(m Memory, seen [3]freshsales.Record) error {
	var ids []string
	for _, r := range seen {
		ids = append(ids, record.IdText(r.ID()))
	}
	return m.SetMeta(testContacts, strings.Join(ids, " "))
}

// TestContacts are the numbers of the contacts whose consent was set by hand for us to read.
func TestContacts(m Memory) (map[int64]bool, error) {
	text, err := m.Meta(testContacts)
	ids := map[int64]bool{}
	for _, id := range strings.Fields(text) {
		ids[record.IdOf(id)] = true
	}
	return ids, err
}
