package facts

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ferry/internal/run"
)

// refused is what the rules call a channel on which somebody does not want to be written to.
const refused = "opted out"

// newRefusals are the people who stand in the account since a load and refused a channel after it, with
// the channels. A person who has become one with another since is found by any of their profiles.
func newRefusals(loaded, newest run.Dir) ([]string, error) {
	before := map[string]bool{}
	if err := eachRefusal(loaded, func(person, channel string) { before[person+"\x00"+channel] = true }); err != nil {
		return nil, err
	}
	later := map[string][]string{}
	if err := eachRefusal(newest, func(person, channel string) {
		if !before[person+"\x00"+channel] {
			later[person] = append(later[person], channel)
		}
	}); err != nil || len(later) == 0 {
		return nil, err
	}
	known, err := whoTheyWere(loaded, newest, later)
	if err != nil {
		return nil, err
	}
	var told []string
	for person, channels := range later {
		channels = slices.DeleteFunc(channels, func(c string) bool {
			return len(known[person]) == 0 ||
				!slices.ContainsFunc(known[person], func(was string) bool { return !before[was+"\x00"+c] })
		})
		if slices.Sort(channels); len(channels) > 0 {
			told = append(told, fmt.Sprintf("%s (%s)", person, strings.Join(channels, ", ")))
		}
	}
	slices.Sort(told)
	return told, nil
}

// whoTheyWere gives, for people of the newest run, the contacts their profiles stood in when it was loaded;
// none for somebody new, whom the account does not have.
func whoTheyWere(loaded, newest run.Dir, people map[string][]string) (map[string][]string, error) {
	profiles := map[string]string{} // profile → person now
	if err := eachMember(newest, func(profile, contact string) {
		if _, asked := people[contact]; asked {
			profiles[profile] = contact
		}
	}); err != nil {
		return nil, err
	}
	known := map[string][]string{}
	err := eachMember(loaded, func(profile, contact string) {
		if now, asked := profiles[profile]; asked && !slices.Contains(known[now], contact) {
			known[now] = append(known[now], contact)
		}
	})
	return known, err
}

func eachRefusal(dir run.Dir, do func(person, channel string)) error {
	return unlessMissing(run.EachRow(dir.Model("mapping", "consent"), func(r run.NamedRow) error {
		if r.Text("state") == refused {
			do(r.Text("person_key"), r.Text("channel"))
		}
		return nil
	}))
}

func eachMember(dir run.Dir, do func(profile, contact string)) error {
	return unlessMissing(run.EachRow(dir.Model("freshsales", "contact_members"), func(r run.NamedRow) error {
		do(r.Text("profile_key"), r.Text("contact_key"))
		return nil
	}))
}

// unlessMissing passes over tables of a run that was only extracted: ferry transform makes them.
func unlessMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
