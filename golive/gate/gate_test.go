package gate

import (
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

var twelfth = time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC)

// ready are facts with every gate open.
func ready() Facts {
	return Facts{Target: "production", Plan: "pro", HasRun: true,
		Map:      []Item{{"attribute", "hobby", "contacts.cf_hobby (text)", true}, {"stage", "lead", "Lead / New", false}},
		Holds:    []Rule{{"email_shared", "Two contacts with one address.", 3}},
		Wanted:   map[string]int64{"contacts": 100},
		Parts:    []Part{{"model", "sql/3_mapping/lifecycle.sql", "a"}, {"scope", "deals", "b"}, {"version", "ferry", "c"}},
		Answers:  []Answer{{"row 1", "accept", "email_shared"}},
		WasKnown: func(about string) bool { return about != "new row" },
		Signoff: &Signoff{Name: "Anna", Role: "Head of service", Verdict: Accept, RecordedAt: twelfth, MapDefault: true,
			FindingsDefault: true, ImagesAlone: true,
			Target: "twin", On: "twin", Run: "20260301T000000Z", Rehearsed: map[string]int64{"contacts": 80},
			Parts:   []Part{{"model", "sql/3_mapping/lifecycle.sql", "a"}, {"scope", "deals", "b"}, {"version", "ferry", "c"}},
			Answers: []Answer{{"row 1", "accept", "email_shared"}},
			Map:     []Item{{"attribute", "hobby", "contacts.cf_hobby (text)", true}, {"stage", "lead", "Lead / New", false}}},
		Looked: twelfth, Needed: []string{"workflows"}, Acknowledged: []string{"workflows"},
	}
}

func TestEveryGateIsOpenWhenItsFactsHold(t *testing.T) {
	for _, g := range Evaluate(ready()) {
		if !g.IsOpen {
			t.Errorf("%s is closed: %v", g.Name, g.Why)
		}
	}
}

// TestWhatClosesAGate changes one fact at a time: one gate closes, and says why.
func TestWhatClosesAGate(t *testing.T) {
	cases := map[string]struct {
		change func(*Facts)
		gate   string
		why    string
	}{
		"no run": {func(f *Facts) { f.HasRun = false }, MapConfirmed, "no run"},
		"a stage unsigned": {func(f *Facts) { f.Signoff.MapDefault = false }, MapConfirmed,
			"nobody confirmed 1 of the map's stages: lead"},
		"a stage goes else": {func(f *Facts) { f.Map[1].Becomes = "Customer / Won" }, MapConfirmed, "stages: lead"},
		"no default":        {func(f *Facts) { f.Signoff.FindingsDefault = false }, DecisionsIn, "3 findings"},
		"a stop": {func(f *Facts) { f.Stops = []Rule{{"opt_out_lost", "An opt-out was lost.", 2}} }, DecisionsIn,
			"opt_out_lost stops every load"},
		"nobody signed": {func(f *Facts) { f.Signoff = nil; f.Map[1].IsConfirmed = true; f.Holds = nil },
			RehearsalSigned, "no rehearsal was signed"},
		"rejected": {func(f *Facts) {
			f.Signoff.Verdict, f.Signoff.Remarks = Reject, "names are wrong"
			f.Map[1].IsConfirmed = true
			f.Holds = nil
		}, RehearsalSigned, "Anna rejected the rehearsal on 12 March 2026: “names are wrong”"},
		"forged": {func(f *Facts) { f.Forged = "it was edited" }, RehearsalSigned, "it was edited"},
		"a rule": {func(f *Facts) { f.Parts[0].Digest = "x" }, RehearsalSigned,
			"sql/3_mapping/lifecycle.sql changed since Anna signed on 12 March 2026"},
		"a setting":   {func(f *Facts) { f.Parts[1].Digest = "x" }, RehearsalSigned, "the setting deals changed"},
		"a file gone": {func(f *Facts) { f.Parts = f.Parts[1:] }, RehearsalSigned, "lifecycle.sql was taken away"},
		"a file more": {func(f *Facts) { f.Parts = append(f.Parts, Part{"model", "sql/6_checks/mine.sql", "d"}) },
			RehearsalSigned, "sql/6_checks/mine.sql was added"},
		"another ferry": {func(f *Facts) { f.Parts[2].Digest = "x" }, RehearsalSigned, "ferry itself changed"},
		"a copy that lacks records": {func(f *Facts) {
			f.Signoff.ImagesAlone, f.Copy, f.NotCopied = false, &Copy{By: "Otto", At: twelfth, Kind: "touched"},
				map[string]int64{"contacts": 2}
		}, AccountReady, "the copy of 12 March 2026 lacks records that this load changes: 2 contacts"},
		"an answer": {func(f *Facts) { f.Answers[0].Digest = "delete" }, RehearsalSigned,
			"1 answers to email_shared were changed"},
		"an answer less": {func(f *Facts) { f.Answers = nil }, RehearsalSigned, "withdrawn"},
		"an answer more": {func(f *Facts) { f.Answers = append(f.Answers, Answer{"row 2", "accept", "email_shared"}) },
			RehearsalSigned, "added"},
		"too little moved": {func(f *Facts) { f.Signoff.Rehearsed["contacts"] = 79 }, RehearsalSigned,
			"moved 79 contacts, and 100 are to be moved now (79 %)"},
		"another entity":     {func(f *Facts) { f.Wanted["deals"] = 1 }, RehearsalSigned, "moved 0 deals"},
		"enterprise on twin": {func(f *Facts) { f.Plan = "enterprise" }, RehearsalSigned, "sandboxes"},
		"not looked at":      {func(f *Facts) { f.Looked = time.Time{} }, AccountReady, "not been looked at"},
		"a stage lacks": {func(f *Facts) { f.Lacking = []string{"the account lacks the stage Lead"} }, AccountReady,
			"lacks the stage"},
		"not acknowledged": {func(f *Facts) { f.Acknowledged = nil }, AccountReady, "workflows"},
		"no way back":      {func(f *Facts) { f.Signoff.ImagesAlone = false }, AccountReady, "before-images"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := ready()
			c.change(&f)
			all := Evaluate(f)
			first := FirstClosed(all)
			if first == nil || first.Name != c.gate || !strings.Contains(strings.Join(first.Why, "\n"), c.why) ||
				first.Next == "" {
				t.Errorf("%+v, want %s closed: %s", first, c.gate, c.why)
			}
		})
	}
}

