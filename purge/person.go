// Package purge takes people out of a project for good: out of every table of every run, and out of
// what later exports bring again. It knows tables by their columns only and no stage; ledgers and
// workbooks are changed by the rooms that own them. Start reading at Find, then Erase.
package purge

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
)

// Person is who is to be forgotten: every number and address under which rows carry them.
type Person struct {
	IDs    map[string]bool // profile, user and contact keys, in lower case
	Keys   map[string]bool // the same, as they are spelt
	Emails map[string]bool // in lower case; only those that nobody else has
}

// personColumns hold whose row it is.
var personColumns = []string{"profile_id", "user_id", "profile_key", "person_key", "contact_key", "left_key",
	"right_key", "owner_id", "external_id",
	"cf_xtremepush_id", "target_key", "left_profile_key", "right_profile_key", "player_id", "identifier"}

// emailColumns hold an address that makes the row this person's.
var emailColumns = []string{"email", "address", "identifier", "work_email"}

func norm(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// profile is what a row says of one profile.
type profile struct{ ids, keys, emails []string }

// Find looks a person up in all runs by an e-mail address or a key. An address of several people is
// refused: one of them did not ask to be forgotten.
func Find(runs []run.Dir, who string) (*Person, error) {
	profiles, groups, err := everybody(runs)
	if err != nil {
		return nil, err
	}
	who = norm(who)
	p := &Person{IDs: map[string]bool{}, Keys: map[string]bool{}, Emails: map[string]bool{}}
	persons := map[string]bool{}
	for _, x := range profiles {
		if slices.Contains(x.ids, who) || slices.Contains(x.emails, who) {
			persons[groups.of(x.ids[0])] = true
		}
	}
	if len(persons) > 1 {
		var keys []string
		for k := range persons {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		return nil, run.Problemf("--person", "this belongs to %d people; one of them may not have asked to be forgotten",
			len(persons)).
			WithTry("name one by its key: ferry purge --person %s", keys[0]).WithExit(run.ExitUsage)
	}
	others := map[string]bool{}
	for _, x := range profiles {
		if !persons[groups.of(x.ids[0])] {
			for _, e := range x.emails {
				others[e] = true
			}
			continue
		}
		for i, id := range x.ids {
			p.IDs[id], p.Keys[x.keys[i]] = true, true
		}
		for _, e := range x.emails {
			p.Emails[e] = true
		}
	}
	for e := range others {
		delete(p.Emails, e)
	}
	return p, nil
}

// everybody reads the profiles of all runs, as landed and as staged, and who is one person.
func everybody(runs []run.Dir) ([]profile, *groups, error) {
	var all []profile
	g := &groups{parent: map[string]string{}}
	for _, d := range runs {
		files, err := tableFiles(d)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			switch {
			case f.Schema == "landed" && f.Table == "user_profiles", f.Schema == "staging" && f.Table == "profiles",
				f.Schema == "matching" && f.Table == "people", f.Schema == "freshsales" && f.Table == "contact_members",
				f.Schema == "freshsales" && f.Table == "contacts":
			default:
				continue
			}
			err := run.EachRow(f.Path, func(r run.NamedRow) error {
				x := profile{}
				for _, c := range []string{"profile_id", "user_id", "profile_key", "person_key", "contact_key"} {
					if v := norm(r.Text(c)); v != "" {
						x.ids, x.keys = append(x.ids, v), append(x.keys, strings.TrimSpace(r.Text(c)))
					}
				}
				if v := norm(r.Text("email")); v != "" {
					x.emails = append(x.emails, v)
				}
				if len(x.ids) == 0 {
					return nil
				}
				for _, id := range x.ids[1:] {
					g.join(x.ids[0], id)
				}
				all = append(all, x)
				return nil
			})
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, nil, err
			}
		}
	}
	return all, g, nil
}

// groups joins ids that one row carries together.
type groups struct{ parent map[string]string }

func (g *groups) of(id string) string {
	for g.parent[id] != "" && g.parent[id] != id {
		id = g.parent[id]
	}
	return id
}

func (g *groups) join(a, b string) {
	if x, y := g.of(a), g.of(b); x != y {
		g.parent[y] = x
	}
}

// isOf says whether a row is this person's: by whose it is, or by an address that only they have.
func (p *Person) isOf(r run.NamedRow) bool {
	for i, c := range r.Columns {
		s, isText := r.Values[i].(string)
		if !isText || s == "" {
			continue
		}
		if slices.Contains(personColumns, c.Name) && p.IDs[norm(s)] || slices.Contains(emailColumns, c.Name) &&
			p.Emails[norm(s)] {
			return true
		}
	}
	return false
}

// IsOf says whether a row is this person's.
func (p *Person) IsOf(r run.NamedRow) bool { return p.isOf(r) }

// Mask takes the person's addresses out of a text.
func (p *Person) Mask(text string) string {
	for address := range p.Emails {
		text = replaceWord(text, address)
	}
	return text
}

// texts are the texts of a cell, those inside JSON too.
func texts(v any, each func(string)) {
	switch x := v.(type) {
	case string:
		each(x)
		if strings.HasPrefix(x, "{") || strings.HasPrefix(x, "[") {
			var inside any
			if json.Unmarshal([]byte(x), &inside) == nil {
				walk(inside, each)
			}
		}
	case []string:
		for _, s := range x {
			each(s)
		}
	}
}

func walk(v any, each func(string)) {
	switch x := v.(type) {
	case string:
		each(x)
	case []any:
		for _, e := range x {
			walk(e, each)
		}
	case map[string]any:
		for _, e := range x {
			walk(e, each)
		}
	}
}
