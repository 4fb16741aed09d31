package cutover

import (
	"strings"
	"testing"
	"time"
)

var friday = time.Date(2026, 3, 13, 18, 0, 0, 0, time.UTC)

// whole are facts of a cut-over that went well, up to its first evening.
func whole() Facts {
	at := func(minutes int) time.Time { return friday.Add(time.Duration(minutes) * time.Minute) }
	return Facts{Target: "production", Now: at(240), SignedBy: "Anna", SignedAt: at(-3000), ImagesAlone: true,
		Share: 0.001,
		Ticks: map[string]Tick{NotificationsOff: {"Otto", at(-2000)}, PeopleTold: {"Otto", at(-1900)},
			Freeze:         {"Otto", at(0)},
			SystemOfRecord: {"Otto", at(200)}, HandedOver: {"Otto", at(210)}},
		Landed: map[string]time.Time{"old": at(-4000), "last": at(10)},
		Loads:  []Load{{"old", at(-3900)}, {"last", at(100)}},
		Days:   []Day{{At: at(120), Run: "last", Read: 1000, Differs: 1}}}
}

func stateOf(t *testing.T, f Facts, name string) Step {
	t.Helper()
	for _, s := range Steps(f) {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no step %s", name)
	return Step{}
}

func TestACutOverThatWentWellWaitsForItsDays(t *testing.T) {
	for _, s := range Steps(whole()) {
		want := Done
		if strings.HasPrefix(s.Name, "hypercare") {
			want = Waiting
		}
		if s.State != want || s.Fact == "" || s.Next != "" {
			t.Errorf("%+v, want %s", s, want)
		}
	}
	if failed, due := Check(Steps(whole())); failed != nil || due != nil {
		t.Error(failed, due)
	}
}

// TestEachMissingFactIsTheNextStep takes one fact away at a time: its step is due and says what to
// type, and whatever comes after it waits.
func TestEachMissingFactIsTheNextStep(t *testing.T) {
	cases := map[string]func(*Facts){
		"rehearsal_signed": func(f *Facts) { f.SignedBy, f.Unsigned = "", "no rehearsal was signed" },
		"way_back":         func(f *Facts) { f.ImagesAlone = false },
		NotificationsOff:   func(f *Facts) { delete(f.Ticks, NotificationsOff) },
		PeopleTold:         func(f *Facts) { delete(f.Ticks, PeopleTold) },
		Freeze:             func(f *Facts) { delete(f.Ticks, Freeze) },
		"last_delta":       func(f *Facts) { delete(f.Landed, "last") },
		"load":             func(f *Facts) { f.Loads = f.Loads[:1] },
		"reconcile":        func(f *Facts) { f.Days = nil },
		SystemOfRecord:     func(f *Facts) { delete(f.Ticks, SystemOfRecord) },
		HandedOver:         func(f *Facts) { delete(f.Ticks, HandedOver) },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			f := whole()
			change(&f)
			_, due := Check(Steps(f))
			if due == nil || due.Name != name || !strings.HasPrefix(due.Next, "ferry ") {
				t.Fatalf("%+v is due, want %s", due, name)
			}
			after := false
			for _, s := range Steps(f) {
				if after && s.State == Due {
					t.Errorf("%s is due although %s is not done", s.Name, name)
				}
				after = after || s.Name == name
			}
		})
	}
}

func TestGoAndNoGoAreComputed(t *testing.T) {
	for why, change := range map[string]func(*Facts){
		"2 records are lost":       func(f *Facts) { f.Days[0].Lost = 2 },
		"1 opt-outs are wrong":     func(f *Facts) { f.Days[0].Wrong = 1 },
		"2 of 1000 records differ": func(f *Facts) { f.Days[0].Differs = 2 },
	} {
		f := whole()
		f.UndoCalls, f.UndoHours = 3000, 1.5
		change(&f)
		s := stateOf(t, f, "go_no_go")
		if s.State != Failed || !strings.Contains(s.Fact, why) || !strings.Contains(s.Fact, "3000 calls, 1.5 hours") ||
			!strings.Contains(s.Next, "ferry rollback") {
			t.Errorf("%+v, want %s", s, why)
		}
		// What was mended and read back again does not stay a no.
		f.Days = append(f.Days, Day{At: friday.Add(3 * time.Hour), Run: "last", Read: 1000})
		if s := stateOf(t, f, "go_no_go"); s.State != Done {
			t.Errorf("mended, and still %+v", s)
		}
	}
}

func TestEveryDayOfHypercareIsLookedAtOnItsDay(t *testing.T) {
	f := whole()
	f.Now = friday.AddDate(0, 0, 2)
	if s := stateOf(t, f, "hypercare_1"); s.State != Missed {
		t.Errorf("%+v", s)
	}
	if s := stateOf(t, f, "hypercare_2"); s.State != Due || s.Next != "ferry reconcile --target production" {
		t.Errorf("%+v", s)
	}
	f.Days = append(f.Days, Day{At: f.Now, Read: 1000, Wrong: 1})
	if s := stateOf(t, f, "hypercare_2"); s.State != Failed || !strings.Contains(s.Fact, "1 opt-outs wrong") {
		t.Errorf("%+v", s)
	}
	f.OptOuts, f.Changed = []string{"p7"}, []string{"events.csv"}
	if w := Warnings(f); len(w) != 2 || !strings.Contains(w[0], "refused") || !strings.Contains(w[0], "p7") {
		t.Error(w)
	}
}
