package load_test

import (
	"fmt"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales/twin"
	"ferry/load/loadtest"
	"ferry/load/record"
)

// The day of an answer says nothing of another one: a no without a day rests on none, and a yes from before it was
// loaded does not end it.
func TestTheDayOfAnAnswerEndsWithIt(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 5, 5)})
	for _, step := range []struct {
		said answer
		want int64
		day  any
	}{
		{answer{no, nil}, no, nil},
		{answer{yes, on(2026, 5, 6)}, no, nil},
		{answer{yes, on(2099, 1, 1)}, yes, "2099-01-01"},
		{answer{yes, nil}, yes, "2099-01-01"}, // the same answer
	} {
		b.NewRun()
		says(b, "Ann", step.said)
		b.Load()
		stands(b, id, "Ann", step.want)
		day := b.Read(id)["custom_field"].(map[string]any)["cf_consent_updated"]
		if day, _, _ = strings.Cut(fmt.Sprint(day), "T"); fmt.Sprint(day) != fmt.Sprint(step.day) {
			t.Errorf("%v: the day is %v", step.said, day)
		}
	}
}

// Who is held, was subscribed and is not known to be, is subscribed no more.
func TestWhoIsHeldAndNotKnownToSayYesIsSubscribedNoMore(t *testing.T) {
	b, id := annLoaded(t, answer{yes, on(2026, 1, 1)})
	b.NewRun()
	says(b, "Anna", answer{unknown, nil})
	b.Held("c1", "has no address")
	b.Load()
	stands(b, id, "Ann", unknown)
	b.Is(record.OutcomesTable, "contacts", "c1", "outcome", "held")
}

// Whose ids were listed as those of one person are so no more once they are apart; what a person wrote there stays.
func TestIdsOfWhomAContactWasOneWithEnd(t *testing.T) {
	b := loadtest.NewBench(t, loadtest.Quick())
	a := b.Twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"],
		twin.Field{Name: "cf_xtremepush_merged_ids", Label: "Merged", Type: "textarea"})
	if err := b.Twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	load := func(merged any, note string) {
		b.NewRun()
		b.Table("contacts", loadtest.Texts("contact_key", "email", "last_name", "cf_note", "cf_xtremepush_merged_ids"),
			run.Row{"c1", "ann@example.com", "Ash", note, merged})
		b.Load()
	}
	load("u1, u2", "a")
	id := b.Row(record.OutcomesTable, "contacts", "c1")["target_id"]
	load(nil, "b")
	if got := b.Read(id)["custom_field"].(map[string]any)["cf_xtremepush_merged_ids"]; got != nil {
		t.Errorf("still one with %v", got)
	}
	load("u1, u3", "b")
	b.Edit(id, `"custom_field":{"cf_xtremepush_merged_ids":"see Ada"}`)
	load(nil, "c")
	got := b.Read(id)["custom_field"].(map[string]any)
	if got["cf_xtremepush_merged_ids"] != "see Ada" || got["cf_note"] != "c" {
		t.Errorf("%v", got)
	}
}
