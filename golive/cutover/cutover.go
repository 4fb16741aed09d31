// Package cutover is the runbook of the day an account takes over, as a state machine over facts: what
// the audit, the runs and the history of reconciliations show. It keeps no state of its own, so no step
// can be done twice or forgotten. Steps that no file can show are ticked, and the audit keeps the tick.
// Start reading at Steps.
package cutover

import (
	"fmt"
	"strings"
	"time"
)

// States of a step.
const (
	Done    = "done"
	Due     = "due"
	Failed  = "failed"
	Waiting = "waiting" // for a step before it, or for its day
	Missed  = "missed"  // its day is over
)

// Names of steps that somebody ticks: no file can show them.
const (
	NotificationsOff = "notifications_off"
	PeopleTold       = "people_told"
	Freeze           = "freeze"
	SystemOfRecord   = "system_of_record"
	HandedOver       = "handed_over"
)

// Ticked lists them in their order.
var Ticked = []string{NotificationsOff, PeopleTold, Freeze, SystemOfRecord, HandedOver}

// Step is one line of the runbook.
type Step struct {
	Name  string    `json:"name"`
	When  string    `json:"when"`
	Title string    `json:"title"`
	State string    `json:"state"`
	Fact  string    `json:"fact"` // by what it is done, or why it is not
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Next  string    `json:"next,omitempty"`
}

// Tick is what somebody said is done.
type Tick struct {
	By string
	At time.Time
}

// Day is what a reconciliation found.
type Day struct {
	At                         time.Time
	Run                        string
	Read, Lost, Wrong, Differs int64
}

// Facts are what the steps are computed from.
type Facts struct {
	Target   string
	Now      time.Time
	SignedBy string // "" while the rehearsal gate is closed
	SignedAt time.Time
	Unsigned string // why it is closed
	// ImagesAlone: somebody signed that the before-images of the load are enough.
	ImagesAlone bool
	CopiedBy    string // who copied the account; "" when nobody did, or the copy lacks something
	CopiedAt    time.Time
	Ticks       map[string]Tick
	Landed      map[string]time.Time // runs, and when each was landed
	Loads       []Load               // finished loads of this target, oldest first
	Days        []Day                // reconciliations, oldest first
	Changed     []string             // files of the source that changed after the load's run was landed
	OptOuts     []string             // people who refused since, by key
	Share       float64              // of differing records that is accepted
	UndoCalls   int64
	UndoHours   float64
}

// Load is one finished load.
type Load struct {
	Run string
	At  time.Time
}

// hypercareDays is how long every day is looked at.
const hypercareDays = 7

// Steps gives the runbook as it stands. A step after one that is not done waits for it.
func Steps(f Facts) []Step {
	all := []Step{f.signed(), f.copied(),
		f.ticked(NotificationsOff, "two days before", "Notifications, workflows and sequences are off in the account"),
		f.ticked(PeopleTold, "two days before", "People have been told"),
		f.ticked(Freeze, "the day", "The source is frozen: nobody changes anything in Xtremepush"),
		f.delta(), f.loaded(), f.reconciled(), f.decided(),
		f.ticked(SystemOfRecord, "the day", "Freshsales is the system of record"),
		f.ticked(HandedOver, "the day", "The hand-over is delivered")}
	open := false
	for i := range all {
		s := &all[i]
		if open && s.State == Due {
			s.State, s.Next = Waiting, ""
		}
		open = open || s.State != Done
	}
	return append(all, f.hypercare(!open)...)
}

func (f Facts) signed() Step {
	s := Step{Name: "rehearsal_signed", When: "two days before", Title: "The rehearsal is signed",
		State: Done, By: f.SignedBy, At: f.SignedAt, Fact: "the sign-off stands"}
	if f.SignedBy == "" {
		s.State, s.Fact, s.Next = Due, f.Unsigned, "ferry status"
	}
	return s
}

func (f Facts) copied() Step {
	s := Step{Name: "way_back", When: "two days before", Title: "There is a way back", State: Done, By: f.SignedBy,
		At:   f.SignedAt,
		Fact: "signed: the values a load changes are kept before, and that is enough"}
	if f.CopiedBy != "" {
		s.By, s.At, s.Fact = f.CopiedBy, f.CopiedAt, "the account was copied"
		return s
	}
	if f.SignedBy == "" || !f.ImagesAlone {
		s.By, s.At = "", time.Time{}
		s.State = Due
		s.Fact, s.Next = "the account was not copied, and nobody signed that the values a load keeps are enough",
			"ferry backup --target "+f.Target
	}
	return s
}

func (f Facts) ticked(name, when, title string) Step {
	s := Step{Name: name, When: when, Title: title}
	if t, done := f.Ticks[name]; done {
		s.State, s.By, s.At, s.Fact = Done, t.By, t.At, "ticked"
		return s
	}
	s.State, s.Fact = Due, "nobody has said so"
	s.Next = fmt.Sprintf("ferry cutover --target %s --done %s --by NAME", f.Target, name)
	return s
}

// freeze is when the source stopped; zero: it did not yet.
func (f Facts) freeze() time.Time { return f.Ticks[Freeze].At }

// delta: a run was landed after the freeze.
func (f Facts) delta() Step {
	s := Step{Name: "last_delta", When: "the day", Title: "The last changes are extracted",
		State: Due, Fact: "nothing was extracted since the freeze",
		Next: "ferry extract, then: ferry transform --target " + f.Target + ", then: ferry plan --target " + f.Target}
	if f.freeze().IsZero() {
		return s
	}
	for id, at := range f.Landed {
		if at.After(f.freeze()) && (s.State == Due || at.Before(s.At)) {
			s.State, s.At, s.Fact, s.Next = Done, at, "run "+id+" was extracted after the freeze", ""
		}
	}
	return s
}

