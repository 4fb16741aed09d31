package discovery

import (
	"path"

	"ferry/extract/xtremepush"

	"ferry/extract/source"
)

// Input is one thing to land: a file, a member of an archive, or what an endpoint gave.
type Input struct {
	source.File

	Entity xtremepush.Entity
	ByHand bool // ferry.yaml names the entity
	// Implied are the values of columns that none of its columns says, but the file as a whole.
	Implied map[string]string
	Bare    bool   // it has no names of columns, and what they hold is known all the same
	Doubt   string // why what it holds is to be looked at though it lands
	Shape   Shape
}

// said is what ferry.yaml says about a file: an exact name, a pattern, or a pattern for the last part of
// the name. It is an entity, "ignore", or "" for nothing.
func (o Rules) said(name string) string { return longest(o.Files, name) }

// longest is what the longest of the patterns that fit a name says, "" if none does.
func longest(said map[string]string, name string) string {
	best := ""
	for pattern := range said {
		if named(name, pattern) && (len(pattern) > len(best) || len(pattern) == len(best) && pattern > best) {
			best = pattern
		}
	}
	return said[best]
}

// told applies what ferry.yaml says about a file. A word about an archive is a hint for its members.
func (s *Input) told(o Rules) {
	for at := range s.Name {
		if e, ok := xtremepush.ByName(o.said(s.Name[:at])); ok && s.Name[at] == '!' {
			s.Entity = e
		}
	}
	if e, ok := xtremepush.ByName(o.said(s.Name)); ok {
		s.Entity, s.ByHand = e, true
	}
}

func named(name, pattern string) bool {
	if pattern == name {
		return true
	}
	for _, n := range []string{name, path.Base(name)} {
		if ok, err := path.Match(pattern, n); err == nil && ok {
			return true
		}
	}
	return false
}
