package load

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/reconcile"
	"ferry/load/record"
)

// richAccount has a field of every type, for people with everything.
func richAccount() *twin.Account {
	a := testAccount()
	choices := []twin.Choice{{Value: "Gold"}, {Value: "Silver"}, {Value: "Bronze"}}
	a.Fields["contacts"] = append(a.Fields["contacts"],
		twin.Field{Name: "cf_tier", Label: "Tier", Type: "dropdown", Choices: choices},
		twin.Field{Name: "cf_interests", Label: "Interests", Type: "multi_select_dropdown",
			Choices: []twin.Choice{{Value: "Chess"}, {Value: "Go"}, {Value: "Poker"}}},
		twin.Field{Name: "cf_story", Label: "Story", Type: "textarea"},
		twin.Field{Name: "cf_born", Label: "Born", Type: "date"},
		twin.Field{Name: "cf_email_opt_out", Label: "No e-mail", Type: "checkbox"},
		twin.Field{Name: "cf_is_member", Label: "Member", Type: "checkbox"})
	return a
}

var richColumns = append(texts("contact_key", "external_id", "email", "mobile_number", "first_name", "last_name",
	"cf_xtremepush_id", "owner_email",
	"lifecycle_stage", "account_key", "custom_field"), run.Column{Name: "tags", Type: run.VarcharList},
	run.Column{Name: "cf_points_balance", Type: run.Double})

// rich writes a load of everything a read-back can tell.
func (b *bench) rich(n int) {
	b.t.Helper()
	owners := []string{"ada@example.com", "sam@example.com", "migration@example.com"}
	var rows, members []run.Row
	for i := range n {
		key := fmt.Sprintf("c%06d", i)
		custom, err := json.Marshal(map[string]any{"cf_tier": []string{"Gold", "Silver", "Bronze"}[i%3],
			"cf_interests": []string{"Go", "Chess"},
			"cf_story":     strings.Repeat("once upon a time ", 4), "cf_born": fmt.Sprintf("1980-05-%02d", 1+i%28),
			"cf_email_opt_out": i%4 == 0, "cf_is_member": i%2 == 0})
		if err != nil {
			b.t.Fatal(err)
		}
		rows = append(rows, run.Row{key, "x" + key, key + "@example.com", fmt.Sprintf("+49170%07d", i), "Zoë",
			fmt.Sprintf("Müller %d", i), "x" + key, owners[i%3],
			[]string{"Lead", "Customer"}[i%2], fmt.Sprintf("a%04d", i%10), string(custom), []string{"vip", "spring"},
			float64(i) + 0.25})
		members = append(members, run.Row{key, key})
	}
	b.table("contacts", richColumns, rows...)
	b.table("contact_members", texts("profile_key", "contact_key"), members...)
	b.accounts(10)
	b.tasks(80, n)
	b.notes(12, n)
	b.deals(12)
}

