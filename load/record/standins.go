package record

import (
	"errors"
	"strings"

	"ferry/internal/run"
)

// StandIns are the values that stand in for a name or an address that somebody lacks, by the settings of a run.
type StandIns struct{ lastName, domain, lacking string }

func ReadStandIns(dir run.Dir) (s StandIns, err error) {
	for name, value := range map[string]*string{"contacts.placeholder_last_name": &s.lastName,
		"contacts.placeholder_domain": &s.domain, "contacts.without_last_name": &s.lacking} {
		var other error
		*value, other = Option(dir, name, "")
		err = errors.Join(err, other)
	}
	return s, err
}

// IsBlanked says that nothing is left of somebody who was written with an address or a number: as a source does that
// erases people by emptying them.
func (s StandIns) IsBlanked(ours, base Fields) bool {
	for _, name := range []string{"email", "mobile_number", "work_number", "first_name"} {
		if !IsEmpty(ours[name]) && !(name == "email" && s.isStandIn(AsText(ours[name]))) {
			return false
		}
	}
	return !IsEmpty(base["email"]) && !s.isStandIn(AsText(base["email"])) || !IsEmpty(base["mobile_number"])
}

func (s StandIns) isStandIn(email string) bool {
	return s.domain != "" && strings.HasSuffix(strings.ToLower(email), "@"+strings.ToLower(s.domain))
}

// LeaveNames leaves a name or an address that the account has where ours only stands in for one.
func (s StandIns) LeaveNames(ours, theirs Fields) {
	last, first := AsText(ours["last_name"]), AsText(ours["first_name"])
	if last != "" && (last == s.lastName || last == first && s.lacking == "first_name") && !IsEmpty(theirs["last_name"]) {
		delete(ours, "last_name")
	}
	if s.isStandIn(AsText(ours["email"])) && !IsEmpty(theirs["email"]) {
		delete(ours, "email")
	}
}
