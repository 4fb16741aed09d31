package record

import (
	"slices"
	"strings"
)

// Change is one field that a plan will write, or wrote.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Reasons of fields that are not written because a person changed them meanwhile.
const (
	reasonKept = "changed in Freshsales too: theirs is kept"
	reasonAsk  = "changed in Freshsales too: somebody must decide"
	// another system finds its contact by it
	reasonForeign = "the record has one of another system there: theirs is kept"
)

// DeletedThere is why a record of ours that the account has no longer stays as it is.
const DeletedThere = "somebody deleted it in Freshsales; it is not made again"

// ContactDeleted is why what hangs on such a contact is not sent.
const ContactDeleted = "somebody deleted its contact in Freshsales"

// Merged is what a three-way comparison decides.
type Merged struct {
	Send     Fields     // what to write; empty: nothing
	Base     Fields     // what we stand for afterwards
	Changes  []Change   // old → new of send
	Withheld []Withheld // conflicts, with theirs kept or to be asked
	IsAsked  bool       // something waits for a decision
}

// Merge compares what we want with what we last wrote (nil: nothing yet) and what is there now.
// It never overwrites what a person changed since we last wrote, unless the policy says so.
func Merge(ours, base, theirs Fields, policy func(field string) string, sameLink func(a, b any) bool) Merged {
	m := Merged{Send: Fields{}, Base: Fields{}}
	for name, old := range base {
		m.Base[name] = old
	}
	for _, name := range SortedNames(ours) {
		want := ours[name]
		before, wasOurs := base[name]
		equal := func(a, b any) bool {
			if name == ContactLink || name == AccountLink {
				return sameLink(a, b)
			}
			return Same(name, a, b)
		}
		there := theirs[name]
		m.Base[name] = want
		if name == "email" && hasAddress(theirs, AsText(want)) && !(wasOurs && equal(before, there)) {
			continue // which of a person's addresses is the first is theirs to say, unless we said it
		}
		if list, ok := want.([]string); ok && name == "tags" {
			mine, _ := before.([]string)
			has, _ := there.([]string)
			if set := mergeSets(list, mine, has); !equal(set, there) {
				m.Add(name, there, set)
			}
			continue
		}
		switch {
		case equal(want, there):
		case wasOurs && equal(want, before):
			// We have nothing new to say: whatever a person made of it stays.
		case name == "external_id" && !wasOurs && !IsEmpty(there) && policy(name) != TakeOurs:
			delete(m.Base, name)
			m.Withheld = append(m.Withheld, Withheld{Field: name, Value: AsText(want), Reason: reasonForeign + " (" +
				AsText(there) + ")"})
		case !wasOurs || equal(before, there):
			m.Add(name, there, want)
		default:
			m.clash(name, before, there, want, policy(name))
		}
	}
	return m
}

// Add writes a field in the place of what is there.
func (m *Merged) Add(name string, there, want any) {
	m.Send[name] = want
	m.Changes = append(m.Changes, Change{Field: name, Old: AsText(there), New: AsText(want)})
}

// TakeBack leaves a field as it is: it is not written, and we stand for what we did before.
func (m *Merged) TakeBack(name string, base Fields) {
	delete(m.Send, name)
	m.Changes = slices.DeleteFunc(m.Changes, func(c Change) bool { return c.Field == name })
	if before, was := base[name]; was {
		m.Base[name] = before
	} else {
		delete(m.Base, name)
	}
}

// Withhold takes a field back that waits for somebody, and says why.
func (m *Merged) Withhold(name, reason string, base Fields) {
	m.Withheld = append(m.Withheld, Withheld{Field: name, Value: AsText(m.Send[name]), Reason: reason})
	m.IsAsked = true
	m.TakeBack(name, base)
}

func (m *Merged) clash(name string, before, there, want any, policy string) {
	switch policy {
	case TakeOurs:
		m.Add(name, there, want)
	case Ask:
		m.Base[name] = before
		m.IsAsked = true
		m.Withheld = append(m.Withheld, Withheld{Field: name, Value: AsText(want), Reason: reasonAsk + " (" +
			AsText(there) + ")"})
	default:
		m.Withheld = append(m.Withheld, Withheld{Field: name, Value: AsText(want), Reason: reasonKept + " (" +
			AsText(there) + ")"})
	}
}

// hasAddress says that an address is among those of a contact, primary or not.
func hasAddress(theirs Fields, email string) bool {
	all, _ := theirs["emails"].([]string)
	return slices.ContainsFunc(all, func(e string) bool { return strings.EqualFold(e, email) })
}

// mergeSets adds what we add and takes away what we take away; the rest is theirs.
func mergeSets(ours, base, theirs []string) []string {
	var out []string
	for _, t := range theirs {
		if !slices.Contains(base, t) || slices.Contains(ours, t) {
			out = append(out, t)
		}
	}
	for _, t := range ours {
		if !slices.Contains(out, t) && (!slices.Contains(base, t) || slices.Contains(theirs, t)) {
			out = append(out, t)
		}
	}
	return AsSet(out)
}

func SortedNames(f Fields) []string {
	names := make([]string, 0, len(f))
	for n := range f {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// What to do where a person changed a field in Freshsales and its source changed too.
const (
	KeepTheirs = "keep_theirs" // the default: theirs stays, ours is listed
	TakeOurs   = "take_ours"   // ours is written, theirs is listed
	Ask        = "ask"         // nothing is written until somebody decides
)
