package answers

import (
	"slices"
	"strings"
)

// meant are the words people type instead of those a drop-down offers. Each means one answer only;
// what could mean two is in none of the lists.
var meant = map[string][]string{
	"clean": {"cleaned", "clean it", "correct", "corrected", "correct it", "fix", "fixed", "fix it", "repair", "repair it",
		"replace", "replace it", "use suggestion", "use the suggestion", "take the suggestion", "take suggestion",
		"accept the suggestion", "accept suggestion", "as suggested", "suggestion", "use new value", "new value"},
	"delete": {"remove", "remove it", "remove them", "removed", "deleted", "delete it", "delete them", "delete record",
		"delete this", "drop", "drop it", "dropped", "leave out", "leave it out", "leave behind", "leave it behind",
		"exclude", "excluded", "discard", "do not take", "don't take", "do not take over", "don't take over",
		"do not move", "don't move", "do not import", "don't import", "do not migrate", "don't migrate"},
	"accept": {"accepted", "accept it", "accept as is", "accept as it is", "keep", "keep it", "keep as is",
		"keep as it is", "keep it as is", "keep it as it is", "as is", "as it is", "leave as is", "leave as it is",
		"leave it as is", "leave it as it is", "leave it", "take as is", "take it as is", "take it as it is",
		"take as it is", "take it over as it is", "unchanged", "it is right", "it's right", "is correct"},
	"merge": {"merged", "merge them", "merge both", "merge it", "yes", "y", "ja", "oui", "same", "same person",
		"same people", "the same", "the same person", "they are the same", "they're the same", "it is the same person",
		"yes same", "yes same person", "yes the same", "yes the same person", "one person", "one", "1 person", "join",
		"joined", "combine", "combined", "duplicate", "duplicates", "a duplicate", "make them one", "make one"},
	"apart": {"no", "n", "nein", "non", "different", "different person", "different people", "different persons",
		"they are different", "they're different", "two people", "two persons", "2 people", "2 persons",
		"two different people", "not the same", "not the same person", "not same", "no not the same", "no different",
		"keep apart", "keep them apart", "keep separate", "keep separated", "keep them separate", "separate", "separated",
		"keep both", "do not merge", "don't merge", "dont merge", "no merge", "not a duplicate", "not duplicates",
		"no duplicate", "distinct"},
	"confirm": {"confirmed", "confirm it", "yes", "y", "ja", "oui", "ok", "okay", "o.k", "right", "that's right",
		"that is right", "correct", "is correct", "agreed", "agree", "fine", "good", "looks good", "approved", "approve",
		"accept", "accepted", "keep", "keep it", "as proposed", "true"},
	"change": {"changed", "change it", "other", "other field", "another field", "different field", "use other field"},
	"skip": {"skipped", "skip it", "leave behind", "leave it behind", "leave out", "leave it out", "not needed",
		"not required", "drop", "drop it", "remove", "remove it", "removed", "delete", "delete it", "deleted", "ignore",
		"ignore it", "exclude", "excluded", "discard", "do not take", "don't take", "do not move", "don't move",
		"do not import", "don't import", "do not migrate", "don't migrate"},
	"text":      {"text field", "short text", "single line", "single line text", "string", "one line"},
	"text_area": {"long text", "text area", "textarea", "long text field", "paragraph", "multi line text", "multiline"},
	"number":    {"numbers", "numeric", "number field", "whole number", "decimal", "decimal number", "integer"},
	"dropdown": {"list (one choice", "list one choice", "list", "drop down", "drop down list", "dropdown list", "picklist",
		"pick list", "select", "single select", "single choice", "one choice", "choice"},
	"multi_select": {"list (several choices", "list several choices", "multiselect", "multi select list", "multi choice",
		"multiple choice", "multiple choices", "several choices", "multi picklist"},
	"checkbox": {"yes or no", "yes no", "yes/no", "check box", "tick box", "tickbox", "boolean", "true false",
		"true/false"},
	"date": {"day", "date field", "date picker", "datepicker", "dates"},
}

// agreeing are words that take what is proposed. They mean “clean” where there is a suggestion and
// “accept” where the record could only be taken as it is; where both are possible they mean neither.
var agreeing = []string{"yes", "y", "ok", "okay", "o.k", "agreed", "fine", "ja", "oui"}

