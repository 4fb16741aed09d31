package account

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"ferry/load/record"
)

// Consent is where a contact says of one channel whether a person may be written to.
type Consent struct{ Channel, Status, Flag, refusing string }

// Consents are those of all channels.
var Consents = []Consent{
	{"email", ConsentFields["email"], "cf_email_opt_out", "true"},
	{"sms", ConsentFields["sms"], "cf_sms_opt_out", "true"},
	{"whatsapp", ConsentFields["whatsapp"], "", ""},
	{"push", "", "cf_push_subscription", "false"},
}

// ConsentDay is the field with the day of what an answer rests on.
const ConsentDay = "cf_consent_updated"

// ConsentGrounds say what an answer rests on: they stay as they are while an answer does.
var ConsentGrounds = []string{ConsentDay, "cf_consent_source", "cf_consent_type"}

// notRefusing are the words by which a flag does not mean no, by the value that does. The field may be a text of the
// account's own: whatever else stands in it keeps the no.
var notRefusing = map[string][]string{"true": {"false", "0", "no", "n", "off", "non", "nein", "nee", "nej"},
	"false": {"true", "1", "yes", "y", "on", "oui", "ja", "si", "sí"}}

// Answer are the fields that hold the answer of the channel and what it rests on: they change together, or not at all.
func (c Consent) Answer() []string {
	return slices.Concat([]string{c.Status, c.Flag}, ConsentGrounds)
}

// Refusing is the value of the flag that means no.
func (c Consent) Refusing() bool { return c.refusing == "true" }

// IsRefusal says whether a value of a field of the channel means no, by the codes of the account.
func (c Consent) IsRefusal(codes map[string]Codes, field string, value any) bool {
	if record.IsEmpty(value) {
		return false
	}
	if field == c.Flag {
		return !slices.Contains(notRefusing[c.refusing], strings.ToLower(strings.TrimSpace(record.AsText(value))))
	}
	known := codes[c.Channel]
	return known.IsKnown() && record.Same(field, value, known.Unsubscribed)
}

// Ended is the field in which a refusal that stands would end if some fields were written, "" for none.
func (c Consent) Ended(codes map[string]Codes, stands, written record.Fields) string {
	for _, field := range []string{c.Status, c.Flag} {
		value, isWritten := written[field]
		if field != "" && isWritten && c.IsRefusal(codes, field, stands[field]) && !c.IsRefusal(codes, field, value) {
			return field
		}
	}
	return ""
}

// EndUnsaid ends the subscription that we wrote to a contact of whom nothing is said of the channel any more, such as
// where their number is gone from the export: Freshsales still has it.
func EndUnsaid(codes map[string]Codes, wanted, base record.Fields) {
	for _, of := range Consents {
		c := codes[of.Channel]
		if c.IsKnown() && record.IsEmpty(wanted[of.Status]) && record.Same(of.Status, base[of.Status], c.Subscribed) &&
			(of.Flag == "" || of.IsRefusal(codes, of.Flag, wanted[of.Flag])) {
			wanted[of.Status] = json.Number(strconv.FormatInt(cmp.Or(c.NotSubscribed, c.Unsubscribed), 10))
		}
	}
}

// Refusing are the refusals of some channels: in the subscription where the account's codes are known, which they may
// not have been when the contact was loaded, and in the flags that were written of it. A channel that nobody understood
// is every channel.
func Refusing(codes map[string]Codes, channels map[string]bool, base record.Fields) record.Fields {
	said := record.Fields{}
	for _, of := range Consents {
		if !channels[of.Channel] && !channels["?"] {
			continue
		}
		if of.Status != "" && codes[of.Channel].IsKnown() {
			said[of.Status] = codes[of.Channel].Unsubscribed
		}
		if _, has := base[of.Flag]; has {
			said[of.Flag] = of.Refusing()
		}
	}
	return said
}

// MergedIDs is the field that names who is one with a contact.
const MergedIDs = "cf_xtremepush_merged_ids"

// EndOutdated clears what ferry itself wrote of a contact and what no longer holds, for it says something about another
// state: who was one with them and is apart again, and what an answer rested on that is another now. Of all other
// fields nothing is known where they are empty, and they are left alone.
func EndOutdated(ours, base record.Fields) {
	outdated := []string{MergedIDs}
	for _, of := range Consents {
		for _, field := range []string{of.Status, of.Flag} {
			if v, has := ours[field]; has && !record.Same(field, v, base[field]) {
				outdated = append(outdated, ConsentGrounds...)
			}
		}
	}
	for _, field := range outdated {
		if _, has := ours[field]; !has && !record.IsEmpty(base[field]) {
			ours[field] = nil
		}
	}
}
