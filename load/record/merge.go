package load

import "slices"

// change is one field that a plan will write, or wrote.
type change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Reasons of fields that are not written because a person changed them meanwhile.
const (
	reasonKept = "changed in Freshsales too: theirs is kept"
	reasonAsk  = "changed in Freshsales too: somebody must decide"
)

// merged is what a three-way comparison decides.
type merged struct {
	send     fields     // what to write; empty: nothing
	base     fields     // what we stand for afterwards
	changes  []change   // old → new of send
	withheld []withheld // conflicts, with theirs kept or to be asked
	isAsked  bool       // something waits for a decision
}

// merge compares what we want with what we last wrote (nil: nothing yet) and what is there now.
// It never overwrites what a person changed since we last wrote, unless the policy says so.
func merge(ours, base, theirs fields, policy func(field string) string, sameLink func(a, b any) bool) merged {
	m := merged{send: fields{}, base: fields{}}
	for name, old := range base {
		m.base[name] = old
	}
	for _, name := range sortedNames(ours) {
		want := ours[name]
		before, wasOurs := base[name]
		equal := func(a, b any) bool {
			if name == contactLink || name == accountLink {
				return sameLink(a, b)
			}
			return same(name, a, b)
		}
		there := theirs[name]
		m.base[name] = want
		if list, ok := want.([]string); ok && name == "tags" {
			mine, _ := before.([]string)
			has, _ := there.([]string)
			if set := mergeSets(list, mine, has); !equal(set, there) {
				m.add(name, there, set)
			}
			continue
		}
		switch {
		case equal(want, there):
		case wasOurs && equal(want, before):
			// We have nothing new to say: whatever a person made of it stays.
		case !wasOurs || equal(before, there):
			m.add(name, there, want)
		default:
			m.clash(name, before, there, want, policy(name))
		}
	}
	return m
}

func (m *merged) add(name string, there, want any) {
	m.send[name] = want
	m.changes = append(m.changes, change{Field: name, Old: asText(there), New: asText(want)})
}

func (m *merged) clash(name string, before, there, want any, policy string) {
	switch policy {
	case TakeOurs:
		m.add(name, there, want)
	case Ask:
		m.base[name] = before
		m.isAsked = true
		m.withheld = append(m.withheld, withheld{Field: name, Value: asText(want), Reason: reasonAsk + " (" + asText(there) + ")"})
	default:
		m.withheld = append(m.withheld, withheld{Field: name, Value: asText(want), Reason: reasonKept + " (" + asText(there) + ")"})
	}
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
	return asSet(out)
}

func sortedNames(f fields) []string {
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
