package reconcile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/reconcile"
	"ferry/load/record"
)

func TestAnUntouchedAccountReadsBackIdentical(t *testing.T) {
	b := loadtest.NewRichBench(t)
	b.Rich(120)
	b.Load()
	for _, depth := range []string{reconcile.DepthCounts, reconcile.DepthSample, reconcile.DepthFull} {
		b.Twin.ResetCalls()
		r := b.Reconcile(depth)
		if !r.IsClean() {
			t.Errorf("%s: not clean: %+v %+v", depth, r.Tallies, r.Counts)
		}
		// At full depth some rows of lists may turn out to be whole, which saves reading them singly.
		if off := float64(r.Calls) / float64(r.Cost.Total); off > 1.02 || off < 0.97 &&
			depth != reconcile.DepthFull || off < 0.9 {
			t.Errorf("%s: %d calls said, %d used", depth, r.Cost.Total, r.Calls)
		}
		for _, x := range loadedIf(b, depth != reconcile.DepthCounts) {
			if x["class"] != reconcile.Identical {
				t.Fatalf("%s: %v", depth, x)
			}
		}
		t.Log(depth, r.Cost.Total, "calls;", r.Tallies)
	}
	spots := map[string]bool{}
	for _, x := range b.Loaded(record.ReadbackTable) {
		if x["is_spot_check"] == "true" && x["field"] != "" {
			spots[x["entity"]+x["key"]] = true
		}
	}
	if len(spots) < 25 || len(spots) > 60 {
		t.Errorf("%d records are shown field by field", len(spots))
	}
}

// loadedIf reads the read-back where there should be one.
func loadedIf(b *loadtest.Bench, is bool) []map[string]string {
	if !is {
		return nil
	}
	return b.Loaded(record.ReadbackTable)
}

