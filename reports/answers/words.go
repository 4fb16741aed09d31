package answers

import (
	"slices"
	"strings"
)

// meant are the words people type instead of those a drop-down offers. Each means one answer only;
// what could mean two is in none of the lists.
var meant = map[string][]string{
	"clean": {"correct", "corrected", "correct it", "fix", "fix it", "repair", "replace", "use suggestion",
		"use the suggestion",
		"take the suggestion", "suggestion"},
	"delete": {"remove", "remove it", "removed", "deleted", "delete it", "drop", "drop it", "leave out",
		"do not take", "don't take",
		"do not move", "don't move"},
	"accept": {"accepted", "keep", "keep it", "keep as is", "keep as it is", "as is", "as it is", "leave as is",
		"leave as it is",
		"take as is", "take it as it is", "take as it is"},
	"merge": {"merged", "merge them", "yes", "y", "same", "same person", "the same", "the same person", "one person",
		"one", "join",
		"combine", "duplicate", "duplicates"},
	"apart": {"no", "n", "different", "different people", "different persons", "two people", "two persons", "not the same",
		"not the same person", "not same", "keep apart", "keep separate", "separate", "separated", "keep both",
		"do not merge",
		"don't merge", "distinct"},
	"confirm": {"confirmed", "yes", "y", "ok", "okay", "right", "correct", "agreed", "agree", "fine", "good",
		"yes please"},
	"change": {"changed", "change it", "other", "other field", "another field"},
	"skip": {"skipped", "skip it", "leave behind", "leave it behind", "leave out", "not needed", "drop", "drop it",
		"remove", "removed",
		"delete", "ignore", "do not take", "don't take", "do not move", "don't move"},
}

// agreeing are words that take what is proposed. They mean “clean” where there is a suggestion and
// “accept” where the record could only be taken as it is; where both are possible they mean neither.
var agreeing = []string{"yes", "y", "ok", "okay", "agreed", "fine"}

// undoing are words for undoing what was merged by itself. A plain no is not among them: it could mean
// no, do not undo it, or no, these are two people.
var undoing = []string{"undo", "undo it", "undone", "yes", "y", "split", "split them"}

// undoes finds what a cell says where the only answer undoes something.
func undoes(typed string) (answer string, other bool) {
	said := plainWord(typed)
	switch {
	case said == "apart":
		return said, false
	case slices.Contains([]string{"no", "n"}, said):
		return "", false
	case slices.Contains(undoing, said) || slices.Contains(meant["apart"], said):
		return "apart", true
	}
	return "", false
}

// understand finds the answer a cell means, "" if none, and whether the word was another one.
func understand(typed string, allowed []string, hasSuggestion bool) (answer string, other bool) {
	said := plainWord(typed)
	if i := slices.IndexFunc(allowed, func(a string) bool { return plainWord(a) == said }); i >= 0 {
		return allowed[i], false
	}
	var fits []string
	for _, a := range allowed {
		if slices.Contains(meant[a], said) {
			fits = append(fits, a)
		}
	}
	if len(fits) == 0 && slices.Contains(agreeing, said) {
		if hasSuggestion && slices.Contains(allowed, "clean") {
			fits = append(fits, "clean")
		}
		if slices.Contains(allowed, "accept") {
			fits = append(fits, "accept")
		}
	}
	if len(fits) != 1 {
		return "", false
	}
	return fits[0], true
}

// plainWord is what somebody typed without capitals, blanks around, quotation marks and a full stop.
func plainWord(s string) string {
	s = strings.ToLower(strings.NewReplacer("’", "'", "_", " ", "-", " ", "–", " ").Replace(s))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(strings.Trim(s, ` .!?,;:"'“”„«»()`))
}
