package discovery

import (
	"slices"
	"strings"

	"ferry/extract/source"
	"ferry/extract/xtremepush"
)

// listed says whether the name of the file says that it lists nobody but people of one kind, a row each: who refused,
// who has not confirmed, who is to be erased.
func (s *Input) listed(named xtremepush.Entity, headers []string) bool {
	for i, name := range source.PlainNames(s.Name) {
		list, is := xtremepush.Listed(name)
		if !is || !s.mayList(named, headers) {
			continue
		}
		// whole people who refused are still people; who is to be erased is nobody to be made again
		people, _ := xtremepush.ByName("user_profiles")
		if named.Name != "consents" && people.Missing(headers) == "" {
			if i > 0 && named.Name != "" || list.Binds() && slices.ContainsFunc(headers, xtremepush.SaysGone) ||
				!list.Binds() && slices.ContainsFunc(headers, speaksOfConsent) {
				return false // its own columns say so
			}
			if !list.Binds() && xtremepush.NamesPeople(name) {
				s.Entity, s.Implied = people, list.Flags()
				s.Note = JoinNotes(s.Note, list.Says(""))
				return true
			}
		}
		implied, several := list.Implies(headers)
		if implied == nil {
			continue
		}
		s.Entity, _ = xtremepush.ByName("consents")
		s.Implied = implied
		s.Note = JoinNotes(s.Note, list.Says(implied["channel"]))
		if several {
			s.Doubt = JoinNotes(s.Doubt, "it has several addresses in a row, and only the first counts as refused: put each "+
				"kind of address into a file of its own")
		}
		return true
	}
	return false
}

// mayList says whether what else is known of the file leaves room for its being such a list.
func (s *Input) mayList(named xtremepush.Entity, headers []string) bool {
	switch named.Name {
	case "consents":
		return true
	case "", "user_profiles", "segment_memberships":
		return !s.ByHand
	}
	return named.Name == "companies" && !s.ByHand && named.Missing(headers) != ""
}

// refusalsUnsaid doubts a file whose name says that it lists refusals and which lands as something that says nothing of
// consent.
func (s *Input) refusalsUnsaid() {
	if s.State != source.ToLand || s.Entity.Name != "user_profiles" ||
		slices.ContainsFunc(s.Shape.Headers, speaksOfConsent) ||
		slices.ContainsFunc(s.Shape.Headers, xtremepush.SaysGone) {
		return
	}
	for _, name := range source.PlainNames(s.Name) {
		if _, is := xtremepush.Listed(name); is {
			s.Doubt = JoinNotes(s.Doubt, "its name says that these people are not to be written to, and none of its columns "+
				"does: as it stands nobody in it is opted out. Say that it is a list of refusals (ferry.yaml, source.files: "+
				"consents) or give it another name")
			return
		}
	}
}

func speaksOfConsent(header string) bool {
	folded := xtremepush.Fold(header)
	return strings.Contains(folded, "subscri") || strings.Contains(folded, "consent") || strings.Contains(folded, "opt")
}