func newRichBench(t *testing.T) *bench {
	b := newBench(t, quick("auto_lifecycle", "off"))
	if err := b.twin.SetAccount(*richAccount()); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) reconcile(depth string, change ...func(*reconcile.Options)) reconcile.Result {
	b.t.Helper()
	o := reconcile.Options{Options: b.options(), Depth: depth}
	for _, c := range change {
		c(&o)
	}
	r, err := reconcile.Run(context.Background(), b.dir, o)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func TestAnUntouchedAccountReadsBackIdentical(t *testing.T) {
	b := newRichBench(t)
	b.rich(120)
	b.load()
	for _, depth := range []string{reconcile.DepthCounts, reconcile.DepthSample, reconcile.DepthFull} {
		b.twin.ResetCalls()
		r := b.reconcile(depth)
		if !r.IsClean() {
			t.Errorf("%s: not clean: %+v %+v", depth, r.Tallies, r.Counts)
		}
		// At full depth some rows of lists may turn out to be whole, which saves reading them singly.
		if off := float64(r.Calls) / float64(r.Cost.Total); off > 1.02 || off < 0.97 &&
			depth != reconcile.DepthFull || off < 0.9 {
			t.Errorf("%s: %d calls said, %d used", depth, r.Cost.Total, r.Calls)
		}
		for _, x := range b.loadedIf(depth != reconcile.DepthCounts) {
			if x["class"] != reconcile.Identical {
				t.Fatalf("%s: %v", depth, x)
			}
		}
		t.Log(depth, r.Cost.Total, "calls;", r.Tallies)
	}
	spots := map[string]bool{}
	for _, x := range b.loaded(record.ReadbackTable) {
		if x["is_spot_check"] == "true" && x["field"] != "" {
			spots[x["entity"]+x["key"]] = true
		}
	}
	if len(spots) < 25 || len(spots) > 60 {
		t.Errorf("%d records are shown field by field", len(spots))
	}
}

// loadedIf reads the read-back where there should be one.
func (b *bench) loadedIf(is bool) []map[string]string {
	if !is {
		return nil
	}
	return b.loaded(record.ReadbackTable)
}

func TestFullDepthFindsEveryDamage(t *testing.T) {
	b := newRichBench(t)
	b.rich(120)
	b.load()
	harms := map[int64][]twin.Harm{}
	var kinds []string
	for i, k := range twin.DamageKinds() {
		h, err := b.twin.Damage(k.Name, i)
		if err != nil {
			t.Logf("%s: %v", k.Name, err)
			continue
		}
		kinds = append(kinds, k.Name)
		harms[h.ID] = append(harms[h.ID], h)
	}
	if len(kinds) < 20 {
		t.Fatalf("only %d kinds of damage could be done: %v", len(kinds), kinds)
	}
	r := b.reconcile(reconcile.DepthFull)
	rows := map[string][]map[string]string{}
	for _, x := range b.loaded(record.ReadbackTable) {
		rows[x["target_id"]] = append(rows[x["target_id"]], x)
	}
	for id, list := range harms {
		found := rows[fmt.Sprint(id)]
		for _, h := range list {
			if !shows(found, h) {
				t.Errorf("%s of %s %s (%d): read-back says %v", h.Kind, h.Entity, h.Field, id, found)
			}
		}
	}
	if r.IsClean() {
		t.Error("a damaged account is called clean")
	}
	for id, list := range rows {
		if len(harms[record.IdOf(id)]) == 0 && !isConsequence(list) {
			t.Errorf("nothing was done to %v", list)
		}
	}
	t.Logf("%d kinds of damage, all found with %d calls: %v", len(kinds), r.Calls, r.Tallies)
}

// isConsequence says that a record is untouched, or differs only because what it hung on is lost.
func isConsequence(rows []map[string]string) bool {
	for _, x := range rows {
		isLink := x["field"] == "account" || x["field"] == "contact"
		if x["class"] == reconcile.Modified && x["field"] != "" && !isLink && x["is_spot_check"] == "false" ||
			x["class"] == reconcile.Missing && x["entity"] != "notes" || x["class"] == reconcile.Extra ||
			x["class"] == reconcile.Duplicate {
			return false
		}
	}
	return true
}

// shows says whether a read-back names a damage: its class, and its field where one was harmed.
func shows(rows []map[string]string, h twin.Harm) bool {
	want := map[string]string{"lost": reconcile.Missing, "erased": reconcile.Missing, "duplicate": reconcile.Duplicate,
		"extra": reconcile.Extra}[strings.Split(h.Kind, "_")[0]]
	if want == "" || h.Kind == "extra_tag" || h.Kind == "lost_tag" {
		want = reconcile.Modified
	}
	for _, x := range rows {
		if x["class"] == want && (want != reconcile.Modified || x["field"] != "") {
			return true
		}
	}
	return false
}

func TestALateDuplicateIsFound(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(5)
	b.tasks(5, 5)
	b.load()
	c, err := freshsales.New(freshsales.Config{URL: b.url, Key: twin.DefaultKey})
	if err != nil {
		t.Fatal(err)
	}
	// The server acts on a create long after ferry looked for it in vain and sent it again.
	text := record.WithRef("Campaign: spring", record.Ref("tasks", "t000003"))
	body, err := json.Marshal(map[string]any{"title": "again", "description": text, "due_date": "2025-01-01", "status": 1})
	if err != nil {
		t.Fatal(err)
	}
	late, err := c.Create(context.Background(), freshsales.Tasks, body)
	if err != nil {
		t.Fatal(err)
	}
	r := b.reconcile(reconcile.DepthFull)
	for _, x := range b.loaded(record.ReadbackTable) {
		if x["class"] == reconcile.Duplicate && x["key"] == "t000003" && x["target_id"] == fmt.Sprint(late.ID()) {
			return
		}
	}
	t.Errorf("not found: %+v", r.Tallies)
}

func TestReconcileRefusesWhatItCannotDo(t *testing.T) {
	b := newBench(t, quick())
	o := reconcile.Options{Options: b.options()}
	if _, err := reconcile.Run(context.Background(), b.dir, o); err == nil ||
		!strings.Contains(err.Error(), "nothing was loaded") {
		t.Error(err)
	}
	o.Depth = "deep"
	if _, err := reconcile.Run(context.Background(), b.dir, o); run.ExitOf(err) != run.ExitUsage {
		t.Error(err)
	}
	b.contacts(3)
	b.load()
	other := testAccount()
	for i := range other.LifecycleStages {
		other.LifecycleStages[i].ID = int64(999 + i)
	}
	if err := b.twin.SetAccount(*other); err != nil {
		t.Fatal(err)
	}
	o.Depth = reconcile.DepthSample
	if _, err := reconcile.Run(context.Background(), b.dir, o); err == nil ||
		!strings.Contains(err.Error(), "another account") {
		t.Error(err)
	}
}

func TestAStageTheAccountMovedItselfIsNoDamage(t *testing.T) {
	b := newBench(t, quick("auto_lifecycle", "on"))
	rows, members := []run.Row{}, []run.Row{}
	for i := range 6 {
		key := fmt.Sprintf("c%06d", i)
		rows = append(rows, run.Row{key, key + "@example.com", "Lead"})
		members = append(members, run.Row{key, key})
	}
	b.table("contacts", texts("contact_key", "email", "lifecycle_stage"), rows...)
	b.table("contact_members", texts("profile_key", "contact_key"), members...)
	b.deals(2)
	b.load()
	r := b.reconcile(reconcile.DepthFull)
	if got := r.Tallies[0]; got.Moved != 2 || got.Identical != 4 || got.Modified != 0 ||
		!strings.Contains(got.Sentence, "moved 2") {
		t.Errorf("%+v", got)
	}
	if !r.IsClean() {
		t.Errorf("not clean: %+v", r)
	}
	if _, err := b.twin.Damage("moved_stage", 5); err != nil {
		t.Fatal(err)
	}
	if r = b.reconcile(reconcile.DepthFull); r.Tallies[0].Modified != 1 {
		t.Errorf("a stage somebody else moved: %+v", r.Tallies[0])
	}
}

func TestWhatFreshsalesNeverShowsIsNamedNotCounted(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(3)
	at := time.Date(2025, 2, 3, 10, 0, 0, 0, time.UTC)
	var activities, calls []run.Row
	for i := range 30 {
		contact := fmt.Sprintf("c%06d", i%3)
		activities = append(activities, run.Row{fmt.Sprintf("s%d", i), contact, "ada@example.com", "Email",
			fmt.Sprintf("Mail %d", i), "Hello", at, at})
		calls = append(calls, run.Row{fmt.Sprintf("p%d", i), contact, "A call", true})
	}
	b.table("sales_activities", append(texts("sales_activity_key", "contact_key", "owner_email", "sales_activity_type",
		"title", "notes"),
		run.Column{Name: "start_date", Type: run.Timestamptz}, run.Column{Name: "end_date", Type: run.Timestamptz}),
		activities...)
	b.table("phone_calls", append(texts("phone_call_key", "contact_key", "note"),
		run.Column{Name: "call_direction", Type: run.Boolean}), calls...)
	b.load()
	b.twin.ResetCalls()
	r := b.reconcile(reconcile.DepthFull)
	if !r.IsClean() {
		t.Errorf("not clean: %+v", r.Tallies)
	}
	for _, tally := range r.Tallies {
		switch tally.Entity {
		case "sales_activities":
			if tally.Identical != 30 || len(tally.NotShown) != 1 || tally.NotShown[0] != "contact" {
				t.Errorf("%+v", tally)
			}
		case "phone_calls":
			if tally.Read != 0 || !strings.Contains(tally.Sentence, "cannot be read back") {
				t.Errorf("%+v", tally)
			}
		}
	}
	if n := b.twin.Calls()["sales_activities.get"].Calls; n > 1 {
		t.Errorf("%d sales activities were read singly though the list shows all there is to see", n)
	}
}
