// Package gate says whether the way to production is open. A gate is a fact, not a flag: it is
// computed from digests of what it is about, so that it closes by itself when that changes, and
// names what changed. It reads no run and no account: facts are handed to it. Start at Evaluate.
package gate

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Names of the gates, in their order.
const (
	MapConfirmed    = "map_confirmed"
	DecisionsIn     = "decisions_in"
	RehearsalSigned = "rehearsal_signed"
	AccountReady    = "account_ready"
)

// Gate is one gate as it stands.
type Gate struct {
	Name   string   `json:"name"`
	Title  string   `json:"title"`
	IsOpen bool     `json:"is_open"`
	By     string   `json:"by,omitempty"` // who opened it
	At     string   `json:"at,omitempty"` // and when
	Why    []string `json:"why"`          // what is missing or changed; empty when it is open
	Notes  []string `json:"notes"`        // what an open gate still tells
	Next   string   `json:"next,omitempty"`
}

// Rule is a check whose findings keep records out.
type Rule struct {
	Name, Sentence string
	Open           int64 // findings nobody answered
}

// Facts are what the gates are computed from.
type Facts struct {
	Target   string // the account to go to
	Plan     string // of Freshsales
	HasRun   bool
	Map      []Item
	Holds    []Rule
	Stops    []Rule
	Wanted   map[string]int64 // records to send, by entity
	Parts    []Part           // as they are now
	Answers  []Answer
	WasKnown func(about string) bool // whether a row was there when the sign-off was made
	NewRows  int64                   // findings that were not there then

	Signoff   *Signoff // nil: nobody signed
	Forged    string   // why the stored sign-off is not the one the audit knows; "" when it is
	NoSandbox bool     // the customer's plan has none, whatever the plan

	Looked       time.Time // when the account was last looked at for this run; zero: never
	Lacking      []string  // what it lacks
	Needed       []string  // side effects to acknowledge
	Acknowledged []string

	Copy      *Copy            // the newest copy of the account; nil: none
	NotCopied map[string]int64 // what the load changes and no copy has, by entity
}

// Copy is a golden copy of the account.
type Copy struct {
	By, Kind string
	At       time.Time
}

// share of the planned records of each entity that a rehearsal must have moved.
const share = 0.8

// Enough says whether a rehearsal moved enough of what is to be moved.
func Enough(did, want int64) bool { return float64(did) >= share*float64(want) }

// Evaluate gives the four gates.
func Evaluate(f Facts) []Gate {
	gates := []Gate{f.mapConfirmed(), f.decisionsIn(), f.rehearsalSigned(), f.accountReady()}
	for i := range gates {
		g := &gates[i]
		if !f.HasRun {
			g.Why, g.Next = []string{"there is no run with tables yet"}, "ferry run --target twin"
		}
		g.IsOpen = len(g.Why) == 0
		if g.IsOpen {
			g.Next = ""
		}
		if g.Why == nil {
			g.Why = []string{}
		}
		if g.Notes == nil {
			g.Notes = []string{}
		}
	}
	return gates
}

// shown is how many names a sentence carries.
const shown = 3

