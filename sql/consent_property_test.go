package sql_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql"
)

var channelNames = []string{"email", "sms", "whatsapp", "push"}

// TestNoHistoryLosesAnOptOut draws histories of consent in every spelling, and holds what SQL makes of them against an
// oracle; then it plants reversals of the rules, each of which must be found.
func TestNoHistoryLosesAnOptOut(t *testing.T) {
	t.Parallel()
	d := drawConsent(60, 7)
	b := newBench(t, d.land, d.rules(), "mapping.consent")
	if diff := d.differs(t, b.build(t)); diff != "" {
		t.Fatal("the rules and the oracle disagree:\n" + diff)
	}
	reversals := []reversal{
		{"an undated no is forgotten", "3_mapping/consent_streams.sql",
			"when has_undated_no then 'no'",
			"when false then 'no'"},
		{"a newer word nobody knows is ignored", "3_mapping/consent_streams.sql",
			"when has_newer_unknown then 'unknown'",
			"when false then 'unknown'"},
		{"the oldest word stands", "3_mapping/consent_streams.sql",
			"max(updated_at) filter (where answer <> 'unknown')",
			"min(updated_at) filter (where answer <> 'unknown')"},
		{"the kindest stream wins", "3_mapping/consent.sql",
			"min(leniency) as leniency",
			"max(leniency) as leniency"},
		{"a no at a shared address reaches nobody", "3_mapping/consent_signals.sql",
			"where streams.profile_key is distinct",
			"where false and streams.profile_key is distinct"},
		{"an unknown word of status is a yes", "3_mapping/consent_statements.sql",
			"else 'unknown' end as answer,\n        word is null",
			"else 'yes' end as answer,\n        word is null"},
		{"a column of refusals is no consent", "1_staging/consent_answers.sql",
			"when plain_answer = 'yes' then 'no'",
			"when plain_answer = 'yes' then 'agreed'"},
		{"all is e-mail alone", "3_mapping/consent_statements.sql",
			"['email', 'sms', 'whatsapp', 'push'], [c]",
			"['email'], [c]"},
		{"an id is compared as written", "1_staging/named_profiles.sql",
			"by_profile.id = tidy_id(ids.profile_id)",
			"by_profile.id = ids.profile_id"},
		{"a channel nobody knows is ignored", "3_mapping/consent_signals.sql",
			"together.channel = '?' and together.answer <> 'yes'",
			"false"},
		{"only the newest row of a profile speaks", "1_staging/consent_answers.sql",
			"        from staging.profile_records\n    )\n    on",
			"        from staging.profile_records where fate = 'kept'\n    )\n    on"},
	}
	for _, planted := range reversals[:long.Or(2, len(reversals))] {
		t.Run(planted.name, func(t *testing.T) {
			if d.differs(t, b.build(t, planted)) == "" {
				t.Error("this reversal was not found")
			}
		})
	}
}

// TestTheStopCheckFindsWhatMappingLost turns the rules round where mapping decides: only the check is left to see it.
func TestTheStopCheckFindsWhatMappingLost(t *testing.T) {
	long.Only(t)
	story := drawConsent(40, 11).story()
	story.Expect = map[string]sql.StoryTable{"checks.opt_out_lost": {Columns: []string{"key"}}}
	if diff := tellConsent(t, story, nil); diff != "" {
		t.Fatal("it stops although nothing is lost:\n" + diff)
	}
	kind := planting(t, "3_mapping/consent.sql", "min(leniency) as leniency", "max(leniency) as leniency")
	if tellConsent(t, story, kind) == "" {
		t.Error("opt-outs were lost, and the check did not see it")
	}
	wrong := "text,is_subscribed\nunsubscribed,true\nopted out,true\nopt out,true\n1,true\n0,false\n"
	if tellConsent(t, story, fstest.MapFS{"0_settings/consent_words.csv": {Data: []byte(wrong)}}) == "" {
		t.Error("a list turned refusals into a yes, and the check did not see it")
	}
}

