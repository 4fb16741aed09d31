package ask

import (
	"context"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/sqltest"
	"ferry/sql/story"
)

// A story of real rows holds the rows of one person, with nothing that names anybody, and comes out as it expects.
func TestAStoryOfRealRowsNamesNobody(t *testing.T) {
	o := rules(sqltest.Files(
		"0_settings/options.csv", "name,value\n",
		"1_staging/profile_records.sql", "-- Profiles.\n-- one row per profile_key\n"+
			"select profile_id as profile_key, profile_id, user_id, email as email_raw, first_name, last_name "+
			"from landed.user_profiles",
		"1_staging/devices.sql", "-- Devices.\n-- one row per device_id\n"+
			"select device_id, profile_id as profile_key from landed.devices",
		"1_staging/nothing_words.sql", "-- Words.\n-- one row per word\nselect 'n/a' as word",
		"2_matching/people.sql", "-- People.\n-- one row per profile_key\n"+
			"select profile_key, profile_key as person_key from staging.profile_records",
		"3_mapping/greetings.sql", "-- Greetings.\n-- one row per profile_id\n"+
			"select profile_id, 'Dear ' || first_name as text, last_name is null as is_short from staging.profile_records",
	))
	o.Landed = nil
	for table, columns := range map[string]string{
		"user_profiles": "profile_id user_id email first_name last_name lifecycle_stage", "notes": "note_id user_id body",
		"events": "event_id event profile_id value", "campaigns": "campaign_id title", "devices": "device_id profile_id",
		"campaign_interactions": "message_id campaign_id profile_id status",
	} {
		o.Landed = append(o.Landed, run.Texts(table, strings.Fields(columns+" _extra _file _record _line _landed_at")...))
	}
	real := story.Story{Name: "real", Given: map[string]story.Table{
		"landed.user_profiles": given("profile_id,user_id,email,first_name,last_name,lifecycle_stage,plan",
			"41000002,U7,maeve@home.example,Maeve,Garley,Customer,{\"by\":\"Maeve\"}",
			"41000003,U8,other@home.example,Scarlett,Radstone,Lead,x"),
		"landed.events": given("event_id,event,profile_id,value", "1,Maeve bought,41000002,12.50",
			"2,view,41000003,1"),
		"landed.notes": given("note_id,user_id,body,_extra",
			"n1,U7,Call Maeve Garley on 085 172 8398,{\"by\":\"Maeve\"}"),
		"landed.campaigns":             given("campaign_id,title", "5,Spring"),
		"landed.campaign_interactions": given("message_id,campaign_id,profile_id,status", "77,5,41000002,1"),
	}}
	ctx := context.Background()
	dir := sqltest.NewRun(t)
	if err := real.Land(dir, o.Room(), o.Target); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Run(ctx, dir, o); err != nil {
		t.Fatal(err)
	}
	q, err := Open(ctx, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	drafted, err := q.Draft(ctx, Drafting{Name: "a", Keys: []string{"41000002"}, Secret: []byte("always the same"),
		Expects: []string{"mapping.greetings"}}, o)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, tables := range []map[string]story.Table{drafted.Story.Given, drafted.Story.Expect} {
		for table, of := range tables {
			rows[table] = len(of.Rows)
			for _, r := range of.Rows {
				for _, cell := range r {
					for _, secret := range []string{"maeve", "garley", "41000002", "u7", "home.", "8398", "scarlett"} {
						if cell != nil && strings.Contains(strings.ToLower(*cell), secret) {
							t.Errorf("%s says %q", table, *cell)
						}
					}
				}
			}
		}
	}
	for _, table := range []string{"landed.user_profiles", "landed.events", "landed.notes", "landed.campaigns",
		"landed.campaign_interactions", "mapping.greetings"} {
		if rows[table] != 1 {
			t.Errorf("%s has %d rows: %v", table, rows[table], rows)
		}
	}
	folder := t.TempDir()
	if err := drafted.Story.Write(folder, ""); err != nil {
		t.Fatal(err)
	}
	results, err := Test(ctx, os.DirFS(folder), o, "")
	if err != nil || len(results) != 1 || !results[0].OK() {
		t.Errorf("%v: %+v", err, results)
	}
}

// Attributes become columns only where a column can have their name and hold them.
func TestAttributesThatAreNoColumnsStayTogether(t *testing.T) {
	text := func(s string) *string { return &s }
	for extra, want := range map[string]string{
		`{"plan":"gold"}`:              "profile_id,plan",
		`{"plan":{"name":"gold"}}`:     "profile_id,_extra",
		`{"email":"ann@home.example"}`: "profile_id,email,_extra",
		`{"Plan, old":"gold"}`:         "profile_id,_extra",
	} {
		real := Table{Columns: []string{"profile_id", "email", "_extra"},
			Rows: [][]*string{{text("41000002"), nil, text(extra)}}}
		if strings.Contains(want, "email") {
			real.Rows[0][1] = text("maeve@home.example")
		}
		got := maskedRows("user_profiles", real, nil, story.NewMask([]byte("k"), nil, nil))
		if columns := strings.Join(got.Columns, ","); columns != want {
			t.Errorf("%s is told in the columns %s", extra, columns)
		}
	}
}

func given(lines ...string) story.Table {
	t := story.Table{Columns: strings.Split(lines[0], ",")}
	for _, l := range lines[1:] {
		t.Rows = append(t.Rows, story.Row(strings.Split(l, ",")))
	}
	return t
}
