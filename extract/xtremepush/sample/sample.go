// Package sample writes exports as Xtremepush and its customers would have made them, in any
// size, with the dirt real exports have. The same options give the same bytes. Every record is a
// pure function of seed and number, so memory stays flat however many are asked for. Everybody in
// it is fictitious: addresses use reserved domains, and phone numbers are made by arithmetic. It must not
// know how ferry reads what it writes. Start at Write.
package sample

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Options says how much of everything there is; zero means the default, a negative number none.
type Options struct {
	Seed         int64
	Profiles     int  // 2,000
	Events       int  // 20,000
	Interactions int  // 10,000
	Campaigns    int  // 40
	Companies    int  // 60
	Devices      int  // six for ten profiles
	TagHits      int  // two for a profile
	Notes        int  // 150
	Activities   int  // 120 calls, e-mails and meetings
	Documents    int  // 12
	Clean        bool // without the dirt
	Trials       bool // with a few rows of each kind that went wrong in the exports of others
}

func (o Options) withDefaults() Options {
	set := func(n *int, byDefault int) { *n = max(0, cmp.Or(*n, byDefault)) }
	set(&o.Profiles, 2000)
	set(&o.Events, 20_000)
	set(&o.Interactions, 10_000)
	set(&o.Campaigns, 40)
	set(&o.Companies, 60)
	set(&o.Devices, o.Profiles*6/10)
	set(&o.TagHits, o.Profiles*2)
	set(&o.Notes, 150)
	set(&o.Activities, 120)
	set(&o.Documents, 12)
	return o
}

// export is one file of the sample: its name and what fills it.
type export struct {
	name string
	fill func(Options, *file)
}

// exports lists every file, of every format that extract reads.
var exports = []export{
	{"user_profiles_acme_20260301_part001.csv", profilesCSV},
	{"user_profiles_acme_20260301_part002.ndjson.gz", profilesNDJSON},
	{"attribute_definitions_20260301.csv", attributeDefinitions},
	{"attributes_20260301.csv", attributes},
	{"tags_20260301.csv.gz", tagHits},
	{"segments_20260301.json", segments},
	{"segment_memberships_20260301.zip", memberships},
	{"consents_20260301.csv", consents},
	{"loyalty_20260301.csv", loyalty},
	{"campaigns_20260301.ndjson", campaigns},
	{"campaign_interactions_20260301_part001.csv", interactionsCSV},
	{"campaign_interactions_20260301_part002.ndjson.gz", interactionsNDJSON},
	{"events_20260301_part001.csv", eventsCSV},
	{"events_20260301_part002.ndjson.gz", eventsNDJSON},
	{"devices_20260301.csv.gz", devices},
	{"geofences_20260301.csv", geofences},
	{"gamification_rules_20260301.json", gamificationRules},
	{"companies_20260301.csv", companies},
	{"notes_20260301.csv", notes},
	{"activities_20260301.csv", activities},
	{"documents_20260301.csv", documents},
}

// Write fills a folder with exports. Files of the same names are replaced, others are left alone.
func Write(folder string, o Options) error {
	o = o.withDefaults()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, e := range exports {
		group.Go(func() error {
			f, err := createFile(filepath.Join(folder, e.name))
			if err != nil {
				return err
			}
			e.fill(o, f)
			return f.close()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if o.Trials {
		if err := writeTrials(folder); err != nil {
			return err
		}
	}
	return writeDocumentBodies(folder, o)
}