// planting is a shipped file with one rule turned round.
func planting(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		t.Fatalf("%s does not hold %q once", file, old)
	}
	return fstest.MapFS{file: {Data: []byte(strings.Replace(string(text), old, new, 1))}}
}

func tellConsent(t *testing.T, story sql.Story, analyst fs.FS) string {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	o := shippedOptions()
	o.Analyst = analyst
	diff, err := sql.Tell(context.Background(), dir, story, o)
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

// people whose histories are drawn; every second pair shares a telephone, every third is one person.
type drawing struct {
	spelling
	people, profiles, consents [][]string
	known                      map[string]streams // by person
}

func drawConsent(n int, seed uint64) *drawing {
	d := &drawing{spelling: spelling{rand.New(rand.NewPCG(seed, 1))}, known: map[string]streams{}}
	for i := 0; i < n; i += 2 {
		one, other := 1000+i, 1001+i
		persons := []string{fmt.Sprint(one), fmt.Sprint(other)}
		if i/2%3 == 0 {
			persons[1] = persons[0]
		}
		phones := []string{fmt.Sprintf("+35387%07d", 1000000+one*7), fmt.Sprintf("+35387%07d", 1000000+other*7)}
		if i/2%2 == 0 {
			phones[1] = phones[0]
		}
		for at, id := range []int{one, other} {
			d.people = append(d.people, []string{fmt.Sprint(id), persons[at], "alone"})
			d.profile(id, persons[at], phones[at])
			d.records(id, at, persons, phones)
		}
	}
	d.Shuffle(len(d.profiles), func(i, j int) { d.profiles[i], d.profiles[j] = d.profiles[j], d.profiles[i] })
	d.Shuffle(len(d.consents), func(i, j int) { d.consents[i], d.consents[j] = d.consents[j], d.consents[i] })
	return d
}

const (
	profileColumns = "profile_id,user_id,email,mobile_number,email_subscription,sms_subscription,update_time,_extra"
	consentColumns = "consent_id,profile_id,user_id,channel,preference_name,address,status,update_time"
	peopleColumns  = "profile_key,person_key,decided_by"
)

func (d *drawing) golden() (rows [][]string) {
	for _, person := range sortedNames(d.known) {
		rows = append(rows, []string{person, "false"})
	}
	return rows
}

// rules give the persons, whom other tests find.
func (d *drawing) rules() fstest.MapFS {
	return fstest.MapFS{
		"2_matching/people.sql": given("profile_key", peopleColumns, d.people),
		"2_matching/golden.sql": given("person_key", "person_key, is_anonymous", d.golden()),
	}
}

func (d *drawing) land(t *testing.T, dir run.Dir) {
	landTable(t, dir, "user_profiles", strings.Split(profileColumns, ","), d.profiles)
	landTable(t, dir, "consents", strings.Split(consentColumns, ","), d.consents)
	if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
}

// differs says what the rules made of the histories that was not meant.
func (d *drawing) differs(t *testing.T, dir run.Dir) string {
	t.Helper()
	meant, found := map[string]string{}, map[string]string{}
	for _, person := range sortedNames(d.known) {
		for _, channel := range channelNames {
			if state, asked := d.known[person].allowed(channel); channel != "push" || asked {
				meant[person+" "+channel] = state
			}
		}
	}
	each(t, dir.Model("mapping", "consent"), func(get func(string) any) {
		found[get("person_key").(string)+" "+get("channel").(string)] = get("state").(string)
	})
	return cmp.Diff(meant, found)
}

// story gives the same histories to whom tells stories.
func (d *drawing) story() sql.Story {
	return sql.Story{Name: "histories of consent", Given: map[string]sql.StoryTable{
		"landed.user_profiles": cells(profileColumns, d.profiles),
		"landed.consents":      cells(consentColumns, d.consents),
		"matching.people":      cells(peopleColumns, d.people),
		"matching.golden":      cells("person_key,is_anonymous", d.golden()),
	}}
}

func (d *drawing) of(person string) streams {
	if d.known[person] == nil {
		d.known[person] = streams{}
	}
	return d.known[person]
}

var spokenOf = map[string][]string{"Unsubscribed": channelNames, "email_opt_out": {"email"}, "doNotSMS": {"sms"}}

// profile draws the rows of one profile: deltas, bare rows, flags, columns that speak of consent.
func (d *drawing) profile(id int, person, phone string) {
	for row := range 1 + d.IntN(3) {
		at, when := d.when()
		cell := map[string]string{}
		email, sms := d.meant(blank, yes, yes, yes, no, unclear), d.meant(blank, yes, yes, no)
		d.of(person).add("email", fmt.Sprint("flag", id), said{email, at})
		d.of(person).add("sms", fmt.Sprint("flag", id), said{sms, at})
		for _, column := range []string{"Unsubscribed", "email_opt_out", "doNotSMS"} {
			if d.IntN(6) > 0 {
				continue
			}
			what := d.meant(no, harmless, harmless, unclear)
			cell[column] = d.cell(what)
			for _, channel := range spokenOf[column] {
				d.of(person).add(channel, fmt.Sprint(column, id), said{what, at})
			}
		}
		extra, _ := json.Marshal(cell)
		profileID, address, mobile := d.id(id), fmt.Sprintf("p%d@mail.example", id), phone
		if row > 0 && d.IntN(2) == 0 {
			profileID, address, mobile = "", "", "" // a bare row that knows only the user id
		}
		d.profiles = append(d.profiles, []string{profileID, fmt.Sprintf("u%d", id), address, mobile, d.word(email),
			d.word(sms), when, string(extra)})
	}
}

// records draws consent records, by profile id, user id or address.
func (d *drawing) records(id, at int, persons, phones []string) {
	for range d.IntN(5) {
		moment, when := d.when()
		what, preference := d.meant(yes, yes, no, unclear), d.one("", "", "News")
		channel := d.one("email", "sms", "whatsapp", "push", "", "?")
		row := []string{fmt.Sprint("c", len(d.consents)), "", "", d.channel(channel), preference, "", d.word(what), when}
		address, owners := "", persons[at:at+1]
		switch d.IntN(4) {
		case 0:
			row[1] = d.id(id)
		case 1:
			row[2] = fmt.Sprintf(" u%d ", id)
		case 2:
			address = fmt.Sprintf("p%d@mail.example", id)
			row[5] = d.one(address, strings.ToUpper(address), " "+address)
		case 3:
			address, row[5] = phones[at], d.number(phones[at])
			if phones[0] == phones[1] {
				owners = persons // the refusal counts for both, a yes for neither
			}
		}
		d.consents = append(d.consents, row)
		shared := len(owners) == 2
		stream := fmt.Sprint("record", id, preference, address)
		if shared {
			stream = fmt.Sprint("shared", preference, address)
		}
		d.spread(owners, channel, row[3], stream, said{what, moment}, shared)
	}
}

// spread gives a statement to the channels and people it speaks of. Of a channel nobody knows the word is kept in a
// stream of its own, whose refusal makes every channel unclear.
func (d *drawing) spread(owners []string, channel, written, stream string, one said, shared bool) {
	channels := []string{channel}
	if channel == "" {
		channels = channelNames
	} else if channel == "?" {
		channels, stream = channelNames, "?"+stream+strings.ToLower(written)
	}
	if shared {
		stream = "!" + stream
	}
	for _, person := range slices.Compact(slices.Clone(owners)) {
		for _, channel := range channels {
			d.of(person).add(channel, stream, one)
		}
	}
}

func cells(columns string, rows [][]string) sql.StoryTable {
	table := sql.StoryTable{Columns: strings.Split(columns, ",")}
	for _, row := range rows {
		line := make([]*string, len(row))
		for i := range row {
			if row[i] != "" {
				line[i] = &row[i]
			}
		}
		table.Rows = append(table.Rows, line)
	}
	return table
}

func sortedNames(of map[string]streams) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
