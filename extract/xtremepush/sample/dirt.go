package sample

import (
	"bufio"
	"io"
	"slices"
)

// Dirt is one kind of dirt in the sample and how often it is there.
type Dirt struct {
	Table   string
	Kind    string
	Count   int
	Meaning string
}

// Damage says exactly which dirt, and how much, Write puts into exports of these options.
func Damage(o Options) []Dirt {
	o = o.withDefaults()
	total := tally{}
	for _, e := range exports {
		f := &file{out: bufio.NewWriter(io.Discard), comma: ','}
		e.fill(o, f)
		total.add(f.tally)
	}
	var list []Dirt
	for _, k := range dirtKinds() {
		if n := total.counts[k.Table+"/"+k.Kind]; n > 0 {
			k.Count = n
			list = append(list, k)
		}
	}
	return list
}

// tally counts dirt while a file is written.
type tally struct{ counts map[string]int }

func (t *tally) count(table, kind string) {
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	t.counts[table+"/"+kind]++
}

func (t *tally) add(other tally) {
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	for k, n := range other.counts {
		t.counts[k] += n
	}
}

// dirtKinds is every kind there is: those of a profile, then those of the other tables.
func dirtKinds() []Dirt {
	var list []Dirt
	for _, r := range roles {
		list = append(list, Dirt{Table: "user_profiles", Kind: r.name, Meaning: r.meaning})
	}
	return slices.Concat(list, otherDirt)
}

var otherDirt = []Dirt{
	{"user_profiles", "damaged line", 0, "cut short, one cell too many, a stray quote, or broken JSON: cannot land"},
	{"segment_memberships", "unknown segment", 0, "the segment is in no export"},
	{"segment_memberships", "unknown member", 0, "the profile is in no export"},
	{"segment_memberships", "anonymous member", 0, "the member cannot be contacted"},
	{"segment_memberships", "repeated", 0, "the same membership again"},
	{"consents", "log says no", 0, "the profile's flag says yes, the newest log entry says no"},
	{"consents", "log says yes", 0, "the profile's flag says no, the newest log entry says yes"},
	{"consents", "unknown person", 0, "the user id is in no export"},
	{"consents", "unreadable status", 0, "neither yes nor no"},
	{"loyalty", "negative points", 0, "a balance below zero"},
	{"loyalty", "unknown tier", 0, "a tier that no settings file names"},
	{"loyalty", "unknown person", 0, "the user id is in no export"},
	{"loyalty", "points are not a number", 0, "text where points should be"},
	{"campaigns", "repeated", 0, "the same campaign exported twice"},
	{"campaign_interactions", "repeated", 0, "the same message exported twice"},
	{"campaign_interactions", "opened before sent", 0, "the open time lies before the send time"},
	{"campaign_interactions", "unknown campaign", 0, "the campaign is in no export"},
	{"campaign_interactions", "unknown person", 0, "the profile is in no export"},
	{"campaign_interactions", "anonymous", 0, "the recipient cannot be contacted"},
	{"campaign_interactions", "clicked, never opened", 0, "a click without an open"},
	{"campaign_interactions", "future date", 0, "sent in 2099"},
	{"campaign_interactions", "damaged line", 0, "cannot land"},
	{"events", "repeated", 0, "the same event, id and all, again"},
	{"events", "repeated without id", 0, "the same event again; neither row has an id"},
	{"events", "unknown person", 0, "the user is in no export"},
	{"events", "anonymous", 0, "of a profile that cannot be contacted"},
	{"events", "future date", 0, "happened in 2099"},
	{"events", "no time", 0, "the time is empty"},
	{"events", "unreadable time", 0, "the time is not a time"},
	{"events", "broken value", 0, "the value looks like JSON and is not"},
	{"events", "damaged line", 0, "cannot land"},
	{"devices", "unknown person", 0, "the profile is in no export"},
	{"devices", "unregistered", 0, "the app was removed; the token is dead"},
	{"devices", "shared token", 0, "two devices with one push token"},
	{"devices", "no token", 0, "never allowed to push"},
	{"tags", "unknown person", 0, "the profile is in no export"},
	{"companies", "repeated", 0, "the same company, spelled otherwise"},
	{"companies", "no name", 0, "a company without a name"},
	{"notes", "unknown person", 0, "the user is in no export"},
	{"notes", "empty", 0, "a note without text"},
	{"activities", "unknown person", 0, "the user is in no export"},
	{"activities", "ends before it starts", 0, "the end lies before the start"},
	{"documents", "file is missing", 0, "the list names a file that is not there"},
	{"geofences", "impossible place", 0, "a latitude beyond the pole"},
}
