// Package reportstest makes runs to test workbooks with: tables as sql/7_reports would leave them, a few rows each.
// Start at Fixture.
package reportstest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/reports/books"
)

// Day is when the fixture was made.
var Day = time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)

// Fixture is a run whose reports.* tables are filled with a small, plausible migration; only those
// of some workbooks if they are named.
func Fixture(t testing.TB, only ...string) run.Dir {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(Day)
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("transform", run.Stage{Input: "in", Output: "out"}); err != nil {
		t.Fatal(err)
	}
	for name, table := range fixtureTables {
		if len(only) > 0 && !uses(only, name) {
			continue
		}
		columns, lines, _ := strings.Cut(strings.TrimSpace(table), "\n")
		WriteTable(t, dir, name, columns, lines)
	}
	return dir
}

// uses says whether one of some workbooks shows a table.
func uses(files []string, table string) bool {
	for _, b := range books.All {
		for _, s := range b.Sheets {
			if slices.Contains(files, b.File) && s.Model == table {
				return true
			}
		}
	}
	return table == "verdicts" || table == "figures" || table == "rule_defaults"
}

// WriteTable writes a table from text: a line of name:type, then rows; | between cells, empty is
// null, \n a line break.
func WriteTable(t testing.TB, dir run.Dir, name, columns, lines string) {
	t.Helper()
	s := run.Schema{Name: name}
	for _, c := range strings.Split(columns, "|") {
		n, kind, ok := strings.Cut(strings.TrimSpace(c), ":")
		if !ok {
			kind = "varchar"
		}
		s.Columns = append(s.Columns, run.Column{Name: n, Type: run.Type(kind)})
	}
	w, err := run.CreateTable(dir.Model("reports", name), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(lines, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		row := make(run.Row, len(s.Columns))
		for i, c := range strings.Split(l, "|") {
			row[i] = parse(t, s.Columns[i].Type, strings.TrimSpace(c))
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

var fixtureTables = map[string]string{
	"verdicts": `workbook|state|verdict|sentence
scope|good|Ready to move|1,873 of 2,000 profiles become contacts. Every record of the exports is accounted for.
mapping|attention|4 answers needed|20 of 24 attributes are clear. Four need somebody who knows the business; until they are answered nothing goes to the live account.
quality|attention|31 contacts are held back|Nothing stops the load. 31 contacts stay behind until somebody decides, and 6 pairs may be the same person.
handover|plain|40 campaigns to rebuild|Campaigns, segment rules and gamification do not move by themselves. They are written down here.
reconciliation|good|Everything arrived|All 1,842 contacts that were planned are in Freshsales, field by field. Two were refused, and their reasons are listed.`,
	"figures": `workbook|position:bigint|section|label|value:double|note|is_total:boolean
scope|1|What becomes of 2,000 profiles|Become contacts|1842||false
scope|2|What becomes of 2,000 profiles|Merged into another|31|the same person, twice or more|false
scope|3|What becomes of 2,000 profiles|Held back|31|see quality.xlsx|false
scope|4|What becomes of 2,000 profiles|Anonymous|80|nobody can be contacted without an e-mail, phone or user id|false
scope|5|What becomes of 2,000 profiles|Repeated rows|16|the same row again|false
scope|6|What becomes of 2,000 profiles|Profiles in the exports|2000||true
scope|7|What it costs|Calls on the Growth plan|24100|24.1 hours at 1,000 calls an hour|false
scope|8|What it costs|Calls on the Enterprise plan|24100|4.8 hours at 5,000 calls an hour|false
mapping|1|How sure we are|Certain|14||false
mapping|2|How sure we are|Likely|6||false
mapping|3|How sure we are|Please check|4||false
mapping|4|How sure we are|Attributes|24||true
quality|1|Findings by seriousness|Stop the load|0||false
quality|2|Findings by seriousness|Held back|31||false
quality|3|Findings by seriousness|For information|212||false
quality|4|Findings by seriousness|Findings|243||true
handover|1|What must be rebuilt|Campaigns|40||false
handover|2|What must be rebuilt|Segment rules|10||false
handover|3|What must be rebuilt|Gamification rules|20||false
handover|4|What must be rebuilt|Geofences and beacons|17||false
reconciliation|1|What became of the contacts planned|Created|1842||false
reconciliation|2|What became of the contacts planned|Refused|2||false
reconciliation|3|What became of the contacts planned|Held back|31||false
reconciliation|4|What became of the contacts planned|Planned|1875||true`,
	"equations": `equation|entity|left_name|left_value:bigint|right_name|right_value:bigint|is_true:boolean
records = landed + rejected|user_profiles|records in the files|2005|landed 2,000 + rejected 5|2005|true
landed = distinct + repeated|user_profiles|landed|2000|distinct 1,984 + repeated 16|2000|true
planned = outcomes|contacts|planned|1875|created 1,842 + refused 2 + held 30|1874|false`,
	"scope_entities": `entity|label|records:bigint|rejected:bigint|repeated:bigint|moves:bigint|merged:bigint|summarised:bigint|documented:bigint|not_moved:bigint|becomes|note
user_profiles|Profiles|2005|5|16|1842|31|0|0|111|Contacts|80 anonymous profiles cannot be contacted; 31 are held back
events|Events|20002|2|40|0|0|18800|0|1160|Tasks, one a day and person|the load sends one call for each task, so events are rolled up
campaigns|Campaigns|41|0|1|0|0|0|40|0|The hand-over workbook|Freshsales has no import for campaigns`,
	"fate_counts": `entity|fate|reason|records:bigint
user_profiles|created|is a contact now|1842
user_profiles|anonymous|no user id, e-mail or phone|80`,
	"scope_costs": `plan|activity_setting|records:bigint|calls:bigint|hours:double|note
Growth|each event a task|30000|30120|30.12|longer than a day
Growth|one task a day and person|12000|12120|12.12|
Enterprise|each event a task|30000|30120|6.02|`,
	"scope_questions": `position:bigint|question|records:bigint|why
1|How much of the past shall move?|18800|As set now the load takes 30,120 calls.
2|What shall become of the records that wait?|31|The largest group: a contact needs an e-mail address.`,
	"scope_matrix": `activity_setting|records:bigint|calls:bigint|free|growth|pro|enterprise|note|differs
each|30000|30120|30.1 hours|30.1 hours|✓ 15.1 hours|✓ 6.0 hours|one task for every event|pro enterprise
daily|12000|12120|✓ 12.1 hours|✓ 12.1 hours|✓ 6.1 hours|✓ 2.4 hours|one summary per contact and day|free growth pro enterprise`,
	"scope_values": `entity|field|records:bigint|filled:bigint|share_filled:double|distinct_values:bigint|top_values
user_profiles|hobby|1872|1830|0.978|10|██████████ football, 210\n█████ cooking, 105
events|event|20000|20000|1|12|██████████ purchase, 9,000`,
	"commercial": `kind|name|relationship|records:bigint|people:bigint|samples|question
event|purchase|order|9000|1200|2024-01-01 to 2026-03-01|does each one stand for business that belongs into deals?`,
	"gotchas": `position:bigint|platform|gotcha|records:bigint|consequence
3|Freshsales|A merge cannot be split again.|31|Look through what was merged.`,
	"scope_needs": `position:bigint|what|needed:bigint|note
1|Users who own contacts (seats)|5|Each must be an active user.`,
	"field_budget": `plan|type|needed:bigint|allowed:bigint|fits:boolean|is_yours:boolean
growth|date|5|20|true|true
free|date|5|0|false|false`,
	"complexity": `input|value|points:bigint|note
Profiles|2,000|1|below 100,000
Attributes without a clear field|4|2|somebody must decide`,
	"sources": `source|entity|kind|format|encoding|delimiter|sha256|bytes:bigint|records:bigint|landed:bigint|rejected:bigint|note
user_profiles_acme_20260301_part001.csv|user_profiles|file|csv|utf-8|,|9f2c11aa00e1b2|412345|1203|1200|3|
companies_20260301.csv|companies|file|csv|utf-8 with mark|;|8811aa00e1b2ff|6433|64|64|0|byte order mark removed`,
	"rejects": `file|record:bigint|line:bigint|entity|reason|raw|readings
user_profiles_acme_20260301_part001.csv|241|242|user_profiles|4 cells where 41 are expected|41990001,U990001,cut.short@example.com,3538512|`,
	"repairs": `file|record:bigint|line:bigint|entity|before|after
companies_20260301.csv|7|8|companies|"Acme "Tools" Ltd";Cork|Acme "Tools" Ltd · Cork`,
	"mapping": `attribute|entity|name|label|type|choices|confidence:double|why|filled:bigint|distinct_values:bigint|samples|decision|who|conflict|lost|kinds
birth_date|contacts|cf_birth_date|Date of birth|date||0.99|every value is a date|1830|1799|1980-02-11, 1991-07-30|||||text text_area date
hobby|contacts|cf_hobby|Hobby|dropdown|football, cooking, chess|0.97|10 different values in 1,830|1830|10|football, cooking|confirm|Ada|||text text_area dropdown multi_select
comment|contacts|cf_comment|Comment|text_area||0.62|free text; some values are longer than 255 characters|83|83|=HYPERLINK("http://evil.example","click"), +1+1|||||text text_area dropdown
shoe_size|contacts|cf_shoe_size|Shoe size|number||0.55|numbers, but only a quarter of the people have one|412|24|35, 38.5, 41|||two attributes in one field|3 of 412 values do not fit|text text_area number dropdown`,
	"map_stages": `item|list|shown|contacts:bigint|becomes|why|decision|new_value|who|answers|choices:varchar[]
zombie|lifecycle_map|Zombie|4|stays empty|no stage of Freshsales is known for it||||confirm change skip|Customer / Won,Lead / New
lead|lifecycle_map|Lead|288|Lead / New|by its name||||confirm change skip|Customer / Won,Lead / New
loyal|lifecycle_map|Loyal|12|Lead / New|answered by Ada|change|Lead / New|Ada|confirm change skip|Customer / Won,Lead / New`,
	"map_tiers": `item|list|shown|contacts:bigint|amount:double|score:double|why|decision|new_value|second_value|who|answers
diamond|deal_tiers|Diamond|11|||nobody has said what it is worth|||||confirm change
gold|deal_tiers|Gold|217|500|75|on the list|||||confirm change`,
	"map_owners": `item|list|shown|contacts:bigint|becomes|why|decision|new_value|who|answers
ben|owners|Ben|12|nobody|neither an e-mail address nor a name we know||||confirm change skip`,
	"map_tags": `item|list|shown|comes_from|contacts:bigint|becomes|decision|who|answers
tags.as|tags|All tags together|all of them|1530|tags of the contact|||confirm
searched|tags|searched|tags|565|tag: searched|||skip
trial vip|tags|trial vip|attribute “tags”|3|tag: trial vip|||skip`,
	"map_segments": `item|list|shown|in_words|contacts:bigint|becomes|decision|who|answers
segments.as_tags|tags|All segments together||1713|tags of the contact|||confirm
vip|segments|VIP|is vip is true|349|tag: VIP|||skip`,
	"field_choices": `label|kind|type|filled_by|entity|name
New field|a new field of its own name|||contacts|new
Mobile|every account has it|text||contacts|mobile_number
Job title|every account has it|text||contacts|job_title
Hobby|new in this migration|dropdown|hobby|contacts|cf_hobby
Date of birth|new in this migration|date|birth_date|contacts|cf_birth_date`,
	"quality_rules": `rule|severity|sentence|fix|decisions|findings:bigint|open:bigint|off_reason
checks.email_missing|hold|A contact needs an e-mail address.|add the address in Xtremepush and export again, or write one in “New value”|clean delete|25|25|
checks.email_typo|note|The address looks mistyped.|confirm the suggestion|clean accept|8|8|
checks.future_dates|note|A date lies in the future.|correct it or accept it|clean accept|4|3|
checks.sum_is_off|stop|The numbers do not add up.|tell us|none|0|0|
checks.names_in_capitals|note|A name is written in capitals.|nothing: we repair it||16|0|names are meant to be in capitals here`,
	"quality": `finding:bigint|rule|severity|entity|key|who_is_it|field|value|reason|suggestion|decisions|decision|decision_value|who|other|other_key
1|checks.email_missing|hold|contacts|41000017|Ciara Byrne, +353 85 012 3456|email||there is no e-mail address||clean delete|||||
2|checks.email_missing|hold|contacts|41000018|Tom Pryce|email||there is no e-mail address||clean delete|delete||Ada||
3|checks.email_typo|note|contacts|41000021|Nora Walsh|email|nora@example.con|the domain does not exist|nora@example.com|clean accept|||||
4|checks.email_typo|note|contacts|41000022|=cmd()!A1|email|-2+3@example.cmo|the domain does not exist|+1@example.com|clean accept|||||
5|checks.future_dates|note|contacts|41000023|Max Müller|cf_birth_date|2099-01-31|born in the future||clean accept|||||
6|checks.email_taken|hold|contacts|41000024|Rosa Lund|email|rosa@example.com|another contact has this already||clean delete merge||||Rosa M. Lund, rosa@example.com, Cork|41000099`,
	"pairs": `left_key|right_key|probability:double|advice|evidence|left_name|right_name|left_email|right_email|left_phone|right_phone|left_born|right_born|left_address|right_address|left_details|right_details|decision|differs|question_group
41000030|41000931|0.93|probably one person|same phone; first name 0.94; same birth date|Niamh Kelly|Naimh Kelly|niamh.kelly.t@example.com|nk@mail.example|+353850001111|+353850001111|1980-02-11|1980-02-11|Dublin|Dublin|since 2024|since 2025||name email|same phone, same birth date
41000040|41000941|0.71|look at both before deciding|same surname, street and town|Eoin Burke|Ella Burke|eoin.burke@example.com|ella.burke@example.com|||1975-05-01|1999-10-09|Cork|Cork|since 2024|since 2025|apart|name email born|same surname`,
	"merged_pairs": `left_key|right_key|probability:double|evidence|left_name|right_name|left_email|right_email|left_phone|right_phone|left_born|right_born|left_address|right_address|left_details|right_details|decisions|decision|differs|question_group
41000050|41000951|0.991|same birth date; same street|Tom Pryce|Thomas Pryce|tom.pryce@example.com|t.pryce@mail.example|||1981-04-02|1981-04-02|1 Hill Road, Cork|1 Hill Road, Cork|since 2023|since 2024|apart||name email|name nearly the same, same birth date
41000052|41000953|1|both have the same user id, so they are one person in Xtremepush and cannot be kept apart here|Uma Reed|Uma Reed|uma@example.com|uma@example.com|||||||||||| same name`,
	"left_out_people": `profile_key|who_is_it|reason|decided_by|decided_at:timestamptz
41000077|Ned Nowhere <ned@example.com>|left out by your decision|Ada|2026-02-01T09:00:00Z
41000078|Old Account|the source calls this profile deleted||`,
	"decided": `position:bigint|decided_at:timestamptz|who|question|about|decision|value|records:bigint
1|2026-02-01T09:00:00Z|Ada|A contact needs an e-mail address.|Tom Pryce|delete||3
2|2026-02-01T09:00:00Z|Ada|Where an attribute goes|hobby|confirm|Hobby|1830`,
	"rounds": `round:bigint|day:date|who|waiting_before:bigint|answered:bigint|waiting_after:bigint
1|2026-02-01|Ada|78|2|76`,
	"rule_defaults": `question|sample|findings:bigint|open:bigint|decisions|decision|who|rule|question_group
A contact needs an e-mail address.|Ciara Byrne|25|1|delete|||checks.email_missing|
The address looks mistyped.|Nora Walsh: nora@example.con|2|2|clean accept|||checks.email_typo|
Two profiles that may be one person: same phone, same birth date|Niamh Kelly / Naimh Kelly|1|1|merge apart|||possible_duplicates|same phone, same birth date`,
	"quality_heat": `entity|stop:bigint|hold:bigint|note:bigint|open:bigint|worst
contacts|0|26|30|50|A contact needs an e-mail address. (25)
accounts|0|0|4|4|Companies of one name. (4)`,
	"waiting_for_one_act": `rule|sentence|who_is_it|reason|fields|key
consent_unproven|Whoever opted out waits.|Ada Byron <ada@example.com>|opted out|email consent|41000031`,
	"value_changes": `entity|key|who_is_it|field|before|after|rule
contacts|41000012|Poppy Denstone|mobile_number|00447815432098|+447815432098|international form of the number`,
	"people_merged": `person_key|person|members:bigint|field|before|after|rule|evidence
41000002|Aoife Byrne|2|town|Dublin (41000002), Cork (41000950)|Cork|newest|same user id, e-mail and phone`,
	"phases": `phase|entity|planned:bigint|created:bigint|updated:bigint|unchanged:bigint|conflict:bigint|refused:bigint|held:bigint|blocked:bigint|pending:bigint|why
1 Contacts|contacts|1875|1842|0|0|0|2|31|0|0|31 are held back by rules, 2 were refused: see “Not arrived”
2 Accounts|accounts|63|63|0|0|0|0|0|0|0|`,
	"counts": `entity|view|before:bigint|after:bigint|expected:bigint
contacts|All contacts|0|1842|1842`,
	"plan_changes": `entity|key|who_is_it|action|field|old_value|new_value|reason
contacts|41000050|Luke Marsh|update|city|Cork|Dublin|changed in Xtremepush`,
	"refusals": `entity|key|who_is_it|outcome|reason|next_step
contacts|41000060|Ruby Cole|refused|Email is invalid|correct the value in Xtremepush
contacts|41000017|Ciara Byrne|held|there is no e-mail address|answer it in the quality workbook`,
	"readback": `entity|class|records:bigint
contacts|identical|1840
contacts|modified|2`,
	"readback_differences": `entity|key|who_is_it|target_id|class|field|sent|found
contacts|41000070|Leo Hall|9000070|modified|city|Besançon|Besancon`,
	"spot_check": `ticks|looked_at|who_is_it|kind|link|field|source|found|field_2|source_2|found_2|differs|target_id|key
✓||Aoife Byrne|contacts|9000002|email|Aoife.Byrne.1@example.com|aoife.byrne.1@example.com|city|Cork|Cork||9000002|41000002
|||||cf_sms_opt_out||false|||||9000002|41000002
✓||Leo Hall|contacts|9000070|city|Besançon|Besancon (sent: Besançon)||||left|9000070|41000070`,
	"rollback": `result|entity|key|who_is_it|field|reason|target_id
kept|contacts|41000071|Mia Green|city|somebody edited it on 2026-03-02|9000071`,
	"calls": `phase|kind|what_it_did|planned:bigint|used:bigint|seconds:double
contacts|contacts bulk_upsert|Wrote contacts, many in one call|19|19|4.2
preflight|selector owners|Read the list of owners|19|20|3.9`,
	"withheld": `entity|key|who_is_it|field|value|reason
contacts|41000072|Finn Cole|cf_order_count|many|not a number`,
	"notices": `kind|entity|key|text
lifecycle_move|contacts||A new deal moves its contact to another stage; 12 contacts were moved back.`,
	"limitations": `topic|limitation|consequence|what_to_do
Consent history|Xtremepush keeps a log only after it was switched on; what happened before cannot be known.|The newest state moves, the history before the log does not.|Keep the exports as evidence.
Push|Push tokens belong to the app and its own keys.|Freshsales cannot send push messages.|Keep the push provider, or ask for permission again.`,
	"campaign_inventory": `campaign_id|title|channels|trigger|audience|active:boolean|created_at:timestamptz|activated_at:timestamptz|sent:bigint|delivered:bigint|opened:bigint|clicked:bigint|content|link
245001|Welcome 2020 1|e-mail|API|everyone|true|2026-02-01T06:00:00Z|2026-02-02T06:00:00Z|260|241|90|22|Hello {{first_name}}, Welcome!|https://shop.example/c/245001
245002|Birthday 2021 2|SMS|event|VIP customers|false|2026-01-01T06:00:00Z||255|240|0|0|@everyone: -10 % | https://shop.example/c/245002`,
	"segment_rules": `kind|segment_id|title|in_words|conditions|members:bigint|active:boolean|becomes
segment|501|VIP customers|is VIP is true and orders above 10|{"operator":"AND","0":{"operator":"AND","0":["user_attribute","is_vip","=",true]}}|131|true|contact tag “VIP customers”`,
	"rebuild_tracker": `kind|name|what|in_use|owner|keep_or_drop|done|item
campaign|Welcome 2020 1|e-mail, to: everyone|in use: 90 messages in the last 90 days||||245001
place|Store S-101|1 Harbour Road, Dublin|switched on||||geofence:301`,
	"hypercare_checklist": `position:bigint|period|check_that|otherwise|who|done
1|first day|Everybody sees their contacts.|Give the contact to somebody.||`,
	"gamification": `kind|rule_id|name|description|event|in_words|reward|enabled:boolean|valid_from|valid_to|definition
reward_rule|R1|10 points for a purchase over 20|Every purchase counts once a day|purchase|a purchase of 20 or more|{"type":"TOKEN","amount":10}|true|2024-01-01||{"constraints":{"perDay":1}}`,
	"geofences": `kind|location_id|title|address|latitude:double|longitude:double|radius:double|problem|beacon|enabled:boolean
geofence|302|Nowhere||153.3|-6.2|100|impossible: a latitude lies between -90 and 90||true
geofence|301|Store S-101|1 Harbour Road, Dublin|53.3|-6.2|100|||true`,
	"push_token_counts": `platform|environment|tokens:bigint|reachable:bigint
ios|production|390|280
android|production|402|276`,
	"push_tokens": `platform|token|contact_key|last_session_at:timestamptz
ios|00af|41000002|2026-02-02T06:00:00Z`,
}