// undoing are words for undoing what was merged by itself. A plain no is not among them: it could mean
// no, do not undo it, or no, these are two people.
var undoing = []string{"undo", "undo it", "undone", "yes", "y", "split", "split them"}

// undoes finds what a cell says where the only answer undoes something.
func undoes(typed string) (answer string, other bool) {
	said := plainWord(typed)
	switch {
	case isAsked(typed):
		return "", false
	case said == "apart":
		return said, false
	case slices.Contains([]string{"no", "n"}, said):
		return "", false
	case slices.Contains(undoing, said) || slices.Contains(meant["apart"], said):
		return "apart", true
	}
	return "", false
}

// understand finds the answer a cell means, "" if none, and whether the word was another one. What is said in several
// parts ("yes, same person", "ok - delete please") counts if they mean one thing.
func understand(typed string, allowed []string, hasSuggestion bool) (answer string, other bool) {
	said := plainWord(typed)
	if i := slices.IndexFunc(allowed, func(a string) bool { return plainWord(a) == said }); i >= 0 && !isAsked(typed) {
		return allowed[i], false
	}
	if isAsked(typed) { // somebody asks, and does not answer
		return "", false
	}
	if found := means(said, allowed); len(found) == 1 && !contradicts(typed, said, allowed) {
		return found[0], true
	}
	var fits []string
	isAgreed := false
	for _, part := range parts(typed) {
		found := means(part, allowed)
		switch {
		case len(found) == 1:
			fits = append(fits, found[0])
		case len(found) == 0 && slices.Contains(agreeing, part):
			isAgreed = true
		default:
			return "", false
		}
	}
	if len(fits) == 0 && isAgreed {
		if hasSuggestion && slices.Contains(allowed, "clean") {
			fits = append(fits, "clean")
		}
		if slices.Contains(allowed, "accept") {
			fits = append(fits, "accept")
		}
	}
	slices.Sort(fits)
	if fits = slices.Compact(fits); len(fits) != 1 {
		return "", false
	}
	return fits[0], true
}

// contradicts says whether the parts of what somebody typed mean different answers: "no - merge" is not "no merge". A
// text that is known with its signs, such as "List (one choice)", has no parts.
func contradicts(typed, said string, allowed []string) bool {
	if strings.ContainsAny(said, ",;:/()") {
		return false
	}
	var fits []string
	for _, part := range parts(typed) {
		if found := means(part, allowed); len(found) == 1 {
			fits = append(fits, found[0])
		}
	}
	slices.Sort(fits)
	return len(slices.Compact(fits)) > 1
}

// means are the possible answers that a word can stand for.
func means(said string, allowed []string) (fits []string) {
	for _, a := range allowed {
		if plainWord(a) == said || slices.Contains(meant[a], said) {
			fits = append(fits, a)
		}
	}
	return fits
}

// courtesies are said with an answer and change nothing.
var courtesies = []string{"please", "pls", "thanks", "thank you", "thx", "many thanks"}

// parts are what somebody said, cut where it is punctuated, without courtesies. A text that is known as a whole, such
// as "no, different people", is one part.
func parts(typed string) (list []string) {
	isCut := func(r rune) bool { return strings.ContainsRune(",;:/()[].!\n\t–—", r) }
	for _, part := range strings.FieldsFunc(strings.NewReplacer(" - ", ",", " = ", ",").Replace(typed), isCut) {
		part = plainWord(part)
		for _, c := range courtesies {
			part = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(part+" ", c+" "), " "+c+" "))
		}
		if part != "" && !slices.Contains(courtesies, part) {
			list = append(list, part)
		}
	}
	return list
}

// isAsked says whether somebody put a question instead of an answer: what cannot be taken back is not guessed.
func isAsked(typed string) bool { return strings.ContainsAny(typed, "?\uff1f") }

// plainWord is what somebody typed without capitals, blanks around, quotation marks and a full stop.
func plainWord(s string) string {
	s = strings.ToLower(strings.NewReplacer("’", "'", "_", " ", "-", " ", "–", " ", "\u2010", " ", "\u2011", " ",
		"\u00ad", "",
		"\u00a0", " ", "\u200b", "", "\ufeff", "").Replace(s))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(strings.Trim(s, ` .!?,;:"'“”„«»()[]*✓✔`))
}