func TestFullDepthFindsEveryDamage(t *testing.T) {
	b := loadtest.NewRichBench(t)
	b.Rich(120)
	b.Load()
	harms := map[int64][]twin.Harm{}
	var kinds []string
	for i, k := range twin.DamageKinds() {
		if chosen, ok := alone[k.Name]; ok {
			i = placeOf(b, chosen.entity, chosen.key)
		}
		h, err := b.Twin.Damage(k.Name, i)
		if err != nil {
			t.Logf("%s: %v", k.Name, err)
			continue
		}
		if chosen, ok := alone[k.Name]; ok {
			b.Is(record.OutcomesTable, chosen.entity, chosen.key, "target_id", fmt.Sprint(h.ID))
		}
		kinds = append(kinds, k.Name)
		harms[h.ID] = append(harms[h.ID], h)
	}
	if len(kinds) < 20 {
		t.Fatalf("only %d kinds of damage could be done: %v", len(kinds), kinds)
	}
	r := b.Reconcile(reconcile.DepthFull)
	rows := map[string][]map[string]string{}
	for _, x := range b.Loaded(record.ReadbackTable) {
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

// alone are records that hang on nothing that is lost, and on which nothing hangs that is looked for; the twin has its
// records in the order in which several workers sent them, so any other could be one that is lost.
var alone = map[string]struct{ entity, key string }{
	"lost_contact": {"contacts", "c000090"}, "erased_contact": {"contacts", "c000091"}, // no task, no note, no deal
	"dropped_link": {"contacts", "c000112"}, "renamed_account": {"accounts", "a0007"}, "lost_account": {"accounts", "a0005"},
}

// placeOf is where a record stands among those of its kind in the twin, which numbers them as they come.
func placeOf(b *loadtest.Bench, entity, key string) int {
	b.T.Helper()
	var ids []int64
	id := int64(0)
	for _, o := range b.Loaded(record.OutcomesTable) {
		if o["entity"] == entity {
			ids = append(ids, record.IdOf(o["target_id"]))
			if o["key"] == key {
				id = record.IdOf(o["target_id"])
			}
		}
	}
	slices.Sort(ids)
	at, found := slices.BinarySearch(ids, id)
	if !found {
		b.T.Fatalf("%s %s was not loaded", entity, key)
	}
	return at
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
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(5)
	b.Tasks(5, 5)
	b.Load()
	c, err := freshsales.New(freshsales.Config{URL: b.URL, Key: twin.DefaultKey})
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
	r := b.Reconcile(reconcile.DepthFull)
	for _, x := range b.Loaded(record.ReadbackTable) {
		if x["class"] == reconcile.Duplicate && x["key"] == "t000003" && x["target_id"] == fmt.Sprint(late.ID()) {
			return
		}
	}
	t.Errorf("not found: %+v", r.Tallies)
}

func TestReconcileRefusesWhatItCannotDo(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	o := reconcile.Options{Options: b.Options()}
	if _, err := reconcile.Run(context.Background(), b.Dir, o); err == nil ||
		!strings.Contains(err.Error(), "nothing was loaded") {
		t.Error(err)
	}
	o.Depth = "deep"
	if _, err := reconcile.Run(context.Background(), b.Dir, o); run.ExitOf(err) != run.ExitUsage {
		t.Error(err)
	}
	b.Contacts(3)
	b.Load()
	other := loadtest.TestAccount()
	for i := range other.LifecycleStages {
		other.LifecycleStages[i].ID = int64(999 + i)
	}
	if err := b.Twin.SetAccount(*other); err != nil {
		t.Fatal(err)
	}
	o.Depth = reconcile.DepthSample
	if _, err := reconcile.Run(context.Background(), b.Dir, o); err == nil ||
		!strings.Contains(err.Error(), "another account") {
		t.Error(err)
	}
}

func TestAStageTheAccountMovedItselfIsNoDamage(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick("auto_lifecycle", "on"))
	rows, members := []run.Row{}, []run.Row{}
	for i := range 6 {
		key := fmt.Sprintf("c%06d", i)
		rows = append(rows, run.Row{key, key + "@example.com", "Lead"})
		members = append(members, run.Row{key, key})
	}
	b.Table("contacts", loadtest.Texts("contact_key", "email", "lifecycle_stage"), rows...)
	b.Table("contact_members", loadtest.Texts("profile_key", "contact_key"), members...)
	b.Deals(2)
	b.Load()
	r := b.Reconcile(reconcile.DepthFull)
	if got := r.Tallies[0]; got.Moved != 2 || got.Identical != 4 || got.Modified != 0 ||
		!strings.Contains(got.Sentence, "moved 2") {
		t.Errorf("%+v", got)
	}
	if !r.IsClean() {
		t.Errorf("not clean: %+v", r)
	}
	if _, err := b.Twin.Damage("moved_stage", 5); err != nil {
		t.Fatal(err)
	}
	if r = b.Reconcile(reconcile.DepthFull); r.Tallies[0].Modified != 1 {
		t.Errorf("a stage somebody else moved: %+v", r.Tallies[0])
	}
}

func TestWhatFreshsalesNeverShowsIsNamedNotCounted(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	b.Contacts(3)
	at := time.Date(2025, 2, 3, 10, 0, 0, 0, time.UTC)
	var activities, calls []run.Row
	for i := range 30 {
		contact := fmt.Sprintf("c%06d", i%3)
		activities = append(activities, run.Row{fmt.Sprintf("s%d", i), contact, "ada@example.com", "Email",
			fmt.Sprintf("Mail %d", i), "Hello", at, at})
		calls = append(calls, run.Row{fmt.Sprintf("p%d", i), contact, "A call", true})
	}
	b.Table("sales_activities", append(loadtest.Texts("sales_activity_key", "contact_key", "owner_email", "sales_activity_type",
		"title", "notes"),
		run.Column{Name: "start_date", Type: run.Timestamptz}, run.Column{Name: "end_date", Type: run.Timestamptz}),
		activities...)
	b.Table("phone_calls", append(loadtest.Texts("phone_call_key", "contact_key", "note"),
		run.Column{Name: "call_direction", Type: run.Boolean}), calls...)
	b.Notes(1, 3) // beside the notes that the account makes of calls
	b.Load()
	b.Twin.ResetCalls()
	r := b.Reconcile(reconcile.DepthFull)
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
	if n := b.Twin.Calls()["sales_activities.get"].Calls; n > 1 {
		t.Errorf("%d sales activities were read singly though the list shows all there is to see", n)
	}
}