// TestWhatIsNewSinceClosesNothing: new rows take the default, a new attribute is left out; both are told.
func TestWhatIsNewSinceClosesNothing(t *testing.T) {
	f := ready()
	f.Map = append(f.Map, Item{"attribute", "shoe_size", "contacts.cf_shoe_size (number)", false})
	f.Answers = append(f.Answers, Answer{"new row", "accept", "email_shared"})
	f.NewRows = 12
	all := Evaluate(f)
	if first := FirstClosed(all); first != nil {
		t.Fatalf("%s closed: %v", first.Name, first.Why)
	}
	told := strings.Join(append(all[0].Notes, all[1].Notes...), "\n")
	for _, want := range []string{"shoe_size", "left out", "12 findings are new"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told in %s", want, told)
		}
	}
}

// TestACopyOfTheAccountIsAWayBack, although nobody signed that before-images are enough.
func TestACopyOfTheAccountIsAWayBack(t *testing.T) {
	f := ready()
	f.Signoff.ImagesAlone, f.Copy = false, &Copy{By: "Otto", At: twelfth, Kind: "touched"}
	g := Evaluate(f)[3]
	if !g.IsOpen || g.By != "Otto" || !strings.Contains(strings.Join(g.Notes, " "), "Otto copied the account on 12 March") {
		t.Errorf("%+v", g)
	}
}

// TestWhatIsToBeAcknowledgedCanBePasted: two lines of ferry.yaml, with what was accepted before.
func TestWhatIsToBeAcknowledgedCanBePasted(t *testing.T) {
	f := ready()
	f.Needed = append(f.Needed, "sequences")
	if g := Evaluate(f)[3]; !strings.Contains(g.Next, "\nload:\n  acknowledged: [workflows, sequences]\n") {
		t.Errorf("%q", g.Next)
	}
}

func TestASignoffIsStoredAsItWas(t *testing.T) {
	x := run.OpenProject(t.TempDir()).Target("twin")
	so := ready().Signoff
	if err := so.Store(x); err != nil {
		t.Fatal(err)
	}
	back, err := ReadSignoff(x)
	if err != nil || !back.Repeats(so) {
		t.Errorf("%+v %v", back, err)
	}
	a, _ := so.Digest()
	b, _ := back.Digest()
	if a != b {
		t.Error("its digest is another after reading")
	}
}

func TestTheTypeOfASignedField(t *testing.T) {
	for becomes, want := range map[string]string{"contacts.cf_seat (number)": "number", "left out": "",
		"contacts.cf_a (text); contacts.cf_b (date)": ""} {
		if got := (Item{Becomes: becomes}).Type(); got != want {
			t.Errorf("%s: %q, want %q", becomes, got, want)
		}
	}
}
