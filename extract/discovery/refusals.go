package discovery

import (
	"slices"
	"strings"

	"ferry/extract/source"
	"ferry/extract/xtremepush"
)

// refusals says whether the file lists nobody but people who refused, each in a row.
func (s *Input) refusals(named xtremepush.Entity, headers []string) bool {
	for _, name := range source.PlainNames(s.Name) {
		implied, several := named.Refusals(name, headers)
		if implied == nil {
			continue
		}
		s.Implied = implied
		on := "every channel"
		if implied["channel"] != "" {
			on = implied["channel"]
		}
		s.Note = JoinNotes(s.Note, "its name says that these are refusals: everybody in it is opted out of "+on)
		if several {
			s.Doubt = JoinNotes(s.Doubt, "it has several addresses in a row, and only the first counts as refused: put each "+
				"kind of address into a file of its own")
		}
		return true
	}
	return false
}

// refusalsUnsaid doubts a file whose name says that it lists refusals and which lands as something that says nothing of
// consent.
func (s *Input) refusalsUnsaid() {
	if s.State != source.ToLand || s.Entity.Name != "user_profiles" ||
		slices.ContainsFunc(s.Shape.Headers, speaksOfConsent) {
		return
	}
	for _, name := range source.PlainNames(s.Name) {
		if _, is := xtremepush.RefusalName(name); is {
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