func some(names []string) string {
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

// mapConfirmed: everything that will be sent has a place somebody confirmed.
func (f Facts) mapConfirmed() Gate {
	g := Gate{Name: MapConfirmed, Title: "Map confirmed", Next: "answer mapping.xlsx, then: ferry decide FILE.xlsx"}
	open, late := map[string][]string{}, []string{}
	for _, i := range f.Map {
		switch {
		case i.IsConfirmed:
		case f.stands(i):
		case f.Signoff.IsAccepted() && i.Kind == "attribute" && !f.signedItem(i):
			late = append(late, i.Name)
		default:
			open[i.Kind] = append(open[i.Kind], i.Name)
		}
	}
	for _, kind := range sorted(open) {
		g.Why = append(g.Why, fmt.Sprintf("nobody confirmed %d of the map's %ss: %s", len(open[kind]), kind,
			some(open[kind])))
	}
	if len(g.Why) > 0 && !f.Signoff.IsAccepted() {
		g.Next += "; or say yes on the sign-off sheet to what nobody answered"
	}
	if len(late) > 0 {
		g.Notes = append(g.Notes, fmt.Sprintf("%d attributes are new since %s and are left out: %s", len(late),
			f.Signoff.By(), some(late)))
	}
	g.byDefault(f, f.Signoff.IsAccepted() && f.Signoff.MapDefault)
	return g
}

func (f Facts) stands(i Item) bool {
	return f.Signoff.IsAccepted() && f.Signoff.MapDefault && slices.ContainsFunc(f.Signoff.Map, func(s Item) bool {
		return s.Kind == i.Kind && s.Name == i.Name && s.Becomes == i.Becomes
	})
}

func (f Facts) signedItem(i Item) bool {
	return slices.ContainsFunc(f.Signoff.Map, func(s Item) bool { return s.Kind == i.Kind && s.Name == i.Name })
}

// decisionsIn: every rule that keeps records out has an answer, or a default somebody signed.
func (f Facts) decisionsIn() Gate {
	g := Gate{Name: DecisionsIn, Title: "Decisions in", Next: "answer quality.xlsx, then: ferry decide FILE.xlsx"}
	for _, r := range f.Stops {
		g.Why = append(g.Why, fmt.Sprintf("the check %s stops every load (%d findings): %s", r.Name, r.Open, r.Sentence))
	}
	isDefault := f.Signoff.IsAccepted() && f.Signoff.FindingsDefault
	var names []string
	var rows int64
	for _, r := range f.Holds {
		if r.Open > 0 {
			names = append(names, r.Name)
			rows += r.Open
		}
	}
	if len(names) > 0 && !isDefault {
		g.Why = append(g.Why, fmt.Sprintf("%d findings that keep records out have no answer and no default: %s",
			rows, some(names)))
		g.Next += "; or say yes on the sign-off sheet to holding what nobody answered"
	}
	if len(names) > 0 && isDefault {
		g.Notes = append(g.Notes, fmt.Sprintf("%d findings without an answer stay held, as %s", rows, f.Signoff.By()))
	}
	if f.NewRows > 0 && f.Signoff.IsAccepted() {
		g.Notes = append(g.Notes,
			fmt.Sprintf("%d findings are new since %s and take the default: what a rule holds stays held", f.NewRows,
				f.Signoff.By()))
	}
	g.byDefault(f, isDefault)
	return g
}

// byDefault says who stands for what was not answered row by row.
func (g *Gate) byDefault(f Facts, isDefault bool) {
	if len(g.Why) == 0 && isDefault {
		g.By, g.At = f.Signoff.Name, f.Signoff.RecordedAt.Format(time.RFC3339)
	}
}

// rehearsalSigned: what will be done was done before, in full, read back, and signed as it is now.
func (f Facts) rehearsalSigned() Gate {
	g := Gate{Name: RehearsalSigned, Title: "Rehearsal signed"}
	s := f.Signoff
	switch {
	case f.Forged != "":
		g.Why, g.Next = []string{f.Forged}, "ferry signoff FILE.xlsx   (reads the signed workbook again)"
		return g
	case s == nil:
		g.Why = []string{"no rehearsal was signed"}
		g.Next = "fill in the sheet “Sign-off” of reconciliation.xlsx, then: ferry signoff FILE.xlsx"
		return g
	case !s.IsAccepted():
		g.Why = []string{fmt.Sprintf("%s rejected the rehearsal on %s%s", s.Name, s.RecordedAt.Format("2 January 2006"),
			remark(s.Remarks))}
		g.Next = "mend what was said, rehearse again, and have it signed"
		return g
	}
	g.By, g.At = s.Name, s.RecordedAt.Format(time.RFC3339)
	g.Next = "rehearse again and have it signed: ferry run --target " + s.Target
	if s.On == "twin" && f.Plan == "enterprise" && !f.NoSandbox {
		g.Why = append(g.Why,
			"the rehearsal was on the built-in twin, but the plan enterprise is said to have sandboxes; rehearse on one, or "+
				"write no_sandbox: true under this target in ferry.yaml")
	}
	g.Why = append(g.Why, f.changed()...)
	for _, entity := range sorted(f.Wanted) {
		if want, did := f.Wanted[entity], s.Rehearsed[entity]; !Enough(did, want) {
			g.Why = append(g.Why,
				fmt.Sprintf("the rehearsal moved %d %s, and %d are to be moved now (%d %%): %.0f %% are needed", did, entity, want,
					100*did/want, 100*share))
		}
	}
	g.Notes = append(g.Notes, fmt.Sprintf("%s by %s (%s) after a rehearsal on the %s %s, run %s%s", s.Verdict, s.Name,
		s.Role, s.On, s.Target, s.Run, remark(s.Remarks)))
	return g
}

func remark(text string) string {
	if text == "" {
		return ""
	}
	return ": “" + text + "”"
}

// changed names everything that is not as it was when somebody signed.
func (f Facts) changed() []string {
	s := f.Signoff
	since := " since " + s.By()
	was, is := map[string]string{}, map[string]string{}
	for _, p := range s.Parts {
		was[p.Kind+"\x00"+p.Name] = p.Digest
	}
	for _, p := range f.Parts {
		is[p.Kind+"\x00"+p.Name] = p.Digest
	}
	var why []string
	for _, key := range sorted(was) {
		now, there := is[key]
		switch {
		case !there:
			why = append(why, named(key)+" was taken away"+since)
		case now != was[key]:
			why = append(why, named(key)+" changed"+since)
		}
	}
	for _, key := range sorted(is) {
		if _, there := was[key]; !there {
			why = append(why, named(key)+" was added"+since)
		}
	}
	return append(why, f.changedAnswers(since)...)
}

func named(key string) string {
	kind, name, _ := strings.Cut(key, "\x00")
	switch kind {
	case "version":
		return "ferry itself"
	case "scope", "load":
		return "the setting " + name
	case "off":
		return "the switching off of " + name
	}
	return name
}

// changedAnswers counts decisions about rows known then that were changed, withdrawn or added.
func (f Facts) changedAnswers(since string) []string {
	was, is := map[string]string{}, map[string]string{}
	rule := map[string]string{}
	for _, a := range f.Signoff.Answers {
		was[a.About], rule[a.About] = a.Digest, a.Rule
	}
	for _, a := range f.Answers {
		is[a.About], rule[a.About] = a.Digest, a.Rule
	}
	count := map[string]int{}
	for about := range rule {
		before, had := was[about]
		now, has := is[about]
		switch {
		case had && !has:
			count["withdrawn\x00"+rule[about]]++
		case had && before != now:
			count["changed\x00"+rule[about]]++
		case !had && f.WasKnown(about):
			count["added\x00"+rule[about]]++
		}
	}
	var why []string
	for _, key := range sorted(count) {
		what, name, _ := strings.Cut(key, "\x00")
		why = append(why, fmt.Sprintf("%d answers to %s were %s%s", count[key], name, what, since))
	}
	return why
}

// FirstClosed is the first gate of these that is closed; nil when none is.
func FirstClosed(all []Gate, names ...string) *Gate {
	for i := range all {
		if !all[i].IsOpen && (len(names) == 0 || slices.Contains(names, all[i].Name)) {
			return &all[i]
		}
	}
	return nil
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