// load is the first finished load of a run that was landed after the freeze.
func (f Facts) load() (Load, bool) {
	if f.freeze().IsZero() {
		return Load{}, false
	}
	for _, l := range f.Loads {
		if f.Landed[l.Run].After(f.freeze()) && !l.At.Before(f.freeze()) {
			return l, true
		}
	}
	return Load{}, false
}

func (f Facts) loaded() Step {
	s := Step{Name: "load", When: "the day", Title: "The last load",
		State: Due, Fact: "what was extracted after the freeze is not loaded", Next: "ferry load --target " + f.Target}
	if l, done := f.load(); done {
		s.State, s.At, s.Fact, s.Next = Done, l.At, "run "+l.Run+" was loaded", ""
	}
	return s
}

// day is the first reconciliation after the load.
func (f Facts) day() (Day, bool) {
	l, loaded := f.load()
	for _, d := range f.Days {
		if loaded && !d.At.Before(l.At) && d.Read > 0 {
			return d, true
		}
	}
	return Day{}, false
}

// newest is the newest reconciliation after the load: a difference that was mended does not stay.
func (f Facts) newest() (Day, bool) {
	d, ok := f.day()
	for _, later := range f.Days {
		if ok && !later.At.Before(d.At) && later.Read > 0 {
			d = later
		}
	}
	return d, ok
}

func (f Facts) reconciled() Step {
	s := Step{Name: "reconcile", When: "the day", Title: "The account is read back",
		State: Due, Fact: "nothing was read back since the load", Next: "ferry reconcile --target " + f.Target}
	if d, done := f.day(); done {
		s.State, s.At, s.Fact, s.Next = Done, d.At, fmt.Sprintf("%d records were read", d.Read), ""
	}
	return s
}

// decided is go or no-go, computed: nothing lost, no opt-out wrong, few differences.
func (f Facts) decided() Step {
	s := Step{Name: "go_no_go", When: "the day", Title: "Go or no go",
		State: Due, Fact: "it is computed from the read-back"}
	d, ok := f.newest()
	if !ok {
		return s
	}
	s.At = d.At
	var why []string
	if d.Lost > 0 {
		why = append(why, fmt.Sprintf("%d records are lost", d.Lost))
	}
	if d.Wrong > 0 {
		why = append(why, fmt.Sprintf("%d opt-outs are wrong", d.Wrong))
	}
	if float64(d.Differs) > f.Share*float64(d.Read) {
		why = append(why, fmt.Sprintf("%d of %d records differ, more than %.1f %%", d.Differs, d.Read, 100*f.Share))
	}
	if len(why) == 0 {
		s.State, s.Fact = Done, fmt.Sprintf("go: 0 lost, 0 opt-outs wrong, %d of %d records differ", d.Differs, d.Read)
		return s
	}
	s.State = Failed
	s.Fact = fmt.Sprintf("no go: %s; undoing everything takes at most %d calls, %.1f hours", strings.Join(why, ", "),
		f.UndoCalls, f.UndoHours)
	s.Next = "mend and ferry reconcile --target " + f.Target + "; or undo: ferry rollback --target " + f.Target
	return s
}

// hypercare is one look a day for a week; a refusal that came after the freeze is told first.
func (f Facts) hypercare(begun bool) []Step {
	var all []Step
	l, loaded := f.load()
	for n := 1; n <= hypercareDays; n++ {
		from := l.At.Truncate(24*time.Hour).AddDate(0, 0, n)
		s := Step{Name: fmt.Sprintf("hypercare_%d", n), When: fmt.Sprintf("day %d", n),
			Title: fmt.Sprintf("Hypercare, day %d", n), State: Waiting, Fact: "its day has not come"}
		if loaded && !f.Now.Before(from) {
			s.State, s.Fact, s.Next = Due, "nothing was read back on this day", "ferry reconcile --target "+f.Target
			if !begun {
				s.State, s.Next = Waiting, ""
			}
		}
		for _, d := range f.Days {
			if loaded && !d.At.Before(from) && d.At.Before(from.AddDate(0, 0, 1)) {
				s.State, s.At, s.Next = Done, d.At, ""
				s.Fact = fmt.Sprintf("%d lost, %d opt-outs wrong, %d of %d records differ", d.Lost, d.Wrong, d.Differs, d.Read)
				if d.Lost+d.Wrong > 0 {
					s.State, s.Next = Failed, "read reconciliation.xlsx; ferry load --target "+f.Target+" sends again what is missing"
				}
			}
		}
		if s.State == Due && f.Now.After(from.AddDate(0, 0, 1)) {
			s.State, s.Fact, s.Next = Missed, "nobody looked on this day", ""
		}
		all = append(all, s)
	}
	return all
}

// Warnings are what somebody must hear before anything else.
func Warnings(f Facts) []string {
	var w []string
	if n := len(f.OptOuts); n > 0 {
		w = append(w, fmt.Sprintf("%d people refused in Xtremepush after the freeze, and Freshsales does not know it yet: %s",
			n, some(f.OptOuts)))
	}
	if n := len(f.Changed); n > 0 {
		w = append(w, fmt.Sprintf("%d files of the source changed after the freeze: %s", n, some(f.Changed)))
	}
	return w
}

func some(names []string) string {
	if len(names) <= 5 {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
}

// Check is what a scheduler wants to know: the first step that failed, else the first that is due.
func Check(all []Step) (failed, due *Step) {
	for i := range all {
		if all[i].State == Failed && failed == nil {
			failed = &all[i]
		}
		if all[i].State == Due && due == nil {
			due = &all[i]
		}
	}
	return failed, due
}
